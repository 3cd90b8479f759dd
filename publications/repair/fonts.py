"""Fonts of a PDF that lack a map to letters: their codes, and what letters the codes stand for.

PDFium gives such a character its code in the content stream, for fonts with Identity-H the number of a glyph. The
font's own program may say which letter a glyph is. Where it does not, the codes are read as glyphs in the order of
ASCII, at a distance that the words of the file must show. A font that neither explains stays as it is.
"""

import contextlib
import io
import signal
import struct
import threading
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from publications.repair.glyphs import shifted_by
from publications.repair.marks import LOST
from publications.repair.words import Words

LARGEST_PROGRAM = 1 << 26  # bytes, of all fonts of a file together
MOST_MAPPED = 1 << 18  # characters that one table `cmap` may name
SECONDS = 3  # for one font; a table that lies about its size is not waited for
ALL_SECONDS = 15  # for all fonts of a file; those that come later stay unread
FAREST = 96  # how far below its letter a glyph is looked for
ENOUGH = 0.5  # share of words that must be in the word list before a distance is believed
LEAST = 0.2  # the same where a font's own program says the letters: much of a page may be names
MAPPED = 0.9  # share of a font's characters that its own program must name


class Reading(NamedTuple):
    letters: Mapping[int, str]
    confidence: float
    how: str


def read_fonts(
    programs: Mapping[str, bytes], lines: Mapping[str, Sequence[Sequence[int]]], words: Words
) -> dict[str, Reading]:
    """How each font reads, of those that can be read. `lines` are a font's codes as they follow each other."""
    until = time.monotonic() + ALL_SECONDS
    found = {}
    for font, codes in lines.items():
        if time.monotonic() > until:
            break
        if reading := _by_program(programs.get(font, b""), codes, words) or _by_distance(codes, words):
            found[font] = reading
    return found


def _by_program(program: bytes, lines: Sequence[Sequence[int]], words: Words) -> Reading | None:
    used = Counter(code for line in lines for code in line)
    letters = letters_of(program, set(used)) if program else {}
    named = sum(n for code, n in used.items() if code in letters)
    if not letters or named < MAPPED * used.total():
        return None
    known, all_words = _known(lines, letters, words)
    in_list_script = bool(words.listed) and _is_latin(letters[code] for code in used if code in letters)
    if in_list_script and all_words > 2 and known < LEAST * all_words:
        return None  # the codes are no glyph numbers of this program: its letters make no words
    return Reading(letters, 1.0, "font")


def _is_latin(letters: Iterable[str]) -> bool:
    return all("LATIN" in unicodedata.name(c, "") for text in letters for c in text if c.isalpha())


def _by_distance(lines: Sequence[Sequence[int]], words: Words) -> Reading | None:
    """The one distance at which codes make words; none where two do, or where they are letters as they stand."""
    sample, size = [], 0
    for line in sorted({tuple(line) for line in lines}):
        sample.append(line)
        if (size := size + len(line)) > 4_000:
            break
    score = {}
    for distance in range(FAREST):
        known, all_words = _known(sample, shifted_by(distance), words)
        if known and known >= ENOUGH * all_words and (known > 2 or known == all_words):
            score[distance] = known
    if not score:
        return None
    best = max(score, key=lambda distance: score[distance])
    others = [known for distance, known in score.items() if distance != best]
    if best == 0 or (others and max(others) * 2 > score[best]):
        return None
    return Reading(shifted_by(best), 0.99 if score[best] > 2 else 0.9, "shift")


def _known(lines: Sequence[Sequence[int]], letters: Mapping[int, str], words: Words) -> tuple[int, int]:
    """How many words of four letters and more are known, and how many there are."""
    known = total = 0
    for line in lines:
        for word in "".join(letters.get(code, LOST) for code in line).split():
            bare = word.strip(".,;:!?()[]\"'“”‘’-–…/")
            if len(bare) > 3 and not any(c.isdigit() for c in bare):
                total += 1
                known += bare.isalpha() and words.is_known(bare)
    return known, total


