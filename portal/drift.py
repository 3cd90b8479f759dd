"""Names that have probably drifted: spellings a slip away from a known name that nobody has recorded as a name.

Three ways of finding them, all exact and none a model: acronym-like words in what readers read, acronyms of two
records that differ by a slip, and longer names that differ only in words a slip apart or in small words.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models

from portal import kinds, texts
from portal.editorial import Reader
from portal.languages import columns, words
from portal.models import Country, CountryGroup, Organisation, Region, SettledName, Term, Theme
from portal.prose import to_text
from portal.spellings import SHORTEST, Near, folded, is_slip, telling

LONGEST = 200  # letters by which a pair that was settled is known
MOST_PLACES = 5
NUMBERS = {"i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"}


class Owner(NamedTuple):
    """Whose name it is: the label of a model, and a key."""

    model: str
    key: Any


@dataclass(frozen=True)
class Place:
    """Where a spelling stands."""

    owner: Owner
    excerpt: str


@dataclass
class Suggestion:
    """`form` is probably meant to be `near`, the name of the owners."""

    form: str
    near: str
    owners: list[Owner]
    places: list[Place] = field(default_factory=list)
    in_names: bool = False

    @property
    def pair(self) -> tuple[str, str]:
        one, other = sorted(folded(text)[:LONGEST] for text in (self.form, self.near))
        return one, other


def suggestions(reader: Reader) -> list[Suggestion]:
    """What this reader may see of it, without what was settled. The number of queries does not grow with records."""
    known = Known(reader)
    settled = set(SettledName.objects.values_list("one", "other"))
    found: dict[tuple[str, str], Suggestion] = {}
    for one in (*drifted_tokens(known, reader), *drifted_acronyms(known), *drifted_names(known)):
        if one.pair not in settled and one.pair[0] != one.pair[1]:
            found.setdefault(one.pair, one)
    return sorted(found.values(), key=lambda one: (one.in_names, -len(one.places), one.form))


class Known:
    """Every name that somebody has recorded, whose it is, and what else is no slip."""

    def __init__(self, reader: Reader) -> None:
        self.acronyms: dict[str, set[Owner]] = defaultdict(set)
        self.names: dict[str, set[Owner]] = defaultdict(set)
        self.former: dict[Owner, set[str]] = defaultdict(set)
        for kind in kinds.all():
            records: Any = kind.visible_to(reader).exclude(status="archived")
            self._take(records, "title")
        self._take(Organisation.objects.filter(merged_into=None), "name")
        self.others = self._other_words()

    def _take(self, records: Any, name: str) -> None:
        model = records.model._meta.label_lower
        has_acronym = _has_field(records.model, "acronym")
        wanted = ["pk", *columns(name), *(["acronym"] if has_acronym else [])]
        for key, *given in records.order_by("pk").values_list(*wanted):
            owner = Owner(model, key)
            if has_acronym:
                for acronym in acronyms_in(given.pop() or ""):
                    self.acronyms[acronym].add(owner)
            for text in filter(None, given):
                self.names[text].add(owner)
        if _has_field(records.model, "other_names"):
            rows = records.model._meta.get_field("other_names").related_model._base_manager
            path = records.model._meta.get_field("other_names").field.name
            seen = records.order_by().values("pk")
            for key, text in rows.filter(**{f"{path}__in": seen}).values_list(path, "name").order_by("pk"):
                owner = Owner(model, key)
                self.former[owner] |= {folded(text), *map(folded, acronyms_in(text))}
                for acronym in acronyms_in(text):
                    self.acronyms[acronym].add(owner)

    def _other_words(self) -> set[str]:
        """Acronyms that are nobody's name here: of the field, of states and groups of them, of programmes."""
        found = set()
        for label in Term.objects.values_list("label", flat=True):
            found |= {folded(word) for word in acronyms_in(label)}
        for codes in Country.objects.values_list("iso2", "iso3"):
            found |= {code.casefold() for code in codes}
        for named in (CountryGroup, Region, Theme):
            for row in named._base_manager.values_list(*columns("name")):
                found |= {folded(word) for text in row if text for word in acronyms_in(text)}
        own = {kind.model for kind in kinds.all()} | {Organisation}
        for model in apps.get_models():
            if model not in own and _has_field(model, "acronym"):
                rows: Any = model._base_manager
                for acronym in rows.values_list("acronym", flat=True):
                    found |= {folded(word) for word in acronyms_in(acronym)}
        return found

    def is_known(self, token: str) -> bool:
        bare = token.casefold()
        return bare in self._folded or bare.removesuffix("s") in self._folded or bare in self.others

    @cached_property
    def _folded(self) -> set[str]:
        return {name.casefold() for name in self.acronyms}

    def run_into(self, token: str) -> str:
        """The acronym that the next word was written together with: ADEPT of ADEPTwill."""
        end = next((n for n in range(len(token), 0, -1) if not token[n - 1].islower()), 0)
        return token[:end] if len(token) - end > 1 and token[:end] in self.acronyms else ""


