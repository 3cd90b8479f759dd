"""The labels and phrases of old pages as a table in memory. Which they are is data: see data/legacy_phrases.json."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType

from portal.languages import words as fold_words
from portal.models import AuditEntry
from projects.legacy.words import Key, Token, key, longest_first
from projects.models import LegacyPhrase

FILE = Path(__file__).resolve().parent.parent / "data" / "legacy_phrases.json"


# What a phrase of several words announces as a label would.
ANNOUNCING = {"donor", "implementing", "partner", "beneficiary", "period", "budget"}


class Phrase(NamedTuple):
    """`value` is what a phrase stands for, where that is not plain from its meaning: EUR, experts, ended."""

    words: str
    language: str
    meaning: str
    is_label: bool
    value: str = ""


class Hit(NamedTuple):
    """A phrase, and the numbers of its first token and of the one after its last."""

    phrase: Phrase
    first: int
    after: int


class Phrases:
    """Asked for labels at a place, and for phrases in running text. The longest phrase counts."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self.labels: dict[Key, Phrase] = {}
        self.running: dict[Key, list[Phrase]] = {}
        self.languages: tuple[str, ...] = ()
        languages: dict[str, None] = {}
        announcing: dict[Key, Phrase] = {}
        for phrase in phrases:
            own = key(phrase.words)
            if not own:
                continue
            languages.setdefault(phrase.language)
            if phrase.is_label:
                self.labels.setdefault(own, phrase)
            else:
                self.running.setdefault(own, []).append(phrase)
                if len(own) > 1 and phrase.meaning in ANNOUNCING:  # "Runs from: May 2019"
                    announcing.setdefault(own, phrase)
        self.labels = announcing | self.labels
        self.languages = tuple(languages)
        self.months = tuple(
            (phrase.words, int(phrase.value))
            for named in self.running.values()
            for phrase in named
            if phrase.meaning == "month" and phrase.value.isdecimal()
        )
        self._label_sizes = longest_first(self.labels)
        self._sizes = longest_first(self.running)

    def label_at(self, tokens: Sequence[Token], n: int, end: int) -> Hit | None:
        """The longest label that begins with token `n` and lies before the place `end`."""
        for size in range(min(self._label_sizes.get(tokens[n].key, 0), len(tokens) - n), 0, -1):
            if tokens[n + size - 1].end <= end:
                found = self.labels.get(tuple(token.key for token in tokens[n : n + size]))
                if found:
                    return Hit(found, n, n + size)
        return None

    def at(self, tokens: Sequence[Token], n: int, meanings: set[str]) -> Hit | None:
        """The longest phrase with one of these meanings that begins with token `n`."""
        for size in range(min(self._sizes.get(tokens[n].key, 0), len(tokens) - n), 0, -1):
            for phrase in self.running.get(tuple(token.key for token in tokens[n : n + size]), ()):
                if phrase.meaning in meanings:
                    return Hit(phrase, n, n + size)
        return None

    def find(self, tokens: Sequence[Token], meanings: set[str]) -> Iterator[Hit]:
        n = 0
        while n < len(tokens):
            hit = self.at(tokens, n, meanings)
            if hit:
                yield hit
            n = hit.after if hit else n + 1


def shipped() -> list[Phrase]:
    """Those that come with the portal."""
    phrases = []
    for language, meanings in json.loads(FILE.read_text(encoding="utf-8")).items():
        for named, lists in meanings.items():
            meaning, _sign, value = named.partition("=")
            for kind in ("labels", "phrases"):
                phrases += [Phrase(words, language, meaning, kind == "labels", value) for words in lists.get(kind, ())]
    return phrases


def kept() -> list[Phrase]:
    """Those that editors keep; the shipped ones where none have been loaded."""
    rows = LegacyPhrase.objects.order_by("pk").values_list("phrase", "language", "meaning", "is_label", "value")
    return [Phrase(*row) for row in rows] or shipped()


def load(overwrite: bool = False) -> tuple[int, int]:
    """Bring in the shipped phrases; how many are new, and how many were there.

    What was deleted in the admin stays away, unless `overwrite`; what was changed there does not come back beside
    its changed form.
    """
    about = AuditEntry.objects.filter(content_type=ContentType.objects.get_for_model(LegacyPhrase))
    deleted = set() if overwrite else set(about.filter(verb="delete").values_list("label", flat=True))
    touched = {int(pk) for pk in about.exclude(verb="delete").values_list("object_id", flat=True)}
    changed = set(LegacyPhrase.objects.filter(pk__in=touched).values_list("language", "folded", "is_label"))
    there = set(LegacyPhrase.objects.values_list("language", "folded", "is_label", "meaning"))
    before, new = len(there), []
    for phrase in shipped():
        folded = " ".join(fold_words(phrase.words))
        named = (phrase.language, folded, phrase.is_label, phrase.meaning)
        row = LegacyPhrase(
            phrase=phrase.words,
            language=phrase.language,
            meaning=phrase.meaning,
            is_label=phrase.is_label,
            value=phrase.value,
            folded=folded,
        )
        if folded and named not in there and named[:3] not in changed and str(row) not in deleted:
            there.add(named)
            new.append(row)
    LegacyPhrase.objects.bulk_create(new, batch_size=500)
    return len(new), before
