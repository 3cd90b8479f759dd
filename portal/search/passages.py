"""The words of a query marked in a text, and the part of it that shows them best.

Marks are two characters of the private use area, so that the text can be escaped before they become <mark>.
"""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portal.search import analysis
from portal.search.grammar import And, Not, Or, Phrase, Prefix, Value, Word, Years
from portal.search.reading import Alternatives, Most, Reading

START, END = "\ue000", "\ue001"
LENGTH = 260  # characters of a passage
GAP_AT_ENDS = "…"


@dataclass(frozen=True)
class Wanted:
    """What to mark: `sequences` of words in one run (most have one), `prefixes` of words."""

    sequences: tuple[tuple[str, ...], ...]
    prefixes: tuple[str, ...]


@dataclass(frozen=True)
class Marked:
    """A text with its marks, how many there are, and how many different terms were found."""

    text: str
    marks: int
    terms: int


def wanted(reading: Reading) -> Wanted:
    """All terms a passage can show; nothing that stands under a NOT, and no titles or authors."""
    sequences: list[tuple[str, ...]] = []
    prefixes: list[str] = []
    for leaf in _leaves(reading.root):
        if isinstance(leaf, Prefix):
            prefixes.append(analysis.exact(leaf.parts[-1] if leaf.parts else leaf.text))
        elif isinstance(leaf, Phrase):
            words = tuple(part for word in leaf.words for part in analysis.words(word))
            sequences += [(word,) for word in words] if leaf.slop else [words]
        else:
            sequences.append(tuple(leaf.parts) or (leaf.text,))
            if len(leaf.parts) > 1:
                sequences.append(("".join(leaf.parts),))
    return Wanted(tuple(dict.fromkeys(s for s in sequences if s)), tuple(dict.fromkeys(p for p in prefixes if p)))


def _leaves(node: object) -> Iterator[Word | Phrase | Prefix]:
    match node:
        case Word(field=name) | Phrase(field=name) | Prefix(field=name):
            if name in (None, "text", "abstract"):
                yield node  # type: ignore[misc]
        case And(children) | Or(children) | Most(children):
            for child in children:
                yield from _leaves(child)
        case Alternatives(typed, others):
            yield from _leaves(typed)
            for other in others:
                yield from _leaves(other)
        case Not() | Years() | Value():
            return


def find_spans(text: str, terms: Wanted, language: str) -> list[tuple[int, int, int]]:
    """Where the terms stand in a text: (start, end, number of the term), in order, none overlapping."""
    language = analysis.field_language(language)
    looked_for = _looked_for(terms, language)
    stood = analysis.spans(text)
    stems = [analysis.stem(word, language) for _start, _end, word in stood]
    # Most words of a page are none of the terms: only those that may be are looked at one by one.
    places = [place for place, stem in enumerate(stems) if stem in looked_for]
    if terms.prefixes:
        begun = {n for n, (_s, _e, word) in enumerate(stood) if analysis.exact(word).startswith(terms.prefixes)}
        places = sorted(begun.union(places))
    found = []
    free = 0
    for place in places:
        if place < free:
            continue
        best = 0
        number = -1
        for candidate, sequence in looked_for.get(stems[place], ()):
            if len(sequence) > best and tuple(stems[place : place + len(sequence)]) == sequence:
                best, number = len(sequence), candidate
        if not best and terms.prefixes:
            word = analysis.exact(stood[place][2])
            for candidate, prefix in enumerate(terms.prefixes, len(terms.sequences)):
                if word.startswith(prefix):
                    best, number = 1, candidate
                    break
        if best:
            free = place + best
            found.append((stood[place][0], stood[free - 1][1], number))
    return found


@functools.lru_cache(maxsize=256)
def _looked_for(terms: Wanted, language: str) -> dict[str, list[tuple[int, tuple[str, ...]]]]:
    """The sequences by their first stem, with the number of each."""
    found: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    for number, sequence in enumerate(terms.sequences):
        if stemmed := tuple(filter(None, (analysis.stem(word, language) for word in sequence))):
            found.setdefault(stemmed[0], []).append((number, stemmed))
    return found


def mark(text: str, terms: Wanted, language: str) -> Marked:
    """The whole text with every term marked."""
    text = clean(text)
    spans = find_spans(text, terms, language)
    return Marked(_with_marks(text, 0, len(text), spans), len(spans), len({number for *_place, number in spans}))


def passage(text: str, terms: Wanted, language: str, length: int = LENGTH) -> Marked:
    """The part of a text that shows most of the terms, whole words, on one line."""
    text = clean(text)
    spans = find_spans(text, terms, language)
    start, end = _best_window(text, spans, length)
    shown = [span for span in spans if span[0] >= start and span[1] <= end]
    cut = _with_marks(text, start, end, shown)
    cut = f"{GAP_AT_ENDS if start else ''}{' '.join(cut.split())}{GAP_AT_ENDS if end < len(text) else ''}"
    return Marked(cut, len(shown), len({number for *_place, number in shown}))


def _best_window(text: str, spans: Sequence[tuple[int, int, int]], length: int) -> tuple[int, int]:
    """Most different terms first, then most marks, then the earliest."""
    best, best_score = (0, 0), (-1, -1)
    for number, (start, _end, _term) in enumerate(spans):
        inside = [span for span in spans[number : number + 40] if span[1] <= start + length]
        score = (len({term for *_place, term in inside}), len(inside))
        if score > best_score:
            best, best_score = (start, inside[-1][1] if inside else start + length), score
    first, last = best
    room = max(length - (last - first), 0)
    start = max(0, first - room // 3)
    end = min(len(text), max(start + length, last))
    start = max(0, min(start, end - length)) if end - length < first else start
    while 0 < start < first and not text[start - 1].isspace():
        start += 1
    while last <= end < len(text) and end > last and not text[end].isspace():
        end -= 1
    return start, end


def _with_marks(text: str, start: int, end: int, spans: Sequence[tuple[int, int, int]]) -> str:
    parts = []
    at = start
    for first, last, _number in spans:
        parts += [text[at:first], START, text[first:last], END]
        at = last
    return "".join([*parts, text[at:end]])


def clean(text: str) -> str:
    """Without what would be taken for marks; a soft hyphen for the sign PDFium puts where a line ends in a word."""
    return text.replace(START, "").replace(END, "").replace("\x02", "\u00ad")