def _has_field(model: type[models.Model], name: str) -> bool:
    return any(one.name == name for one in model._meta.get_fields())


def acronyms_in(text: str) -> list[str]:
    """Words that look like acronyms: MC2CM, EUDiF, UNHCR; without numbers of phases."""
    return [word for word in re.findall(r"[^\W_]+", text) if is_acronym(word)]


def is_acronym(word: str) -> bool:
    capitals = sum(sign.isupper() for sign in word)
    strong = capitals + sum(sign.isdigit() for sign in word)
    return (
        SHORTEST <= len(word) <= 15
        and capitals >= 2
        and word[0].isupper()
        and strong * 2 >= len(word)
        and word.casefold() not in NUMBERS
    )


def drifted_tokens(known: Known, reader: Reader) -> Iterator[Suggestion]:
    """Acronym-like words of what readers read that are nobody's name, and a slip from one that is."""
    near = Near(known.acronyms)
    places: dict[str, list[Place]] = defaultdict(list)
    for source in texts.sources():
        for told in texts.read(source, texts.is_read, reader):
            text = to_text(told.text) if "<" in told.text else told.text
            for match in re.finditer(r"[^\W_]+", text):
                word = match.group()
                if is_acronym(word) and not known.is_known(word) and source.kind is not None:
                    owner = Owner(source.kind.model._meta.label_lower, told.key)
                    if len(places[word]) < MOST_PLACES and owner not in {place.owner for place in places[word]}:
                        places[word].append(Place(owner, excerpt(text, match.start(), match.end())))
    for word, found in places.items():
        for name in near.to(word) or filter(None, [known.run_into(word)]):
            yield Suggestion(word, name, sorted(known.acronyms[name], key=str), found)


def excerpt(text: str, start: int, end: int) -> str:
    cut = " ".join(text[max(0, start - 40) : end + 40].split())
    return ("…" if start > 40 else "") + cut + ("…" if end + 40 < len(text) else "")


def drifted_acronyms(known: Known) -> Iterator[Suggestion]:
    """Acronyms of different records a slip apart, where neither record is recorded under both."""
    near = Near(known.acronyms)
    for acronym in known.acronyms:
        for other in near.to(acronym):
            owners, theirs = known.acronyms[acronym], known.acronyms[other]
            if acronym < other and not owners & theirs:
                told = [Place(owner, acronym) for owner in sorted(owners, key=str)[:MOST_PLACES]]
                yield Suggestion(acronym, other, sorted(theirs, key=str), told, in_names=True)


def drifted_names(known: Known) -> Iterator[Suggestion]:
    """Titles of records of one kind, or names of organisations, that differ in a slip or in small words alone."""
    places = {
        word for row in Country.objects.values_list(*columns("name")) for text in row for word in words(text or "")
    }
    by_rest: dict[tuple[str, ...], set[str]] = defaultdict(set)
    told = {name: telling(name) for name in known.names}
    for name, parts in told.items():
        if len(parts) < 2:
            continue
        by_rest[tuple(sorted(parts))].add(name)
        for n in range(len(parts)):  # all words but one
            by_rest["*", *sorted(parts[:n] + parts[n + 1 :])].add(name)
    pairs = {pair for names in by_rest.values() if 1 < len(names) <= 30 for pair in combinations(sorted(names), 2)}
    for one, other in sorted(pairs):
        if not alike(told[one], told[other], places) or folded(one) == folded(other):
            continue
        owners, theirs = known.names[one], known.names[other]
        if owners & theirs or {owner.model for owner in owners} != {owner.model for owner in theirs}:
            continue
        if any(folded(one) in known.former[owner] for owner in theirs):
            continue
        if any(folded(other) in known.former[owner] for owner in owners):
            continue
        shown = [Place(owner, one) for owner in sorted(owners, key=str)[:MOST_PLACES]]
        yield Suggestion(one, other, sorted(theirs, key=str), shown, in_names=True)


def alike(one: list[str], other: list[str], places: set[str]) -> bool:
    """The same words, or one of them a slip from its counterpart. Numbers and names of states make a difference."""
    left, right = list((Counter(one) - Counter(other)).elements()), list((Counter(other) - Counter(one)).elements())
    if not left and not right:
        return True
    if len(left) != 1 or len(right) != 1 or {left[0], right[0]} & places or {left[0], right[0]} & NUMBERS:
        return False
    short, long = sorted((left[0], right[0]), key=len)
    plural = long in {f"{short}s", f"{short}es"}
    return plural or (len(short) > SHORTEST and is_slip(left[0], right[0]))
