"""Text without sense and with the statistics of text: few words often, most of them seldom, terms of the field.

The same seed always gives the same text. Nothing is quoted from anywhere: words that are not in our own lists are
put together from syllables.
"""

import json
import random
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from portal import thesaurus

FILE = Path(__file__).parent.parent / "data" / "invented_words.json"
LANGUAGES = ("en", "fr", "ar", "ru")
SHARES = (60, 20, 10, 10)  # of the publications, in per cent
RARE = 20_000  # words of a language beside those of our lists
PAGE = 350  # words
LINE = 14  # words


class Writer:
    """Writes in one language, by chance that the seed decides."""

    def __init__(self, language: str, seed: int) -> None:
        self.language = language
        self.chance = random.Random(f"{language}-{seed}")  # noqa: S311 (no secret depends on it)
        self.known, self.weights = _vocabulary(language)

    def words(self, count: int) -> list[str]:
        """Words by their frequency; a term of the thesaurus counts as one, however many it is made of."""
        return self.chance.choices(self.known, cum_weights=self.weights, k=count)

    def page(self, count: int = PAGE) -> str:
        """Sentences of eight to thirty words, in lines and paragraphs."""
        left = iter(self.words(count))
        paragraphs: list[str] = []
        lines: list[str] = []
        while sentence := list(islice(left, self.chance.randint(8, 30))):
            text = " ".join(sentence)
            lines.append(f"{text[0].upper()}{text[1:]}.")
            if len(lines) == 5:
                paragraphs.append(_in_lines(" ".join(lines)))
                lines = []
        return "\n\n".join([*paragraphs, _in_lines(" ".join(lines))]).strip()

    def title(self, place: str) -> str:
        terms = self.chance.sample(_terms(self.language), 2)
        text = self.chance.choice(_told(self.language)["titles"]).format(*terms, place)
        return f"{text[0].upper()}{text[1:]}"

    def abstract(self, count: int = 60) -> str:
        opening, first = _told(self.language)["opening"], self.chance.choice(_terms(self.language))
        return f"{opening} {first}. {' '.join(self.page(count).split())}"


def languages(seed: int) -> Iterator[str]:
    """In which language each publication is written, without end."""
    chance = random.Random(f"languages-{seed}")  # noqa: S311
    while True:
        yield from chance.choices(LANGUAGES, SHARES, k=100)


def _in_lines(text: str) -> str:
    words = text.split(" ")
    return "\n".join(" ".join(words[n : n + LINE]) for n in range(0, len(words), LINE))


@cache
def _told(language: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))[language]
    return told


@cache
def _terms(language: str) -> list[str]:
    rows = json.loads(thesaurus.FILE.read_text(encoding="utf-8"))
    return [row[language]["preferred"] for row in rows if language in row]


@cache
def _vocabulary(language: str) -> tuple[Sequence[str], Sequence[float]]:
    """All words, and their weights summed up: the n-th most frequent stands for 1/n, as Zipf observed."""
    told = _told(language)
    common = told["small"].split() + told["field"].split()
    chance = random.Random(f"vocabulary-{language}")  # noqa: S311
    rare = list(_made_up(chance, told, set(common)))
    # Terms lie among the first thousand of the rare words: each stands on some pages of a hundred.
    for term in _terms(language):
        rare.insert(chance.randrange(1000), term)
    known = [*dict.fromkeys(common), *rare]
    return known, list(accumulate(1 / (rank + 2.7) for rank in range(len(known))))


def _made_up(chance: random.Random, told: dict[str, Any], taken: set[str]) -> Iterator[str]:
    starts, middles, ends = (told[name].split() for name in ("starts", "middles", "ends"))
    found = 0
    while found < RARE:
        word = chance.choice(starts) + "".join(chance.choices(middles, k=chance.randint(1, 2))) + chance.choice(ends)
        if chance.random() < 0.4:
            word = chance.choice(starts) + word
        if word not in taken:
            taken.add(word)
            found += 1
            yield word
