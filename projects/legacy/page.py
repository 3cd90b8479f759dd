"""An old page as text with its blocks: what was pasted or read from a file, in one form whose places never move."""

import io
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from portal import sandbox
from portal.imports.entries import Unreadable
from projects.legacy.words import Span

MOST_CHARACTERS = 2_000_000
LIMITS = sandbox.Limits(cpu=20, wall=30, output=1 << 25)
INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
RULE_ACROSS = re.compile(r"\s*[-=_*~#–—.]{4,}\s*")
BULLET = re.compile(r"\s{0,40}(?:[•●▪■◦‣∙·*]|[-–—](?=\s))\s{0,10}(?=\S)")
HASHES = re.compile(r"\s{0,3}(#{1,6})\s{1,5}(?=\S)")
LABEL_SHAPE = re.compile(r"[^\W\d_][^:：\n]{0,38}[:：](?!//)")
COLUMNS = re.compile(r"\t+|\s{0,5}\|\s{0,5}|\u2003")
WIDEST = 140  # characters of a line that somebody broke to fit a page
RULE = 3
BOLD_LINE = 7  # the level of a heading that is only bold


class Link(NamedTuple):
    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True)
class Block:
    """A line of the page, or several that belong together.

    `kind`: text, heading (with its level), item of a list, row of a table. `gap`: empty lines before it. `cells` are
    those of a row. `bold` and `links` lie within it.
    """

    kind: str
    start: int
    end: int
    level: int = 0
    gap: int = 0
    cells: tuple[Span, ...] = ()
    bold: tuple[Span, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class PageText:
    """`name` is the page's address or file name, where it has one; it goes into the keys of what is found on it."""

    text: str
    blocks: tuple[Block, ...] = field(repr=False)
    name: str = ""

    @property
    def key(self) -> str:
        return self.name or sha256(self.text.encode()).hexdigest()[:16]


def from_text(text: str, name: str = "") -> PageText:
    """What was pasted or typed. Raises Unreadable."""
    if len(text) > MOST_CHARACTERS:
        raise Unreadable(_("The page is too long: at most %s characters are read.") % f"{MOST_CHARACTERS:,}")
    text = clean(text)
    return PageText(text, tuple(_unwrapped(text, list(_lines(text)))), name)


def from_file(content: bytes, name: str = "") -> PageText:
    """A file of HTML, Word, PDF or plain text, told by its content and read in a process with limits.

    Raises Unreadable.
    """
    try:
        code, written = sandbox.run("projects.legacy.files", stdin=io.BytesIO(content), limits=LIMITS)
    except sandbox.Stopped as stopped:
        raise Unreadable(_("Reading the file took too long, or more memory than is allowed.")) from stopped
    try:
        read: dict[str, Any] = json.loads(written) if code == 0 else {"problem": "crashed"}
    except ValueError:
        read = {"problem": "crashed"}
    if problem := read.get("problem"):
        words = {
            "damaged": _("The file is damaged or locked and cannot be opened."),
            "long": _("The file is too long for one page."),
        }
        raise Unreadable(words.get(problem, _("The file cannot be read.")))
    lines = read["lines"]
    if len(lines) == 1 and lines[0]["kind"] == "plain":
        return from_text(lines[0]["cells"][0][0][0], name)
    return _assembled(lines, name)


def clean(text: str) -> str:
    """As people read it: one kind of line end, composed letters, nothing invisible."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").replace("\v", "\n")
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", INVISIBLE.sub("", text))


def _lines(text: str) -> Iterable[Block]:
    gap = place = 0
    for line in text.split("\n"):
        start, end = place, place + len(line)
        place = end + 1
        if not line.strip() or RULE_ACROSS.fullmatch(line):
            gap += RULE if line.strip() else 1
            continue
        kind, level = "text", 0
        if match := HASHES.match(line):
            kind, level = "heading", len(match.group(1))
        elif match := BULLET.match(line):
            kind = "item"
        start += match.end() if match else len(line) - len(line.lstrip())
        end = place - 1 - (len(line) - len(line.rstrip()))
        cells = _columns(text, start, end)
        if cells or start < end:
            yield Block("row" if cells else kind, start, end, level, gap, cells)
            gap = 0


def _columns(text: str, start: int, end: int) -> tuple[Span, ...]:
    """The cells of a row that was pasted from a table, or typed with bars between them."""
    line = text[start:end]
    if "\t" not in line and "\u2003" not in line and line.count("|") < 2:
        return ()
    cells, place = [], start
    for match in COLUMNS.finditer(text, start, end):
        cells.append(_trimmed(text, place, match.start()))
        place = match.end()
    cells.append(_trimmed(text, place, end))
    if line.startswith("|") or line.endswith("|"):  # bars around a row
        cells = cells[line.startswith("|") : len(cells) - line.endswith("|")]
    return tuple(cells) if sum(cell.start < cell.end for cell in cells) > 1 else ()


def _trimmed(text: str, start: int, end: int) -> Span:
    inside = text[start:end]
    left = len(inside) - len(inside.lstrip())
    return Span(start + left, max(start + left, start + len(inside.rstrip())))


def _unwrapped(text: str, lines: list[Block]) -> list[Block]:
    """Lines that were broken to fit a width made one again: where the next word would not have fitted any more."""
    width = max((line.end - line.start for line in lines), default=0)
    full = sum(line.end - line.start > 0.8 * width for line in lines)
    is_wrapped = 50 <= width <= WIDEST and full >= 3
    whole: list[Block] = []
    last_line = 0  # length of the last line of the block that grows
    for line in lines:
        before = whole[-1] if whole else None
        if (
            before is not None
            and line.kind == "text"
            and line.gap == 0
            and before.kind in ("text", "item")
            and not LABEL_SHAPE.match(text, line.start, line.end)
            and (_hangs(text, before, line) or _was_broken(text, before, line, last_line, width if is_wrapped else 0))
        ):
            whole[-1] = Block(before.kind, before.start, line.end, before.level, before.gap)
        else:
            whole.append(line)
        last_line = line.end - line.start
    return whole


def _was_broken(text: str, before: Block, line: Block, last_line: int, width: int) -> bool:
    """Whether the first word of a line would not have fitted into the one before; or goes on in small letters."""
    if text[before.end - 1] in ".!?:;" and text[line.start].isupper():
        return False
    word = len(text[line.start : line.start + 60].split(None, 1)[0])
    return 0 < width < last_line + 1 + word or (last_line > 50 and text[line.start].islower())


def _hangs(text: str, before: Block, line: Block) -> bool:
    """Whether a line stands further in than the label above it."""
    return bool(LABEL_SHAPE.match(text, before.start, before.end)) and _indent(text, line) > _indent(text, before)


def _indent(text: str, line: Block) -> int:
    return line.start - 1 - text.rfind("\n", max(0, line.start - 80), line.start)


def _assembled(lines: list[dict[str, Any]], name: str) -> PageText:
    """The text of a page whose blocks are known, and where each lies in it."""
    parts: list[str] = []
    blocks: list[Block] = []
    place = 0

    def put(words: str) -> None:
        nonlocal place
        parts.append(words)
        place += len(words)

    for line in lines:
        if parts:
            put("\n" * (1 + min(line["gap"], RULE)))
        start, cells, bold, links = place, [], [], []
        for n, cell in enumerate(line["cells"]):
            if n:
                put("\t")
            cell_start = place
            for words, is_bold, href in cell:
                run_start = place
                put(clean(words))
                if is_bold:
                    bold.append(Span(run_start, place))
                if href:
                    links.append(Link(run_start, place, href))
            cells.append(_trimmed("".join(parts[-len(cell) :]) if cell else "", 0, place - cell_start))
            cells[-1] = Span(cell_start + cells[-1].start, cell_start + cells[-1].end)
        is_row = sum(cell.start < cell.end for cell in cells) > 1
        kind = line["kind"] if line["kind"] != "row" or is_row else "text"
        row = tuple(cells) if kind == "row" else ()
        if kind == "text" and place - start < 200 and sum(span.end - span.start for span in bold) == place - start:
            kind = "heading"  # all of a short line is bold
        blocks.append(
            Block(
                kind,
                start,
                place,
                line["level"] or (BOLD_LINE if kind == "heading" else 0),
                line["gap"],
                row,
                tuple(_joined(bold)),
                tuple(links),
            )
        )
    return PageText("".join(parts), tuple(block for block in blocks if block.start < block.end), name)


def _joined(spans: list[Span]) -> list[Span]:
    """Bold runs that touch are one."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].end == span.start:
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined
