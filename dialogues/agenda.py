"""Meetings in the order of a calendar, by month and by day, without making any date more exact than it is.

Those whose day is not known stand beside a month and not in it: nothing is put on a first of the month.
"""

import calendar
import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import get_format
from django.utils.translation import gettext

from dialogues.models import Meeting
from portal.dates import EARLIEST, GROUPINGS, LATEST, PartialDate


@dataclass(frozen=True)
class Dates:
    """When a meeting is, and the key of the rest of it."""

    pk: Any
    start: PartialDate | None
    end: PartialDate | None

    @property
    def has_days(self) -> bool:
        return bool(self.start and self.start.day)

    @property
    def told(self) -> PartialDate | None:
        """The date it is sorted by."""
        return self.start or self.end

    def is_over(self, today: datetime.date) -> bool:
        return self.end is not None and self.end.last_day < today


def in_order(dates: Iterable[Dates]) -> list[Dates]:
    """What is to come, the next first; what was held, the latest first; what has no date. In a year and in a month,
    what is less exact comes last.
    """
    today = timezone.localdate()
    dates = list(dates)
    undated = [one for one in dates if one.end is None]
    held = [one for one in dates if one.is_over(today)]
    to_come = [one for one in dates if one.end is not None and not one.is_over(today)]
    return sorted(to_come, key=_forwards) + sorted(held, key=_backwards) + undated


def _forwards(one: Dates) -> tuple[float, float, float, str]:
    date = one.told
    assert date is not None  # noqa: S101 (there is an end)
    month = GROUPINGS[date.month][1] + 0.5 if date.month in GROUPINGS else date.month or 99
    return date.year, month, date.day or 99, str(one.pk)


def _backwards(one: Dates) -> tuple[float, float, float, str]:
    date = one.told
    assert date is not None  # noqa: S101
    month = GROUPINGS[date.month][0] - 0.5 if date.month in GROUPINGS else date.month or 0
    return -date.year, -month, -(date.day or 0), str(one.pk)


@dataclass(frozen=True)
class Group:
    """Meetings under one heading; `month` where the heading is a month, as it stands in addresses."""

    heading: str
    meetings: Sequence[Meeting]
    month: str = ""


@dataclass(frozen=True)
class Part:
    """What is to come, or was held, or has no date, by months."""

    name: str
    heading: str
    groups: Sequence[Group]


def parts(meetings: Iterable[Meeting]) -> list[Part]:
    """Meetings in their order, under headings."""
    today = timezone.localdate()
    headings = {"next": gettext("To come"), "past": gettext("Held"), "undated": gettext("Date not stated")}

    def part(meeting: Meeting) -> str:
        if meeting.end is None:
            return "undated"
        return "past" if meeting.end.last_day < today else "next"

    return [Part(name, headings[name], _groups(rows)) for name, rows in groupby(meetings, key=part)]


def _groups(meetings: Iterable[Meeting]) -> list[Group]:
    groups = []
    for (heading, month), rows in groupby(meetings, key=lambda meeting: _month_of(meeting.start or meeting.end)):
        groups.append(Group(heading, list(rows), month))
    return groups


def _month_of(date: PartialDate | None) -> tuple[str, str]:
    if date is None:
        return "", ""
    if date.month is None:
        return gettext("%(year)s, month not stated") % {"year": date.year}, ""
    if date.month in GROUPINGS:
        return date.label(), ""
    month = PartialDate(date.year, date.month)
    return month.label(), str(month)


def before(meeting: Meeting, others: Iterable[Meeting]) -> Meeting | None:
    """The last of the others that was certainly over when this one began; a month may hold two in either order."""
    earlier = [one for one in others if one.end and meeting.start and one.end.last_day < meeting.start.first_day]
    return max(earlier, key=lambda one: one.end.last_day if one.end else datetime.date.min, default=None)


def after(meeting: Meeting, others: Iterable[Meeting]) -> Meeting | None:
    """The first of the others that certainly began after this one was over."""
    later = [one for one in others if one.start and meeting.end and one.start.first_day > meeting.end.last_day]
    return min(later, key=lambda one: one.start.first_day if one.start else datetime.date.max, default=None)


