"""A text as words with their places: the one way in which pages, phrases and names are compared."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from portal.thesaurus import key_of

# Marks that stand on a letter (accents, Arabic vowels) belong to the word.
WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f\u064b-\u0652\u0670])*")

Key = tuple[str, ...]


class Span(NamedTuple):
    """A stretch of a page's text."""

    start: int
    end: int


class Token(NamedTuple):
    start: int
    end: int
    key: str


@lru_cache(maxsize=1 << 16)
def _root(word: str) -> str:
    return "".join(key_of(word))


def tokens_of(text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """Words, and those that ran together taken apart where that is plain: 2014October, KosovoDuration."""
    for match in WORD.finditer(text, start, len(text) if end is None else end):
        word, at = match.group(), match.start()
        last = 0
        if not (word.isalpha() and (word.islower() or word.isupper() or word.istitle())):
            for n in range(1, len(word)):
                before, here = word[n - 1], word[n]
                if (before.islower() and here.isupper()) or (before.isdigit() and here.isalpha()):
                    yield Token(at + last, at + n, _root(word[last:n]))
                    last = n
        yield Token(at + last, match.end(), _root(word[last:]))


def key(text: str) -> Key:
    return tuple(token.key for token in tokens_of(text))


class Words:
    """A text and its tokens, asked by place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(tokens_of(text))
        self._starts = [token.start for token in self.tokens]

    def within(self, start: int, end: int) -> list[Token]:
        return self.tokens[self.index(start) : self.index(end)]

    def index(self, place: int) -> int:
        """The number of the first token that starts here or later."""
        return bisect_left(self._starts, place)

    def before(self, start: int, end: int, most: int) -> list[Token]:
        """The last tokens, at most so many, between two places."""
        after = self.index(end)
        return self.tokens[max(self.index(start), after - most) : after]

    def trim(self, start: int, end: int) -> Span:
        """Without the white space at both ends."""
        inside = self.text[start:end]
        return (
            Span(start + len(inside) - len(inside.lstrip()), start + len(inside.rstrip()))
            if inside.strip()
            else (Span(start, start))
        )


def one_line(text: str) -> str:
    """Words that a line's end parted joined again, and single spaces."""
    text = re.sub(r"\u00ad\n?|(?<=[^\W\d_]-)\n(?=[^\W\d_])", "", text)
    return " ".join(text.split())


def longest_first(keys: Iterable[Key]) -> dict[str, int]:
    """By the first word of a key, how many words the longest one has."""
    sizes: dict[str, int] = {}
    for own in keys:
        if own:
            sizes[own[0]] = max(len(own), sizes.get(own[0], 0))
    return sizes
