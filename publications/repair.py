"""Repair of text layers whose fonts have lost the map from glyphs to letters, on text alone and never by guessing.

Three kinds of damage, each recognised by itself:
- shifted runs: glyph numbers of a TrueType font printed as characters, 29 below the letter they stand for. What stood
  at U+0020 to U+003C is lost and came out as U+FFFD, one for one;
- ligature signs: ff, fi, ffl ... standing as !, ", # ... inside words, with another table on each page;
- lost characters, which become a visible gap.

A token is shifted only where the shifted reading is a word and the reading as it stands is not; a run whose tokens
hang together by lost characters is decided together. Headings in capitals, acronyms and healthy numbers stay.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SHIFT = 29
LOST, GAP = "\ufffd", "▯"
# Above U+007F the glyph order of Arial-like fonts gives these.
GLYPHS = {"¿": "fi", "À": "fl", "¶": "’", "³": "“", "´": "”", "±": "–", "Ɣ": "•", "Õ": "ı", "ø": "İ", "ù": "Ş"}
SIGNS = "!\"#$%&'()"
LIGATURES = ("ff", "fi", "fl", "ffi", "ffl")
MARGIN = 1.2  # bits per letter by which one reading must be likelier than the other
COMMON = """
the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which
one you were her all she there would their we him been has when who will more no if out so said what up its
about into than them can only other new some could time these two may then do first any my now such like our
over man me even most made after also did many before must through back years where much your way well down
should because each just those people how too little state good very make world still own see men work long get
here between both life being under never day same another know while last might us great old year off come since
against go came right used take three states during without office offices effect effects effective effort
efforts different difficult difficulties afford offer offers offered official officials officers staff
sufficient efficient traffic trafficking traffickers trafficked affairs affected affect five first final finally
financial find findings field figures fight flow flows influence conflict conflicts reflect benefit benefits
specific identify identification significant definition confirm certificate refugee reflected flexible flight
benefitted migration migrants migrant countries country national international project projects dialogue
development support policy government organisation cooperation return reintegration training capacity border
management asylum protection labour
"""


@dataclass(frozen=True)
class Repair:
    """A page after repair: words changed, characters lost, and the share of tokens that read as words or figures."""

    text: str
    changed: int
    gaps: int
    quality: float


class Words:
    """What counts as a word here: those known, and for the rest how likely their letters follow each other."""

    def __init__(self, texts: Iterable[str]) -> None:
        found = Counter(COMMON.split())
        for text in texts:
            found.update(word.lower() for word in re.findall(r"[^\W\d_]{2,}", text) if word[1:].islower())
        self.known = set(found)
        self._pairs: Counter[str] = Counter()
        self._firsts: Counter[str] = Counter()
        for word in self.known:
            for one, two in zip(f" {word}", f"{word} ", strict=True):
                self._pairs[one + two] += 1
                self._firsts[one] += 1

    def bits(self, word: str) -> float:
        """How surprising the letters of a word are, in bits per letter; lower is likelier."""
        word = word.lower()
        if word in self.known:
            return 0.0
        pairs = zip(f" {word}", f"{word} ", strict=True)
        total = sum(-math.log2((self._pairs[a + b] + 0.1) / (self._firsts[a] + 3.0)) for a, b in pairs)
        return total / (len(word) + 1)


def repair_pages(texts: Sequence[str]) -> list[Repair]:
    """The pages of one file, repaired. A healthy file comes back as it was."""
    words = Words(texts)
    shifted = [_shift_page(text, words) for text in texts]
    words = Words(text for text, _changed, _gaps in shifted)  # now knows what the shifted runs say
    return [_finish(text, changed, gaps, words) for text, changed, gaps in shifted]


def shift(token: str) -> str:
    """A shifted token as it was written. A hyphen at its end comes from another font and stays."""
    body, end = (token[:-1], "-") if token.endswith("-") and len(token) > 1 else (token, "")
    return "".join(GLYPHS.get(c) or (chr(ord(c) + SHIFT) if " " < c < "b" else c) for c in body) + end


def _shift_page(text: str, words: Words) -> tuple[str, int, int]:
    lines, changed, gaps = [], 0, 0
    for line in text.split("\n"):
        repaired, n, m = _shift_line(line, words)
        lines.append(repaired)
        changed, gaps = changed + n, gaps + m
    return "\n".join(lines), changed, gaps


def _shift_line(line: str, words: Words) -> tuple[str, int, int]:
    """Tokens are parted by white space and lost characters; those parted by lost ones alone hang together."""
    out: list[str] = []
    changed = gaps = 0
    for run in re.split(r"(?<=[^\s\ufffd])([ \u00a0]+)(?=[^\s\ufffd])", line):
        pieces = re.split(r"(\ufffd[\ufffd\t ]*)", run)
        tokens = pieces[::2]
        strong = [_is_shifted(token, words) for token in tokens]
        hangs = any(strong) and (LOST in line or _stands_alone(tokens[0], words))
        for n, piece in enumerate(pieces):
            if n % 2:
                filled, lost = _gap(
                    piece,
                    first=not out and n == 1 and not tokens[0],
                    last=n == len(pieces) - 2 and not tokens[-1],
                    shifted=hangs,
                )
                out.append(filled)
                gaps += lost
            elif piece == "Ɣ" and pieces[n + 1 : n + 2]:
                out.append("• ")
                pieces[n + 1] = pieces[n + 1].replace(LOST, "", 1)
            elif hangs and (strong[n // 2] or _may_be_shifted(piece, words)):
                out.append(shift(piece))
                changed += bool(piece)
            else:
                mixed = _mixed(piece, words) if hangs or LOST in line else None
                out.append(mixed or piece)
                changed += mixed is not None
    return "".join(out), changed, gaps


def _stands_alone(token: str, words: Words) -> bool:
    """Without a lost character beside it, a token must read as a known word, or as a long and likely one."""
    reading = _letters(shift(token)).lower()
    return len(reading) > 3 and (reading in words.known or (len(reading) > 5 and words.bits(reading) < 4.2))


def _letters(token: str) -> str:
    return re.sub(r"[^\w]|[\d_]", "", token)


def _looks_written(token: str) -> bool:
    """Only letters with the punctuation that a shifted run can hold, and capitals where capitals stand."""
    bare = token.strip("“”’•–-")
    return bool(re.fullmatch(r"(?:[^\W\d_]+[’–]?)+", bare)) and bool(
        (bare[0].isupper() and bare[1:].islower())
        or bare.islower()
        or bare.isupper()
        or re.fullmatch(r"[A-Z]+’s", bare)
    )


def _is_shifted(token: str, words: Words) -> bool:
    if not token or re.search(r"[a-zà-ÿ]", token.translate({ord(c): None for c in GLYPHS})):
        return False
    reading, as_it_is = shift(token), _letters(token)
    if reading == token or not _looks_written(reading) or len(_letters(reading)) < 3:
        return False
    if reading.strip("“”’•–-").isupper():  # a heading; figures would read as capitals too, but as no word
        return len(as_it_is) < 0.5 * len(token) and len(reading) > 3 and _letters(reading).lower() in words.known
    if len(as_it_is) >= 0.8 * len(token) and words.bits(as_it_is) <= words.bits(_letters(reading)) + MARGIN:
        return False
    return words.bits(_letters(reading)) < 5.0


def _may_be_shifted(token: str, words: Words) -> bool:
    """Among shifted neighbours a short word, a name or an acronym counts as shifted unless it is written already."""
    if not token or re.search(r"[a-z]", token) or re.fullmatch(r"\([\w&/ -]{2,}\),?", token):
        return False
    return _looks_written(shift(token)) or shift(token) in "•–&"


def _mixed(token: str, words: Words) -> str | None:
    """A font that changes within a word: counWU\\ is country."""
    if match := re.fullmatch(r"([A-Z]?[a-z]+)([D-Z\[\\\]¿À]+)", token):
        whole = match.group(1) + shift(match.group(2))
        if whole.lower() in words.known and token.lower() not in words.known:
            return whole
    return None


def _gap(lost: str, first: bool, last: bool, shifted: bool) -> tuple[str, int]:
    """Lost characters as they may be shown. One between two words of a shifted run is the space between them."""
    n = lost.count(LOST)
    if not shifted:
        return lost.replace(LOST, GAP), n
    if "\t" in lost:  # the glyph of & came out as a tab
        return " & ", max(0, n - 2)
    if last:  # the last one is the space at the line's end
        return GAP * (n - 1), n - 1
    if first:
        return GAP * (n - 1) + " " * (n > 1), n - 1
    if n == 1:
        return " ", 0
    return (f"{GAP} ", 1) if n == 2 else (f" {GAP * (n - 2)} ", n - 2)


def _finish(text: str, changed: int, gaps: int, words: Words) -> Repair:
    text, n = _ligatures(text, words)
    tokens = text.split()
    quality = sum(map(_reads, tokens)) / len(tokens) if tokens else 1.0
    return Repair(text, changed + n, gaps, round(quality, 3))


def _reads(token: str) -> bool:
    """Letters of one script's kind or figures with punctuation around; a longer Latin word has a vowel."""
    bare = token.strip(".,;:!?()[]{}\"'“”‘’«»•–—-*/…،؛؟\u00ad")
    if not bare or re.fullmatch(r"[\d.,:/%€$£+–-]+", bare):
        return True
    if not re.fullmatch(r"[^\W_]+(?:[-–/’'.&@\u00ad][^\W_]+)*", bare):
        return False
    latin = re.fullmatch(r"[a-z]{4,}", bare) is not None
    return not latin or re.search(r"[aeiouy]", bare) is not None