# One month as a table of its days.


@dataclass(frozen=True)
class Day:
    date: datetime.date
    meetings: Sequence[Meeting]
    is_outside: bool
    is_today: bool

    @property
    def label(self) -> str:
        return PartialDate.of(self.date).label()


@dataclass(frozen=True)
class Weekday:
    name: str
    short: str


@dataclass(frozen=True)
class Month:
    """One month: its weeks, the meetings on days of it, and beside them those that may have been on some day of it."""

    month: PartialDate
    weekdays: Sequence[Weekday]
    weeks: Sequence[Sequence[Day]]
    on_days: Sequence[Meeting]
    beside: Sequence[Group]

    @property
    def label(self) -> str:
        return self.month.label()

    @property
    def before(self) -> PartialDate | None:
        return _turned(self.month, -1)

    @property
    def after(self) -> PartialDate | None:
        return _turned(self.month, 1)


def _turned(month: PartialDate, by: int) -> PartialDate | None:
    """Another month, None where the calendar ends."""
    count = month.year * 12 + (month.month or 1) - 1 + by
    year, index = divmod(count, 12)
    return PartialDate(year, index + 1) if EARLIEST <= year <= LATEST else None


def sheet_of(month: PartialDate, meetings: Iterable[Meeting]) -> Month:
    """The page of a calendar. `meetings` are all that touch the month, in whatever order."""
    rows = sorted(meetings, key=lambda one: _forwards(Dates(one.pk, one.start, one.end)))
    on_days = [one for one in rows if one.has_days]
    beside = groupby((one for one in rows if not one.has_days), key=lambda one: one.period)
    first = (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7  # Django counts from Sunday, Python from Monday
    days = calendar.Calendar(first).monthdatescalendar(month.year, month.month or 1)
    by_day, today = _by_day(on_days, days[0][0], days[-1][-1]), timezone.localdate()
    return Month(
        month,
        [Weekday(str(WEEKDAYS[day.weekday()]), str(WEEKDAYS_ABBR[day.weekday()])) for day in days[0]],
        [[Day(day, by_day.get(day, ()), day.month != month.month, day == today) for day in week] for week in days],
        on_days,
        [Group(gettext("%(period)s, day not stated") % {"period": period}, list(same)) for period, same in beside],
    )


def _by_day(
    meetings: Iterable[Meeting], first: datetime.date, last: datetime.date
) -> Mapping[datetime.date, list[Meeting]]:
    """Each known day from `first` to `last` with its meetings; where the last day is not known, the first one alone."""
    found: dict[datetime.date, list[Meeting]] = {}
    for meeting in meetings:
        assert meeting.start is not None  # noqa: S101 (its day is known)
        begins = meeting.start.first_day
        ends = meeting.end.last_day if meeting.end and meeting.end.day else begins
        for number in range((min(ends, last) - max(begins, first)).days + 1):
            found.setdefault(max(begins, first) + datetime.timedelta(days=number), []).append(meeting)
    return found


@dataclass(frozen=True)
class Begun:
    """A month in which meetings begin."""

    month: PartialDate
    count: int

    @property
    def name(self) -> str:
        return str(MONTHS[self.month.month or 1])


def months_of(dates: Iterable[Dates]) -> list[tuple[int, list[Begun]]]:
    """The months in which meetings begin, by year, the latest year first."""
    counts = Counter(
        PartialDate(one.start.year, one.start.month) for one in dates if one.start and _has_month(one.start)
    )
    months = sorted(counts, key=lambda month: (-month.year, month.month))
    return [
        (year, [Begun(month, counts[month]) for month in of_year])
        for year, of_year in groupby(months, key=lambda month: month.year)
    ]


def month_to_open(dates: Iterable[Dates]) -> PartialDate:
    """Where somebody begins to turn pages: at the next meeting whose month is known, else the latest, else today."""
    for one in in_order(dates):
        if one.start and _has_month(one.start):
            return PartialDate(one.start.year, one.start.month)
    today = timezone.localdate()
    return PartialDate(today.year, today.month)


def _has_month(date: PartialDate) -> bool:
    return date.month is not None and date.month <= 12
