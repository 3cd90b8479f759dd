"""What somebody asks at the desk: a query and what narrows it, read from an address and written back into one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.editorial import Reader
from portal.search.finding import ORDERS, Search, Selected
from portal.search.grammar import lenient
from portal.search.grammar.parser import LONGEST_TEXT
from portal.staff import facets

MOST_VALUES = 20
EARLIEST, LATEST = 1900, 2200
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
FIRST, LAST = "from", "to"


@dataclass(frozen=True)
class Chip:
    """Something that narrows the search, in words, with the address of the search without it."""

    label: str
    value: str
    query_without: str


@dataclass(frozen=True)
class Asked:
    """`plain` takes the words as they stand, without the query language; `errors` says what could not be read."""

    text: str = ""
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    first_year: int | None = None
    last_year: int | None = None
    sort: str = "best"
    without: Sequence[str] = ()
    relaxed: bool = False
    plain: bool = False
    errors: Sequence[str] = ()

    @classmethod
    def of(cls, data: QueryDict, reader: Reader) -> "Asked":
        """What is not understood is an error, never silently left out."""
        errors: list[str] = []
        text, is_plain = _cleaned(data.get("q", "")), data.get("plain") == "1"
        if is_plain and len(text) > LONGEST_TEXT:  # otherwise the query language says so, and where
            message = _("A query has at most %(most)d characters, this one %(length)d. Shorten it to what matters.")
            errors.append(message % {"most": LONGEST_TEXT, "length": len(text)})
        chosen = {}
        for name in facets.names():
            if values := _values(data, name):
                values = list(dict.fromkeys(facets.normalised(name, value) for value in values))
                labels = facets.known(name, values, reader)
                for value in values:
                    if value not in labels:
                        told = {"label": facets.label(name).lower(), "value": value[:60]}
                        errors.append(_("There is no %(label)s “%(value)s”.") % told)
                chosen[name] = [value for value in values if value in labels]
        years = []
        for name in (FIRST, LAST):
            year = _cleaned(data.get(name, ""))
            years.append(_year(year))
            if year and years[-1] is None:
                limits = {"text": year[:20], "first": EARLIEST, "last": LATEST}
                errors.append(_("“%(text)s” is no year between %(first)d and %(last)d.") % limits)
        if None not in years and years[0] > years[1]:  # type: ignore[operator]
            errors.append(_("These years run backwards. Write the earlier one first."))
        sort = _cleaned(data.get("sort", "")) or "best"
        if sort not in ORDERS:
            errors.append(_("There is no order “%(value)s”.") % {"value": sort[:20]})
            sort = "best"
        return cls(
            text,
            {name: values for name, values in chosen.items() if values},
            years[0],
            years[1],
            sort,
            _values(data, "without"),
            data.get("relaxed") == "1",
            is_plain,
            errors,
        )

    @classmethod
    def again(cls, text: str, filters: str, reader: Reader) -> "Asked":
        """A search as it was saved. What no longer exists narrows nothing: its owner is told by `errors`."""
        data = QueryDict(filters, mutable=True)
        data["q"] = text
        return cls.of(data, reader)

    def search(self, reader: Reader) -> Search:
        """Raises QueryError and IndexUnavailable."""
        text = self.text
        if self.plain and (bare := lenient(text)):
            text = str(bare)
        return Search(text, reader, self.without, self.relaxed)

    @property
    def selected(self) -> Selected:
        return Selected(self.facets, self.first_year, self.last_year)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.facets or self.first_year or self.last_year)

    @property
    def filters(self) -> QueryDict:
        """All but the query itself, in a fixed order and without what is the default."""
        data = QueryDict(mutable=True)
        for name, values in self.facets.items():
            data.setlist(name, list(values))
        for name, value in ((FIRST, self.first_year), (LAST, self.last_year)):
            if value:
                data[name] = str(value)
        if self.sort != "best":
            data["sort"] = self.sort
        if self.without:
            data.setlist("without", list(self.without))
        for name in ("relaxed", "plain"):
            if getattr(self, name):
                data[name] = "1"
        return data

    @property
    def cleaned_query(self) -> QueryDict:
        """The whole as a query string; the name is the one that the component for pages asks for."""
        data = QueryDict(mutable=True)
        data["q"] = self.text
        for name, values in self.filters.lists():
            data.setlist(name, values)
        return data

    def but(self, **changes: Any) -> str:
        """The query string of the same search with something changed."""
        return replace(self, **changes).cleaned_query.urlencode()

    def chips(self, reader: Reader) -> list[Chip]:
        chips = []
        for name, values in self.facets.items():
            labels = facets.known(name, values, reader)
            for value in values:
                left = {**self.facets, name: [one for one in values if one != value]}
                rest = self.but(facets={key: kept for key, kept in left.items() if kept})
                chips.append(Chip(facets.label(name), labels.get(value, value), rest))
        if self.first_year:
            chips.append(Chip(_("From year"), str(self.first_year), self.but(first_year=None)))
        if self.last_year:
            chips.append(Chip(_("To year"), str(self.last_year), self.but(last_year=None)))
        return chips


def _values(data: QueryDict, name: str) -> list[str]:
    values = (_cleaned(value)[:80].strip() for value in data.getlist(name))
    return list(dict.fromkeys(value for value in values if value))[:MOST_VALUES]


def _cleaned(text: str) -> str:
    """Without control characters, which no database and no feed takes. In an address the middleware refuses them;
    a query that is posted as one field or was saved long ago has not met it."""
    return CONTROLS.sub(" ", text).strip()


def _year(text: str) -> int | None:
    if len(text) == 4 and text.isascii() and text.isdigit() and EARLIEST <= int(text) <= LATEST:
        return int(text)
    return None
