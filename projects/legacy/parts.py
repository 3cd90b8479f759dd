"""The lines of a page as parts: a label with its value, or text without one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from portal.languages import fold
from projects.legacy.page import Block, PageText
from projects.legacy.vocabulary import Hit, Phrase, Phrases
from projects.legacy.words import Span, Token, Words

UNKNOWN = "?"  # the meaning of what looks like a label but is none we know
HEAD = "head"  # of a cell that names a column
NEW_RECORD = 99  # the gap before a row that is a record of its own
PROSE = {"objective", "summary", "results", "target_groups"}
NUMBERING = re.compile(
    r"[^\w\n]{0,12}(?:\(?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[A-Za-z]|[ivxIVX]{1,4})[.)]\)?\s+|\d{1,2}(?:\.\d{1,2}){1,3}\s+)?[^\w\n]{0,3}"
)
COLON = re.compile(r"\)?\s{0,3}[*_]{0,2}(?:\([^()\n]{1,40}\)|\[[^\[\]\n]{1,40}\])?\s{0,3}[:：=]{1,2}[*_]{0,2}\s{0,3}")
DASH = re.compile(r"\)?\s{0,3}(?:\([^()\n]{1,40}\))?(?:\s{1,3}[-–—]{1,2}\s{1,3}|\s{0,3}[—|]\s{0,3})")
OWN_LINE = re.compile(r"\)?\s{0,3}(?:\([^()\n]{1,40}\))?[\s:：.\-–—?]{0,4}\Z")
BEFORE_INLINE = ";|.•·,)\n\t\u2003"
GUESSED = re.compile(r"([^\W\d_][^:：\n.;!?|•·]{0,40})[:：](?!//)(?=\s|\Z)")


@dataclass(frozen=True, slots=True)
class Part:
    """`span` holds both label and value. A value may be empty: the label stood on a line of its own."""

    span: Span
    value: Span
    label: Span | None = None
    meaning: str = ""
    phrase: Phrase | None = None
    block: Block | None = None
    sure: float = 1.0
    gap: int = 0
    head: Span | None = None  # the cell that names the column, where that is the label

    @property
    def is_field(self) -> bool:
        return self.meaning not in ("", UNKNOWN, HEAD)

    @property
    def kind(self) -> str:
        return self.block.kind if self.block else "text"

    @property
    def level(self) -> int:
        return self.block.level if self.block else 0


def parts_of(page: PageText, words: Words, phrases: Phrases) -> list[Part]:
    parts: list[Part] = []
    named: Sequence[Span] = ()
    heads: list[Hit | None] = []  # of a table whose first row names the columns
    for block in page.blocks:
        labels = [label_of(words, cell, phrases) for cell in block.cells]
        if _names_columns(labels):
            heads, named = labels, block.cells
            for n, cell in enumerate(block.cells):
                parts.append(Part(cell, cell, cell, HEAD, None, block, 1.0, block.gap if n == 0 else 0))
        elif heads and len(block.cells) == len(heads) and not labels[0]:
            parts += _record(block, heads, named)
        else:
            heads = []
            parts += _row(words, block, phrases) if block.kind == "row" else _line(words, block, phrases)
    return [part for part in parts if part.span.start < part.span.end]


def _names_columns(labels: Sequence[Hit | None]) -> bool:
    """Most cells of the row are labels, of several meanings; a row of label and value has but half."""
    known = [hit.phrase.meaning for hit in labels if hit]
    return len(set(known)) > 1 and len(known) >= 0.6 * len(labels)


def _record(block: Block, heads: Sequence[Hit | None], named: Sequence[Span]) -> Iterator[Part]:
    """A row of a table whose columns have names: every cell has its column's label, which stands elsewhere."""
    for n, (cell, hit) in enumerate(zip(block.cells, heads, strict=True)):
        gap = NEW_RECORD if n == 0 else 0
        meaning = hit.phrase.meaning if hit else UNKNOWN
        yield Part(cell, cell, None, meaning, hit.phrase if hit else None, block, 0.95, gap, named[n])


