"""BibTeX and BibLaTeX as entries with their lines: braces are counted, so that no depth of them is too deep.

Rules: "BibTeXing" (Oren Patashnik) for strings, quotes, # and crossref; the biblatex manual, 2.1 and 2.2, for types
and fields. An entry ends where it is balanced, at the latest where a line begins with the next one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from django.utils.translation import gettext as _

MOST_VALUE = 1_000_000  # characters that abbreviations may grow to
MOST_BROUGHT = 20_000_000  # by all abbreviations of a file
MOST_INHERITED = 2_000  # of one value
START = re.compile(r"^[^\S\n]*@[^\S\n]*(?=[A-Za-z]+[^\S\n]*[{(])", re.MULTILINE)
INNER = re.compile(r"@[^\S\n]*([A-Za-z]+)[^\S\n]*([{(])")
FIELD = re.compile(r"([^\s={}(),\"#%@]+)\s*=\s*")
PLAIN = re.compile(r"[^\s{}(),\"#=]+")
CLOSERS = {"{": "}", "(": ")"}
MONTHS = {name: name for name in ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")}
DEEPEST_CROSSREF = 5
INHERITED = {
    "year", "date", "month", "publisher", "address", "location", "editor", "series", "number", "volume", "journal",
    "journaltitle", "organization", "institution", "language", "langid",
}  # fmt: skip


class Broken(Exception):
    """An entry that cannot be read; the message says why, `at` is where."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


@dataclass
class Raw:
    """An entry with its values as TeX. `twice` are fields that stood there already."""

    line: int
    kind: str
    key: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    twice: list[tuple[str, str]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)  # abbreviations that are defined nowhere
    broken: str = ""


class Strings:
    """The abbreviations of a file. What they bring in is counted: few of them can stand for more than anybody holds."""

    def __init__(self) -> None:
        self.known, self.brought = dict(MONTHS), 0

    def value(self, word: str, raw: Raw, at: int) -> str:
        known = self.known.get(word.casefold())
        if known is None and not word.isdecimal():
            raw.unknown.append(word)
        self.brought += len(known or "")
        if self.brought > MOST_BROUGHT:
            raise Broken(_("its abbreviations grow beyond every measure"), at)
        return word if known is None else known


def read(text: str) -> list[Raw]:
    """All entries in their order, with what they take from those they refer to."""
    strings = Strings()
    found: list[Raw] = []
    line, counted = 1, 0
    for start, end in _chunks(text):
        line += text.count("\n", counted, start)
        counted = start
        found += _entries(text, start, end, line, strings)
    by_key = {raw.key.casefold(): raw for raw in reversed(found) if raw.key}
    for raw in found:
        _inherit(raw, by_key)
    return found


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    starts = [match.start() for match in START.finditer(text)]
    yield from pairwise([*starts, len(text)])


def _entries(text: str, at: int, end: int, line: int, strings: Strings) -> Iterator[Raw]:
    counted = at
    while match := INNER.search(text, at, end):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        raw = Raw(line, match.group(1).casefold())
        try:
            at = _entry(text, match.end(), end, CLOSERS[match.group(2)], raw, strings)
        except Broken as broken:
            if raw.kind != "comment":
                told = {"line": line + text.count("\n", counted, broken.at), "why": broken}
                raw.broken = _("line %(line)s: %(why)s") % told
                yield raw
            return
        if raw.kind not in {"comment", "preamble", "string"}:
            yield raw


def _entry(text: str, at: int, end: int, closer: str, raw: Raw, strings: Strings) -> int:
    """Where it ends. What it says is written into `raw`, or into `strings`."""
    if raw.kind in {"comment", "preamble"}:
        return _balanced(text, at, end, closer)
    if raw.kind != "string":
        at = _key(text, at, end, closer, raw)
    while True:
        at = _skip(text, at, end)
        if at >= end:
            raise Broken(_("it has no end: a closing brace is missing"), end - 1)
        if text[at] == closer:
            return at + 1
        match = FIELD.match(text, at, end)
        if not match:
            raise Broken(_("“%s” is no field with a value") % text[at : at + 30].split("\n")[0], at)
        value, at = _value(text, match.end(), end, raw, strings)
        name = match.group(1).casefold()
        if raw.kind == "string":
            strings.known[name] = value
        elif name in raw.fields:
            raw.twice.append((name, value))
        else:
            raw.fields[name] = value


def _key(text: str, at: int, end: int, closer: str, raw: Raw) -> int:
    match = re.compile(r"[^,{}()=\"]*").match(text, at, end)
    after = match.end() if match else at
    raw.key = " ".join(text[at:after].split())
    if after < end and text[after] in {",", closer} and raw.key:
        return after
    raw.key = ""
    raise Broken(_("it has no citation key"), at)


def _skip(text: str, at: int, end: int) -> int:
    match = re.compile(r"[\s,]*").match(text, at, end)
    return match.end() if match else at


def _value(text: str, at: int, end: int, raw: Raw, strings: Strings) -> tuple[str, int]:
    """Parts that # joins: in braces, in quotes, numbers, abbreviations."""
    parts: list[str] = []
    size = 0
    while True:
        if at >= end:
            raise Broken(_("a value is missing"), end - 1)
        if text[at] == "{":
            after = _balanced(text, at + 1, end, "}")
            parts.append(text[at + 1 : after - 1])
        elif text[at] == '"':
            after = _quoted(text, at + 1, end)
            parts.append(text[at + 1 : after - 1])
        elif match := PLAIN.match(text, at, end):
            after = match.end()
            parts.append(strings.value(match.group(), raw, at))
        else:
            raise Broken(_("a value is missing"), at)
        size += len(parts[-1])
        if size > MOST_VALUE:
            raise Broken(_("its abbreviations grow beyond every measure"), at)
        joined = re.compile(r"\s*#\s*").match(text, after, end)
        if not joined:
            return "".join(parts), after
        at = joined.end()


def _balanced(text: str, at: int, end: int, closer: str) -> int:
    """After the brace or parenthesis that closes what was opened before `at`."""
    depth = 0
    for match in re.compile(r"[{}]" if closer == "}" else r"[{})]").finditer(text, at, end):
        sign = match.group()
        if sign == closer and depth == 0:
            return match.end()
        depth += (sign == "{") - (sign == "}")
    raise Broken(_("it has no end: a closing brace is missing"), at)


def _quoted(text: str, at: int, end: int) -> int:
    depth = 0
    for match in re.compile(r'[{}"]').finditer(text, at, end):
        sign = match.group()
        if sign == '"' and depth <= 0:
            return match.end()
        depth += (sign == "{") - (sign == "}")
    raise Broken(_("it has no end: a closing quotation mark is missing"), at)


def _inherit(raw: Raw, by_key: dict[str, Raw]) -> None:
    """What a part does not say itself it takes from what it is part of, whose title is its book title."""
    here, own = raw, set(raw.fields)
    for _step in range(DEEPEST_CROSSREF):
        parent = by_key.get(here.fields.get("crossref", "").strip().casefold())
        if parent is None or parent is raw or parent.broken:
            return
        for name in INHERITED & {name for name, value in parent.fields.items() if len(value) <= MOST_INHERITED}:
            if name not in own and not ({name, "date"} <= {"year", "month", "date"} and own & {"year", "date"}):
                raw.fields.setdefault(name, parent.fields[name])
        if (title := parent.fields.get("title")) is not None and len(title) <= MOST_INHERITED:
            raw.fields.setdefault("booktitle", title)
        here = parent
