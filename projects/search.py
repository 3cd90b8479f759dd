"""What search is told of a project."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch

from dialogues.models import Dialogue
from portal.search.entries import Entry, by_language, named
from projects.models import ProjectRole

FACETS = ("region", "country", "group", "theme", "donor", "organisation", "programme", "dialogue")

# Beside what it links to, an entry names these: model -> lookup path.
MENTIONS = {"portal.countrygroup": "country_groups", "projects.programme": "programme"}


def indexed(projects: Any) -> Any:
    return projects.select_related("programme").prefetch_related(
        "countries__other_names",
        "country_groups",
        "regions",
        "themes",
        Prefetch("dialogues", Dialogue.objects.visible_to(AnonymousUser()), to_attr="public_dialogues"),
        "roles__organisation",
        "other_names",
        "results",
        "calls",
        "updates",
        "identifiers",
    )


def entry(project: Any) -> Entry:
    organisations = [role.organisation for role in project.roles.all()]
    donors = [role.organisation for role in project.roles.all() if role.role == ProjectRole.Role.DONOR]
    programme = [project.programme] if project.programme else []
    texts = [*by_language(project, "summary").items(), *by_language(project, "target_groups").items()]
    for row in (*project.results.all(), *project.updates.all(), *project.calls.all()):
        texts += by_language(row, "title").items()
    for row in (*project.results.all(), *project.updates.all()):
        texts += by_language(row, "text").items()
    for country in project.countries.all():
        texts += [("", other.name) for other in country.other_names.all()]
    texts += [("", organisation.acronym) for organisation in organisations if organisation.acronym]
    places = (*project.countries.all(), *project.country_groups.all(), *project.regions.all())
    return Entry(
        titles=by_language(project, "title"),
        leads=by_language(project, "objective"),
        texts=texts,
        names=[
            *filter(None, [project.acronym]),
            *(other.name for other in project.other_names.all()),
            *(identifier.value for identifier in project.identifiers.all()),
            *(one.acronym for one in programme if one.acronym),
        ],
        tags=named([*places, *project.themes.all(), *organisations, *programme]),
        facets={
            "country": [country.iso2 for country in project.countries.all()],
            "region": [region.slug for region in project.regions.all()],
            "group": [group.slug for group in project.country_groups.all()],
            "theme": [theme.slug for theme in project.themes.all()],
            "donor": sorted({donor.slug for donor in donors}),
            "organisation": sorted({organisation.slug for organisation in organisations}),
            "programme": [one.slug for one in programme],
            "dialogue": [dialogue.slug for dialogue in project.public_dialogues],
        },
        first=project.start_first,
        last=project.end_last,
    )
