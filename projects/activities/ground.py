"""What the portal knows that an activity may speak of, as tables in memory: a few queries for a file of any size."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from portal.imports.entries import Names
from portal.imports.planning import in_parts
from portal.languages import columns, fold
from portal.models import Country, CountryGroup, Organisation, OrganisationName, Region, Theme
from projects.models import Project, ProjectIdentifier

LONGEST_NAME, LONGEST_REFERENCE = 255, 80
# The codelist OrganisationType, as far as the portal tells them apart.
TYPES = {
    "10": Organisation.Type.GOVERNMENT,
    "11": Organisation.Type.GOVERNMENT,
    "15": Organisation.Type.GOVERNMENT,
    "21": Organisation.Type.NGO,
    "22": Organisation.Type.NGO,
    "23": Organisation.Type.NGO,
    "24": Organisation.Type.NGO,
    "40": Organisation.Type.MULTILATERAL,
    "70": Organisation.Type.PRIVATE,
    "71": Organisation.Type.PRIVATE,
    "72": Organisation.Type.PRIVATE,
    "73": Organisation.Type.PRIVATE,
    "80": Organisation.Type.ACADEMIC,
}
Keys = dict[str, set[int]]


@dataclass
class Ground:
    """By folded name or code: keys. A name that several things have stands for none of them."""

    countries: dict[str, int] = field(default_factory=dict)
    groups: Keys = field(default_factory=dict)
    regions: Keys = field(default_factory=dict)
    sectors: Keys = field(default_factory=dict)
    references: dict[str, int] = field(default_factory=dict)
    organisations: Keys = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    titles: dict[str, list[Project]] = field(default_factory=dict)

    @classmethod
    def load(cls, identifiers: Iterable[str], titles: Iterable[str]) -> "Ground":
        """`identifiers` of activities and `titles` are those the file speaks of."""
        ground = cls(countries=dict(Country.objects.order_by().values_list("iso2", "pk")))
        ground.groups, ground.regions = _named(CountryGroup), _named(Region)
        for code, pk in Theme.objects.exclude(iati_sector="").values_list("iati_sector", "pk"):
            ground.sectors.setdefault(code, set()).add(pk)
        ground._load_organisations()
        ground._load_projects(identifiers, titles)
        return ground

    def _load_organisations(self) -> None:
        into: dict[int, int] = {}
        rows = list(
            Organisation.objects.order_by("pk").values(
                "pk", "acronym", "iati_identifier", "merged_into", *columns("name")
            )
        )
        for row in rows:
            if row["merged_into"]:
                into[row["pk"]] = row["merged_into"]
        for row in rows:
            pk = _survivor(row["pk"], into)
            for name in {row["acronym"], *(row[column] for column in columns("name"))}:
                _add(self.organisations, name, pk)
            if row["iati_identifier"]:
                self.references[row["iati_identifier"].casefold()] = pk
        for owner, name in OrganisationName.objects.order_by("pk").values_list("organisation", "name"):
            _add(self.organisations, name, _survivor(owner, into))

    def _load_projects(self, identifiers: Iterable[str], titles: Iterable[str]) -> None:
        own = ProjectIdentifier.objects.filter(scheme=ProjectIdentifier.Scheme.IATI).select_related("project")
        for part in in_parts(sorted(set(identifiers)), 500):
            for row in own.filter(value__in=part):
                self.projects[row.value] = row.project
        wanted = {fold(title) for title in titles}
        found: dict[int, set[str]] = {}
        for pk, *names in Project._base_manager.order_by("pk").values_list("pk", *columns("title")):
            if same := {fold(name) for name in names if name} & wanted:
                found[pk] = same
        records = Project._base_manager.in_bulk(list(found))
        for pk, same in found.items():
            for title in same:
                self.titles.setdefault(title, []).append(records[pk])

    def place(self, names: Iterable[str]) -> tuple[str, int] | None:
        """The group of states or else the region that is called so, as ("country_groups", key)."""
        folded = [fold(name) for name in names if name]
        for link, known in (("country_groups", self.groups), ("regions", self.regions)):
            for name in folded:
                if len(keys := known.get(name, ())) == 1:
                    return link, next(iter(keys))
        return None


class Organisations:
    """The organisations of one file: known ones by their reference or name, each other one once in its `names`."""

    def __init__(self, ground: Ground, names: Names) -> None:
        self.ground, self.names = ground, names
        self._by_reference: dict[str, int | str] = {}
        self._reference_of: dict[str, str] = {}  # of a folded name that is new: whose it was first

    def find(self, reference: str, called: list[str], kind: str) -> int | str | None:
        """A key, or what stands for one. None where the source names nobody."""
        code = reference.casefold()
        if code and (known := self.ground.references.get(code) or self._by_reference.get(code)):
            return known
        for name in called:
            if len(keys := self.ground.organisations.get(fold(name), ())) == 1:
                found = next(iter(keys))
                if code:  # whatever else it is called below
                    self._by_reference[code] = found
                return found
        if not (name := next(iter(called), reference)):
            return None
        key = self.names.new(Organisation, self._distinct(name, reference), **_told(reference, kind))
        if code:
            self._by_reference[code] = key
        return key

    def _distinct(self, name: str, reference: str) -> str:
        """Two that are called the same and have different references stay two."""
        first = self._reference_of.setdefault(fold(name), reference)
        name = name[:LONGEST_NAME]
        if not reference or not first or first.casefold() == reference.casefold():
            return name
        reference = reference[:LONGEST_REFERENCE]
        return f"{name[: LONGEST_NAME - len(reference) - 3]} ({reference})"


def _told(reference: str, kind: str) -> dict[str, Any]:
    told: dict[str, Any] = {"type": TYPES[kind].value} if kind in TYPES else {}
    return told | ({"iati_identifier": reference} if 0 < len(reference) <= LONGEST_REFERENCE else {})


def _named(model: Any) -> Keys:
    known: Keys = {}
    for pk, *names in model.objects.order_by("pk").values_list("pk", *columns("name")):
        for name in names:
            _add(known, name, pk)
    return known


def _add(known: Keys, name: str | None, pk: int) -> None:
    if name and (folded := fold(name).strip()):
        known.setdefault(folded, set()).add(pk)


def _survivor(pk: int, into: dict[int, int]) -> int:
    seen = set()
    while pk in into and pk not in seen:
        seen.add(pk)
        pk = into[pk]
    return pk
