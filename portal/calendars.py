"""Calendars that other programs fetch: RFC 5545, with the properties of a whole calendar of RFC 7986.

Whole days only: nothing the portal holds has hours. What stands in a calendar is said by the app that has it.
"""

import datetime
import hashlib
import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response

LONGEST = 75  # octets of a line without its end (RFC 5545, 3.1)
REFRESH = "P1D"


@dataclass(frozen=True)
class Event:
    """Something on one day or several. `uid` stays the same whatever else of it changes; `last` is its last day,
    None where only the first is known. `url` is absolute.
    """

    uid: str
    changed_at: datetime.datetime
    first: datetime.date
    last: datetime.date | None
    title: str
    url: str
    description: str = ""
    place: str = ""
    categories: Sequence[str] = ()


@dataclass(frozen=True)
class Calendar:
    """`url` is the page that people read, `source` the address of the calendar itself, both absolute. `changed_at`
    is when anything in it last changed, became public too.
    """

    name: str
    description: str
    url: str
    source: str
    language: str
    events: Sequence[Event]
    changed_at: datetime.datetime | None = None


def subscription(source: str) -> str:
    """The address that a calendar program opens to subscribe, rather than a browser to download."""
    return "webcal://" + source.split("://", 1)[1]


def write(calendar: Calendar) -> bytes:
    return "".join(_folded(line) for line in _lines(calendar)).encode()


def answer(request: HttpRequest, calendar: Calendar, filename: str) -> HttpResponse:
    """The calendar, or 304 for a program that has it already.

    Nothing tells afterwards that something was taken out, so that the time of the last change cannot. It is therefore
    never said to lie before today: a program that goes by time alone fetches it once a day. The ETag is exact.
    """
    body = write(calendar)
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    changed_at = max(calendar.changed_at or midnight, midnight)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(
        body,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": f'inline; filename="{filename}"',
            "Content-Language": calendar.language,
            "ETag": etag,
            "Last-Modified": changed_at.astimezone(datetime.UTC).strftime("%a, %d %b %Y %H:%M:%S GMT"),
        },
    )
    found = get_conditional_response(request, etag, int(changed_at.timestamp()), response)
    assert found is not None  # noqa: S101 (it was given one)
    return found


def _lines(calendar: Calendar) -> Iterator[str]:
    in_language = f";LANGUAGE={calendar.language}"
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:{_text('-//{short}//Portal//EN'.format(**settings.ORGANISATION))}"
    yield "CALSCALE:GREGORIAN"
    yield f"UID:{uuid.uuid5(uuid.NAMESPACE_URL, calendar.source)}"
    if calendar.changed_at:
        yield f"LAST-MODIFIED:{_instant(calendar.changed_at)}"
    yield f"NAME{in_language}:{_text(calendar.name)}"
    yield f"X-WR-CALNAME:{_text(calendar.name)}"
    yield f"DESCRIPTION{in_language}:{_text(calendar.description)}"
    yield f"X-WR-CALDESC:{_text(calendar.description)}"
    yield f"URL:{calendar.url}"
    yield f"SOURCE;VALUE=URI:{calendar.source}"
    yield f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}"
    yield f"X-PUBLISHED-TTL:{REFRESH}"
    for event in calendar.events:
        yield from _event(event, in_language)
    if not calendar.events:
        yield from _nothing()
    yield "END:VCALENDAR"


def _event(event: Event, in_language: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{_instant(event.changed_at)}"  # without METHOD: when it was last revised (3.8.7.2)
    yield f"LAST-MODIFIED:{_instant(event.changed_at)}"
    yield f"DTSTART;VALUE=DATE:{event.first:%Y%m%d}"
    if event.last:
        yield f"DTEND;VALUE=DATE:{event.last + datetime.timedelta(days=1):%Y%m%d}"  # the first day after it
    yield f"SUMMARY{in_language}:{_text(event.title)}"
    if event.description:
        yield f"DESCRIPTION{in_language}:{_text(event.description)}"
    if event.place:
        yield f"LOCATION{in_language}:{_text(event.place)}"
    if event.categories:
        yield f"CATEGORIES{in_language}:{','.join(_text(one) for one in event.categories)}"
    yield f"URL:{event.url}"
    yield "STATUS:CONFIRMED"
    yield "TRANSP:TRANSPARENT"  # that others meet keeps nobody busy
    yield "END:VEVENT"


def _nothing() -> Iterator[str]:
    """A calendar must have one component at least (3.6); this one is no event."""
    yield "BEGIN:VTIMEZONE"
    yield "TZID:UTC"
    yield "BEGIN:STANDARD"
    yield "DTSTART:19700101T000000"
    yield "TZOFFSETFROM:+0000"
    yield "TZOFFSETTO:+0000"
    yield "END:STANDARD"
    yield "END:VTIMEZONE"


def _instant(moment: datetime.datetime) -> str:
    return f"{moment.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """A value of type TEXT (3.3.11); control characters have no place in one."""
    value = re.sub(r"\r\n|[\n\r\v\f\x85\u2028\u2029]", "\n", value)
    value = re.sub(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]", "", value)
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        value = value.replace(plain, escaped)
    return value


def _folded(line: str) -> str:
    """One line as several, each within 75 octets, never broken within a character."""
    parts, size = [], 0
    for char in line:
        octets = len(char.encode())
        if size + octets > LONGEST:
            parts.append("\r\n ")
            size = 1
        parts.append(char)
        size += octets
    return "".join(parts) + "\r\n"
