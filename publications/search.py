"""What search is told of a publication: its record, and every page of its files."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch
from django.urls import reverse

from dialogues.models import Dialogue
from portal.search.entries import Entry, PageEntry, by_language, named
from projects.models import Project
from publications.models import Publication, PublicationFile

FACETS = (
    "type",
    "region",
    "country",
    "group",
    "theme",
    "dialogue",
    "project",
    "series",
    "organisation",
    "language",
    "audience",
)

# Beside what it links to, an entry names these: model -> lookup path.
MENTIONS = {
    "portal.countrygroup": "country_groups",
    "publications.publicationtype": "type",
    "publications.series": "series",
}


def indexed(publications: Any) -> Any:
    visitor = AnonymousUser()
    return publications.select_related("type", "series", "publisher").prefetch_related(
        "countries__other_names",
        "country_groups",
        "regions",
        "themes",
        "contributors__organisation",
        "identifiers",
        Prefetch("projects", Project.objects.visible_to(visitor), to_attr="public_projects"),
        Prefetch("dialogues", Dialogue.objects.visible_to(visitor), to_attr="public_dialogues"),
        Prefetch("files", PublicationFile.objects.order_by("position", "format").prefetch_related("text_pages")),
    )


def entry(publication: Any) -> Entry:
    contributors = list(publication.contributors.all())
    organisations = {row.organisation for row in contributors if row.organisation_id}
    if publication.publisher:
        organisations.add(publication.publisher)
    bodies = sorted(organisations, key=lambda organisation: organisation.slug)
    files = list(publication.files.all())
    languages = sorted({file.language for file in files} | ({publication.language} if publication.language else set()))
    texts = [("", organisation.acronym) for organisation in bodies if organisation.acronym]
    for country in publication.countries.all():
        texts += [("", other.name) for other in country.other_names.all()]
    for project in publication.public_projects:
        texts += [("", project.acronym)] if project.acronym else []
    leads = by_language(publication, "subtitle")
    for code, text in by_language(publication, "abstract").items():
        leads[code] = f"{leads[code]}\n{text}" if code in leads else text
    places = (*publication.countries.all(), *publication.country_groups.all(), *publication.regions.all())
    related = (*publication.public_projects, *publication.public_dialogues)
    series = [publication.series] if publication.series else []
    return Entry(
        titles=by_language(publication, "title"),
        leads=leads,
        texts=texts,
        names=[identifier.value for identifier in publication.identifiers.all()],
        people=[str(row) for row in contributors if not row.organisation_id] + [str(body) for body in bodies],
        tags=[
            *named([*places, *publication.themes.all(), *bodies, publication.type]),
            *named([*related, *series], "title"),
        ],
        facets={
            "type": [publication.type.slug],
            "region": [region.slug for region in publication.regions.all()],
            "country": [country.iso2 for country in publication.countries.all()],
            "group": [group.slug for group in publication.country_groups.all()],
            "theme": [theme.slug for theme in publication.themes.all()],
            "dialogue": [dialogue.slug for dialogue in publication.public_dialogues],
            "project": [project.slug for project in publication.public_projects],
            "series": [one.slug for one in series],
            "organisation": [body.slug for body in bodies],
            "language": languages,
            "audience": [publication.audience],
        },
        first=publication.date_first,
        last=publication.date_first,
        pages=list(_pages(publication, files)),
    )


def _pages(publication: Publication, files: list[PublicationFile]) -> Iterator[PageEntry]:
    """Of one file per language: a Word file beside a PDF holds the same words."""
    seen = set()
    for file in files:
        pages = file.text_pages.all()
        if file.language in seen or not pages:
            continue
        seen.add(file.language)
        # Resolved once per file: an address takes longer to make than its page takes to index.
        base = reverse("publications:page", args=[publication.slug, file.language, 1]).removesuffix("1/")
        for page in pages:
            url = f"{base}{page.number}/"
            yield PageEntry(str(file.pk), page.number, page.label, file.language, page.text, url)
