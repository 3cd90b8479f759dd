"""What a word is: letters, digits and the marks on them, whatever the script; all else is punctuation or unseen."""

import unicodedata
from functools import lru_cache

# Persian parts words with it where a hyphen would stand, so it is punctuation; every other format character goes.
ZERO_WIDTH_NON_JOINER = "\u200c"
# Seen by nobody though Unicode counts them among letters and marks: Hangul fillers, the grapheme joiner.
BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u034f")


@lru_cache(maxsize=4096)
def is_ignorable(char: str) -> bool:
    """Whether nothing is lost without it: bidi and zero-width controls, soft hyphens, variation selectors, keycaps."""
    if char in BLANK_LETTERS:
        return True
    category = unicodedata.category(char)
    if category == "Mn":
        return "VARIATION SELECTOR" in unicodedata.name(char, "")
    return category == "Me" or (category == "Cf" and char != ZERO_WIDTH_NON_JOINER)


@lru_cache(maxsize=4096)
def is_forbidden(char: str) -> bool:
    """Whether it is no text: control characters other than tab and line ends, halves of surrogate pairs."""
    return unicodedata.category(char) in {"Cc", "Cs"} and char not in "\t\n\r"


@lru_cache(maxsize=4096)
def is_letter(char: str, inside: bool = False) -> bool:
    """Whether it belongs to a word; `inside` one already, so also marks: vowel signs, combining accents."""
    return char.isalnum() or (inside and unicodedata.category(char)[0] == "M")


def runs(text: str) -> list[tuple[int, int]]:
    """Where the runs of letters and digits begin and end."""
    found: list[tuple[int, int]] = []
    start = None
    for at, char in enumerate(text):
        if is_letter(char, start is not None):
            start = at if start is None else start
        elif start is not None:
            found.append((start, at))
            start = None
    return found if start is None else [*found, (start, len(text))]


def trimmed(text: str) -> str:
    """Without the punctuation around it, composed (NFC); empty where there is no letter."""
    found = runs(text)
    return unicodedata.normalize("NFC", text[found[0][0] : found[-1][1]]) if found else ""


def parts(text: str) -> tuple[str, ...]:
    return tuple(text[start:end] for start, end in runs(text))