def label_of(words: Words, span: Span, phrases: Phrases) -> Hit | None:
    """The label that all of a cell or line consists of."""
    tokens = words.within(*span)
    tokens = tokens[_skip(words, span, tokens) :]
    if not tokens or len(tokens) > 12:
        return None
    hit = phrases.label_at(tokens, 0, span.end)
    while hit and hit.after < len(tokens) and hit.after < 8:
        between = words.text[tokens[hit.after - 1].end : tokens[hit.after].start]
        if between.strip().startswith("("):  # what is said of a label: Budget (EUR)
            break
        more = phrases.label_at(tokens, hit.after, span.end) if between.strip() in ("/", "&", ",", "|") else None
        more = more or (phrases.label_at(tokens, hit.after + 1, span.end) if hit.after + 1 < len(tokens) and
                        phrases.at(tokens, hit.after, {"joiner"}) else None)  # fmt: skip
        if not more:
            return None
        hit = Hit(hit.phrase, hit.first, more.after)
    if hit and OWN_LINE.fullmatch(words.text, tokens[hit.after - 1].end, span.end):
        written = words.text[tokens[0].start : tokens[hit.after - 1].end]
        # "Projects" is no label for a title; with any other label number makes no difference.
        return hit if hit.phrase.meaning != "title" or fold(written) == fold(hit.phrase.words) else None
    return None


def _skip(words: Words, span: Span, tokens: Sequence[Token]) -> int:
    """How many tokens a number in front takes: "2.1 Objectives"."""
    match = NUMBERING.match(words.text, span.start, span.end)
    place = match.end() if match else span.start
    return sum(token.start < place for token in tokens[:8])


def _row(words: Words, block: Block, phrases: Phrases) -> Iterator[Part]:
    """Cells as label and value, pair by pair; a row without a label as its lines."""
    gap = block.gap
    cells = [cell for cell in block.cells if cell.start < cell.end]
    labels = [label_of(words, cell, phrases) for cell in cells]
    if not any(labels):
        first = _line_in(words, cells[0], block, phrases)
        if len(first) == 1 and not first[0].is_field and len(cells) == 2 and _looks_like_label(words, cells[0]):
            yield Part(Span(cells[0].start, cells[1].end), cells[1], cells[0], UNKNOWN, None, block, 0.5, gap)
            return
        for n, cell in enumerate(cells):
            for part in _line_in(words, cell, block, phrases):
                yield replace(part, gap=gap if n == 0 and part.span.start == cell.start else 0)
        return
    n = 0
    while n < len(cells):
        hit = labels[n]
        end = n + 1
        while end < len(cells) and hit and not labels[end]:
            end += 1
        value = Span(cells[n + 1].start, cells[end - 1].end) if end > n + 1 else Span(cells[n].end, cells[n].end)
        if hit:
            whole = Span(cells[n].start, max(cells[n].end, value.end))
            yield Part(whole, value, cells[n], hit.phrase.meaning, hit.phrase, block, 0.98, gap)
        else:
            yield Part(cells[n], cells[n], None, "", None, block, 1.0, gap)
        n, gap = max(end, n + 1), 0


def _looks_like_label(words: Words, cell: Span) -> bool:
    text = words.text[cell.start : cell.end]
    return len(text) <= 40 and len(text.split()) <= 5 and text[0].isupper() and "\n" not in text


def _line(words: Words, block: Block, phrases: Phrases) -> Iterator[Part]:
    for n, part in enumerate(_line_in(words, Span(block.start, block.end), block, phrases)):
        yield replace(part, gap=block.gap if n == 0 else 0)


def _line_in(words: Words, span: Span, block: Block, phrases: Phrases) -> list[Part]:
    """A line by its label at the start, and by further labels in it."""
    tokens = words.within(*span)
    if not tokens:
        return [Part(span, span, block=block)]
    found: list[tuple[Span, Hit | None, float]] = []  # a label's place up to where its value begins
    if hit := label_of(words, span, phrases):
        return [Part(span, Span(span.end, span.end), span, hit.phrase.meaning, hit.phrase, block, 0.9)]
    skip = _skip(words, span, tokens)
    if first := _at_start(words, span, tokens, skip, block, phrases):
        found.append(first)
    unknown = None if found else _guessed(words, span, tokens, skip)
    if unknown:
        found.append((unknown, None, 0.5))
    found += _inline(words, span, tokens, phrases, found)
    if not found:
        return [Part(span, span, block=block)]
    parts = []
    if found[0][0].start > span.start:
        before = words.trim(span.start, found[0][0].start)
        if words.within(*before):
            parts.append(Part(before, before, block=block))
        else:
            found[0] = (Span(span.start, found[0][0].end), *found[0][1:])
    for n, (label, hit, sure) in enumerate(found):
        end = found[n + 1][0].start if n + 1 < len(found) else span.end
        value = words.trim(label.end, end)
        own = words.trim(label.start, label.end)
        meaning, phrase = (hit.phrase.meaning, hit.phrase) if hit else (UNKNOWN, None)
        parts.append(Part(Span(label.start, max(value.end, own.end)), value, own, meaning, phrase, block, sure))
    return parts


