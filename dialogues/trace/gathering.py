"""Fetches all that is linked to the domains of one dialogue or of all, as one reader may see it.

What belongs to later apps is found through the registry of kinds: a kind stands in a column of its own as soon as its
`links` lead to something that a trace passes. The number of queries does not depend on how much there is.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Model, Prefetch, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from dialogues.models import Activity, Dialogue, Domain, Initiative, Instrument, Meeting
from dialogues.trace import steps
from dialogues.trace.steps import About, Column, Line, Step, Trace, latest_first, walk
from portal import kinds
from portal.editorial import Reader
from portal.kinds import Kind
from portal.models import Country

PASSED = (Instrument, Domain, Activity, Meeting, Initiative)
Thing = tuple[type[Model], Any]  # a model and the key of one of its records


def gather(user: Reader, dialogue: Dialogue | None = None) -> Trace:
    """Of initiatives only those that are verified, as on the pages of their cycles."""
    found = Found(user, dialogue)
    placed = [line for instrument in found.instruments for line in found.lines_of(instrument)]
    unplaced = [line for one in found.dialogues if (line := found.unplaced(one, placed))]
    # An instrument of several stands with the first of them; then what serves a dialogue and is placed nowhere.
    lines = sorted([*placed, *unplaced], key=lambda line: _place(line.dialogues, found.dialogues))
    return Trace(found.columns, lines)


class Found:
    """The rows a trace is made from, each fetched once."""

    def __init__(self, user: Reader, dialogue: Dialogue | None) -> None:
        visible = Dialogue.objects.visible_to(user)
        own = visible.filter(pk=dialogue.pk) if dialogue else visible
        keys = own.order_by().values("pk")
        meetings = Meeting.objects.visible_to(user).select_related("dialogue").prefetch_related("host_countries")
        domains = Domain.objects.prefetch_related("priorities", "reference_countries__country")
        activities = Activity.objects.visible_to(user)
        verified = Initiative.objects.verified().visible_to(user)
        led_to = Q(domains__activities__in=activities.filter(dialogue__in=keys).values("pk")) | Q(
            domains__initiatives__in=verified.filter(cycle__dialogue__in=keys).values("pk")
        )

        self.only = dialogue
        self.dialogues: list[Dialogue] = list(own.by_title())
        self.instruments: list[Instrument] = sorted(
            Instrument.objects.visible_to(user)
            .filter(Q(dialogues__in=keys) | led_to)
            .prefetch_related(
                Prefetch("dialogues", visible.by_title()),
                Prefetch("adopted_at", meetings),
                Prefetch("domains", domains),
            ),
            key=lambda one: (
                _place(one.dialogues.all(), self.dialogues),
                -one.adopted.first_day.toordinal() if one.adopted else 0,
                one.slug,
            ),
        )
        placed = [domain.pk for one in self.instruments for domain in one.domains.all()]
        self.domains = set(placed)
        self.activities: list[Activity] = list(
            activities.filter(Q(dialogue__in=keys) | Q(domain__in=placed))
            .select_related("dialogue")
            .prefetch_related("countries", Prefetch("meeting", meetings))
        )
        self.initiatives: list[Initiative] = list(
            verified.filter(Q(cycle__dialogue__in=keys) | Q(domains__in=placed))
            .distinct()
            .select_related("cycle__dialogue", "reported_by", "reporting_state")
            .prefetch_related("domains", "countries")
        )
        self.acting = by_key((row.domain_id, row) for row in self.activities)
        self.reporting = by_key((domain.pk, row) for row in self.initiatives for domain in row.domains.all())
        self.kinds = [kind for kind in kinds.all() if any(kind.paths_to(model) for model in PASSED)]
        self.later = Later(self.kinds, user, self._keys())
        self._meetings: dict[Any, Step] = {}

    def _keys(self) -> dict[type[Model], set[Any]]:
        adopted = {one.adopted_at.pk for one in self.instruments if one.adopted_at}
        return {
            Dialogue: {one.pk for one in self.dialogues},
            Instrument: {one.pk for one in self.instruments},
            Domain: self.domains,
            Activity: {one.pk for one in self.activities},
            Meeting: adopted | {one.meeting.pk for one in self.activities if one.meeting},
            Initiative: {one.pk for one in self.initiatives},
        }

    @property
    def columns(self) -> list[Column]:
        return [
            Column(steps.REFERENCE, _("Reference countries")),
            Column(steps.ACTIVITY, _("Activities")),
            Column(steps.MEETING, _("Meetings")),
            Column(steps.INITIATIVE, _("Initiatives")),
            *(Column(kind.name, capfirst(kind.plural)) for kind in self.kinds),
        ]

    def lines_of(self, instrument: Instrument) -> Iterable[Line]:
        """One for what leads to the instrument itself, where something does or no domain is known; one a domain. Of
        another dialogue's instrument only the domains that this dialogue has done something about.
        """
        dialogues = list(instrument.dialogues.all())
        is_own = self.only is None or self.only in dialogues
        whole = self.later.steps(Instrument, instrument.pk)
        if instrument.adopted_at:
            whole.insert(0, self.meeting(instrument.adopted_at))
        domains = instrument.domains.all()
        if is_own and (whole or not domains):
            yield Line(About.WHOLE, tuple(whole), dialogues, instrument)
        for domain in domains:
            acting, reporting = self.acting.get(domain.pk, []), self.reporting.get(domain.pk, [])
            if not is_own and not any(_dialogue_of(row) == self.only for row in (*acting, *reporting)):
                continue
            references = [steps.of_reference(row) for row in domain.reference_countries.all()]
            found = (
                *sorted(references, key=latest_first),
                *self.acts(acting),
                *self.reported(reporting),
                *self.later.steps(Domain, domain.pk),
            )
            yield Line(About.DOMAIN, found, dialogues, instrument, domain)

    def unplaced(self, dialogue: Dialogue, lines: Sequence[Line]) -> Line | None:
        """What is known to serve a dialogue, and not which of its domains."""
        acts = self.acts(
            row for row in self.activities if row.dialogue_id == dialogue.pk and row.domain_id not in self.domains
        )
        reported = self.reported(
            row
            for row in self.initiatives
            if row.cycle.dialogue_id == dialogue.pk and not self.domains & {one.pk for one in row.domains.all()}
        )
        reached = {step.key for line in lines if dialogue in line.dialogues for step in walk(line.steps)}
        reached |= {step.key for step in walk([*acts, *reported])}
        direct = [step for step in self.later.steps(Dialogue, dialogue.pk) if step.key not in reached]
        beyond = {step.key for one in direct for step in walk(one.next)}
        found = (*acts, *reported, *(step for step in direct if step.key not in beyond))
        return Line(About.UNPLACED, found, [dialogue]) if found else None

    def acts(self, rows: Iterable[Activity]) -> list[Step]:
        found = []
        for row in rows:
            meetings = [self.meeting(row.meeting)] if row.meeting else []
            found.append(steps.of_activity(row, [*meetings, *self.later.steps(Activity, row.pk)]))
        return sorted(found, key=latest_first)

    def reported(self, rows: Iterable[Initiative]) -> list[Step]:
        found = [steps.of_initiative(row, self.later.steps(Initiative, row.pk)) for row in rows]
        return sorted(found, key=latest_first)

    def meeting(self, row: Meeting) -> Step:
        if row.pk not in self._meetings:
            self._meetings[row.pk] = steps.of_meeting(row, self.later.steps(Meeting, row.pk))
        return self._meetings[row.pk]


class Later:
    """Records of the kinds that point at what a trace passes, or at each other."""

    def __init__(self, passing: Sequence[Kind], user: Reader, keys: dict[type[Model], set[Any]]) -> None:
        self._pointing: dict[Thing, list[tuple[Kind, Any]]] = {}
        self._records: dict[str, dict[Any, Any]] = {}
        self._countries: dict[str, dict[Any, set[Any]]] = {}
        self._steps: dict[tuple[str, Any], Step] = {}
        for kind in earlier_first(passing):
            visible = kind.visible_to(user).order_by()
            own: dict[Any, None] = {}
            for model, wanted in keys.items():
                for record, thing in self._pairs(kind, visible, model, wanted):
                    own[record] = None
                    self._pointing.setdefault((model, thing), []).append((kind, record))
            self._records[kind.name] = {one.pk: one for one in visible.filter(pk__in=list(own))}
            countries = self._countries[kind.name] = {}
            for path in kind.paths_to(Country):
                for record, country in visible.filter(pk__in=list(own)).values_list("pk", path):
                    countries.setdefault(record, set()).add(country)
            keys = {**keys, kind.model: set(own)}

    @staticmethod
    def _pairs(kind: Kind, visible: Any, model: type[Model], wanted: set[Any]) -> Iterable[tuple[Any, Any]]:
        pairs: dict[tuple[Any, Any], None] = {}
        for path in kind.paths_to(model):
            rows = visible.filter(**{f"{path}__in": list(wanted)}).values_list("pk", path)
            pairs |= dict.fromkeys(pair for pair in rows if pair[1] in wanted)
        return pairs

    def steps(self, model: type[Model], key: Any) -> list[Step]:
        found = [self._step(kind, record) for kind, record in self._pointing.get((model, key), ())]
        return sorted(found, key=latest_first)

    def _step(self, kind: Kind, key: Any) -> Step:
        if (kind.name, key) not in self._steps:
            record = self._records[kind.name][key]
            start, end = kind.dates(record)
            self._steps[kind.name, key] = Step(
                kind.name,
                record,
                str(record),
                record.get_absolute_url(),
                start,
                end,
                frozenset(self._countries[kind.name].get(key, ())) - {None},
                record.is_public,
                tuple(self.steps(kind.model, key)),
            )
        return self._steps[kind.name, key]


def earlier_first(passing: Sequence[Kind]) -> list[Kind]:
    """Each after those it points at."""
    rest, ordered = list(passing), []
    while rest:
        free = [one for one in rest if not any(one.paths_to(two.model) for two in rest if two is not one)]
        ordered += free or rest
        rest = [one for one in rest if one not in ordered]
    return ordered


def by_key(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for key, row in pairs:
        found.setdefault(key, []).append(row)
    return found


def _dialogue_of(row: Activity | Initiative) -> Dialogue:
    return row.cycle.dialogue if isinstance(row, Initiative) else row.dialogue


def _place(own: Iterable[Dialogue], shown: Sequence[Dialogue]) -> int:
    """By the first of its dialogues that is shown."""
    keys = set(own)
    return next((n for n, one in enumerate(shown) if one in keys), len(shown))