def letters_of(program: bytes, glyphs: set[int]) -> dict[int, str]:
    """Glyph number to letters as far as a font's program says; nothing for one that is broken or hostile."""
    try:
        with _time_limit(SECONDS):
            found = _from_program(program, glyphs)
    except Exception:  # whatever fontTools meets in a hostile font, the font stays unread
        return {}
    return {glyph: text for glyph, text in found.items() if _is_text(text)}


def _is_text(text: str) -> bool:
    return bool(text) and all(unicodedata.category(c) not in ("Cc", "Cn", "Co", "Cs") and c != LOST for c in text)


def _from_program(program: bytes, glyphs: set[int]) -> dict[int, str]:
    from fontTools.agl import toUnicode
    from fontTools.cffLib import CFFFontSet
    from fontTools.ttLib import TTFont

    if len(program) > LARGEST_PROGRAM:
        return {}
    if program[:2] == b"\x01\x00" and program[:4] != b"\x00\x01\x00\x00":
        fonts = CFFFontSet()
        fonts.decompile(io.BytesIO(program), None)
        names, found = fonts[0].charset, {}
    else:
        with TTFont(io.BytesIO(program), lazy=True, fontNumber=0) as font:
            found = _from_cmap(font)
            names = _names(font)
    for glyph in glyphs - found.keys():
        if 0 < glyph < len(names) and not names[glyph].startswith(("cid", "glyph")):
            found[glyph] = toUnicode(names[glyph])
    return {glyph: _spelt(found[glyph]) for glyph in glyphs & found.keys()}


def _spelt(text: str) -> str:
    """Ligature signs and the forms of Arabic letters as the letters themselves."""
    is_form = len(text) == 1 and ("\ufb00" <= text <= "\ufdff" or "\ufe70" <= text <= "\ufefc")
    return unicodedata.normalize("NFKC", text) if is_form else text


def _names(font) -> list[str]:  # type: ignore[no-untyped-def]
    """Glyph names that stand in the program; those that fontTools would make up say nothing."""
    if "post" in font and font["post"].formatType in (1.0, 2.0):
        return font.getGlyphOrder()
    return font["CFF "].cff[0].charset if "CFF " in font else []


def _from_cmap(font) -> dict[int, str]:  # type: ignore[no-untyped-def]
    if "cmap" not in font or _claims(font.reader["cmap"]) > MOST_MAPPED:
        return {}
    best = font.getBestCmap() or {}
    found: dict[int, str] = {}
    for code, name in sorted(best.items()):
        if 0xF000 <= code <= 0xF0FF:
            continue  # a symbol font's own codes are no letters
        found.setdefault(font.getGlyphID(name), chr(code))
    return found


def _claims(table: bytes) -> int:
    """How many characters a table `cmap` claims to map, read before anything is made for each of them."""
    (count,) = struct.unpack_from(">H", table, 2)
    total = 0
    for n in range(min(count, 64)):
        (offset,) = struct.unpack_from(">L", table, 8 + 8 * n)
        (form,) = struct.unpack_from(">H", table, offset)
        if form in (8, 10, 12, 13):
            (groups,) = struct.unpack_from(">L", table, offset + (8204 if form == 8 else 16 if form == 10 else 12))
            if form == 10:
                total += groups
                continue
            at = offset + (8208 if form == 8 else 16)
            if groups > len(table) // 12:
                return MOST_MAPPED + 1
            for first, last, _glyph in struct.iter_unpack(">LLL", table[at : at + 12 * groups]):
                total += max(0, last - first + 1)
        else:
            total += 0x10000 // 4
    return total


@contextlib.contextmanager
def _time_limit(seconds: int) -> Iterator[None]:
    """Ends what takes longer with TimeoutError. Signals reach only the main thread, which the reader's child has."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*args: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
