"""What is proposed: projects, their values with the words they were read from, and what could not be placed."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from projects.legacy.words import Span


class Piece(NamedTuple):
    """A value for a field of a project.

    `field` names a column ("title", "start"), a link ("countries") or a kind of rows ("roles", "calls"). `value` is
    JSON: text as a form holds it, {"country": "XK"}, {"organisation": 12}, or {"new": "a name"} for what the portal
    does not know; of rows, their columns. `words` is the page's text from `start` up to and without `end`.
    """

    field: str
    value: Any
    start: int
    end: int
    words: str
    confidence: float
    why: str


@dataclass
class Proposal:
    """`unplaced` is what is kept as it stands; `signs` are labels and what stands between values and says nothing
    itself. Together with the pieces they cover all that is written in `span`.

    `key` is the same whenever the same page is read. `language` is that of most labels.
    """

    title: str
    span: Span
    key: str
    language: str = "en"
    pieces: list[Piece] = field(default_factory=list)
    unplaced: list[Span] = field(default_factory=list)
    signs: list[Span] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def values(self, name: str) -> list[Any]:
        return [piece.value for piece in self.pieces if piece.field == name]

    def value(self, name: str) -> Any:
        """The first one, or None."""
        return next((piece.value for piece in self.pieces if piece.field == name), None)


@dataclass
class Reading:
    """All that a page holds. `unplaced` belongs to no project."""

    proposals: list[Proposal]
    unplaced: list[Span]


def piece_of(text: str, name: str, value: Any, span: tuple[int, int], sure: float, why: str) -> Piece:
    return Piece(name, value, span[0], span[1], text[span[0] : span[1]], round(sure, 2), why)
