"""Meetings as calendars for other programs. Only what visitors see, and only what is known to the day."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext

from dialogues.models import Dialogue, Meeting, MeetingQuerySet, MeetingSeries
from portal.calendars import Calendar, Event, subscription
from portal.models import Organisation
from portal.territory import Notes

VISITOR = AnonymousUser()


@dataclass(frozen=True)
class Feed:
    """Where a calendar is fetched from: its address, and the same for a program that subscribes."""

    url: str
    without_day: int = 0

    @property
    def subscription(self) -> str:
        return subscription(settings.SITE_URL + self.url)


def visible() -> MeetingQuerySet:
    return Meeting.objects.visible_to(VISITOR)


def of_all(meetings: MeetingQuerySet, query: QueryDict) -> Calendar:
    """The calendar of a selection; `query` is how the selection is written in addresses."""
    name = gettext("Meetings – %(of)s") % {"of": settings.ORGANISATION["short"]}
    return _calendar(meetings, name, reverse("dialogues:meetings"), reverse("dialogues:calendar"), query.urlencode())


def of_dialogue(dialogue: Dialogue) -> Calendar:
    name = gettext("Meetings – %(of)s") % {"of": dialogue.title}
    return _calendar(visible().filter(dialogue=dialogue), name, dialogue.get_absolute_url(), feed_of(dialogue).url)


def feed_of(dialogue: Dialogue) -> Feed:
    return Feed(reverse("dialogues:dialogue-calendar", args=[dialogue.slug]))


def of_one(meeting: Meeting) -> Calendar:
    return _calendar(visible().filter(pk=meeting.pk), meeting.title, meeting.get_absolute_url(), address_of(meeting))


def address_of(meeting: Meeting) -> str:
    """Of the calendar of one meeting; its day must be known."""
    return f"{meeting.get_absolute_url().rstrip('/')}.ics"


def address_of_series(series: MeetingSeries) -> str:
    return f"{reverse('dialogues:calendar')}?{urlencode({'series': series.slug})}"


def _calendar(meetings: MeetingQuerySet, name: str, page: str, source: str, query: str = "") -> Calendar:
    organisers = Organisation.objects.visible_to(VISITOR)
    rows = list(
        meetings.select_related("dialogue", "country", "series")
        .prefetch_related("host_countries", Prefetch("organisers", queryset=organisers))
        .order_by("start_first", "pk")
    )
    marked, asked = Notes(), f"?{query}" if query else ""
    url = f"{settings.SITE_URL}{page}{asked}"
    return Calendar(
        name=marked.mark_plain(name),
        description=_about(rows, url),
        url=url,
        source=f"{settings.SITE_URL}{source}{asked}",
        language=get_language() or settings.LANGUAGE_CODE,
        events=[_event(meeting, marked) for meeting in rows if meeting.has_days],
        changed_at=max((at for meeting in rows for at in _changes(meeting)), default=None),
    )


def _changes(meeting: Meeting) -> Iterator[datetime.datetime]:
    yield meeting.changed_at
    if meeting.dialogue:
        yield meeting.dialogue.changed_at
        if meeting.dialogue.published_at:  # a time that may have come since without anybody changing anything
            yield meeting.dialogue.published_at


def _about(meetings: Iterable[Meeting], url: str) -> str:
    """What is not in the calendar is said there: who subscribes to it sees no other page."""
    without = sum(not meeting.has_days for meeting in meetings)
    left_out = ngettext(
        "%(n)s meeting is left out: its day is not stated.",
        "%(n)s meetings are left out: their day is not stated.",
        without,
    )
    return f"{url}\n{left_out % {'n': without}}" if without else url


def _event(meeting: Meeting, marked: Notes) -> Event:
    assert meeting.start is not None  # noqa: S101 (its day is known)
    url = f"{settings.SITE_URL}{meeting.get_absolute_url()}"
    place = ", ".join(filter(None, (meeting.place, str(meeting.country or ""))))
    told = "\n".join(_told(meeting))
    said = f"{meeting.title}\n{place}\n{told}"
    notes = [f"{note.mark} {note.text}" for pattern, note in marked.rules() if pattern.search(said)]
    return Event(
        uid=str(meeting.pk),
        changed_at=meeting.changed_at,
        first=meeting.start.first_day,
        last=meeting.end.last_day if meeting.end and meeting.end.day else None,
        title=marked.mark_plain(meeting.title),
        url=url,
        description="\n".join((marked.mark_plain(told), url, *notes)),
        place=marked.mark_plain(place) or (meeting.get_mode_display() if meeting.mode == Meeting.Mode.ONLINE else ""),
        categories=[str(meeting.get_type_display()), *([meeting.dialogue.title] if meeting.dialogue else [])],
    )


def _told(meeting: Meeting) -> Iterator[str]:
    if meeting.summary:
        yield meeting.summary
    if meeting.end and not meeting.end.day:
        yield gettext("The last day is not stated: %(period)s.") % {"period": meeting.period}
    labels = (
        (gettext("Dialogue"), [str(meeting.dialogue)] if meeting.dialogue else []),
        (gettext("Mode"), [str(meeting.get_mode_display())] if meeting.mode else []),
        (gettext("Hosted by"), [str(country) for country in meeting.host_countries.all()]),
        (gettext("Organised by"), [*map(str, meeting.organisers.all()), *filter(None, [meeting.hosts])]),
        (gettext("Series"), [str(meeting.series)] if meeting.series else []),
    )
    for label, names in labels:
        if names:
            yield f"{label}{gettext(': ')}{gettext(', ').join(names)}"
