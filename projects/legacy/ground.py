"""The names the portal knows, as a table in memory: countries, groups of states, regions, organisations, themes."""

import json
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from portal.languages import columns
from portal.models import Country, CountryGroup, Organisation, OrganisationName, Region, Theme
from projects.legacy.words import Key, Token, Words, key, longest_first
from projects.models import Programme

COUNTRY, GROUP, REGION, CODE = "country", "country_group", "region", "code"
ORGANISATION, THEME, PROGRAMME = "organisation", "theme", "programme"
PLACES = frozenset({COUNTRY, GROUP, REGION, CODE})
NAMES = Path(__file__).resolve().parent.parent / "data" / "country_names.json"  # German and Spanish, by ISO code
SHORT = 6  # letters up to which a name of one word counts only as it is written


class Thing(NamedTuple):
    """`ref` is what a proposal says: an ISO code, a slug, a number. `country` is an organisation's."""

    kind: str
    ref: str | int
    label: str
    country: str = ""

    @property
    def reference(self) -> dict[str, str | int]:
        return {"country" if self.kind == CODE else self.kind: self.ref}


class Found(NamedTuple):
    """A name, and the numbers of its first token and of the one after its last."""

    thing: Thing
    first: int
    after: int


class Name(NamedTuple):
    thing: Thing
    written: str  # where it counts only as written so: acronyms and codes


@dataclass
class Ground:
    names: dict[Key, list[Name]] = field(default_factory=dict)
    tails: dict[Key, list[Thing]] = field(default_factory=dict)
    _sizes: dict[str, int] | None = None

    def add(self, thing: Thing, name: str, exact: bool = False) -> None:
        own = key(name)
        if not own:
            return
        short = len(own) == 1 and len(own[0]) <= SHORT and name.isupper()
        self.names.setdefault(own, []).append(Name(thing, name if exact or short else ""))
        self._sizes = None
        if thing.kind == ORGANISATION:
            # "Development & Cooperation" has no word where the name has one.
            if len(bare := tuple(word for word in own if word not in ("and", "et", "und"))) > 2 and bare != own:
                self.names.setdefault(bare, []).append(Name(thing, ""))
            if len(own) > 3:
                self.tails.setdefault(own[1:], []).append(thing)

    def at(self, words: Words, tokens: Sequence[Token], n: int, kinds: Container[str]) -> Found | None:
        """The longest name of one of these kinds that begins with token `n`."""
        if self._sizes is None:
            self._sizes = longest_first(self.names)
        for size in range(min(self._sizes.get(tokens[n].key, 0), len(tokens) - n), 0, -1):
            named = self.names.get(tuple(token.key for token in tokens[n : n + size]))
            if not named:
                continue
            last = tokens[n + size - 1]
            written = words.text[tokens[n].start : last.end]
            for thing, exact in named:
                if thing.kind in kinds and (not exact or written == exact) and not _crosses(words, tokens, n, size):
                    return Found(thing, n, n + size)
        return None

    def find(self, words: Words, tokens: Sequence[Token], kinds: Container[str]) -> Iterator[Found]:
        n = 0
        while n < len(tokens):
            found = self.at(words, tokens, n, kinds)
            if found:
                yield found
            n = found.after if found else n + 1

    def of_tail(self, tail: Key, country: str = "") -> Thing | None:
        """An organisation by its name without the first word ("Swiss"): of a country, or the only one."""
        things = list(dict.fromkeys(self.tails.get(tail, ())))
        if country:
            things = [thing for thing in things if thing.country == country]
        return things[0] if len(things) == 1 else None

    @classmethod
    def load(cls) -> "Ground":
        """What the database holds now. Costs a query for each kind of name."""
        ground = cls()
        countries: dict[int, Thing] = {}
        for row in Country.objects.order_by("pk").values("pk", "iso2", "iso3", *columns("name")):
            thing = countries[row["pk"]] = Thing(COUNTRY, row["iso2"], row["name_en"] or row["iso2"])
            for name in _names(row, "name"):
                ground.add(thing, name)
            for code in (row["iso2"], row["iso3"]):
                ground.add(Thing(CODE, row["iso2"], thing.label), code, exact=True)
        by_code = {str(thing.ref): thing for thing in countries.values()}
        for code, names in json.loads(NAMES.read_text(encoding="utf-8")).items():
            for name in names if code in by_code else ():
                ground.add(by_code[code], name)
        others = Country._meta.get_field("other_names").related_model
        for country, name in others._default_manager.order_by("pk").values_list("country_id", "name"):  # type: ignore[union-attr]
            ground.add(countries[country], name)
        for model, kind in ((CountryGroup, GROUP), (Region, REGION), (Theme, THEME)):
            manager: Any = model._default_manager
            for row in manager.order_by("pk").values("slug", *columns("name")):
                for name in _names(row, "name"):
                    ground.add(Thing(kind, row["slug"], row["name_en"] or row["slug"]), name)
        for row in Programme.objects.order_by("pk").values("pk", "acronym", *columns("name")):
            thing = Thing(PROGRAMME, row["pk"], row["acronym"] or row["name_en"] or "")
            for name in [*_names(row, "name"), row["acronym"]]:
                ground.add(thing, name)
        ground._add_organisations()
        return ground

    def _add_organisations(self) -> None:
        rows = list(
            Organisation.objects.order_by("pk").values(
                "pk", "acronym", "country__iso2", "merged_into", *columns("name")
            )
        )
        own = {
            row["pk"]: Thing(ORGANISATION, row["pk"], row["name_en"] or "", row["country__iso2"] or "") for row in rows
        }
        into = {row["pk"]: row["merged_into"] for row in rows if row["merged_into"]}
        things = {pk: own[_last(pk, into)] for pk in own}
        for row in rows:
            for name in _names(row, "name"):
                self.add(things[row["pk"]], name)
            self.add(things[row["pk"]], row["acronym"], exact=len(row["acronym"]) <= SHORT)
        for pk, name, kind in OrganisationName.objects.order_by("pk").values_list("organisation", "name", "kind"):
            acronym = kind == OrganisationName.Kind.ACRONYM
            self.add(things[pk], name, exact=acronym and len(name) <= SHORT)


def _names(row: dict[str, Any], name: str) -> list[str]:
    return list(dict.fromkeys(row[column] for column in columns(name) if row[column]))


def _last(pk: int, into: dict[int, int]) -> int:
    """Where a chain of mergers ends."""
    seen = set()
    while pk in into and pk not in seen:
        seen.add(pk)
        pk = into[pk]
    return pk


def _crosses(words: Words, tokens: Sequence[Token], n: int, size: int) -> bool:
    """Whether a name would run over signs that part things: "Bosnia; Herzegovina" is no country."""
    return any(
        set(words.text[tokens[k].end : tokens[k + 1].start]) & set(";:|\n\t")
        and words.text[tokens[k].end : tokens[k + 1].start] != "\n"
        for k in range(n, n + size - 1)
    )
