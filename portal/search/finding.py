"""Asking the index: hits, totals, facets, passages. What comes back are keys; views read the records themselves.

Everything here may raise IndexUnavailable (then search titles in the database and say so) and QueryError (then
show what is wrong with the query).
"""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import tantivy
from django.utils.translation import gettext as _
from tantivy import Occur, Order, Query

from portal import kinds
from portal.editorial import Reader
from portal.search import passages as passages_of
from portal.search import reading, schema, store
from portal.search.compiling import Compiler
from portal.search.entries import PageEntry
from portal.search.grammar import QueryError, parse
from portal.search.naming import resolve

PASSAGES = 3  # of one record
DEEPEST = 10_000  # hits that can be paged through
ORDERS = {"best": None, "newest": "newest", "changed": "changed"}
MOST_FACET_VALUES = 300


@dataclass(frozen=True)
class Passage:
    """A page of a hit with the words marked. `url` has no language prefix and no query."""

    page: PageEntry
    text: str
    marks: int

    @property
    def number(self) -> int:
        return self.page.number


@dataclass(frozen=True)
class Hit:
    kind: str
    pk: str
    score: float


@dataclass(frozen=True)
class Selected:
    """What narrows a search besides its words: values of facets, and years."""

    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    first_year: int | None = None
    last_year: int | None = None


@dataclass(frozen=True)
class Found:
    """`facets` maps name -> value -> number of hits, each counted without the facet's own choice."""

    reading: reading.Reading
    hits: Sequence[Hit]
    total: int
    facets: Mapping[str, Mapping[str, int]]


def audience_of(reader: Reader) -> str:
    """Whose index this reader searches: staff's, if they may read all that is held back."""
    rights = [kind.held_back for kind in kinds.all() if kind.held_back]
    return "staff" if rights and all(reader.has_perm(right) for right in rights) else "visitors"


