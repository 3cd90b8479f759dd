"""How dates that name no day stand to a day: what holds, what is past, what is to come, and what stays open.

Apart from the rows they are asked of, so that anything with a start and an end can be asked. A date is taken as widely
as it can be meant, as `OnDateQuerySet.on` takes it; what that leaves open is said beside each row, never decided here.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from portal.dates import PartialDate


class Phase(StrEnum):
    """Where something stands seen from a day. AROUND: the day lies within the year or month that is all we know."""

    EARLIER = "earlier"
    NOW = "now"
    AROUND = "around"
    LATER = "later"
    UNDATED = "undated"


@dataclass(frozen=True)
class Hold:
    """How surely something that lasts holds on a day."""

    no_start: bool = False
    no_end: bool = False
    in_start: bool = False  # within the year or month in which it begins
    in_end: bool = False

    @property
    def unsure(self) -> str:
        """What the sources leave open, in words; empty where they leave nothing open."""
        is_open = self.no_start and self.no_end
        said = (
            (is_open, _("the sources leave the years open")),
            (self.no_start and not is_open, _("the sources leave the beginning open")),
            (self.no_end and not is_open, _("the sources leave the end open")),
            (self.in_start, _("the sources do not say on which day it began")),
            (self.in_end, _("the sources do not say on which day it ended")),
        )
        return "; ".join(text for is_so, text in said if is_so)


def hold(start: PartialDate | None, end: PartialDate | None, day: datetime.date) -> Hold | Phase:
    """Hold while it may last, else Phase.EARLIER or Phase.LATER.

    What begins and ends with the same year ("2021") is taken to last all of it.
    """
    if start and start.first_day > day:
        return Phase.LATER
    if end and end.last_day < day:
        return Phase.EARLIER
    whole = start == end
    return Hold(
        no_start=start is None,
        no_end=end is None,
        in_start=bool(start and not whole and day < start.last_day),
        in_end=bool(end and not whole and end.first_day < day),
    )


def phase_of_point(date: PartialDate | None, day: datetime.date) -> Phase:
    """Of something that is done at some time: an activity, an adoption. What is dated to the day itself is done."""
    if date is None:
        return Phase.UNDATED
    if date.first_day > day:
        return Phase.LATER
    return Phase.EARLIER if date.last_day <= day else Phase.AROUND


def phase_of_meeting(start: PartialDate | None, end: PartialDate | None, day: datetime.date) -> Phase:
    """A meeting whose days are known is going on during them; one of which only the year is known may be past."""
    first, last = start or end, end or start
    if first is None or last is None:
        return Phase.UNDATED
    if first.first_day > day:
        return Phase.LATER
    if last.last_day < day:
        return Phase.EARLIER
    return Phase.NOW if first.day and last.day else Phase.AROUND


@dataclass(frozen=True)
class Held:
    """A row that holds on the day, and in words what is unsure about that."""

    row: Any
    unsure: str = ""


@dataclass(frozen=True)
class Split:
    """Rows that last, seen from a day."""

    now: list[Held] = field(default_factory=list)
    earlier: list[Any] = field(default_factory=list)
    later: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Staged:
    """Rows that happen, seen from a day, each in the order it came."""

    now: list[Any] = field(default_factory=list)
    later: list[Any] = field(default_factory=list)
    around: list[Any] = field(default_factory=list)
    earlier: list[Any] = field(default_factory=list)
    undated: list[Any] = field(default_factory=list)

    @property
    def groups(self) -> list[tuple[str, list[Any]]]:
        """Those that hold anything, each under its heading: first what is to come."""
        headed = (
            (_("Going on"), self.now),
            (_("To come"), self.later),
            (_("The sources do not say on which day"), self.around),
            (_("Past"), self.earlier),
            (_("Not dated"), self.undated),
        )
        return [(heading, rows) for heading, rows in headed if rows]


def split(rows: Iterable[Any], day: datetime.date) -> Split:
    """Rows with a start and an end of any model: those that hold, those that are over, those to come."""
    found = Split()
    for row in rows:
        match hold(row.start, row.end, day):
            case Hold() as held:
                found.now.append(Held(row, held.unsure))
            case Phase.EARLIER:
                found.earlier.append(row)
            case _:
                found.later.append(row)
    return found


def staged(rows: Iterable[Any], phase: Callable[[Any], Phase]) -> Staged:
    found = Staged()
    for row in rows:
        getattr(found, phase(row)).append(row)
    return found
