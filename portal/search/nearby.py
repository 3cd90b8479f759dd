"""What lies near: records like a record, pages with hits around a page, the spelling that was probably meant.

Everything here is asked of the reader's own index, so that nothing can hint at what this reader may not see.
"""

import functools
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import tantivy
from tantivy import Occur, Query

from portal import kinds
from portal.editorial import EditorialModel, Reader
from portal.search import analysis, schema, store
from portal.search.compiling import Compiler
from portal.search.entries import Entry
from portal.search.finding import Hit, Search, audience_of
from portal.search.grammar import Phrase, QueryError, Word
from portal.search.store import IndexUnavailable

# How often each part of a record is read for likeness: its title says more than a page of its text.
TITLE, LEAD, TAGS = 4, 2, 2
LONGEST_SAMPLE = 20_000  # characters of its text that are looked at
MOST_TERMS = 40  # by which likeness is told
LEAST_LIKE = 0.12  # of how much the record is like itself

SHORTEST_WORD = 4  # of shorter ones every other word is one letter away
LONG_WORD = 6  # from here on two letters may be wrong
MOST_CANDIDATES = 10_000  # the most frequent ones
MOST_CORRECTED = 4
MOST_LOOKED_AT = 6  # words of a query; in a longer one nobody waits for more
MOST_TRIED = 10
ALPHABETS = ("abcdefghijklmnopqrstuvwxyz", "абвгдежзийклмнопрстуфхцчшщъыьэюя", "ابتثجحخدذرزسشصضطظعغفقكلمنهوي")


