"""Spellings of names compared: folded words, those that tell names apart, the share in common, slips of the hand.

What a likeness means is for who asks: whether names have drifted, which record a proposal is about, what an unknown
name of a source may stand for.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable

from portal.languages import fold, words

SHORTEST = 4  # letters: of shorter words, all are a slip from each other
SMALL = {
    "a", "an", "and", "at", "by", "de", "des", "du", "el", "et", "for", "from", "in", "la", "le", "les", "of", "on",
    "or", "pour", "sur", "the", "to", "und", "von", "with",
}  # fmt: skip


def folded(text: str) -> str:
    """By which two names are the same: without case, accents and what stands between words."""
    return " ".join(words(text))


def telling(text: str) -> list[str]:
    """Its words that tell names apart, folded."""
    return [word for word in words(text) if word not in SMALL]


def in_common(one: Collection[str], other: Collection[str]) -> float:
    """The share of the words of both that are in both, from 0 to 1."""
    left, right = set(one), set(other)
    return len(left & right) / len(left | right) if left and right else 0.0


def is_slip(one: str, other: str) -> bool:
    """Two words that are probably meant to be one: a sign too many, too few, wrong or in the wrong place.

    Two slips count in long words, and where all letters but one are the same: AEDP and ADEPT. Words that differ in
    a digit alone are numbered, not misspelt.
    """
    one, other = fold(one), fold(other)
    if one == other or min(len(one), len(other)) < SHORTEST:
        return False
    if re.sub(r"\d", "", one) == re.sub(r"\d", "", other):
        return False
    steps = distance(one, other)
    if steps == 1:
        return len(one) + len(other) > 2 * SHORTEST or Counter(one) == Counter(other)
    same_letters = sum(((Counter(one) - Counter(other)) + (Counter(other) - Counter(one))).values()) <= 1
    return steps == 2 and (same_letters or min(len(one), len(other)) >= 9)


def distance(one: str, other: str) -> int:
    """Damerau and Levenshtein's, in its restricted form; 3 stands for three and more."""
    if abs(len(one) - len(other)) > 2:
        return 3
    before: list[int] = []
    row = list(range(len(other) + 1))
    for n, sign in enumerate(one, 1):
        oldest, before = before, row
        row = [n]
        for m, counter in enumerate(other, 1):
            step = min(before[m] + 1, row[m - 1] + 1, before[m - 1] + (sign != counter))
            if n > 1 and m > 1 and sign == other[m - 2] and one[n - 2] == counter:
                step = min(step, oldest[m - 2] + 1)
            row.append(step)
        if min(row) > 2:
            return 3
    return min(row[-1], 3)


class Near:
    """Words by what is left of them without one or two signs: two words a slip apart share such a rest."""

    def __init__(self, known: Iterable[str]) -> None:
        self.by_rest: dict[str, set[str]] = defaultdict(set)
        for word in known:
            for rest in rests(fold(word)):
                self.by_rest[rest].add(word)

    def to(self, word: str) -> list[str]:
        among = {one for rest in rests(fold(word)) for one in self.by_rest.get(rest, ())}
        return sorted(one for one in among if is_slip(word, one))


def rests(word: str) -> set[str]:
    once = {word[:n] + word[n + 1 :] for n in range(len(word))}
    return {word} | once | {rest[:n] + rest[n + 1 :] for rest in once for n in range(len(rest))}
