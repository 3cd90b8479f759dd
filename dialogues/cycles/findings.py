"""What an automatic look at an initiative finds. It stands beside the form and hinders nobody: people decide."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from dialogues.models.cycles import Cycle
from dialogues.models.initiatives import Initiative
from dialogues.models.reporting import FocalPoint
from portal.drift import alike
from portal.languages import words
from portal.models import Country
from portal.spellings import telling

MOST_ALIKE = 30  # titles of one shape; more of them are a series and no doubles


def findings(initiatives: Sequence[Initiative], cycle: Cycle, role: FocalPoint | None = None) -> dict[Any, list[str]]:
    """By key of the initiative, in a number of queries that does not grow with them. A focal point (`role`) is told of
    doubles among what they may see.
    """
    own = list(
        Initiative.objects.filter(pk__in=[one.pk for one in initiatives])
        .select_related("reported_by", "reporting_state")
        .prefetch_related("domains__instrument__dialogues", "countries")
    )
    doubles = Doubles(cycle, role)
    return {one.pk: [*_of_one(one, cycle), *doubles.of(one)] for one in own}


def _of_one(one: Initiative, cycle: Cycle) -> Iterable[str]:
    if not one.description:
        yield _("It is not described.")
    domains = list(one.domains.all())
    if not domains:
        yield _("No domain is chosen.")
    for domain in domains:
        if cycle.dialogue_id not in {dialogue.pk for dialogue in domain.instrument.dialogues.all()}:
            yield _("The domain “%(domain)s” is none of this dialogue.") % {"domain": domain}
    if not one.countries.all():
        yield _("No country is chosen.")
    if one.partner is None:
        yield _("Nobody is named as reporting it.")
    if one.currency and one.amount is None:
        yield _("A currency is chosen, but no amount is given.")
    if not one.start and not one.end:
        yield _("It is not said when it took place.")
    if one.start and cycle.end and one.start.first_day > cycle.end.last_day:
        yield _("It began after the time of this cycle.")
    if one.end and cycle.start and one.end.last_day < cycle.start.first_day:
        yield _("It ended before the time of this cycle.")


class Doubles:
    """Titles of a cycle and the one before that are probably meant to be one, as names are that have drifted."""

    def __init__(self, cycle: Cycle, role: FocalPoint | None = None) -> None:
        before = cycle.previous
        self.former = before.pk if before else None
        cycles = [cycle.pk, *([self.former] if self.former else [])]
        self.places = {word for name in Country.objects.values_list("name_en", flat=True) for word in words(name or "")}
        self.by_rest: dict[tuple[str, ...], list[Initiative]] = defaultdict(list)
        found = Initiative.objects.filter(cycle__in=cycles).select_related("reported_by", "reporting_state", "cycle")
        if role is not None:
            own = Initiative.objects.of_partner(role).values("pk")
            found = found.filter(Q(pk__in=own) | Q(status=Initiative.Status.VERIFIED))
        for one in found:
            for rest in self._rests(one):
                self.by_rest[rest].append(one)

    def of(self, one: Initiative) -> Iterable[str]:
        candidates = {
            other.pk: other
            for rest in self._rests(one)
            if len(self.by_rest[rest]) <= MOST_ALIKE
            for other in self.by_rest[rest]
        }
        parts = telling(one.title)
        for other in candidates.values():
            if other.pk == one.pk or not alike(parts, telling(other.title), self.places):
                continue
            told = {"title": other.title, "partner": other.partner or "–"}
            if other.cycle_id == one.cycle_id:
                yield _("Probably the same as “%(title)s” of this cycle (%(partner)s).") % told
            elif one.continues_id != other.pk:
                yield _("Probably continues “%(title)s” of the cycle before (%(partner)s), and does not say so.") % told

    def _rests(self, one: Initiative) -> set[tuple[str, ...]]:
        parts = telling(one.title)
        whole = tuple(sorted(parts))
        if len(parts) < 2:
            return {whole}
        return {whole, *(("*", *sorted(parts[:n] + parts[n + 1 :])) for n in range(len(parts)))}
