"""What a trace is made of: steps that lead to further steps, in lines of which most are a domain."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.http import urlencode
from django.utils.text import Truncator

from dialogues.models import Activity, Dialogue, Domain, Initiative, Instrument, Meeting, ReferenceCountry
from portal.dates import PartialDate, period_label

REFERENCE, ACTIVITY, MEETING, INITIATIVE = "reference", "activity", "meeting", "initiative"


@dataclass(frozen=True)
class Column:
    key: str
    label: str


@dataclass(frozen=True)
class Step:
    """One thing on the way from a commitment. `is_public` is whether visitors see it too."""

    column: str
    record: Any
    title: str
    url: str = ""
    start: PartialDate | None = None
    end: PartialDate | None = None
    countries: frozenset[Any] = frozenset()
    is_public: bool = True
    next: tuple["Step", ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        return self.column, str(self.record.pk)

    @property
    def short(self) -> str:
        """To say it beside something else."""
        return getattr(self.record, "acronym", "") or Truncator(self.title).chars(60)

    @property
    def is_dated(self) -> bool:
        return bool(self.start or self.end)

    @property
    def period(self) -> str:
        return period_label(self.start, self.end) if self.is_dated else ""

    @property
    def kind(self) -> str:
        """Of an activity: labelled, reference or other."""
        return self.record.kind if isinstance(self.record, Activity) else ""


class About(StrEnum):
    DOMAIN = "domain"
    WHOLE = "whole"  # an instrument, not one of its domains
    UNPLACED = "unplaced"  # a dialogue; which domain it is for is not stated


@dataclass(frozen=True)
class Line:
    """What leads away from one domain, from an instrument as a whole, or from a dialogue alone."""

    about: About
    steps: tuple[Step, ...]
    dialogues: Sequence[Dialogue]
    instrument: Instrument | None = None
    domain: Domain | None = None

    @property
    def is_public(self) -> bool:
        return any(one.is_public for one in self.dialogues)

    @property
    def group(self) -> Instrument | Dialogue:
        return self.instrument or self.dialogues[0]


@dataclass(frozen=True)
class Trace:
    columns: list[Column]
    lines: list[Line]


def walk(steps: Iterable[Step]) -> Iterator[Step]:
    for step in steps:
        yield step
        yield from walk(step.next)


def latest_first(step: Step) -> tuple[int, str]:
    """To sort by; what has no date stands last."""
    date = step.start or step.end
    return (-date.first_day.toordinal() if date else 0, step.title.casefold())


def of_reference(row: ReferenceCountry) -> Step:
    return Step(
        REFERENCE,
        row,
        str(row.country),
        row.country.get_absolute_url(),
        row.start,
        row.end,
        frozenset([row.country_id]),
    )


def of_meeting(row: Meeting, further: Sequence[Step]) -> Step:
    countries = {one.pk for one in row.host_countries.all()} | ({row.country_id} if row.country_id else set())
    is_public = row.dialogue.is_public if row.dialogue else row.is_listed
    url = row.get_absolute_url()
    return Step(MEETING, row, row.title, url, row.start, row.end, frozenset(countries), is_public, tuple(further))


def of_activity(row: Activity, further: Sequence[Step]) -> Step:
    countries = frozenset(one.pk for one in row.countries.all())
    is_public = row.dialogue.is_public
    return Step(ACTIVITY, row, row.title, "", row.date, row.date, countries, is_public, tuple(further))


def of_initiative(row: Initiative, further: Sequence[Step]) -> Step:
    countries = {one.pk for one in row.countries.all()}
    if row.reporting_state_id:
        countries.add(row.reporting_state_id)
    url = f"{row.cycle.get_absolute_url()}?{urlencode({'q': row.title[:200]})}#i-{row.pk}"
    is_public = row.cycle.dialogue.is_public
    return Step(INITIATIVE, row, row.title, url, row.start, row.end, frozenset(countries), is_public, tuple(further))
