"""What the figures check compares among the dialogues: participants of a meeting by sector against all of them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from dialogues.attendance import number_in
from dialogues.models import Attendance, Meeting
from portal.editorial import Reader
from portal.figures import checking
from portal.figures.checking import Check, Stated

ROWS = "#attendance-group"


def find(reader: Reader | None) -> Iterator[Check]:
    meetings = Meeting.objects.all() if reader is None else Meeting.objects.visible_to(reader)
    counted = meetings.filter(attendance__isnull=False).distinct().order_by("pk")
    for meeting in counted.select_related("dialogue").prefetch_related("attendance"):
        yield from of_meeting(meeting, list(meeting.attendance.all()))


def of_meeting(meeting: Meeting, rows: list[Attendance]) -> Iterator[Check]:
    """Sectors, and ways of taking part, each against the total that is stated: in words, else as a row, else as the
    sum of the ways. Sectors of one way are compared with its total.
    """
    ways = [row for row in rows if not row.sector and row.mode]
    total = in_words(meeting) or next((counted(meeting, row) for row in rows if not row.sector and not row.mode), None)
    key = f"meeting:{meeting.pk}"
    if total and ways:
        label = _("%s: ways of taking part") % meeting.title
        yield checking.add_up(f"{key}:ways", label, [counted(meeting, row) for row in ways], total)
    if total is None and ways:
        total = together(meeting, ways)
    for mode in Attendance.Mode.values:
        sectors = [counted(meeting, row) for row in rows if row.sector and row.mode == mode]
        whole = total if not mode else next((counted(meeting, row) for row in ways if row.mode == mode), None)
        if sectors and whole:
            label = _("%s: participants by sector") % meeting.title
            yield checking.add_up(f"{key}:sectors:{mode}", label, sectors, whole)


def counted(meeting: Meeting, row: Attendance) -> Stated:
    label = row.sector or row.get_mode_display()
    return Stated(label, Decimal(row.number), f"{row.number:,}", meeting, anchor=ROWS, around=meeting.source_note)


def together(meeting: Meeting, ways: list[Attendance]) -> Stated:
    label = " + ".join(way.get_mode_display() for way in ways)
    number = sum(way.number for way in ways)
    return Stated(label, Decimal(number), f"{number:,}", meeting, anchor=ROWS, around=meeting.source_note)


def in_words(meeting: Meeting) -> Stated | None:
    """Participants in all as somebody wrote them down; anything but one bare number is not exact."""
    text = meeting.participants.strip()
    if not text:
        return None
    number = number_in(text)
    value = None if number is None else Decimal(number)
    label = str(Meeting._meta.get_field("participants").verbose_name).capitalize()
    told: dict[str, Any] = {"anchor": "#id_participants", "around": meeting.source_note}
    return Stated(label, value, text, meeting, is_exact=value is not None, **told)


checking.register(checking.Source("meetings", find, (Meeting,)))
