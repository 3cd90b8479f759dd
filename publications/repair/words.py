"""What is a word: a word list of the file's language, the words of the file itself, and how letters follow each other.

The list is large, so it is read where the first question is asked, and healthy files ask none.
"""

import gzip
import importlib.resources
import json
import math
import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property, lru_cache

from publications.repair.marks import GAP, LOST
from publications.repair.quality import AROUND

COMMON = 5_000  # how often the list must have seen a word of two or three letters before it proves anything
COMMON_WORDS = """
the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which
one you were her all she there would their we him been has when who will more no if out so said what up its
about into than them can only other new some could time these two may then do first any my now such like our
over man me even most made after also did many before must through back years where much your way well down
should because each just those people how too little state good very make world still own see men work long get
here between both life being under never day same another know while last might us great old year off come since
against go came right used take three states during without office effect effective effort difficult afford
offer officials sufficient efficient traffic trafficking affairs affected five final financial find findings
field figures fight flow influence conflict reflect benefit specific identify significant definition confirm
certificate refugee migration migrants countries national international project dialogue development support
policy government organisation cooperation return reintegration training capacity border management asylum
protection labour
"""
# A whole word that no sign stands in: the halves of a word with a broken ligature are none.
WHOLE = re.compile(r"(?<![\w\ufffd])(?<!\w[!-)])[^\W\d_]{2,}(?![\w\ufffd#$%&])(?![!-)]\w)")


@lru_cache(maxsize=2)
def word_list(language: str) -> dict[str, int]:
    """Words in small letters with how often they were seen; empty for a language without a list."""
    code = language.lower().split("-")[0]
    if not re.fullmatch(r"[a-z]{2}", code):
        return {}
    file = importlib.resources.files("spellchecker") / "resources" / f"{code}.json.gz"
    return json.loads(gzip.decompress(file.read_bytes())) if file.is_file() else {}


def small(word: str) -> str:
    """In small letters; the dot of İ does not become a character of its own."""
    return word.lower().replace("i\u0307", "i")


class Pairs:
    """How likely letters follow each other in some words."""

    def __init__(self, words: Iterable[str]) -> None:
        self._both: Counter[str] = Counter()
        self._firsts: Counter[str] = Counter()
        for word in words:
            self._both.update(one + two for one, two in zip(f" {word}", f"{word} ", strict=True))
            self._firsts.update(f" {word}")

    def bits(self, word: str) -> float:
        word = small(word)
        pairs = zip(f" {word}", f"{word} ", strict=True)
        total = sum(-math.log2((self._both[a + b] + 0.1) / (self._firsts[a] + 3.0)) for a, b in pairs)
        return total / (len(word) + 1)


@lru_cache(maxsize=1)
def _common_pairs() -> Pairs:
    return Pairs(COMMON_WORDS.split())


def likelihood(word: str) -> float:
    """Bits per letter by common words alone: known without reading anything."""
    return _common_pairs().bits(word)


class Words:
    """`texts` are the pages of one file."""

    def __init__(self, texts: Iterable[str], language: str = "en") -> None:
        self.language = language
        self._texts = list(texts)

    @cached_property
    def own(self) -> Counter[str]:
        """The file's own words that are written in small letters, as healthy ones are."""
        found: Counter[str] = Counter()
        for text in self._texts:
            found.update(small(word) for word in WHOLE.findall(text) if word[1:].islower())
        return found

    @property
    def listed(self) -> dict[str, int]:
        return word_list(self.language)

    def is_listed(self, word: str) -> bool:
        """In the word list, which knows many odd things of two and three letters: those must be common."""
        word = small(word)
        seen = self.listed.get(word, 0)
        if not seen and "'" not in word and "’" in word:
            seen = self.listed.get(word.replace("’", "'"), 0) or self.listed.get(re.sub("’s?$", "", word), 0)
        return seen > 0 if len(word) > 3 else seen >= COMMON

    def seen(self, word: str) -> int:
        """How often those who made the list have met a word."""
        return self.listed.get(small(word), 0)

    def is_known(self, word: str) -> bool:
        """Listed, or one of the file's own."""
        return self.is_listed(word) or self.own[small(word)] > 0

    @cached_property
    def _pairs(self) -> "Pairs":
        return Pairs({*COMMON_WORDS.split(), *self.own})

    def bits(self, word: str) -> float:
        """How surprising the letters of a word are, in bits per letter; lower is likelier, a known word 0."""
        return 0.0 if self.is_known(word) else self._pairs.bits(word)

    def share(self, text: str) -> tuple[int, int]:
        """How many words of a text are in the word list, and how many there are; lost characters part words."""
        pieces = re.split(rf"[\s\d_{LOST}{GAP}]+", text.replace("\u00ad", ""))
        words = [piece.strip(AROUND) for piece in pieces if any(map(str.isalpha, piece))]
        return sum(map(self.is_listed, words)), len(words)
