"""What the words of a query are also called: the thesaurus as a table in memory, asked word by word.

The terms it starts from lie in data/thesaurus.json; administrators look after them in the admin.
"""

import json
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Max

from portal.languages import fold, words
from portal.models import AuditEntry, Concept, Term

FILE = Path(__file__).parent / "data" / "thesaurus.json"
OLDEST = 300  # seconds; two saves that cross can leave the version as it was
KINDS = [kind.value for kind in Term.Kind]


class Label(NamedTuple):
    """One name of a concept, as `Term` has it."""

    text: str
    language: str
    kind: str


class Match(NamedTuple):
    """Words of a query, from `start` up to and without `end`, that are a name of a concept, and its other names."""

    start: int
    end: int
    concept: str
    label: Label
    others: tuple[Label, ...]


def find(query: Sequence[str]) -> list[Match]:
    """The concepts that a query names: at each word the longest name, and where names part words, the first one.

    `query` holds words in their order, as typed or folded. An acronym of two letters counts only in capitals. Several
    matches have one place where a name means several concepts. Costs one small SQL query.
    """
    return _current().find(query)


@dataclass
class Table:
    """Every name by its key, and by the first word of a key how many words the longest one has."""

    names: dict[tuple[str, ...], list[tuple[str, Label]]] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    concepts: dict[str, dict[tuple[str, ...], Label]] = field(default_factory=dict)

    def add(self, concept: str, label: Label) -> None:
        key = key_of(label.text)
        if not key:
            return
        self.names.setdefault(key, []).append((concept, label))
        self.longest[key[0]] = max(len(key), self.longest.get(key[0], 0))
        # Each spelling once: THB is the same in two languages.
        self.concepts.setdefault(concept, {}).setdefault(key, label)

    def find(self, query: Sequence[str]) -> list[Match]:
        keys: list[str] = []
        places: list[int] = []  # a word with a hyphen is several to a key
        for place, word in enumerate(query):
            own = key_of(word)
            keys += own
            places += [place] * len(own)
        found: list[Match] = []
        n = 0
        while n < len(keys):
            for size in range(min(self.longest.get(keys[n], 0), len(keys) - n), 0, -1):
                start, end = places[n], places[n + size - 1] + 1
                key, typed = tuple(keys[n : n + size]), " ".join(query[start:end])
                cuts_word = places[n - 1 : n] == [start] or places[n + size : n + size + 1] == [end - 1]
                if named := {} if cuts_word else self._named(key, typed):
                    found += [
                        Match(start, end, concept, label, self._others(concept, key))
                        for concept, label in named.items()
                    ]
                    n += size
                    break
            else:
                n += 1
        return found

    def _named(self, key: tuple[str, ...], typed: str) -> dict[str, Label]:
        """The concepts of a key with their labels. Who types SOM means the one that is written so, and not SoM."""
        found: dict[str, Label] = {}
        exact: dict[str, Label] = {}
        for concept, label in self.names.get(key, ()):
            if typed == label.text:
                exact.setdefault(concept, label)
            elif label.kind != Term.Kind.ACRONYM or len(label.text) > 2:
                found.setdefault(concept, label)
        return exact or found

    def _others(self, concept: str, key: tuple[str, ...]) -> tuple[Label, ...]:
        return tuple(label for own, label in self.concepts[concept].items() if own != key)


def key_of(text: str) -> tuple[str, ...]:
    """A name as it is compared: folded words without what only number, article and spelling add."""
    return tuple(_root(word) for word in words(text))


def _root(word: str) -> str:
    """One folded word. Plurals in -s and -ies (English and French); in Arabic alef, ya and ta marbuta written in one
    way, one case of the plural, and the article away with what is written together with it: both words of a definite
    name carry it.
    """
    if word.isascii():
        if len(word) > 4 and word.endswith("ies"):
            return word[:-3] + "y"
        return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
    if "\u0600" <= word[0] <= "\u06ff":
        word = word.translate({0x0671: "ا", 0x0649: "ي", 0x0629: "ه", 0x0640: None})
        word = re.sub(r"(?<=..)ون$", "ين", word)
        return re.sub(r"^(?:[وفبك]?ال|ف?لل|ولل)(?=...)", "", word)
    return word


# The table that is in use, the version it was made from, and when that was.
_table, _version, _made = Table(), None, float("-inf")


def version() -> tuple[Any, ...]:
    """Changes with every change of a term or concept through the models."""
    found = Term.objects.aggregate(count=Count("pk"), last=Max("changed_at"))
    return found["count"], found["last"]


def _current() -> Table:
    global _table, _version, _made
    now = version()
    if now != _version or time.monotonic() - _made > OLDEST:
        rows = Term.objects.select_related("concept").order_by("concept__slug")
        _table, _version, _made = _read(rows.iterator()), now, time.monotonic()
    return _table


def _read(terms: Iterable[Term]) -> Table:
    table = Table()
    for concept, own in groupby(terms, key=lambda term: term.concept.slug):
        for term in sorted(own, key=lambda term: (KINDS.index(term.kind), term.language, term.label)):
            table.add(concept, Label(term.label, term.language, term.kind))
    return table


def load(overwrite: bool = False) -> Iterator[tuple[Concept, bool, bool, bool]]:
    """Bring in the concepts of the file; yields each, and whether it is new, was changed, was kept.

    What an administrator has changed in the admin is kept, and what one has deleted stays away, unless `overwrite`.
    A concept whose short name was changed is known by its preferred English term.
    """
    about = AuditEntry.objects.filter(content_type=ContentType.objects.get_for_model(Concept))
    deleted = set(about.filter(verb="delete").values_list("label", flat=True))
    touched = set(about.exclude(verb="delete").values_list("object_id", flat=True))
    concepts = list(Concept.objects.prefetch_related("terms"))
    by_slug = {concept.slug: concept for concept in concepts}
    renamed = {
        term.folded: concept
        for concept in concepts
        if str(concept.pk) in touched
        for term in concept.terms.all()
        if (term.language, term.kind) == ("en", Term.Kind.PREFERRED)
    }
    for row in json.loads(FILE.read_text(encoding="utf-8")):
        name = fold(row["en"]["preferred"])
        concept = by_slug.get(row["slug"]) or renamed.get(" ".join(words(name)))
        if concept is not None and str(concept.pk) in touched and not overwrite:
            yield concept, False, False, True
        elif concept is not None or row["slug"] not in deleted or overwrite:
            created = concept is None
            concept = concept or Concept.objects.create(slug=row["slug"])
            changed = _fill(concept, row)
            yield concept, created, changed and not created, False


def _fill(concept: Concept, row: dict[str, Any]) -> bool:
    """Give a concept the note and terms of the file, and no others. Writes only what differs."""
    changed = concept.note != row.get("note", "")
    if changed:
        concept.note = row.get("note", "")
        concept.save()
    wanted = {(term.language, term.label): term for term in _terms(concept, row)}
    for term in concept.terms.all():
        new = wanted.get((term.language, term.label))
        if new is not None and new.kind == term.kind:
            del wanted[term.language, term.label]
        else:
            term.delete()
            changed = True
    Term.objects.bulk_create(wanted.values())
    return changed or bool(wanted)


def _terms(concept: Concept, row: dict[str, Any]) -> Iterator[Term]:
    for language, names in row.items():
        if language in ("slug", "note"):
            continue
        for kind in KINDS:
            own = names.get(kind, [])
            for label in [own] if isinstance(own, str) else own:
                term = Term(concept=concept, language=language, label=label, kind=kind)
                term.clean_fields(exclude=["folded"])
                term.clean()
                yield term
