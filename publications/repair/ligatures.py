"""Signs that stand for ligatures inside healthy words: ff, fi, ffi ... printed as ! " # ..., differently on each page.

Each damaged word says by itself which letters make it a word. Where it does not, the nearest word that does decides,
because a table holds for a font and fonts change within a file.
"""

import re
from bisect import bisect
from typing import NamedTuple

from publications.repair.marks import Sheet
from publications.repair.words import Words

SIGNS = "!\"#$%&'()"
LIGATURES = ("ff", "fi", "fl", "ffi", "ffl")
NEAR = 4_000  # characters between a word and the one that speaks for it
_S = re.escape(SIGNS)
# Within a word, before the rest of one, or behind the beginning of one.
DAMAGED = re.compile(
    rf"(?<![^\W\d_])[^\W\d_]+[{_S}][^\W\d_]+"
    rf"|(?<![^\s(“])[{_S}][a-z]{{2,}}"
    rf"|(?<!\w)[^\W\d_]{{2,}}[{_S}](?![\w!\"#$%&'(])"
)
# Behind a word these are no punctuation.
END = re.compile(r"[a-z]{3}[#$%&][).,;:]*$")
HARMLESS = re.compile(r"'\w{1,2}[.,;:!?)”]*$|\w\(\w{1,3}\)")  # don't, member(s)
INSIDE = re.compile(rf"[a-z][{_S}][a-z]")


class Found(NamedTuple):
    place: int
    end: int
    word: str
    sign: str
    letters: list[str]  # those that make a word of it


def may_be_damaged(token: str) -> bool:
    """A cheap question, asked of every word and without a word list. Words whose first or last letters are damaged come
    with others that are damaged within.
    """
    return END.search(token) is not None or (INSIDE.search(token) is not None and not HARMLESS.search(token))


def read_ligatures(sheet: Sheet, words: Words) -> None:
    found = [one for match in DAMAGED.finditer(sheet.text) if (one := _look(match, words))]
    votes: dict[str, list[Found]] = {}
    for one in found:
        if len(one.letters) == 1 and INSIDE.search(one.word):
            votes.setdefault(one.sign, []).append(one)
    out, last = [], 0
    for one in found:
        out += [sheet.text[last : one.place], _mend(one, votes.get(one.sign, []), sheet, words)]
        last = one.end
    sheet.text = "".join([*out, sheet.text[last:]])


def _look(match: re.Match[str], words: Words) -> Found | None:
    word = match.group()
    bare = word.strip(SIGNS)
    if _is_elided(word, words) or words.is_known(word) or (bare != word and _is_word(bare, words)):
        return None
    sign = next(c for c in word if c in SIGNS)
    letters = [some for some in LIGATURES if words.is_listed(word.replace(sign, some))]
    if not letters:  # a name, or a compound: the file's own words may know it
        letters = [some for some in LIGATURES if words.is_known(word.replace(sign, some))]
    return Found(match.start(), match.end(), word, sign, letters)


def _is_elided(word: str, words: Words) -> bool:
    """d'une, l'office, don't: an apostrophe that is one."""
    before, apostrophe, after = word.partition("'")
    return bool(before and apostrophe) and (len(after) < 3 or words.is_known(after))


def _is_word(bare: str, words: Words) -> bool:
    return words.is_known(bare) or not bare.islower()


def _mend(one: Found, votes: list[Found], sheet: Sheet, words: Words) -> str:
    at = bisect(votes, one.place, key=lambda vote: vote.place)
    speakers = [vote for vote in votes[max(0, at - 1) : at + 1] if abs(vote.place - one.place) < NEAR]
    nearest = min(speakers, key=lambda vote: abs(vote.place - one.place)).letters[0] if speakers else None
    inside = INSIDE.search(one.word) is not None
    if len(one.letters) == 1 and (inside or one.letters[0] == nearest):
        return sheet.mark(one.word, one.word.replace(one.sign, one.letters[0]), 0.98, "ligature")
    if nearest in one.letters or (len(one.letters) == 1 and END.search(one.word)):
        nearest = nearest if nearest in one.letters else one.letters[0]
        return sheet.mark(one.word, one.word.replace(one.sign, nearest or ""), 0.9, "ligature")
    if nearest and not one.letters and inside:
        mended = one.word.replace(one.sign, nearest)
        if words.bits(mended) < 5.0:
            return sheet.mark(one.word, mended, 0.75, "ligature")
    return one.word