@dataclass
class Search:
    """One query, put to the index as it stands now.

    `instead_of` is what was typed where `text` is its nearest spelling; `is_loosened` that it was taken less strictly
    than typed, because nothing held all of it.
    """

    text: str
    reader: Reader
    without: Collection[str] = ()
    relaxed: bool = False
    instead_of: str = ""
    is_loosened: bool = False

    def __post_init__(self) -> None:
        query = parse(self.text)
        generation = store.opened()
        self.audience = audience_of(self.reader)
        self._parts = {part: generation.parts[self.audience, part] for part in store.PARTS}
        with store.searching():
            self._searchers = {part: self._parts[part].searcher() for part in store.PARTS}
        self.reading = reading.read(query, self.without, self.relaxed)
        self.wanted = passages_of.wanted(self.reading)
        with store.searching():
            records = self._compiler("records").compile(self.reading)
        if records is None:
            words = _("Say what to look for as well: the number of a page alone finds nothing.")
            raise QueryError(words, 0, len(self.text))
        self._records = records

    @property
    def gave_nothing(self) -> bool:
        """What was typed stands nowhere, whatever is shown instead."""
        return bool(self.instead_of) or self.is_loosened or self.is_empty

    @cached_property
    def is_empty(self) -> bool:
        """Whether nothing of any kind answers; cheaper than counting."""
        with store.searching():
            return not self._searchers["records"].search(self._narrowed(None, Selected()), 1, count=False).hits

    def find(
        self,
        kind: str | None = None,
        selected: Selected | None = None,
        sort: str = "best",
        offset: int = 0,
        limit: int = 20,
        facets: Sequence[str] = (),
    ) -> Found:
        """One stretch of the hits in order, how many there are in all, and the facets asked for."""
        selected = selected or Selected()
        query = self._narrowed(kind, selected)
        with store.searching():
            answer = self._ranked(query, sort, offset, limit)
            counted = self._count(kind, selected, facets) if facets else {}
            hits = [self._hit(score, address) for score, address in answer.hits]
        return Found(self.reading, hits[:limit], answer.count, counted)  # type: ignore[attr-defined]

    def count(self, kind: str | None = None, selected: Selected | None = None) -> int:
        with store.searching():
            return self._searchers["records"].search(self._narrowed(kind, selected or Selected()), 1).count  # type: ignore[attr-defined]

    def count_facets(
        self, kind: str | None, selected: Selected, facets: Sequence[str]
    ) -> Mapping[str, Mapping[str, int]]:
        """Name -> value -> number of hits, each facet counted without its own choice."""
        with store.searching():
            return self._count(kind, selected, facets)

    def keys(self, kind: str, selected: Selected | None = None, sort: str = "best") -> list[str]:
        """The primary keys of all hits, in order."""
        query = self._narrowed(kind, selected or Selected())
        with store.searching():
            total = self._searchers["records"].search(query, 1).count  # type: ignore[attr-defined]
            answer = self._ranked(query, sort, 0, max(total, 1))
            return [self._hit(score, address).pk for score, address in answer.hits]

    def passages(self, kind: str, pk: Any, limit: int = PASSAGES) -> list[Passage]:
        """The pages of a hit that answer best, best first; none where only its record speaks of it."""
        any_of = self._any_of
        if any_of is None:
            return []
        key = Query.term_query(self._parts["pages"].schema, "key", schema.key_of(kind, pk), "basic")
        return self._pages(
            Query.boolean_query([(Occur.Must, Query.const_score_query(key, 0.0)), (Occur.Must, any_of)]), limit
        )

    def pages_in(self, document: str, limit: int) -> list[int]:
        """The numbers of the pages of a document that have any of the terms, in order; their text is not read."""
        with store.searching():
            searcher = self._searchers["pages"]
            found = self._pages_with("document", document, limit)
            numbers = searcher.fast_field_values("number", found)
        return sorted(int(number) for number in numbers if number is not None)

    def pages_of(self, kind: str, pk: Any, limit: int) -> list[tuple[str, int]]:
        """Language and number of the pages of all documents of a record; nothing is cut out of them or marked."""
        with store.searching():
            searcher = self._searchers["pages"]
            rows = (searcher.doc(one) for one in self._pages_with("key", schema.key_of(kind, pk), limit))
            return sorted((page.language, page.number) for page in map(schema.page_of, rows))

    def _pages_with(self, column: str, value: str, limit: int) -> list[tantivy.DocAddress]:
        if (any_of := self._any_of) is None:
            return []
        own = Query.const_score_query(Query.term_query(self._parts["pages"].schema, column, value, "basic"), 0.0)
        query = Query.boolean_query([(Occur.Must, own), (Occur.Must, any_of)])
        return [address for _score, address in self._searchers["pages"].search(query, limit).hits]

    @cached_property
    def _any_of(self) -> Query | None:
        with store.searching():
            return self._compiler("pages").any_of(self.reading)

    def _pages(self, query: Query, limit: int) -> list[Passage]:
        with store.searching():
            searcher = self._searchers["pages"]
            rows = [schema.page_of(searcher.doc(address)) for _score, address in searcher.search(query, limit).hits]
        shown = ((page, passages_of.passage(page.text, self.wanted, page.language)) for page in rows)
        return [Passage(page, marked.text, marked.marks) for page, marked in shown if marked.marks]

    def _ranked(self, query: Query, sort: str, offset: int, limit: int) -> tantivy.SearchResult:
        searcher = self._searchers["records"]
        if column := ORDERS.get(sort):
            return searcher.search(query, limit, offset=offset, order_by_field=column, order=Order.Desc)
        return searcher.search(query, limit, offset=offset, weight_by_field="weight")

    def _hit(self, score: float, address: tantivy.DocAddress) -> Hit:
        kind, pk = str(self._searchers["records"].doc(address).get_first("key")).split(":", 1)
        return Hit(kind, pk, score)

    def _compiler(self, part: str) -> Compiler:
        one, searcher = self._parts[part], self._searchers[part]

        def holds(column: str, word: str) -> bool:
            return searcher.doc_freq(column, word) > 0

        return Compiler(part, one.schema, one.languages, self._resolve, holds=holds)

    def _resolve(self, field: str, value: str) -> list[str]:
        return resolve(field, value, self.reader)

    def _narrowed(self, kind: str | None, selected: Selected, but: str | None = None) -> Query:
        compiler = self._compiler("records")
        clauses = [(Occur.Must, self._records), (Occur.Must, compiler.at_least("until", int(time.time()) + 1))]
        if kind is not None:
            clauses.append((Occur.Must, compiler.chosen("kind", [kind])))
        for name, values in selected.facets.items():
            if values and name != but:
                clauses.append((Occur.Must, compiler.chosen(name, values)))
        if selected.first_year is not None:
            clauses.append((Occur.Must, compiler.at_least("last", schema.day(selected.first_year))))
        if selected.last_year is not None:
            clauses.append((Occur.Must, compiler.at_most("first", schema.day(selected.last_year, last=True))))
        return Query.boolean_query(clauses)

    def _count(self, kind: str | None, selected: Selected, facets: Sequence[str]) -> dict[str, dict[str, int]]:
        """One pass for all facets in which nothing is chosen, and one more for each of the others."""
        chosen = [name for name in facets if selected.facets.get(name)]
        passes: list[tuple[str | None, list[str]]] = [(None, [name for name in facets if name not in chosen])]
        passes += [(name, [name]) for name in chosen]
        counted = {}
        for but, names in passes:
            if names:
                terms = {n: {"terms": {"field": f"is_{n}", "size": MOST_FACET_VALUES}} for n in names}
                found = self._searchers["records"].aggregate(self._narrowed(kind, selected, but), terms)
                for name in names:
                    counted[name] = {bucket["key"]: bucket["doc_count"] for bucket in found[name]["buckets"]}
        return counted
