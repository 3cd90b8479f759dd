"""How a query is understood: which words count, what they also stand for, and how strictly they are taken."""

import functools
import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.utils.translation import get_language
from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from portal import thesaurus
from portal.models import Term
from portal.search import analysis
from portal.search.grammar import And, Node, Or, Phrase, Query, Word

# Of a sentence, this share of the words that count must be found; the more, the higher a hit stands.
MOST = 0.2
ALL = "all"  # in place of a concept: the thesaurus is not wanted at all
STOP_LANGUAGES = {code: name for code, name in analysis.STEMMERS.items() if name and code != "tr"}
# The engine knows none for these two.
MORE_STOP_WORDS = {
    "ar": """من في على إلى الى عن مع هذا هذه ذلك تلك التي الذي ما هل كيف متى أين لماذا هو هي أن ان إن كان كانت قد لا أو
        ثم هم هن أنا نحن أنت بين عند كما أي كم متى""".split(),  # noqa: SIM905
    "tr": """ve veya ile bir bu şu o için de da mi mı mu ne nasıl neden hangi olan olarak gibi daha en çok
        """.split(),  # noqa: SIM905
}


@dataclass(frozen=True)
class Expansion:
    """A term of the query that the thesaurus knows, and what is looked for besides it."""

    concept: str
    label: str
    others: Sequence[tuple[str, str]]  # (language, label)


@dataclass(frozen=True)
class Alternatives:
    """What was typed, or other names of the same thing, which count for less."""

    typed: Node
    others: tuple[Phrase, ...]


@dataclass(frozen=True)
class Most:
    """At least `least` of the words."""

    children: tuple["Node | Alternatives", ...]
    least: int


@dataclass(frozen=True)
class Reading:
    """A query as it will be searched. `skipped` are words that say too little to be looked for."""

    query: Query
    root: "Node | Alternatives | Most"
    expansions: Sequence[Expansion] = ()
    is_relaxed: bool = False
    skipped: Sequence[str] = field(default=())


def read(query: Query, without: Collection[str] = (), relaxed: bool = False) -> Reading:
    """`without` names concepts whose other terms are not wanted, or has ALL. A query that is no sentence is taken
    strictly unless `relaxed`: then one of its words is enough."""
    expansions: list[Expansion] = []
    skipped: list[str] = []
    plain = [term.text for term in query.terms if isinstance(term, Word) and term.field is None]
    stop = stop_words(plain, (get_language() or "en").split("-")[0])
    if query.is_sentence or relaxed:
        words = [term for term in query.terms if not _is_one_of(term, stop)]
        skipped = [term.text for term in query.terms if isinstance(term, Word) and _is_one_of(term, stop)]
        children = _expanded(words or list(query.terms), without, expansions)
        least = max(1, math.ceil(len(children) * (MOST if query.is_sentence else 0.01)))
        if len(children) == 1:
            return Reading(query, children[0], expansions, False, skipped)
        return Reading(query, Most(tuple(children), least), expansions, True, skipped)
    return Reading(query, _widened(query.root, stop, without, expansions, skipped), expansions, False, skipped)


def _is_one_of(node: Node, stop: Collection[str]) -> bool:
    return isinstance(node, Word) and node.field is None and node.text in stop


def _widened(
    node: Node, stop: Collection[str], without: Collection[str], found: list[Expansion], skipped: list[str]
) -> "Node | Alternatives":
    match node:
        case Word():
            return _expanded([node], without, found)[0]
        case And(children):
            kept = [c for c in children if not _is_one_of(c, stop)]
            if not kept:
                kept = list(children)
            skipped += [c.text for c in children if c not in kept and isinstance(c, Word)]
            parts: list[Node | Alternatives] = []
            run: list[Node] = []
            for child in children:
                if isinstance(child, Word) and child.field is None:
                    run.append(child)
                    continue
                parts += _run(run, kept, without, found)
                run = []
                parts.append(_widened(child, stop, without, found, skipped))
            parts += _run(run, kept, without, found)
            return parts[0] if len(parts) == 1 else And(tuple(parts))  # type: ignore[arg-type]
        case Or(children):
            return Or(tuple(_widened(child, stop, without, found, skipped) for child in children))  # type: ignore[misc]
        case _:
            return node


def _run(run: list[Node], kept: list[Node], without: Collection[str], found: list[Expansion]) -> list[Node]:
    """Terms of the thesaurus are looked for among all words typed; stop words go where they are part of none."""
    expanded = _expanded(run, without, found) if run else []
    return [one for one in expanded if isinstance(one, Alternatives) or one in kept]  # type: ignore[misc]


def _expanded(words: Sequence[Node], without: Collection[str], found: list[Expansion]) -> "list[Node | Alternatives]":
    """Words that name concepts of the thesaurus, with the other names beside them."""
    plain = [word.text if isinstance(word, Word) and word.field is None else "\0" for word in words]
    result: list[Node | Alternatives] = []
    covered = 0
    for (start, end), matches in groupby(thesaurus.find(plain), key=lambda match: (match.start, match.end)):
        wanted = [match for match in matches if match.concept not in without and ALL not in without]
        if not wanted or start < covered:
            continue
        result += words[covered:start]
        typed = tuple(words[start:end])
        others = tuple(
            Phrase(tuple(cut)) for match in wanted for other in match.others if (cut := analysis.words(other.text))
        )
        result.append(Alternatives(typed[0] if len(typed) == 1 else And(typed), others))
        found += [
            # Common mistakes and former names are looked for too, and not taught to anybody.
            Expansion(
                match.concept,
                match.label.text,
                [(other.language, other.text) for other in match.others if other.kind != Term.Kind.HIDDEN],
            )
            for match in wanted
        ]
        covered = end
    return result + list(words[covered:])


@functools.cache
def _stop_analysers() -> dict[str, TextAnalyzer]:
    simple = {code: TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase()) for code in STOP_LANGUAGES}
    return {code: simple[code].filter(Filter.stopword(name)).build() for code, name in STOP_LANGUAGES.items()}


@functools.lru_cache(maxsize=20_000)
def _stopping(word: str) -> frozenset[str]:
    """The languages in which a word says little by itself."""
    if len(word) > 1 and word.isupper():
        return frozenset()  # an acronym: IT, WHO
    folded = word.casefold()
    found = {code for code, analyser in _stop_analysers().items() if not analyser.analyze(folded)}
    return frozenset(found | {code for code, words in MORE_STOP_WORDS.items() if folded in words})


def stop_words(words: Sequence[str], reader: str) -> set[str]:
    """Those that say little by themselves: "the", « dans ». In the reader's language, unless at least two words more
    speak for another one: "war" and "die" mean something in English. Scripts of their own need no such care."""
    by_word = {word: _stopping(word) for word in words}
    counts = Counter(code for codes in by_word.values() for code in codes)
    best = max(counts, key=lambda code: counts[code], default=reader)
    language = best if counts[best] >= counts[reader] + 2 else reader
    return {word for word, codes in by_word.items() if codes & {language, "ar", "ru"}}
