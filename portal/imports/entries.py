"""What a reader of files hands over: one entry for each record it found, in the words of a content."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

NO_TEXT = re.compile("[\x00\ud800-\udfff]")  # what no database keeps as text
NEW = "new:"  # before the number of a name that the portal does not know


class Unreadable(Exception):
    """The whole source cannot be read; the message is for editors."""


@dataclass
class Problem:
    """Why a row cannot be brought in: the column it is about, what stands there, and what is wrong with it."""

    message: str
    field: str = ""
    value: str = ""


@dataclass
class Line:
    """A row of the source: its number as people count there, beginning with 1, and how they know it.

    `row` is ("meetings", key) where it speaks of one row of the record.
    """

    number: int
    label: str = ""
    row: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)


@dataclass
class Likeness:
    """A record that an entry may be about, and in a few words why. A person is asked, unless the reader `is_sure`."""

    record: models.Model
    why: str = ""
    is_sure: bool = False


@dataclass
class Entry:
    """A record as the source says it.

    `said` is a part of a content, {"fields": {…}, "links": {…}, "rows": {…}}: only what the source speaks of. A row
    has a key of its own that is the same whenever the source is read. Rows the source does not name stay, unless it
    named them before. Where it names something that the portal does not know, there stands a key of `Names.new`; a row
    whose `needs` lists that column is left out as long as the name stands for nothing.
    `record` is set where the reader knows which one is meant; else `key`, within `source`, recognises what an earlier
    reading made, and of what neither finds `likely` are the records a person is asked about. `base` is what whoever
    wrote the source began with, where that is known: an edited export. Its `lost` lists the keys of rows (of the record
    itself: "") that were written from something nobody knows any more: what they say otherwise than here is a conflict.
    A line with problems keeps its entry from being brought in.
    """

    model: type[models.Model]
    said: dict[str, Any]
    lines: list[Line]
    label: str = ""
    record: Any = None
    source: str = ""
    key: str = ""
    base: dict[str, Any] | None = None
    pieces: list[dict[str, Any]] = field(default_factory=list)
    unplaced: list[dict[str, Any]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    likely: list[Likeness] = field(default_factory=list)


@dataclass
class Names:
    """Names the portal does not know, each once however often it is met."""

    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    _keys: dict[tuple[str, str], str] = field(init=False)
    _last: int = field(init=False)

    def __post_init__(self) -> None:
        self._keys = {(one["model"], one["name"].casefold()): key for key, one in self.known.items()}
        self._last = max((int(key.removeprefix(NEW)) for key in self.known), default=0)  # some may be forgotten

    def new(self, model: type[models.Model], name: str, **told: Any) -> str:
        """The key that stands for it in what is said. `told` are further columns of what may be created."""
        label = model._meta.label_lower
        key = self._keys.setdefault((label, name.casefold()), f"{NEW}{self._last + 1}")
        if key not in self.known:
            self._last += 1
            self.known[key] = {"model": label, "name": name, "told": told, "pk": None}
        return key


@dataclass
class Found:
    """All that a source says. `text` is what the places of pieces are counted in; `remarks` are about the whole."""

    entries: list[Entry]
    names: Names = field(default_factory=Names)
    text: str = ""
    remarks: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)  # rows that belong to no entry, with their problems


def check_storable(found: Found) -> None:
    """Raises Unreadable for what is no character: a NUL, half of a pair. Not every database takes them."""
    words = _("%s holds a character that is none (NUL, or half of one). Take it out, or save the source as UTF-8.")
    for entry in found.entries:
        told = (
            entry.said,
            entry.base,
            entry.label,
            entry.source,
            entry.key,
            entry.pieces,
            entry.unplaced,
            entry.remarks,
        )
        if any(NO_TEXT.search(text) for text in _texts([*told, [vars(line) for line in entry.lines]])):
            number = entry.lines[0].number if entry.lines else "?"
            raise Unreadable(words % (_("Row %s") % number))
    rest = [found.names.known, found.text, found.remarks, [vars(line) for line in found.lines]]
    if any(NO_TEXT.search(text) for text in _texts(rest)):
        raise Unreadable(words % _("The source"))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(name)
            yield from _texts(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, Problem):
        yield from (value.message, value.field, value.value)
