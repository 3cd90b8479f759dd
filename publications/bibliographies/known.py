"""What the portal knows of names that lists of literature use: bodies, themes, places, types, series, publications."""

from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext as _

from portal.dates import PartialDate
from portal.imports.entries import Likeness, Names
from portal.imports.planning import in_parts
from portal.languages import columns
from portal.models import Country, CountryGroup, Organisation, Region, Theme
from portal.rows import make_slug
from portal.thesaurus import key_of
from projects.legacy.ground import COUNTRY, GROUP, ORGANISATION, REGION, THEME, Ground
from projects.legacy.words import key
from publications.bibliographies.references import Reference
from publications.models import Publication, PublicationIdentifier, PublicationType, Series

LINKS: dict[str, tuple[str, type[models.Model], str]] = {  # kind of name: link, model, column that a name leads to
    THEME: ("themes", Theme, "slug"),
    COUNTRY: ("countries", Country, "iso2"),
    GROUP: ("country_groups", CountryGroup, "slug"),
    REGION: ("regions", Region, "slug"),
}
# Names of types that the vocabulary may lack. They are proposed and stand as an editor writes them, so in English.
LABELS = {
    "article": "Article", "article-journal": "Journal article", "article-magazine": "Magazine article",
    "article-newspaper": "Newspaper article", "book": "Book", "chapter": "Book chapter", "dataset": "Dataset",
    "document": "Document", "manuscript": "Manuscript", "map": "Map", "pamphlet": "Leaflet",
    "paper-conference": "Conference paper", "post-weblog": "Blog post", "post": "Post", "report": "Report",
    "speech": "Speech", "standard": "Standard", "thesis": "Thesis", "webpage": "Web page", "bill": "Bill",
    "legislation": "Legislation", "entry": "Entry", "entry-encyclopedia": "Encyclopedia entry",
}  # fmt: skip


@dataclass
class Known:
    """Made once for each reading; `names` collects what is proposed."""

    names: Names
    ground: Ground = field(default_factory=Ground.load)
    slugs: dict[str, dict[Any, Any]] = field(default_factory=dict)
    types: dict[tuple[str, ...], int] = field(default_factory=dict)
    series: dict[tuple[str, ...], int] = field(default_factory=dict)
    slugs_of_types: dict[str, str] = field(default_factory=dict)
    _bodies: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for kind, (_link, model, column) in LINKS.items():
            self.slugs[kind] = dict(model._default_manager.values_list(column, "pk"))
        self.types = _by_name(PublicationType.objects.all(), [*columns("name"), "slug"])
        self.series = _by_name(Series.objects.all(), columns("title"))

    def tag(self, word: str) -> tuple[str, Any] | None:
        """The link and key of the one thing of that name: a theme before a place."""
        named = self.ground.names.get(key(word), [])
        for kind, (link, _model, _column) in LINKS.items():
            refs = {thing.ref for thing, written in named if thing.kind == kind and written in ("", word)}
            if len(refs) == 1 and (pk := self.slugs[kind].get(refs.pop())):
                return link, pk
        return None

    def body(self, name: str) -> int | None:
        """A known organisation by any of its names."""
        if name not in self._bodies:
            named = self.ground.names.get(key(name), [])
            refs = {thing.ref for thing, written in named if thing.kind == ORGANISATION and written in ("", name)}
            self._bodies[name] = refs.pop() if len(refs) == 1 else None
        return self._bodies[name]

    def proposed_body(self, name: str) -> int | str:
        return self.body(name) or self.names.new(Organisation, name)

    def type_of(self, reference: Reference) -> int | str:
        """By what the source calls it, else by its kind; one the vocabulary lacks is proposed."""
        for name in (reference.genre, LABELS.get(reference.kind, "Document")):
            if pk := self.types.get(key_of(name)):
                return pk
        if name not in self.slugs_of_types:  # which costs a query
            self.slugs_of_types[name] = make_slug(name, taken=PublicationType.objects.all())
        return self.names.new(PublicationType, name, slug=self.slugs_of_types[name], csl_type=reference.kind)

    def series_of(self, title: str) -> int | str:
        slug = slugify(title)[:70].strip("-_").replace("_", "-") or f"series-{crc32(title.encode()):08x}"
        return self.series.get(key_of(title)) or self.names.new(Series, title, slug=slug)


def _by_name(records: models.QuerySet[Any], names: list[str]) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    for pk, *values in records.order_by("-pk").values_list("pk", *names):
        found |= {key_of(value): pk for value in values if value}
    return found


# Publications that are here


@dataclass
class Here:
    """The publications of the portal by identifier, and by title."""

    by_identifier: dict[tuple[str, str], int] = field(default_factory=dict)
    by_title: dict[tuple[str, ...], list[tuple[int, int | None]]] = field(default_factory=dict)  # with the year
    records: dict[int, Publication] = field(default_factory=dict)

    @classmethod
    def load(cls, references: list[Reference]) -> "Here":
        """Only what the references may be about. Takes two queries, and one for every 500 identifiers."""
        here = cls()
        wanted = {key_of(title) for one in references for title in titles_of(one)}
        rows = Publication.objects.order_by("pk").values_list("pk", "date", *columns("title"), *columns("subtitle"))
        half = len(columns("title"))
        for pk, date, *words in rows.iterator():
            for title, subtitle in zip(words[:half], words[half:], strict=True):
                for whole in {title, f"{title} {subtitle}"} if title else ():
                    if (own := key_of(whole)) in wanted:
                        here.by_title.setdefault(own, []).append((pk, _year(date)))
        values = sorted({value for one in references for _scheme, value in one.identifiers})
        for part in in_parts(values, 500):
            for row in PublicationIdentifier.objects.filter(value__in=part).exclude(scheme="issn"):
                here.by_identifier[row.scheme, row.value] = row.publication_id
        keys = {pk for found in here.by_title.values() for pk, _date in found} | set(here.by_identifier.values())
        for some in in_parts(sorted(keys), 500):
            here.records |= Publication.objects.in_bulk(some)
        return here

    def likely(self, reference: Reference) -> list[Likeness]:
        """Sure of one with the same identifier; else those with the same title, and the same year if both say one."""
        sure: dict[int, str] = {}
        for scheme, value in reference.identifiers:
            if pk := self.by_identifier.get((scheme, value)):
                sure.setdefault(pk, f"{PublicationIdentifier.Scheme(scheme).label} {value}")
        if sure:
            return [Likeness(self.records[pk], why, is_sure=True) for pk, why in sure.items()]
        year = int(reference.date[:4]) if reference.date else None
        asked: dict[int, str] = {}
        for title in titles_of(reference):
            for pk, own in self.by_title.get(key_of(title), ()):
                if year is None or own is None or own == year:
                    asked[pk] = _("Same title, %s") % own if own and year else _("Same title")
        return [Likeness(self.records[pk], why) for pk, why in asked.items()]


def titles_of(reference: Reference) -> list[str]:
    """Alone and with its subtitle: lists differ in whether they part them."""
    if not reference.title:
        return []
    return [f"{reference.title} {reference.subtitle}", reference.title] if reference.subtitle else [reference.title]


def _year(date: PartialDate | None) -> int | None:
    return date.year if date else None
