"""What stood in a dialogue on a day: who chaired, who took part, what was in force, what was past and to come.

Plain functions over rows that are fetched once, so that a page, a format and a country's briefing can ask the same.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q

from dialogues.days import Held, Hold, Phase, Split, Staged, hold, phase_of_meeting, phase_of_point, split, staged
from dialogues.models import Activity, Dialogue, Domain, Instrument, Meeting, Participation
from portal.dates import EARLIEST, PartialDate
from portal.editorial import Reader

PARTIES = ("country", "organisation", "group")
ONE_DAY = datetime.timedelta(days=1)
FIRST_DAY = datetime.date(EARLIEST, 1, 1)


@dataclass(frozen=True)
class DomainOn:
    row: Domain
    leads: Split
    activities: Staged


@dataclass(frozen=True)
class InstrumentOn:
    """`held` is set while it is in force, `is_adopted` once it was adopted, as far as is known."""

    row: Instrument
    held: Held | None
    is_later: bool
    is_adopted: bool
    replaced_by: Instrument | None
    domains: list[DomainOn]


@dataclass(frozen=True)
class Facts:
    """All rows of one dialogue that have to do with time, as one reader may see them."""

    dialogue: Dialogue
    chairs: Sequence[Any]
    mandates: Sequence[Any]
    participations: Sequence[Any]
    instruments: Sequence[Instrument]
    activities: Sequence[Activity]
    meetings: Sequence[Meeting]
    trainings: Sequence[Any]
    names: Sequence[Any]

    @property
    def leads(self) -> list[Any]:
        """Reference countries of all domains."""
        return [
            lead
            for one in self.instruments
            for domain in one.domains.all()
            for lead in domain.reference_countries.all()
        ]

    @property
    def first_day(self) -> datetime.date | None:
        """Before this day nothing of the dialogue is dated: it had not begun, or no source speaks of it."""
        if self.dialogue.start:
            return self.dialogue.start.first_day
        rows = (*self.chairs, *self.mandates, *self.participations, *self.leads, *self.instruments)
        dates = [date for row in (*rows, *self.meetings, *self.trainings) for date in (row.start, row.end)]
        dates += [one.adopted for one in self.instruments] + [one.date for one in self.activities]
        return min((date.first_day for date in dates if date), default=None)


@dataclass(frozen=True)
class Standing:
    """A dialogue on one day."""

    day: datetime.date
    chairs: Split
    mandates: Split
    participants: list[tuple[Any, list[Held]]]  # role, who holds it
    left: list[Any]
    to_join: list[Any]
    in_force: list[InstrumentOn]
    over: list[InstrumentOn]
    to_come: list[InstrumentOn]
    activities: Staged
    meetings: Staged
    trainings: Staged

    @property
    def has_instruments(self) -> bool:
        return any((self.in_force, self.over, self.to_come))

    @property
    def has_participants(self) -> bool:
        return any((self.participants, self.left, self.to_join))

    @property
    def with_domains(self) -> list[InstrumentOn]:
        return [one for one in (*self.in_force, *self.over) if one.domains]


def facts_of(dialogue: Dialogue, user: Reader) -> Facts:
    """Fetches them; the number of queries does not depend on how many there are.

    Meetings are those of the dialogue, and those of others where its activities took place or what it follows was
    adopted.
    """
    meetings = Meeting.objects.visible_to(user).select_related("dialogue")
    shown = Instrument.objects.visible_to(user)
    activities = list(
        dialogue.activities.prefetch_related(
            "countries",
            Prefetch("meeting", meetings),
            Prefetch("domain", Domain.objects.filter(instrument__in=shown.order_by().values("pk"))),
        )
    )
    domains = Domain.objects.prefetch_related(
        "reference_countries__country",
        "priorities",
        Prefetch("activities", queryset=Activity.objects.visible_to(user)),
    )
    instruments = list(
        dialogue.instruments.prefetch_related(
            Prefetch("domains", queryset=domains),
            Prefetch("adopted_at", queryset=meetings),
            Prefetch("replaces", queryset=shown),
            Prefetch("replaced_by", queryset=shown),
        )
    )
    instruments.sort(key=lambda one: _latest_first(one.adopted, one.slug))
    chairs = sorted(dialogue.chair_terms.select_related(*PARTIES), key=lambda one: _latest_first(one.start, str(one)))
    activities.sort(key=lambda one: _latest_first(one.date, one.title))
    elsewhere = {one.meeting_id for one in activities} | {one.adopted_at_id for one in instruments}
    return Facts(
        dialogue=dialogue,
        chairs=chairs,
        mandates=sorted(dialogue.mandates.all(), key=lambda one: _latest_first(one.start, one.title), reverse=True),
        participations=list(dialogue.participations.select_related(*PARTIES)),
        instruments=instruments,
        activities=activities,
        meetings=list(
            meetings.filter(Q(dialogue=dialogue) | Q(pk__in=elsewhere - {None})).order_by("start_first", "slug")
        ),
        trainings=list(dialogue.trainings.all()),
        names=list(dialogue.other_names.all()),
    )


def _latest_first(date: PartialDate | None, name: str) -> tuple[int, str]:
    """To sort by: the same on every database, which do not agree where an unknown date stands. It stands last."""
    return (-date.first_day.toordinal() if date else 0, name)


def standing_on(facts: Facts, day: datetime.date) -> Standing:
    participations = split(facts.participations, day)
    by_role = [(role, [one for one in participations.now if one.row.role == role]) for role in Participation.Role]
    instruments = [_instrument_on(one, day) for one in facts.instruments]
    return Standing(
        day=day,
        chairs=split(facts.chairs, day),
        mandates=split(facts.mandates, day),
        participants=[(role, rows) for role, rows in by_role if rows],
        left=participations.earlier,
        to_join=participations.later,
        in_force=[one for one in instruments if one.held],
        over=[one for one in instruments if not one.held and not one.is_later],
        to_come=[one for one in instruments if one.is_later],
        activities=staged(facts.activities, lambda row: phase_of_point(row.date, day)),
        meetings=meetings_on(facts.meetings, day),
        trainings=meetings_on(facts.trainings, day),
    )


def meetings_on(meetings: Iterable[Any], day: datetime.date) -> Staged:
    """Meetings or trainings; what was held is turned round, the latest first."""
    found = staged(meetings, lambda row: phase_of_meeting(row.start, row.end, day))
    found.earlier.sort(key=lambda row: (row.end or row.start).last_day, reverse=True)
    return found


def begin_of(instrument: Instrument) -> PartialDate | None:
    """From when it is in force: where that is not stated, from when it was adopted."""
    return instrument.start or instrument.adopted


def successor_of(instrument: Instrument) -> Instrument | None:
    """What replaces it; of several the first, and one without a date only if there is no other."""
    return min(
        instrument.replaced_by.all(),
        key=lambda one: (begin.first_day if (begin := begin_of(one)) else datetime.date.max, one.slug),
        default=None,
    )


def last_of(instrument: Instrument) -> PartialDate | None:
    """When it ends: as stated, else with the day before what replaces it, or within the same month or year."""
    if instrument.end or not (successor := successor_of(instrument)) or not (begin := begin_of(successor)):
        return instrument.end
    own = begin_of(instrument)
    if own and begin.first_day < own.first_day:
        return None  # replaced before it began: a slip that is not ours to read anything into
    return PartialDate.of(begin.first_day - ONE_DAY) if begin.day and begin.first_day > FIRST_DAY else begin


def hold_instrument(instrument: Instrument, day: datetime.date) -> Hold | Phase:
    begin, end = begin_of(instrument), last_of(instrument)
    found = hold(begin, end, day)
    if isinstance(found, Phase):
        return found
    is_derived = end is not None and instrument.end is None
    return Hold(
        no_start=begin is None or (instrument.start is None and end is None),  # adopted is not yet in force
        no_end=end is None,
        in_start=found.in_start,
        in_end=bool(is_derived and end and not end.day and end.first_day < day) or found.in_end,
    )


def _instrument_on(instrument: Instrument, day: datetime.date) -> InstrumentOn:
    found = hold_instrument(instrument, day)
    successor = successor_of(instrument)
    is_replaced = successor is not None and phase_of_point(begin_of(successor), day) in {Phase.EARLIER, Phase.UNDATED}
    return InstrumentOn(
        row=instrument,
        held=Held(instrument, found.unsure) if isinstance(found, Hold) else None,
        is_later=found == Phase.LATER,
        is_adopted=phase_of_point(instrument.adopted, day) == Phase.EARLIER,
        replaced_by=successor if is_replaced else None,
        domains=[
            DomainOn(
                row=domain,
                leads=split(domain.reference_countries.all(), day),
                activities=staged(domain.activities.all(), lambda row: phase_of_point(row.date, day)),
            )
            for domain in instrument.domains.all()
        ],
    )
