"""The registry of kinds: what the site can show. Everything in portal asks it instead of naming an app.

An app's kinds.py registers its kinds at start-up.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.http import urlencode

from portal.completeness import Check
from portal.dates import PartialDate
from portal.editorial import EditorialModel, EditorialQuerySet, Reader
from portal.search.entries import Entry, simple

Dates = tuple[PartialDate | None, PartialDate | None]


@dataclass(frozen=True)
class Todo:
    """A list on the admin's front page: a heading, and the records under it. `name` stands in addresses."""

    name: str
    heading: str
    records: models.QuerySet[Any]
    hint: str = ""


@dataclass(frozen=True)
class Panel:
    """A section that a kind adds to a page of the portal's: a heading, a template and what it shows."""

    heading: str
    template: str
    context: Mapping[str, Any]
    slot: str = "main"  # on the home page: lead, main, side or foot
    more_url: str = ""
    more_label: str = ""


@dataclass(frozen=True)
class Report:
    """A page for staff that a kind adds to their desk; `state` says in a few words how things stand."""

    label: str
    url: str
    state: str = ""


@dataclass(frozen=True)
class Credit:
    """Whose work a record is, in the order of its title page, and of which year; what citations begin with."""

    authors: Sequence[str] = ()
    year: str = ""


def nothing(*args: Any) -> tuple[()]:
    """For kinds that add no sections, no things to do and no reports."""
    return ()


def uncredited(record: Any) -> Credit:
    return Credit()


def undated(record: Any) -> "Dates":
    return None, None


def same(records: Any) -> Any:
    return records


@dataclass(frozen=True)
class Kind:
    """A kind of content.

    `links` says how its records point at the ground and at earlier kinds: model label -> lookup path.
    `listed` prepares a QuerySet for cards (select_related, prefetch), so that a list costs a constant
    number of queries. `current` narrows to what is going on now, where that means something. `home` and
    `briefing` add sections to the home page and to the page of a country, region, theme or organisation;
    `todo` gives an editor's lists of things to do.

    `entry` tells search what it should know of a record; `indexed` fetches what that takes, for many at once.
    `mentions` are relations beside `links` whose names stand in it: when one of them changes, search looks again.
    `facets` names the filters that search can count by itself. Who has the permission `held_back` searches what
    is live but not for everybody too. `sweep` is called by the worker every few minutes. `reports` adds pages to
    the staff's desk, whose addresses `desk_urls` names (a module of patterns, mounted at /staff/). `credit` tells
    authors and year of a record that `listed` prepared. `dates` tells from when to when a record runs, or twice when it
    came out. `completeness` names what a record should have.
    `stated_at` narrows to records in which somebody says how things stand, and gives each the day `since` it was said.
    """

    model: type[EditorialModel]
    filterset: type[Any]
    card: str
    links: Mapping[str, str | tuple[str, ...]]
    listed: Callable[[Any], EditorialQuerySet]
    current: Callable[[Any], EditorialQuerySet] | None = None
    home: Callable[[Reader], Iterable[Panel]] = nothing
    briefing: Callable[[models.Model, Reader], Iterable[Panel]] = nothing
    todo: Callable[[Any], Iterable[Todo]] = nothing
    entry: Callable[[Any], Entry] = simple
    mentions: Mapping[str, str] = field(default_factory=dict)
    indexed: Callable[[Any], EditorialQuerySet] = same
    facets: tuple[str, ...] = ()
    held_back: str = ""
    sweep: Callable[[], Any] = nothing
    reports: Callable[[Any], Iterable[Report]] = nothing
    desk_urls: str = ""
    credit: Callable[[Any], Credit] = uncredited
    dates: Callable[[Any], Dates] = undated
    completeness: Sequence[Check] = ()
    stated_at: Callable[[Any], EditorialQuerySet] | None = None
    position: int = 100  # in menus; equal ones stand in the order of INSTALLED_APPS

    @property
    def name(self) -> str:
        """As in permissions and templates: project."""
        return self.model._meta.model_name or ""

    @property
    def app_label(self) -> str:
        """Also the first part of its addresses: projects."""
        return self.model._meta.app_label

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def plural(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    @property
    def url(self) -> str:
        return reverse(f"{self.app_label}:list")

    def visible_to(self, user: Reader) -> EditorialQuerySet:
        return self.model._default_manager.visible_to(user)  # type: ignore[attr-defined]

    def selection_url(self, thing: models.Model) -> str:
        """The list of this kind narrowed to `thing`, where a facet can say so; else the whole list."""
        for name, one in self.filterset.base_filters.items():
            if getattr(one, "related", None) is type(thing):
                return f"{self.url}?{urlencode({name: getattr(thing, one.key)})}"
        return self.url

    def paths_to(self, model: type[models.Model]) -> tuple[str, ...]:
        paths = self.links.get(model._meta.label_lower, ())
        return (paths,) if isinstance(paths, str) else paths

    def about(self, thing: models.Model, user: Reader) -> EditorialQuerySet | None:
        """The records of this kind that point at `thing`; None where this kind never does."""
        pointing = self.pointing_at(thing)
        return None if pointing is None else self.visible_to(user).filter(pk__in=pointing)

    def pointing_at(self, thing: models.Model) -> models.QuerySet[Any] | None:
        """The keys of all records that point at `thing`; for a sub-select, because one may do so twice."""
        return self._pointing(self.paths_to(type(thing)), [thing.pk])

    def mentioning(self, model: type[models.Model], keys: Sequence[Any]) -> models.QuerySet[Any] | None:
        """The same of all records in whose entry for search one of these is named."""
        path = self.mentions.get(model._meta.label_lower)
        return self._pointing((*self.paths_to(model), *([path] if path else [])), keys)

    def _pointing(self, paths: tuple[str, ...], keys: Sequence[Any]) -> models.QuerySet[Any] | None:
        if not paths:
            return None
        match = models.Q()
        for path in paths:
            match |= models.Q(**{f"{path}__in": keys})
        return self.model._base_manager.filter(match).order_by().values("pk")


_registry: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _registry[kind.name] = kind


def all() -> list[Kind]:
    return sorted(_registry.values(), key=lambda kind: kind.position)


def get(name: str) -> Kind:
    """Raises KeyError."""
    return _registry[name]


def of(record: models.Model) -> Kind:
    return _registry[record._meta.model_name or ""]


def about(thing: models.Model, user: Reader) -> list[tuple[Kind, EditorialQuerySet]]:
    """Every kind that can point at `thing`, with its records that do."""
    found = ((kind, kind.about(thing, user)) for kind in all())
    return [(kind, records) for kind, records in found if records is not None]
