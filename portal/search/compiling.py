"""From a reading of a query to a query of the engine, for the folder of records or the folder of pages."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tantivy import FieldType, Occur, Query

from portal.search import analysis, schema
from portal.search.grammar import And, Node, Not, Or, Phrase, Prefix, Value, Word, Years
from portal.search.reading import Alternatives, Most, Reading

# How much more a word counts where it stands; measured with `make bench` on the judged queries.
TITLE, LEAD, NAME, EXACT, OTHER_NAME = 1.0, 1.0, 1.5, 0.4, 0.5
# On which columns a field of the query language is asked.
TEXT_FIELDS = {"title": "title", "abstract": "lead", "text": "text"}
RECORDS_ONLY = {"title", "author", "abstract"}


@dataclass
class Compiler:
    """`schema` and `languages` are those of the folder; `resolve(field, value)` gives the values of a facet. `holds`
    tells whether a column of the folder has a word at all: what it has not need not be asked for."""

    part: str
    schema: Any
    languages: Sequence[str]
    resolve: Callable[[str, str], Sequence[str]]
    facets: Sequence[str] = field(default_factory=schema.facet_names)
    holds: Callable[[str, str], bool] = lambda column, word: True

    def compile(self, reading: Reading) -> Query | None:
        """None where the query says nothing about this folder: a year says nothing about a page."""
        return self.node(reading.root)

    def any_of(self, reading: Reading) -> Query | None:
        """Any of the terms is enough: for the passages of a record that has been found as a whole. A number of a page
        is kept to; what stands under a NOT is left out, or every page without it would answer."""
        root = reading.root
        children = root.children if isinstance(root, And | Most | Or) else (root,)
        terms: list[Query] = []
        numbers: list[Query] = []
        for child in children:
            if not isinstance(child, Not) and (made := self.node(child)) is not None:
                (numbers if isinstance(child, Value) else terms).append(made)
        if not terms:
            return None
        either = Query.boolean_query([(Occur.Should, made) for made in terms])
        return Query.boolean_query([(Occur.Must, made) for made in (either, *numbers)])

    def node(self, node: Node | Alternatives | Most) -> Query | None:
        match node:
            case Word(field=name) | Phrase(field=name) | Prefix(field=name) if name in RECORDS_ONLY:
                return self.leaf(node) if self.part == "records" else None
            case Word() | Phrase() | Prefix():
                return self.leaf(node)
            case Years():
                return self.years(node) if self.part == "records" else None
            case Value():
                return self.value(node)
            case Alternatives(typed, others):
                own = self.node(typed)
                rest = [Query.boost_query(q, OTHER_NAME) for other in others if (q := self.node(other)) is not None]
                return None if own is None else Query.disjunction_max_query([own, *rest])
            case Most(children, least):
                found = [made for child in children if (made := self.node(child)) is not None]
                if not found:
                    return None
                least = min(least, len(found)) if self.part == "records" else 1
                return Query.boolean_query([(Occur.Should, made) for made in found], least)
            case Or(children):
                found = [made for child in children if (made := self.node(child)) is not None]
                return Query.boolean_query([(Occur.Should, made) for made in found]) if found else None
            case And(children):
                return self.both(children)
            case Not(child):
                made = self.node(child)
                return (
                    None
                    if made is None
                    else Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, made)])
                )
        raise TypeError(node)

    def both(self, children: Sequence[Any]) -> Query | None:
        clauses = []
        for child in children:
            wanted = not isinstance(child, Not)
            made = self.node(child if wanted else child.child)
            if made is not None:
                clauses.append((Occur.Must if wanted else Occur.MustNot, made))
        if clauses and all(occur == Occur.MustNot for occur, _made in clauses):
            clauses.append((Occur.Must, Query.all_query()))
        return Query.boolean_query(clauses) if clauses else None

    # Words and phrases, in each language that the folder holds.

    def leaf(self, node: Word | Phrase | Prefix) -> Query:
        if isinstance(node, Prefix):
            return self.prefix(node)
        if isinstance(node, Word):
            typed, slop = tuple(node.parts) or (node.text,), 0
            joined = "".join(typed) if len(typed) > 1 else None
        else:
            typed = tuple(part for word in node.words for part in analysis.words(word))
            slop, joined = node.slop, None
        exact_only = isinstance(node, Phrase) and len(typed) == 1
        found: list[Query] = []
        column = TEXT_FIELDS.get(node.field or "")
        if node.field == "author":
            return self.sequence("people", [analysis.exact(word) for word in typed], slop)
        if exact_only and column is None:
            return self.term("words", analysis.exact(typed[0]))
        for language in self.languages:
            ways = [([analysis.stem(word, language) for word in typed], slop)]
            if joined:
                ways.append(([analysis.stem(joined, language)], 0))
            for stems, apart in ways:
                # A title and a lead are part of the text.
                if all(not stem or self.holds(f"text_{language}", stem) for stem in stems):
                    found.append(self.in_language(stems, language, column, apart))
        either = Query.disjunction_max_query(found) if len(found) > 1 else found[0] if found else Query.empty_query()
        if column is not None:
            return either
        exact = [analysis.exact(word) for word in typed]
        clauses = [either, Query.boost_query(self.sequence("words", exact, slop), EXACT)]
        if self.part == "records" and all(self.holds("names", word) for word in exact if word):
            clauses.append(Query.boost_query(self.sequence("names", exact, slop), NAME))
        return Query.boolean_query([(Occur.Should, clause) for clause in clauses])

    def in_language(self, stems: Sequence[str], language: str, column: str | None, slop: int) -> Query:
        if column is not None:
            return self.sequence(f"{column if self.part == 'records' else 'text'}_{language}", stems, slop)
        body = self.sequence(f"text_{language}", stems, slop)
        if self.part == "pages":
            return body
        title = Query.boost_query(self.sequence(f"title_{language}", stems, slop), TITLE)
        lead = Query.boost_query(self.sequence(f"lead_{language}", stems, slop), LEAD)
        return Query.boolean_query([(Occur.Should, body), (Occur.Should, title), (Occur.Should, lead)])

    def sequence(self, name: str, words: Sequence[str], slop: int) -> Query:
        words = [word for word in words if word]
        if not words:
            return Query.empty_query()
        if len(words) == 1:
            return self.term(name, words[0])
        return Query.phrase_query(self.schema, name, list(words), slop=slop)

    def term(self, name: str, word: str) -> Query:
        return Query.term_query(self.schema, name, word) if word else Query.empty_query()

    def prefix(self, node: Prefix) -> Query:
        *before, last = tuple(node.parts) or (node.text,)
        start = analysis.exact(last)
        if not start:
            return Query.empty_query()
        column = "people" if node.field == "author" else TEXT_FIELDS.get(node.field or "")
        names = ["words"] if column in (None, "people") else [f"{column}_{one}" for one in self.languages]
        if column == "people":
            names = ["people"]
        elif self.part == "pages" and column is not None:
            names = [f"text_{one}" for one in self.languages]
        if before:
            words = [analysis.exact(word) for word in before]
            phrases = [Query.phrase_prefix_query(self.schema, name, [*words, start]) for name in names]
            return phrases[0] if len(phrases) == 1 else Query.disjunction_max_query(phrases)
        patterns = [Query.regex_query(self.schema, name, re.escape(start) + ".*") for name in names]
        return patterns[0] if len(patterns) == 1 else Query.disjunction_max_query(patterns)

    # Years and choices.

    def years(self, node: Years) -> Query:
        clauses = []
        if node.first is not None:
            clauses.append(self.at_least("last", schema.day(node.first)))
        if node.last is not None:
            clauses.append(self.at_most("first", schema.day(node.last, last=True)))
        return Query.boolean_query([(Occur.Must, clause) for clause in clauses])

    def at_least(self, name: str, number: int) -> Query:
        made = Query.range_query(self.schema, name, FieldType.Integer, lower_bound=number)
        return Query.const_score_query(made, 0.0)

    def at_most(self, name: str, number: int) -> Query:
        made = Query.range_query(self.schema, name, FieldType.Integer, upper_bound=number)
        return Query.const_score_query(made, 0.0)

    def value(self, node: Value) -> Query | None:
        if node.field == "page":
            number = int(node.value) if node.value.isascii() and node.value.isdigit() else 0
            return Query.term_query(self.schema, "number", number) if self.part == "pages" else None
        if self.part == "pages":
            return None
        return self.chosen(node.field, self.resolve(node.field, node.value))

    def chosen(self, name: str, values: Sequence[str]) -> Query:
        """Any of the values of a facet; without weight."""
        if name not in self.facets or not values:
            return Query.empty_query()
        terms = [(Occur.Should, Query.term_query(self.schema, f"is_{name}", value, "basic")) for value in values]
        return Query.const_score_query(Query.boolean_query(terms), 0.0)
