"""One initiative of a cycle's document, as pages and downloads show it, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from dialogues.cycles.document import Document
from portal.dates import PartialDate, period_label
from portal.languages import fold, reading_order

LONGEST = 60  # years; a period beyond that counts in its first and last year


@dataclass(frozen=True)
class Choice:
    """What entries are narrowed by and counted by: a key that stands in addresses, and a name."""

    key: str
    label: str
    order: Any = ""

    def __str__(self) -> str:
        return self.label


class Entry:
    def __init__(self, said: Document) -> None:
        self.said = said
        self.key: str = said["id"]
        self.continues: str | None = said["continues"]
        self.currency: str = said["currency"]
        self.links: list[str] = said["links"]

    def __str__(self) -> str:
        return self.title

    @cached_property
    def title(self) -> str:
        return told(self.said["title"])

    @property
    def title_language(self) -> str:
        return language_of(self.said["title"])

    @property
    def description(self) -> str:
        return told(self.said["description"])

    @property
    def description_language(self) -> str:
        return language_of(self.said["description"])

    @cached_property
    def partner(self) -> Choice | None:
        said = self.said["partner"]
        if said is None:
            return None
        return Choice(said["iso2"] if said["kind"] == "state" else said["slug"], told(said["name"]))

    @cached_property
    def domains(self) -> list[Choice]:
        return [
            Choice(
                str(one["id"]),
                f"{one['number']}. {told(one['title'])}" if one["number"] else told(one["title"]),
                (one["instrument"], one["number"] or 0),
            )
            for one in self.said["domains"]
        ]

    @cached_property
    def countries(self) -> list[Choice]:
        return [Choice(one["iso2"], told(one["name"])) for one in self.said["countries"]]

    @property
    def start(self) -> PartialDate | None:
        return PartialDate.parse(self.said["start"]) if self.said["start"] else None

    @property
    def end(self) -> PartialDate | None:
        return PartialDate.parse(self.said["end"]) if self.said["end"] else None

    @property
    def period(self) -> str:
        return period_label(self.start, self.end)

    @cached_property
    def years(self) -> list[int]:
        """Every year it is known to run in."""
        known = [date.year for date in (self.start, self.end) if date]
        if len(known) < 2 or known[1] - known[0] > LONGEST:
            return known
        return list(range(known[0], known[1] + 1))

    @property
    def amount(self) -> Decimal | None:
        return Decimal(self.said["amount"]) if self.said["amount"] is not None else None

    @cached_property
    def words(self) -> str:
        """All that a search looks in, in every language."""
        texts = [*self.said["title"].values(), *self.said["description"].values()]
        named = [self.said["partner"], *self.said["countries"]]
        texts += [name for one in named if one for name in one["name"].values()]
        texts += [name for one in self.said["domains"] for name in one["title"].values()]
        return fold(" ".join(texts))


def entries_of(document: Document) -> list[Entry]:
    """In the order of their titles in the reader's language."""
    return sorted(map(Entry, document["initiatives"]), key=lambda one: (fold(one.title), one.key))


def told(texts: dict[str, str]) -> str:
    return next((texts[code] for code in reading_order() if texts.get(code)), "")


def language_of(texts: dict[str, str]) -> str:
    return next((code for code in reading_order() if texts.get(code)), "en")


def named(choices: Iterable[Choice]) -> str:
    return "; ".join(one.label for one in choices)
