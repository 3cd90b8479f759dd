"""Comparisons of stated numbers, how far rounding may carry them apart, and the registry of who has any to make.

The rule: a number that was rounded to a step may be half a step off, and so may each of the parts of a sum. A sum that
is off by no more than all these halves together holds. What was counted was not rounded. A percentage of change is
compared with what its two values give as they are printed, because that is what a reader works out; where their
rounding could explain the difference, the finding says so. What is not exact, or cannot be read, is not compared.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.editorial import Reader

HUNDRED, COUNTED = Decimal(100), Decimal(0)
MOST_DECIMALS = 4  # of what is stored


class Verdict(StrEnum):
    FAILS = "fails"
    OPEN = "open"
    HOLDS = "holds"


class Rule(StrEnum):
    SUM = "sum"
    SHARES = "shares"
    SAME = "same"
    CHANGE = "change"

    @property
    def label(self) -> str:
        return str(RULES[self])


RULES = {
    Rule.SUM: gettext_lazy("Parts against their total"),
    Rule.SHARES: gettext_lazy("Shares against 100"),
    Rule.SAME: gettext_lazy("The same figure in several places"),
    Rule.CHANGE: gettext_lazy("A change against its two values"),
}


@dataclass(frozen=True)
class Stated:
    """A number as somebody states it. `step` is what it was rounded to, 0 for what was counted; `words` are the number
    as readers see it, `place` where its source says it; `record` is where it is edited, at `anchor` of its form;
    `note` is what readers are told beside it, `around` what they are told of all that stands with it.
    """

    label: str
    value: Decimal | None
    words: str
    record: models.Model
    step: Decimal = Decimal(0)
    is_exact: bool = True
    place: str = ""
    anchor: str = ""
    note: str = ""
    around: str = ""

    @property
    def is_known(self) -> bool:
        return self.is_exact and self.value is not None

    @property
    def sign(self) -> str:
        """What it says, to tell whether it still says the same."""
        value = "" if self.value is None else format(self.value.normalize(), "f")
        record = f"{self.record._meta.label_lower} {self.record.pk}{self.anchor}"
        return f"{record} {value} {format(self.step.normalize(), 'f')} {self.is_exact}"


@dataclass(frozen=True)
class Check:
    """One comparison. `key` stays the same while what is compared changes its names and values.

    `parts` are what is added up, the values that should be one, or the two of a change; `against` is the total or the
    stated change, None for 100 and among equals. `computed` is what the readable parts give.
    """

    key: str
    rule: Rule
    label: str
    parts: Sequence[Stated]
    against: Stated | None
    verdict: Verdict
    computed: Decimal | None = None
    difference: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    reason: str = ""

    @property
    def stated(self) -> list[Stated]:
        return [*self.parts, *([self.against] if self.against else [])]

    @property
    def notes(self) -> list[str]:
        """What readers are told beside the figures."""
        return list(dict.fromkeys(note for one in self.stated for note in (one.around, one.note) if note))

    @property
    def digest(self) -> str:
        """Of what is compared: another one says that a value has changed since."""
        signs = [self.rule.value, self.against.sign if self.against else "", *sorted(one.sign for one in self.parts)]
        return hashlib.sha256("\n".join(signs).encode()).hexdigest()

    @property
    def values(self) -> str:
        """What is compared, in a few words."""
        if self.rule is Rule.SAME:
            return " / ".join(one.words for one in self.parts)
        computed = "?" if self.computed is None else shown(self.computed, self.parts, self.against)
        return f"{computed} / {self.against.words if self.against else '100'}"

    @property
    def words(self) -> str:
        computed = "" if self.computed is None else shown(self.computed, self.parts, self.against)
        if self.rule is Rule.SUM and self.against is None:
            return _("The parts add up to %s.") % computed
        apart = "" if self.difference is None else shown(abs(self.difference), self.parts, self.against)
        against = self.against.words if self.against else "100"
        told = {"values": self.values, "computed": computed, "against": against, "difference": apart}
        return TELLING[self.rule, self.verdict] % told

    @property
    def tolerance_words(self) -> str:
        return plain(self.tolerance)


TELLING = {
    (Rule.SUM, Verdict.FAILS): gettext_lazy(
        "The parts add up to %(computed)s, the total says %(against)s: %(difference)s apart."
    ),
    (Rule.SUM, Verdict.OPEN): gettext_lazy("What can be read of the parts adds up to %(computed)s of %(against)s."),
    (Rule.SUM, Verdict.HOLDS): gettext_lazy("The parts add up to %(computed)s, the total says %(against)s."),
    (Rule.SHARES, Verdict.FAILS): gettext_lazy("The shares add up to %(computed)s: %(difference)s apart from 100."),
    (Rule.SHARES, Verdict.OPEN): gettext_lazy("What can be read of the shares adds up to %(computed)s."),
    (Rule.SHARES, Verdict.HOLDS): gettext_lazy("The shares add up to %(computed)s."),
    (Rule.SAME, Verdict.FAILS): gettext_lazy("Stated as %(values)s: %(difference)s apart."),
    (Rule.SAME, Verdict.OPEN): gettext_lazy("Stated as %(values)s."),
    (Rule.SAME, Verdict.HOLDS): gettext_lazy("Stated as %(values)s."),
    (Rule.CHANGE, Verdict.FAILS): gettext_lazy("Stated as %(against)s; the two values give %(computed)s."),
    (Rule.CHANGE, Verdict.OPEN): gettext_lazy("Stated as %(against)s."),
    (Rule.CHANGE, Verdict.HOLDS): gettext_lazy("Stated as %(against)s; the two values give %(computed)s."),
}


def plain(value: Decimal) -> str:
    """A number with the decimals it needs, grouped."""
    return number_format(value, decimals_of(value), force_grouping=True)


def shown(value: Decimal, parts: Iterable[Stated], against: Stated | None) -> str:
    """A number that was worked out, with as many decimals as those it comes from and is compared with; of what has no
    end, a quotient, with two at least.
    """
    steps = [one.step for one in (*parts, *([against] if against else [])) if one.step]
    places = max((decimals_of(step) for step in steps), default=0)
    needed = decimals_of(value)
    places = max(places, needed if needed <= MOST_DECIMALS else 2)
    return number_format(value.quantize(Decimal(1).scaleb(-places)), places, force_grouping=True)


def slack(stated: Iterable[Stated]) -> Decimal:
    """How far rounding may carry them apart, all together."""
    return sum((one.step / 2 for one in stated), Decimal(0))


def step_of(value: Decimal | None, decimals: int | None, alike: int = 0) -> Decimal:
    """To what a number was rounded. `decimals` is how many are stated; where nobody says, the number has as many as
    it shows, or as many as those beside it (`alike`), and a whole number is a count.
    """
    if decimals is not None:
        return Decimal(1).scaleb(-decimals)
    places = max(alike, decimals_of(value))
    return Decimal(1).scaleb(-places) if places else COUNTED


def decimals_of(value: Decimal | None) -> int:
    return 0 if value is None else max(0, -int(value.normalize().as_tuple().exponent))


def not_known(stated: Sequence[Stated]) -> str:
    """Why some of these cannot be compared; empty where they can."""
    if lost := [one for one in stated if one.value is None]:
        return _("Not readable: %s.") % _listed(lost)
    if vague := [one for one in stated if not one.is_exact]:
        return _("Not exact: %s.") % _listed(vague)
    return ""


def _listed(stated: Sequence[Stated]) -> str:
    names = [f"{one.label} ({one.words})" for one in stated[:3]]
    return ", ".join(names) + (", …" if len(stated) > 3 else "")


def add_up(key: str, label: str, parts: Sequence[Stated], total: Stated | None) -> Check:
    """Parts against their total, or shares against 100 where there is none."""
    rule = Rule.SUM if total else Rule.SHARES
    reason = not_known([*parts, *([total] if total else [])])
    computed = sum((one.value for one in parts if one.is_known and one.value is not None), Decimal(0))
    target = HUNDRED if total is None else total.value
    if reason or target is None:
        return Check(key, rule, label, parts, total, Verdict.OPEN, computed, reason=reason)
    tolerance = slack([*parts, *([total] if total else [])])
    verdict = Verdict.HOLDS if abs(computed - target) <= tolerance else Verdict.FAILS
    return Check(key, rule, label, parts, total, verdict, computed, computed - target, tolerance)


def agree(key: str, label: str, stated: Sequence[Stated]) -> Check:
    """Values that should be one. Two of them hold where the rounding of both could make them the same."""
    known = [one for one in stated if one.is_known]
    if len(known) < 2:
        return Check(key, Rule.SAME, label, stated, None, Verdict.OPEN, reason=not_known(stated))
    lower = max(known, key=lambda one: _value(one) - one.step / 2)
    upper = min(known, key=lambda one: _value(one) + one.step / 2)
    # No one number lies within all of them as soon as the highest floor is above the lowest ceiling.
    fails = _value(lower) - lower.step / 2 > _value(upper) + upper.step / 2
    verdict = Verdict.FAILS if fails else Verdict.HOLDS
    values = [_value(one) for one in known]
    apart = max(values) - min(values)
    reason = not_known(stated)
    return Check(key, Rule.SAME, label, stated, None, verdict, None, apart, slack([lower, upper]), reason)


def changed(key: str, label: str, since: Stated, until: Stated, stated: Stated, in_per_cent: bool) -> Check:
    """A change against the two values it is between."""
    parts = [since, until]
    if reason := not_known([*parts, stated]):
        return Check(key, Rule.CHANGE, label, parts, stated, Verdict.OPEN, reason=reason)
    old, new, told = _value(since), _value(until), _value(stated)
    if not in_per_cent:
        computed, tolerance = new - old, slack([*parts, stated])
        verdict = Verdict.HOLDS if abs(computed - told) <= tolerance else Verdict.FAILS
        return Check(key, Rule.CHANGE, label, parts, stated, verdict, computed, computed - told, tolerance)
    if old <= 0:
        reason = _("There is no percentage of a change from nothing, or from less.")
        return Check(key, Rule.CHANGE, label, parts, stated, Verdict.OPEN, reason=reason)
    exact = HUNDRED * (new - old) / old
    tolerance = stated.step / 2
    verdict = Verdict.HOLDS if abs(exact - told) <= tolerance else Verdict.FAILS
    low, high = _change_range(since, until)
    reason = ""
    if verdict is Verdict.FAILS and low - tolerance <= told <= high + tolerance:
        reason = _("The rounding of the two values could explain it.")
    return Check(key, Rule.CHANGE, label, parts, stated, verdict, exact, exact - told, tolerance, reason)


def _change_range(since: Stated, until: Stated) -> tuple[Decimal, Decimal]:
    """The least and the greatest change in per cent that two rounded values allow."""
    lowest, highest = _value(since) - since.step / 2, _value(since) + since.step / 2
    if lowest <= 0:
        return Decimal("-Infinity"), Decimal("Infinity")
    least = HUNDRED * ((_value(until) - until.step / 2) / highest - 1)
    return least, HUNDRED * ((_value(until) + until.step / 2) / lowest - 1)


def _value(stated: Stated) -> Decimal:
    return stated.value if stated.value is not None else Decimal(0)


# The registry


@dataclass(frozen=True)
class Source:
    """Who has comparisons to make: of all that a reader may see, or of all there is (None). `edited` are the models
    in which people change what is compared."""

    name: str
    find: Callable[[Reader | None], Iterable[Check]]
    edited: tuple[type[models.Model], ...]


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Raises ValueError for a name that is taken."""
    if source.name in _sources:
        raise ValueError(f"There is a source of comparisons {source.name} already.")
    _sources[source.name] = source


def all_checks(reader: Reader | None = None) -> Iterator[Check]:
    for source in _sources.values():
        yield from source.find(reader)


def may_change(user: Any, model: type[models.Model]) -> bool:
    meta = model._meta
    return bool(user.is_staff and user.has_perm(f"{meta.app_label}.change_{meta.model_name}"))


def may_explain_any(user: Any) -> bool:
    """Whether somebody may change figures of any sort."""
    return any(may_change(user, model) for source in _sources.values() for model in source.edited)


def may_explain(user: Any, check: Check) -> bool:
    """Who may change what is compared may say why it stands as it is."""
    return all(may_change(user, model) for model in {type(one.record) for one in check.stated})
