"""Words quoted from a page, found again: also when its file was read anew and lines, hyphens or pages fell otherwise.

Texts are compared as one run of folded letters and digits: case, accents, ligatures, hyphens, line ends, spaces and
lost characters do not count, whatever the script.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

WORDS = 12  # of a quote that a link carries
LONGEST = 300  # characters of a quote that are looked at
LONGEST_WORD = 64
SHORTEST = 3  # folded letters; less would be found everywhere
# From so many bytes on a quote may begin or end within what the text holds as one word. Bytes, because a sign of a
# script that writes no blanks says more than a letter.
LONG_ENOUGH = 15
RUN = 3  # words in a row by which a quote is recognised though others of its words have changed
LEAST = 0.5  # of its runs
WORD = re.compile(r"\S+")
NOT_LETTERS = re.compile(r"[\W_]+")
ASCII_NOT_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())
CONTROLS = dict.fromkeys(range(32), " ")


class Place(NamedTuple):
    """Where a quote stands: the number of the page and offsets in its text. Not exact: some words have changed."""

    page: int
    start: int
    end: int
    is_exact: bool


def quote_of(text: str) -> str:
    """The first words of a text, to put into a link."""
    text = text[: 8 * LONGEST].translate(CONTROLS)
    shown = "".join(char for char in text if unicodedata.category(char) != "Co")  # marks
    words = WORD.findall(shown.strip(" …").replace("\u00ad ", "").replace("\u00ad", ""))
    found = " ".join(words[:WORDS])
    return found if len(found) <= LONGEST else found[:LONGEST].rsplit(" ", 1)[0]


def fold(text: str) -> str:
    """The letters and digits of a text, as they are compared."""
    if text.isascii():
        return text.lower().encode().translate(None, ASCII_NOT_LETTERS).decode()
    text = unicodedata.normalize("NFKD", text).casefold().replace("ı", "i").replace("ـ", "")
    return NOT_LETTERS.sub("", text)


def locate(quote: str, text: str) -> tuple[int, int] | None:
    """The first place in a text where the quote stands; the whole words that hold it."""
    wanted = fold(quote[:LONGEST])
    folded = fold(text)
    if len(wanted) < SHORTEST or wanted not in folded:
        return None
    offsets = list(_offsets(text))
    at = folded.find(wanted)
    while at != -1:
        start, end = offsets[at], _with_marks(text, offsets[at + len(wanted) - 1] + 1)
        parts_no_word = not (start and _is_inside(text[start - 1])) and not _is_inside(text[end : end + 1])
        if parts_no_word or len(wanted.encode()) >= LONG_ENOUGH:
            return _whole_words(text, start, end)
        at = folded.find(wanted, at + 1)
    return None


def locate_nearly(quote: str, text: str) -> tuple[int, int] | None:
    """The place where at least half of the runs of three words of a quote stand together."""
    words = [folded for word in WORD.findall(quote[:LONGEST]) if (folded := fold(word))]
    runs = ["".join(words[n : n + RUN]) for n in range(len(words) - RUN + 1)]
    folded = fold(text)
    length = sum(map(len, words))
    known = [(n, run) for n, run in enumerate(runs) if run in folded]
    if len(runs) < 2 or len(known) < max(2, LEAST * len(runs)):
        return None
    # Measured from the rarest run: the others must stand within the length of the quote around it.
    middle = folded.find(min((run for _n, run in known), key=folded.count))
    around = folded[max(0, middle - length) : middle + 2 * length]
    first = max(0, middle - length)
    places = [(around.find(run), len(run)) for _n, run in known if run in around]
    if len(places) < max(2, LEAST * len(runs)):
        return None
    offsets = list(_offsets(text))
    start = first + min(at for at, _length in places)
    end = first + max(at + size for at, size in places) - 1
    return _whole_words(text, offsets[start], offsets[end] + 1)


def find(quote: str, pages: Iterable[tuple[int, str]]) -> Place | None:
    """The page that holds a quote, out of (number, text): the first that holds all of it, else the first that
    nearly does."""
    near = None
    for number, text in pages:
        if place := locate(quote, text):
            return Place(number, *place, is_exact=True)
        if near is None and (place := locate_nearly(quote, text)):
            near = Place(number, *place, is_exact=False)
    return near


def _offsets(text: str) -> Iterator[int]:
    """For each character of the folded text, which character of the text it comes from."""
    for at, char in enumerate(text):
        for _letter in _folded(char):
            yield at


@functools.lru_cache(maxsize=10_000)
def _folded(char: str) -> str:
    return fold(char)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    first, last = max(0, start - LONGEST_WORD), min(len(text), end + LONGEST_WORD)
    while start > first and _is_inside(text[start - 1]):
        start -= 1
    while end < last and _is_inside(text[end]):
        end += 1
    return start, end


def _with_marks(text: str, end: int) -> int:
    """Past the accents and vowel signs on the last letter."""
    while end < len(text) and unicodedata.category(text[end])[0] == "M":
        end += 1
    return end


def _is_inside(char: str) -> bool:
    """A letter, a digit, or a mark on one."""
    return char.isalnum() or (char != "" and unicodedata.category(char)[0] == "M")