def _at_start(
    words: Words, span: Span, tokens: Sequence[Token], skip: int, block: Block, phrases: Phrases
) -> tuple[Span, Hit | None, float] | None:
    if skip >= len(tokens):
        return None
    hit = phrases.label_at(tokens, skip, span.end)
    steps = 0
    while hit and steps < 3:
        last = tokens[hit.after - 1]
        for pattern, sure in ((COLON, 0.95), (DASH, 0.85)):
            if match := pattern.match(words.text, last.end, span.end):
                return Span(span.start, match.end()), Hit(hit.phrase, skip, hit.after), sure
        if any(abs(bold.end - last.end) <= 2 and bold.start <= tokens[skip].start for bold in block.bold):
            return Span(span.start, last.end), Hit(hit.phrase, skip, hit.after), 0.9
        written = words.text[tokens[skip].start : last.end]
        after = words.text[last.end : span.end]
        if (
            len(written) > 3
            and written.isupper()
            and not after[:40].isupper()
            and after[:1].isspace()
            and (after.strip()[:1].isupper() or after.strip()[:1].isdigit())
        ):
            return Span(span.start, last.end), Hit(hit.phrase, skip, hit.after), 0.75
        # "Donor / Funding agency:" is one label.
        between = after[:3].strip()[:1]
        n = hit.after + (0 if between in ("/", "&", "|") else 1)
        joined = between in ("/", "&", "|") or bool(
            hit.after < len(tokens) and phrases.at(tokens, hit.after, {"joiner"})
        )
        more = phrases.label_at(tokens, n, span.end) if joined and n < len(tokens) else None
        hit = Hit(hit.phrase, skip, more.after) if more else None
        steps += 1
    return None


def _guessed(words: Words, span: Span, tokens: Sequence[Token], skip: int) -> Span | None:
    """What looks like a label: one to four words with a colon, at the start of a line."""
    start = tokens[skip].start if skip < len(tokens) else span.start
    match = GUESSED.match(words.text, start, min(span.end, start + 60))
    if match and match.group(1)[0].isupper() and len(match.group(1).split()) <= 4:
        return Span(span.start, match.end())
    return None


def _inline(
    words: Words, span: Span, tokens: Sequence[Token], phrases: Phrases, before: list[tuple[Span, Hit | None, float]]
) -> list[tuple[Span, Hit | None, float]]:
    """Labels further on in a line: where the breaks between fields were lost. They have a capital and a colon."""
    found: list[tuple[Span, Hit | None, float]] = []
    text = words.text
    in_fields = bool(before) and before[0][1] is not None and before[0][1].phrase.meaning not in PROSE
    n = 0
    while n < len(tokens):
        token = tokens[n]
        hit = None
        if token.start > (before[0][0].end - 1 if before else span.start) and not text[token.start].islower():
            hit = phrases.label_at(tokens, n, span.end)
        if hit and (match := COLON.match(text, tokens[hit.after - 1].end, span.end)):
            behind = text[max(span.start, token.start - 8) : token.start]
            ahead = behind.rstrip(" ")
            glued = bool(ahead) and ahead == behind and (ahead[-1].isalnum() or ahead[-1] in ".)")
            parted = not ahead or ahead[-1] in BEFORE_INLINE or text[token.start - 2 : token.start].isspace()
            if glued or parted or in_fields:
                found.append((Span(token.start, match.end()), hit, 0.85))
                in_fields = in_fields or hit.phrase.meaning not in PROSE
                n = hit.after
                continue
        n += 1
    return found