def _ligatures(text: str, words: Words) -> tuple[str, int]:
    """Signs that stand for ligatures on this page, by vote of the words they make."""
    damaged = re.compile(rf"[^\W\d_]+[{re.escape(SIGNS)}][^\W\d_]+|[{re.escape(SIGNS)}][a-z]{{2,}}")
    votes: dict[str, Counter[str]] = {}
    for word in damaged.findall(text):
        sign = next(c for c in word if c in SIGNS)
        for letters in LIGATURES:
            if word.replace(sign, letters).lower() in words.known and word.strip(SIGNS).lower() not in words.known:
                votes.setdefault(sign, Counter())[letters] += 1
    table = {}
    for sign, counted in votes.items():
        (best, most), *others = counted.most_common()
        if not others or most > others[0][1]:
            table[sign] = best
    changed = 0

    def mend(match: re.Match[str]) -> str:
        nonlocal changed
        word = match.group(0)
        sign = next(c for c in word if c in SIGNS)
        if sign not in table:
            return word
        if word.strip(SIGNS).lower() in words.known:
            return word
        made = [word.replace(sign, letters) for letters in (table[sign], *LIGATURES)]
        mended = next((one for one in made if one.lower() in words.known), made[0])
        if words.bits(mended) >= 5.0:
            return word
        changed += 1
        return mended

    return damaged.sub(mend, text), changed
