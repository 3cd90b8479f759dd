"""A meeting in the vocabulary of schema.org."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from dialogues.models import Meeting
from portal.models import Organisation

MODES: dict[str, str] = {
    Meeting.Mode.IN_PERSON: "OfflineEventAttendanceMode",
    Meeting.Mode.ONLINE: "OnlineEventAttendanceMode",
    Meeting.Mode.HYBRID: "MixedEventAttendanceMode",
}


def event_of(meeting: Meeting, organisers: Iterable[Organisation], mark: Callable[[str], str]) -> dict[str, Any]:
    """Dates as exactly as they are known: "2021-10" is a date of ISO 8601 too. `mark` puts territorial marks in."""
    url = f"{settings.SITE_URL}{meeting.get_absolute_url()}"
    bodies = [*({"@type": "Country", "name": mark(str(one))} for one in meeting.host_countries.all())]
    bodies += [
        {"@type": "Organization", "name": mark(one.name), "url": f"{settings.SITE_URL}{one.get_absolute_url()}"}
        for one in organisers
    ]
    return {
        "@type": "Event",
        "@id": url,
        "url": url,
        "name": mark(meeting.title),
        "description": mark(meeting.summary or ""),
        "startDate": meeting.start.machine if meeting.start else "",
        "endDate": meeting.end.machine if meeting.end else "",
        "eventAttendanceMode": f"https://schema.org/{MODES[meeting.mode]}" if meeting.mode else "",
        "location": _locations(meeting, url, mark),
        "organizer": bodies,
        "superEvent": _series(meeting, mark),
    }


def _locations(meeting: Meeting, url: str, mark: Callable[[str], str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if meeting.place or meeting.country:
        country = (
            {"address": {"@type": "PostalAddress", "addressCountry": meeting.country.iso2}} if meeting.country else {}
        )
        found.append({"@type": "Place", "name": mark(meeting.place or str(meeting.country))} | country)
    if meeting.mode in {Meeting.Mode.ONLINE, Meeting.Mode.HYBRID}:
        found.append({"@type": "VirtualLocation", "url": url})
    return found


def _series(meeting: Meeting, mark: Callable[[str], str]) -> dict[str, Any] | None:
    if meeting.series is None:
        return None
    page = reverse("dialogues:series", args=[meeting.series.slug])
    return {"@type": "EventSeries", "name": mark(meeting.series.name), "url": f"{settings.SITE_URL}{page}"}
