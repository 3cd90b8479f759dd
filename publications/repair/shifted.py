"""Runs of glyph numbers printed as characters: 29 below the letter they stand for, and lost below the space.

Only the text is known here, so a token is read anew only where the reading is a word and what stands there is not, or
where its neighbours are such tokens. Headings in capitals, acronyms and healthy figures stay.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from publications.repair.glyphs import SHIFT, shifted_by, standard_order
from publications.repair.marks import GAP, LOST, Sheet
from publications.repair.words import Words, likelihood

BULLET = "Ɣ"  # the glyph itself is unknown; it stands where a bullet stands
LIKELY = 4.2  # bits per letter up to which an unknown word of six letters may be one
MARGIN = 1.2  # bits per letter by which it must be likelier than what stands there
SIGNS = "“”’•–-"
WRITTEN = re.compile(r"[^\W\d_]+(?:[’–][^\W\d_]+)*")
CANDIDATE = re.compile(r"(?<!\S)(?![\d.,:%€+/()–-]+(?!\S))[^\sa-z]{4,}(?!\S)")


class Guess(NamedTuple):
    """How a token reads when it is shifted. A strong one proves that its neighbours may be shifted too."""

    reading: str
    confidence: float
    is_strong: bool


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    """Above the space: what lies below is lost before a text without codes is made."""
    table = {number: letters for number, letters in standard_order().items() if number > 0x20}
    return table | {number: letters for number, letters in shifted_by(SHIFT).items() if number > 0x20}


def shift(token: str) -> str:
    """A shifted token as it was written. A hyphen at its end comes from another font and stays."""
    body, end = (token[:-1], "-") if token.endswith("-") and len(token) > 1 else (token, "")
    return body.translate(_table()) + end


def may_be_shifted(token: str) -> bool:
    """A cheap question, asked of every word and without a word list."""
    if not CANDIDATE.fullmatch(token):
        return False
    reading = shift(token)
    return _looks_written(reading) and likelihood(_letters(reading)) < LIKELY + 1


def read_shifted(sheet: Sheet, words: Words) -> None:
    sheet.text = "\n".join(
        _line(line, sheet, words) if LOST in line or CANDIDATE.search(line) else line for line in sheet.text.split("\n")
    )


def _line(line: str, sheet: Sheet, words: Words) -> str:
    """Runs are parted by spaces that are there; within one, lost characters part the tokens."""
    body = line.strip(" \t\u00a0")
    if not body:
        return line
    start = line.index(body)
    runs = re.split(r"(?<=[^\s\ufffd])([ \u00a0]+)(?=[^\s\ufffd])", body)
    read = [run if n % 2 else _run(run, sheet, words, n == 0, n == len(runs) - 1) for n, run in enumerate(runs)]
    return line[:start] + "".join(read) + line[start + len(body) :]


def _run(run: str, sheet: Sheet, words: Words, first: bool, last: bool) -> str:
    pieces = re.split(r"(\ufffd[\ufffd\t ]*)", run)
    tokens = pieces[::2]
    guesses = [_guess(token, words) for token in tokens]
    if not _hangs_together(tokens, guesses, words):
        return "".join(_alone(pieces, sheet, words))
    out: list[str] = []
    for n, token in enumerate(tokens):
        guess = guesses[n]
        if guess is None or not guess.is_strong:
            around = [other is not None and other.is_strong for other in (guesses[n - 1 : n] + guesses[n + 1 : n + 2])]
            guess = _among_shifted(token, words, all(around) and len(around) == 2)
        lost = pieces[2 * n + 1] if 2 * n + 1 < len(pieces) else ""
        at_end = last and n == len(tokens) - 2 and not tokens[-1]
        filled = _filled(lost, first=first and n == 0 and not token, last=at_end) if lost else ""
        if guess and filled == " ":
            out.append(sheet.mark(token + lost, guess.reading + ("" if at_end else " "), *guess[1:2], "shift"))
            continue
        if guess:
            out.append(sheet.mark(token, guess.reading, guess.confidence, "shift"))
        elif token:
            out.append(_mixed(token, sheet, words))
        if lost:
            out.append(sheet.mark(lost, filled.rstrip() if at_end else filled, 0.0 if GAP in filled else 0.9, "gap"))
    return "".join(out)


def _hangs_together(tokens: list[str], guesses: list[Guess | None], words: Words) -> bool:
    """Whether a run is shifted: two strong tokens, or one that can hardly be anything else."""
    strong = [(token, guess) for token, guess in zip(tokens, guesses, strict=True) if guess and guess.is_strong]
    if len(strong) > 1 and len(tokens) > 1:
        return True
    if not strong:
        return False
    token, guess = strong[0]
    bare = _letters(guess.reading)
    if len(bare) > 3 and (len(tokens) > 1 or words.is_known(bare)):
        return True
    return len(bare) > 5 or (len(tokens) > 1 and not token.isalpha())


def _alone(pieces: list[str], sheet: Sheet, words: Words) -> Iterator[str]:
    """A run that is not shifted as a whole: bullets with the lost space behind them, and lost characters."""
    pieces = list(pieces)
    for n, piece in enumerate(pieces):
        if piece == BULLET and pieces[n + 1 : n + 2]:
            pieces[n + 1] = pieces[n + 1].replace(LOST, "", 1)
            yield sheet.mark(BULLET + LOST, "• ", 0.9, "shift")
        elif LOST in piece:
            yield sheet.mark(piece, piece.replace(LOST, GAP), 0.0, "gap")
        else:
            yield _mixed(piece, sheet, words)


def _letters(token: str) -> str:
    return re.sub(r"[^\w]|[\d_]", "", token)


def _looks_written(reading: str) -> bool:
    """Letters with the signs that a shifted run can hold, and capitals where capitals stand."""
    bare = reading.strip(SIGNS)
    if not WRITTEN.fullmatch(bare):
        return False
    return bare[1:].islower() or bare.islower() or bare.isupper() or bool(re.fullmatch(r"[A-Z]{2,}(?:’?s)", bare))


def _guess(token: str, words: Words) -> Guess | None:
    """What a token says by itself."""
    if len(token) < 3 or (re.fullmatch(r"[\d.,:%/()+-]+", token) and not _heading(token, words)):
        return None
    low = sum(c.islower() and c.isascii() for c in token)
    if low > len(token) / 2:
        return None
    reading = shift(token)
    bare, as_it_is = _letters(reading), _letters(token)
    if reading == token or len(bare) < 3 or not _looks_written(reading):
        return _with_healthy_end(token, words)
    listed = words.is_listed(reading.strip(SIGNS))
    if bare.isupper():  # figures would read as capitals too, but as no word
        return Guess(reading, 0.95, True) if _heading(token, words) else None
    if len(as_it_is) == len(token) and words.is_listed(as_it_is):
        return None
    if listed:
        return Guess(reading, 0.99 if len(bare) > 3 else 0.95, True)
    if low:  # small letters are glyph numbers of accented ones; only a word proves that
        return Guess(reading, 0.9, True) if words.is_known(bare) else None
    if words.is_known(bare):
        return Guess(reading, 0.97, True)
    likely = words.bits(bare)
    if len(as_it_is) >= 0.8 * len(token) and words.bits(as_it_is) <= likely + MARGIN:
        return None
    return Guess(reading, 0.8, likely < LIKELY + (len(as_it_is) < 0.8 * len(token))) if likely < 5.0 else None


def _heading(token: str, words: Words) -> bool:
    reading = shift(token)
    bare = _letters(reading)
    is_capital = len(bare) > 3 and reading.strip(SIGNS).isupper() and len(_letters(token)) < 0.5 * len(token)
    return is_capital and words.is_known(bare)


def _with_healthy_end(token: str, words: Words) -> Guess | None:
    """A shifted word with a sign behind it from another font."""
    if match := re.fullmatch(r"([^\s.,;:)]{4,})([.,;:)]+)", token):
        body, end = match.groups()
        if not re.search("[a-z]", body) and words.is_known(_letters(shift(body))) and not words.is_known(body):
            return Guess(shift(body) + end, 0.9, True)
    return None


def _among_shifted(token: str, words: Words, enclosed: bool) -> Guess | None:
    """Among shifted neighbours a short word, a name or an acronym is shifted too, unless it is written already."""
    if not token or re.fullmatch(r"\([\w&/ -]{2,}\),?", token):
        return None
    reading = shift(token)
    if reading in ("•", "–", "&", "“", "”"):
        return Guess(reading, 0.9, False)
    if token == BULLET:
        return Guess("•", 0.9, False)
    bare, known = _letters(reading), words.is_known(reading.strip(SIGNS))
    if re.search("[a-z]", token):
        return Guess(reading, 0.9, False) if known and not words.is_known(_letters(token)) else None
    if re.fullmatch(r"[+-]?\d[\d.,:]*[%+]?", token) and not (enclosed or known):
        return None  # figures are lost in a shifted font, so these are another's, or an acronym
    if not WRITTEN.fullmatch(reading.strip(SIGNS)):
        return None
    if len(token) > 1 and token.isalpha() and not known and words.seen(token) >= max(1, words.seen(bare)):
        return None  # EU, UN: an acronym that lists know as well as they know its reading
    return Guess(reading, 0.95 if known else 0.7, False)


def _mixed(token: str, sheet: Sheet, words: Words) -> str:
    """A font that changes within a word: counWU\\ is country."""
    if match := re.fullmatch(r"([A-Z]?[a-z]+)([D-Z\[\\\]¿À]{2,})", token):
        whole = match.group(1) + shift(match.group(2))
        if words.is_listed(whole) and not words.is_known(token):
            return sheet.mark(token, whole, 0.9, "shift")
    return token


def _filled(lost: str, first: bool, last: bool) -> str:
    """Lost characters as they may be shown. One between two words of a shifted run is the space between them."""
    n = lost.count(LOST)
    if "\t" in lost:  # the glyph of & came out as a tab, with a space on either side
        return " & " + GAP * max(0, n - 2)
    if n == 1:
        return " "
    if last:  # the last one is the space at the line's end; with many before it, the first is a space too
        return GAP * (n - 1) if n < 4 else " " + GAP * (n - 2)
    if first:
        return GAP * (n - 1) + " "
    return f"{GAP} " if n == 2 else f" {GAP * (n - 2)} "
