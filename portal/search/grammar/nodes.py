"""The tree a query is read into, and its canonical form, which reads into the same tree.

Offsets say where in the typed text a node stands; two trees are equal when they ask for the same, wherever it stood.
"""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from portal.search.grammar.words import parts

OPERATORS = frozenset({"AND", "OR", "NOT"})
# From so many plain words on, a query is a sentence: requiring every word of one finds next to nothing.
SENTENCE = 5


def _offset() -> int:
    return dataclasses.field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Word:
    """One word; `field` None searches everywhere."""

    text: str
    field: str | None = None
    start: int = _offset()
    end: int = _offset()

    @property
    def parts(self) -> tuple[str, ...]:
        """Its runs of letters and digits: ("l", "asile"), ("58", "208", "000"), ("U", "N"), ("mid", "term").

        Where there are several, a text may hold them as one word or as a phrase of the parts.
        """
        return parts(self.text)


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a word, without its star. Of several parts only the last is a beginning."""

    text: str
    field: str | None = None
    start: int = _offset()
    end: int = _offset()

    @property
    def parts(self) -> tuple[str, ...]:
        return parts(self.text)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order side by side, or at most `slop` places apart. A phrase of one word means exactly it."""

    words: tuple[str, ...]
    slop: int = 0
    field: str | None = None
    start: int = _offset()
    end: int = _offset()


@dataclass(frozen=True, slots=True)
class Years:
    """Both ends belong to it; None is open."""

    first: int | None
    last: int | None
    field: str = "year"
    start: int = _offset()
    end: int = _offset()


@dataclass(frozen=True, slots=True)
class Value:
    """A code or a name in a field that holds choices; whether it exists is for the compiler to say."""

    field: str
    value: str
    start: int = _offset()
    end: int = _offset()


@dataclass(frozen=True, slots=True)
class And:
    """Two children or more, none of them an And, at least one of them no Not."""

    children: tuple["Node", ...]
    start: int = _offset()
    end: int = _offset()


@dataclass(frozen=True, slots=True)
class Or:
    """Two children or more, none of them an Or or a Not."""

    children: tuple["Node", ...]
    start: int = _offset()
    end: int = _offset()


@dataclass(frozen=True, slots=True)
class Not:
    """Never a root, never around another Not."""

    child: "Node"
    start: int = _offset()
    end: int = _offset()


Term = Word | Prefix | Phrase
Leaf = Term | Years | Value
Node = Leaf | And | Or | Not


@dataclass(frozen=True, slots=True)
class Query:
    """`is_sentence`: plain words only, five or more, so they need not all be found."""

    root: Node
    is_sentence: bool = False

    @property
    def terms(self) -> tuple[Term, ...]:
        """What is looked for in texts, in the order typed; nothing that stands under a Not."""
        return tuple(leaf for leaf in _wanted(self.root) if isinstance(leaf, Word | Prefix | Phrase))

    def __str__(self) -> str:
        return canonical(self)


def _wanted(node: Node) -> Iterator[Leaf]:
    match node:
        case And(children) | Or(children):
            yield from chain.from_iterable(map(_wanted, children))
        case Not():
            return
        case _:
            yield node


def canonical(query: Query | Node) -> str:
    """The one way to write this query; reading it gives the same tree."""
    if not isinstance(query, Query):
        return _written(query)
    match query.root:
        case And(children) if not query.is_sentence and _looks_like_a_sentence(children):
            return " AND ".join(map(_written, children))
    return _written(query.root)


def _looks_like_a_sentence(children: tuple[Node, ...]) -> bool:
    return len(children) >= SENTENCE and all(isinstance(child, Word) and child.field is None for child in children)


def _written(node: Node) -> str:
    match node:
        case Word(text, field):
            return _in_field(field, text)
        case Prefix(text, field):
            return _in_field(field, f"{text}*")
        case Phrase(words, slop, field):
            return _in_field(field, f'"{" ".join(words)}"' + (f"~{slop}" if slop else ""))
        case Years(first, last, field):
            years = f"{first}" if first == last else f"{first or ''}..{last or ''}"
            return _in_field(field, years)
        case Value(field, value):
            return _in_field(field, value if _needs_no_quotes(value) else f'"{value}"')
        case Not(child):
            return f"-({_written(child)})" if isinstance(child, And | Or) else f"-{_written(child)}"
        case Or(children):
            return " OR ".join(map(_written, children))
        case And(children):
            return " ".join(f"({_written(child)})" if isinstance(child, Or) else _written(child) for child in children)


def _in_field(field: str | None, text: str) -> str:
    return f"{field}:{text}" if field else text


def _needs_no_quotes(value: str) -> bool:
    plain = all(char.isalnum() or char in "-_.'’" for char in value)
    return plain and value[0].isalnum() and value[-1].isalnum() and value not in OPERATORS
