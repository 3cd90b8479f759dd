"""How typing in a search box may go on: records that are called so, terms of the thesaurus, words of the index."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Model
from django.utils.translation import gettext as _
from tantivy import Occur, Query

from portal import kinds, languages
from portal.editorial import Reader
from portal.models import Term
from portal.search import analysis, store
from portal.search.finding import audience_of
from portal.search.nearby import RecordIndex

LONGEST_PREFIX = 200
SHORTEST_PREFIX = 2
CANDIDATES = 24
COMPLETIONS = 3
ENDINGS = 6  # letters that stemming may take away


@dataclass(frozen=True)
class Suggestion:
    """`url` is where a record is read; None for words to search for. `what` says what it is, in words."""

    text: str
    url: str | None
    what: str


def suggestions(prefix: str, reader: Reader, limit: int = 8) -> list[Suggestion]:
    """Records that are called so, terms of the thesaurus, and the last word made whole. Raises IndexUnavailable."""
    prefix = prefix[:LONGEST_PREFIX].lstrip()
    words = analysis.words(prefix)
    if not words or len(analysis.exact(words[-1])) < SHORTEST_PREFIX or set(prefix) & set('":()*~'):
        return []
    index = RecordIndex.of(audience_of(reader))
    records = _records(words, index, reader)
    first = max(limit - COMPLETIONS, 1)
    found = [*records[:first], *_concepts(words), *_completed(prefix, words, index), *records[first:]]
    seen: dict[str, Suggestion] = {}
    for one in found:
        seen.setdefault(one.text.casefold(), one)
    return list(seen.values())[:limit]


def _records(words: Sequence[str], index: RecordIndex, reader: Reader) -> list[Suggestion]:
    """Records in whose title, acronym or former names each of the words begins a word."""
    exact = [analysis.exact(word) for word in words]
    with store.searching():
        by_title = index.hits([(Occur.Must, _begins_in_title(word, index)) for word in exact], CANDIDATES)
        by_name = index.hits([(Occur.Must, _pattern("names", word, index)) for word in exact], CANDIDATES)
    named = {(hit.kind, hit.pk) for hit in by_name}
    keys = list(dict.fromkeys((hit.kind, hit.pk) for hit in (*by_name, *by_title)))
    found: dict[tuple[str, str], Suggestion] = {}
    for kind in kinds.all():
        pks = [pk for name, pk in keys if name == kind.name]
        for record in kind.visible_to(reader).filter(pk__in=pks) if pks else ():
            key = (kind.name, str(record.pk))
            if key in named or _is_called(record, exact):
                found[key] = Suggestion(str(record.title), record.get_absolute_url(), kind.label)  # type: ignore[attr-defined]
    return [found[key] for key in keys if key in found]


def _is_called(record: Model, words: Sequence[str]) -> bool:
    titles = (getattr(record, column, None) or "" for column in languages.columns("title"))
    return any(
        all(any(one.startswith(word) for one in known) for word in words)
        for known in ([analysis.exact(word) for word in analysis.words(title)] for title in titles)
    )


def _begins_in_title(word: str, index: RecordIndex) -> Query:
    """Titles are held as stems, so a word that was typed beyond its stem is looked for by its beginnings too."""
    found = []
    for language in index.languages:
        name = f"title_{language}"
        shorter = {word[:length] for length in range(max(3, len(word) - ENDINGS), len(word))}
        shorter |= {analysis.stem(word, language)}
        found.append(_pattern(name, word, index))
        found += [Query.term_query(index.schema, name, one) for one in sorted(shorter) if one]
    return Query.disjunction_max_query(found) if found else Query.empty_query()


def _pattern(name: str, word: str, index: RecordIndex) -> Query:
    return Query.regex_query(index.schema, name, re.escape(word) + ".*")


def _concepts(words: Sequence[str]) -> list[Suggestion]:
    """Terms of the thesaurus that begin so, those of the reader's language first."""
    folded = " ".join(part for word in words for part in languages.words(word))
    if not folded:
        return []
    terms = Term.objects.filter(folded__startswith=folded).exclude(kind=Term.Kind.HIDDEN).order_by("folded")
    order = languages.reading_order()
    ranked = sorted(
        terms[:CANDIDATES], key=lambda term: order.index(term.language) if term.language in order else len(order)
    )
    return [Suggestion(term.label, None, _("term")) for term in ranked[:COMPLETIONS]]


def _completed(prefix: str, words: Sequence[str], index: RecordIndex) -> list[Suggestion]:
    """The text as typed with its last word made whole, where records hold all of its words."""
    *before, last = words
    at = prefix.rfind(last)
    if at == -1 or prefix[at + len(last) :].strip():
        return []
    start = analysis.exact(last)
    found: list[Suggestion] = []
    with store.searching():
        others = [analysis.exact(word) for word in before]
        for candidate, _count in index.terms(start, 4 * COMPLETIONS):
            if len(found) < COMPLETIONS and candidate != start and index.holds(*others, candidate):
                found.append(Suggestion(prefix[:at] + candidate, None, _("words")))
    return found