@dataclass
class RecordIndex:
    """The records of one audience as they stand now, for questions that are no query of a reader."""

    searcher: tantivy.Searcher
    schema: Any
    languages: Sequence[str]
    stamp: tuple[str, int]  # differs after every change

    @classmethod
    def of(cls, audience: str) -> "RecordIndex":
        """Raises IndexUnavailable."""
        generation = store.opened()
        part = generation.parts[audience, "records"]
        with store.searching():
            return cls(part.searcher(), part.index.schema, part.languages, (generation.name, part.seen))

    def hits(self, clauses: Iterable[tuple[Occur, Query]], limit: int) -> list[Hit]:
        """Of what has not expired."""
        now = Compiler("records", self.schema, self.languages, lambda field, value: ()).at_least(
            "until", int(time.time()) + 1
        )
        query = Query.boolean_query([*clauses, (Occur.Must, now)])
        found = []
        for score, address in self.searcher.search(query, limit).hits:
            kind, pk = str(self.searcher.doc(address).get_first("key")).split(":", 1)
            found.append(Hit(kind, pk, score))
        return found

    def has(self, word: str) -> bool:
        """Whether any text holds a word, or a form of it."""
        names = [("words", analysis.exact(word))]
        names += [(f"text_{language}", analysis.stem(word, language)) for language in self.languages]
        return any(text and self.searcher.doc_freq(name, text) for name, text in names)

    def holds(self, *words: str) -> bool:
        """Whether a record has these whole words today; the engine lists words of removed ones for a while."""
        terms = [Query.term_query(self.schema, "words", word) for word in words]
        return bool(self.hits([(Occur.Must, term) for term in terms], 1))

    def terms(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Whole words with this beginning, the most frequent first, and how many records hold each."""
        return self.searcher.terms_with_prefix("words", prefix, limit=limit) if prefix else []


# Records like a record.


def similar(record: EditorialModel, reader: Reader, limit: int = 5) -> list[Hit]:
    """Records of the same kind whose title, lead, tags and text speak of the same, best first.

    Raises IndexUnavailable. Read them through `visible_to` and keep the order.
    """
    audience = audience_of(reader)
    index = RecordIndex.of(audience)
    return list(_similar(kinds.of(record).name, record.pk, audience, index.stamp, record.changed_at, limit))


@functools.lru_cache(maxsize=2000)
def _similar(name: str, pk: Any, audience: str, stamp: Any, changed: Any, limit: int) -> tuple[Hit, ...]:
    """The same answer until the record or anything in the index changes."""
    kind = kinds.get(name)
    index = RecordIndex.of(audience)
    prepared = kind.indexed(kind.model._default_manager.filter(pk=pk)).first()
    if prepared is None:
        return ()
    own = schema.key_of(name, pk)
    sample = _sample(kind.entry(prepared))
    with store.searching():
        like = Query.more_like_this_document_fields_query(
            index.schema,
            sample,
            min_doc_frequency=2,
            max_doc_frequency=max(5, index.searcher.num_docs // 5),
            min_term_frequency=2,
            max_query_terms=MOST_TERMS,
            min_word_length=3,
        )
        ours = Query.const_score_query(Query.term_query(index.schema, "is_kind", name, "basic"), 0.0)
        hits = index.hits([(Occur.Must, like), (Occur.Must, ours)], 3 * limit + 1)
    best = max((hit.score for hit in hits), default=0.0)  # the record itself, where it is in the index
    others = [hit for hit in hits if schema.key_of(hit.kind, hit.pk) != own and hit.score >= LEAST_LIKE * best]
    return tuple(others[:limit])


def _sample(entry: Entry) -> dict[str, list[str]]:
    """The text by which likeness is told, for each column of the index that holds texts of its language."""
    by_language: dict[str, list[str]] = {}
    for weight, texts in ((TITLE, entry.titles.items()), (LEAD, entry.leads.items()), (TAGS, entry.tags)):
        for code, text in texts:
            by_language.setdefault(analysis.field_language(code), []).extend([text] * weight)
    room = LONGEST_SAMPLE
    for code, text in (*entry.texts, *((page.language, page.text) for page in entry.pages)):
        if room <= 0:
            break
        by_language.setdefault(analysis.field_language(code), []).append(text[:room])
        room -= len(text)
    return {f"text_{one}": [analysis.prepare("\n".join(texts), one)] for one, texts in by_language.items()}


# The spelling that was probably meant.


def did_you_mean(search: Search) -> str | None:
    """The query with words that stand nowhere replaced by the nearest that do, all else as it was typed.

    None where every word is known, or no spelling near finds anything.
    """
    index = RecordIndex.of(search.audience)
    changes: list[tuple[int, int, str]] = []
    with store.searching():
        for start, end, word in _typed(search):
            if len(changes) == MOST_CORRECTED:
                break
            if not index.has(word) and (meant := _nearest(analysis.exact(word), index)):
                changes.append((start, end, meant))
    if not changes:
        return None
    text = search.text
    for start, end, meant in reversed(changes):
        text = text[:start] + meant + text[end:]
    try:
        return text if Search(text, search.reader, search.without, search.relaxed).count() else None
    except (QueryError, IndexUnavailable):
        return None


def _typed(search: Search) -> list[tuple[int, int, str]]:
    """The words of a query with where they stand in it; no beginnings of words, and nothing under a NOT."""
    found = set()
    for term in search.reading.query.terms:
        if isinstance(term, Word | Phrase):
            for match in analysis.WORD.finditer(search.text, term.start, term.end):
                if not match.group().isdigit():
                    found.add((match.start(), match.end(), match.group()))
    return sorted(found)[:MOST_LOOKED_AT]


def _nearest(word: str, index: RecordIndex) -> str | None:
    """The word of the index at the smallest distance, and of several the most frequent."""
    if len(word) < SHORTEST_WORD:
        return None
    most = 2 if len(word) >= LONG_WORD else 1
    first = next((letters for letters in ALPHABETS if word[0] in letters), "")
    if left_out := [letter + word for letter in first if index.holds(letter + word)]:
        return left_out[0]
    # Where the first letters are right, exchanged, or one of them is too many; then where only the first one is right.
    for beginnings in ((word[:2], word[1] + word[0], word[1:3]), (word[0],)):
        near = []
        for beginning in dict.fromkeys(beginnings):
            for candidate, count in index.terms(beginning, MOST_CANDIDATES):
                if abs(len(candidate) - len(word)) <= most and not candidate.isdigit():
                    apart = distance(word, candidate, most)
                    if apart <= most:
                        near.append((apart, -count, candidate))
        for _apart, _count, candidate in sorted(near)[:MOST_TRIED]:
            if index.holds(candidate):
                return candidate
    return None


def distance(a: str, b: str, most: int) -> int:
    """How many letters must be put in, taken out, changed or exchanged with their neighbour (Damerau and Levenshtein,
    each place touched once); anything above `most` is told as `most` + 1."""
    if _letters(a, b) > 2 * most:
        return most + 1
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return min(last[-1], most + 1)


def _letters(a: str, b: str) -> int:
    """In how many letters two words differ, which is quickly told."""
    return len(set(a) ^ set(b))
