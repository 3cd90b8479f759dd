"""A PDF's characters with their fonts, for the pages where a font lacks its map to letters.

Healthy pages are told by a look at their text, which PDFium gives in one piece; the others are read character by
character. What a font's reading changes is marked on the page's sheet.
"""

import ctypes
import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from publications.repair.fonts import LARGEST_PROGRAM, Reading, read_fonts
from publications.repair.marks import LOST, Sheet
from publications.repair.words import Words

# Codes of an unmapped font that no text holds: its space and figures are control characters, and large fonts keep the
# letters of other scripts where these blocks are. Codes of letters alone are capitals with brackets between them, or
# have no vowel for longer than acronyms do.
ODD = re.compile(r"[\x01\x03-\x08\x0b\x0c\x0e-\x1f\u0180-\u02af\ue000-\uf8ff]")
BRACKETS = re.compile(r"[A-Z][\[\\\]]|[\[\\\]][A-Z]")
VOWELLESS = re.compile(r"[B-DF-HJ-NP-TV-XZ]{5}")


class Char(NamedTuple):
    """`font` is empty for a healthy character."""

    code: int
    font: str


def is_odd(text: str) -> bool:
    """Whether a page may hold a font without a map. Cheap: it is asked of every page."""
    if ODD.search(text) or VOWELLESS.search(text):
        return True
    return any(sign in text for sign in "[\\]") and BRACKETS.search(text) is not None


def characters(textpage: Any, programs: dict[str, bytes]) -> list[Char]:
    """All characters of a page; programs of the fonts that lack a map are kept under their fonts' names."""
    import pypdfium2.raw as pdfium

    page, names = textpage.raw, {}
    found = []
    for n in range(textpage.count_chars()):
        code, font = pdfium.FPDFText_GetUnicode(page, n), ""
        if pdfium.FPDFText_HasUnicodeMapError(page, n) == 1 and not pdfium.FPDFText_IsGenerated(page, n):
            shown = pdfium.FPDFText_GetTextObject(page, n)
            handle = pdfium.FPDFTextObj_GetFont(shown) if shown else None
            address = ctypes.cast(handle, ctypes.c_void_p).value if handle else 0
            if address not in names:
                names[address] = _font(handle, programs) if handle else "?"
            font = names[address]
        found.append(Char(code, font))
    return found


def _font(handle: Any, programs: dict[str, bytes]) -> str:
    """A name for a font that holds for the whole file: PDFium may give its address to another later."""
    import pypdfium2.raw as pdfium

    name = ctypes.create_string_buffer(256)
    pdfium.FPDFFont_GetBaseFontName(handle, name, 256)
    program = b""
    size = ctypes.c_size_t()
    if pdfium.FPDFFont_GetIsEmbedded(handle) == 1:
        pdfium.FPDFFont_GetFontData(handle, None, 0, size)
        if 0 < size.value <= LARGEST_PROGRAM - sum(map(len, programs.values())):
            content = (ctypes.c_uint8 * size.value)()
            if pdfium.FPDFFont_GetFontData(handle, content, size.value, size):
                program = bytes(content)
    key = f"{name.value.decode('latin-1')} {hashlib.sha256(program).hexdigest()[:16]}"
    programs.setdefault(key, program)
    return key


def read_pages(
    pages: dict[int, list[Char]], healthy: Sequence[str], programs: dict[str, bytes], language: str
) -> dict[int, tuple[str, Sheet]]:
    """The raw text and the sheet of each page that has unmapped fonts. Lost codes are U+FFFD in both."""
    lines: dict[str, list[list[int]]] = {}
    for chars in pages.values():
        for run in _runs(chars):
            if run[0].font:
                lines.setdefault(run[0].font, []).append([char.code for char in run])
    if not lines:
        return {}
    readings = read_fonts(programs, lines, Words(healthy, language))
    return {n: (_raw(chars), _sheet(chars, readings)) for n, chars in pages.items() if any(char.font for char in chars)}


def _runs(chars: Sequence[Char]) -> Iterator[Sequence[Char]]:
    """Neighbours of one font."""
    start = 0
    for n in range(1, len(chars) + 1):
        if n == len(chars) or chars[n].font != chars[start].font:
            yield chars[start:n]
            start = n


def _shown(char: Char) -> str:
    """A character as a text can hold it."""
    if char.font and (char.code < 0x20 or 0x7F <= char.code < 0xA0):
        return LOST
    if char.code > 0x10FFFF or 0xD800 <= char.code < 0xE000 or char.code & 0xFFFE == 0xFFFE:
        return "" if not char.font else LOST
    return chr(char.code)


def _raw(chars: Sequence[Char]) -> str:
    return "".join(map(_shown, chars))


def _sheet(chars: Sequence[Char], readings: dict[str, Reading]) -> Sheet:
    sheet = Sheet("")
    out: list[str] = []
    place = 0
    for run in _runs(chars):
        place += len(run)
        reading = readings.get(run[0].font)
        if reading is None:
            out.append(_raw(run))
            continue
        at_end = place == len(chars) or chars[place].code in (0x0A, 0x0D)
        out += _words(run, reading, sheet, at_end)
    sheet.text = "".join(out)
    return sheet


def _words(run: Sequence[Char], reading: Reading, sheet: Sheet, at_end: bool) -> Iterator[str]:
    """One mark a word, with the space behind it; no space at the end of a line."""
    original, read = "", ""
    for n, char in enumerate(run):
        letters = reading.letters.get(char.code, "")
        original += _shown(char)
        read += letters.replace("\u00a0", " ") or "▯"
        is_last = n == len(run) - 1
        if is_last or (letters.isspace() and not reading.letters.get(run[n + 1].code, "").isspace()):
            shown = read.rstrip() if is_last and at_end else read
            lost = "▯" in shown and not shown.strip("▯ ")
            yield sheet.mark(original, shown, 0.0 if lost else reading.confidence, "gap" if lost else reading.how)
            original, read = "", ""
