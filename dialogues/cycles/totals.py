"""How many initiatives there are by domain, country and year, and what they cost: amounts in each currency by itself,
because nobody has said at which rate they could be added.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from dialogues.cycles.entries import Choice, Entry
from portal.languages import fold


@dataclass
class Total:
    label: str
    count: int
    amounts: dict[str, Decimal] = field(default_factory=dict)
    bar: str = ""
    before: int | None = None  # of the cycle it is compared with

    @property
    def change(self) -> int:
        return self.count - (self.before or 0)


@dataclass
class Table:
    name: str
    title: str
    rows: list[Total]


def tables(entries: Sequence[Entry], before: Sequence[Entry] | None = None) -> list[Table]:
    """`before` are the entries of a cycle to compare with. An entry counts in each domain, country and year it has."""
    none = Choice("", _("Not stated"))
    ways: list[tuple[str, str, Callable[[Entry], Iterable[Choice]], bool]] = [
        ("domains", _("By domain"), lambda one: one.domains or [none], False),
        ("countries", _("By country"), lambda one: one.countries or [none], True),
        ("years", _("By year"), lambda one: [Choice(str(y), str(y), y) for y in one.years] or [none], False),
    ]
    return [
        Table(name, title, _rows(entries, before, of, by_count))
        for name, title, of, by_count in ways
        if entries or before
    ]


def amounts(entries: Iterable[Entry]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    for one in entries:
        if one.amount is not None:
            found[one.currency] += one.amount
    return dict(sorted(found.items()))


def _rows(
    entries: Sequence[Entry],
    before: Sequence[Entry] | None,
    of: Callable[[Entry], Iterable[Choice]],
    by_count: bool,
) -> list[Total]:
    groups: dict[str, list[Entry]] = defaultdict(list)
    names: dict[str, Choice] = {}
    for entry in entries:
        for choice in of(entry):
            groups[choice.key].append(entry)
            names[choice.key] = choice
    earlier: Counter[str] = Counter()
    for entry in before or ():
        for choice in of(entry):
            earlier[choice.key] += 1
            names.setdefault(choice.key, choice)
    rows = {
        key: Total(
            choice.label,
            len(groups[key]),
            amounts(groups[key]),
            before=earlier[key] if before is not None else None,
        )
        for key, choice in names.items()
    }
    most = max((row.count for row in rows.values()), default=0)
    for row in rows.values():
        row.bar = f"{100 * row.count / most:.1f}%" if row.count else ""

    def place(key: str) -> tuple:
        return (key == "", -rows[key].count if by_count else 0, names[key].order, fold(names[key].label))

    return [rows[key] for key in sorted(names, key=place)]
