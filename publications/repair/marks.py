"""What a repair changed on a page, as data: each token with its place, what the file holds and how it is read.

Apart because the reader of files, the database and the page view all speak of it. Nothing here knows Django.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

LOST, GAP = "\ufffd", "▯"
FIRST, MOST = 0x100000, 0xFFF0  # private-use characters that stand for marks while a page is worked on
LONGEST_KEY = 200  # characters; what is longer is no word, and no index of a database takes it
_SENTINELS = re.compile("[\U00100000-\U0010ffff]")


class Token(NamedTuple):
    """`text[start:end]` of the page shows `reading`; the file holds `original`, and shows it again when refused.

    `how` is "font" (the font's own program says it), "shift" (glyph numbers read as letters), "ligature" or "gap".
    `confidence` goes from 0 to 1: 1 the font says so; from 0.9 the reading is in the dictionary; from 0.7 its
    neighbours or the likelihood of its letters speak for it; 0 a gap, which claims nothing.
    `decision` is "", "accepted" or "refused".
    """

    start: int
    end: int
    original: str
    reading: str
    confidence: float
    how: str
    decision: str = ""

    @property
    def shown(self) -> str:
        return self.original if self.decision == "refused" else self.reading

    @property
    def held(self) -> str:
        """The original without the lost characters around it, where there is anything else."""
        return self.original.strip(f"{LOST} \t") or self.original.strip(" \t")

    @property
    def key(self) -> str:
        """What decisions go by: the original without lost characters around it; where all is lost, with the reading."""
        key = self.original.strip(f"{LOST} \t") or f"{self.original}={self.reading}"
        return key if len(key) <= LONGEST_KEY else f"{key[:100]} {hashlib.sha256(key.encode()).hexdigest()}"


class Sheet:
    """A page being repaired. Each mark is one private character until the end, so that no step reads another's work."""

    def __init__(self, text: str, tokens: Iterable[Token] = ()) -> None:
        text = _SENTINELS.sub(LOST, text)
        self._marks: list[Token] = []
        out, last = [], 0
        for token in tokens:
            out += [text[last : token.start], self.mark(*token[2:6])]
            last = token.end
        self.text = "".join([*out, text[last:]])

    def mark(self, original: str, reading: str, confidence: float, how: str) -> str:
        """The character that stands for a token from now on; beyond the limit of a page, the original."""
        if original == reading or len(self._marks) >= MOST:
            return original
        self._marks.append(Token(0, 0, original, reading, round(confidence, 2), how))
        return chr(FIRST + len(self._marks) - 1)

    def read(self) -> str:
        """The text with readings in place."""
        return _SENTINELS.sub(lambda match: self._mark(match).reading, self.text) if self._marks else self.text

    def done(self) -> tuple[str, list[Token]]:
        """The text and its tokens, in order and with their places."""
        out, tokens, last, length = [], [], 0, 0
        for match in _SENTINELS.finditer(self.text) if self._marks else ():
            before, token = self.text[last : match.start()], self._mark(match)
            start = length + len(before)
            length = start + len(token.reading)
            out += [before, token.reading]
            tokens.append(token._replace(start=start, end=length))
            last = match.end()
        return "".join([*out, self.text[last:]]), tokens

    def _mark(self, match: re.Match[str]) -> Token:
        return self._marks[ord(match.group()) - FIRST]


def decide(text: str, tokens: Sequence[Token], decision: Callable[[Token], str]) -> tuple[str, list[Token]]:
    """A page with its tokens accepted or refused anew: refused ones show what the file holds."""
    out, decided, last, length = [], [], 0, 0
    for token in tokens:
        before = text[last : token.start]
        last = token.end
        token = token._replace(decision=decision(token))
        start = length + len(before)
        length = start + len(token.shown)
        out += [before, token.shown]
        decided.append(token._replace(start=start, end=length))
    return "".join([*out, text[last:]]), decided


def unrepaired(text: str, tokens: Sequence[Token]) -> str:
    """The page as it was before any repair."""
    return decide(text, tokens, lambda token: "refused")[0]


def counts(tokens: Iterable[Token]) -> tuple[int, int]:
    """How many tokens are shown repaired, and how many characters are shown as lost."""
    shown = [token for token in tokens if token.decision != "refused"]
    return sum(token.how != "gap" for token in shown), sum(token.reading.count(GAP) for token in shown)


def from_json(rows: Iterable[dict[str, Any]]) -> list[Token]:
    return [Token(**row) for row in rows]


def to_json(tokens: Iterable[Token]) -> list[dict[str, Any]]:
    return [token._asdict() for token in tokens]
