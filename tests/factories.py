"""Records for tests, with the least that is valid: make_project(title="..."), publish(project)."""

import datetime
import itertools

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone
from model_bakery import baker

from dialogues.models import Dialogue
from portal import roles
from portal.models import Country, Organisation, Region, Theme
from projects.models import Project, ProjectRole
from publications.models import Publication, PublicationType

numbers = itertools.count(1)


def make_country(iso2="RS", name="Serbia", **fields):
    defaults = {"iso3": f"{iso2}X", "name": name} | fields
    return Country.objects.get_or_create(iso2=iso2, defaults=defaults)[0]


def make_region(**fields):
    return baker.make(Region, **{"name": f"Region {next(numbers)}", "slug": f"region-{next(numbers)}"} | fields)


def make_theme(**fields):
    return baker.make(Theme, **{"name": f"Theme {next(numbers)}", "slug": f"theme-{next(numbers)}"} | fields)


def make_organisation(name=None, **fields):
    name = name or f"Organisation {next(numbers)}"
    organisation = Organisation(**{"name": name, "is_established": True} | fields)
    organisation.save()
    return organisation


def make_project(countries=(), regions=(), themes=(), dialogues=(), donors=(), published=False, **fields):
    project = Project(**{"title": f"Project {next(numbers)}"} | fields)
    project.save()
    project.countries.set(countries)
    project.regions.set(regions)
    project.themes.set(themes)
    project.dialogues.set(dialogues)
    for donor in donors:
        ProjectRole.objects.create(project=project, role=ProjectRole.Role.DONOR, organisation=donor)
    return publish(project) if published else project


def make_dialogue(published=False, **fields):
    dialogue = Dialogue(**{"title": f"Dialogue {next(numbers)}"} | fields)
    dialogue.save()
    return publish(dialogue) if published else dialogue


def make_publication(published=False, countries=(), projects=(), **fields):
    kind = PublicationType.objects.get_or_create(slug="study", defaults={"name": "Study"})[0]
    publication = Publication(**{"title": f"Publication {next(numbers)}", "type": kind} | fields)
    publication.save()
    publication.countries.set(countries)
    publication.projects.set(projects)
    return publish(publication) if published else publication


def make_record(kind, published=False, **fields):
    """A record of any registered kind."""
    makers = {"project": make_project, "dialogue": make_dialogue, "publication": make_publication}
    if kind.name in makers:
        return makers[kind.name](published=published, **fields)
    record = kind.model(**{"title": f"{kind.label} {next(numbers)}"} | fields)
    record.save()
    return publish(record) if published else record


def publish(record, at=None, until=None):
    """Through the door that everybody uses."""
    record.publish(by=publisher(), at=at or timezone.now() - datetime.timedelta(minutes=1), until=until)
    return record


def publisher():
    user, created = get_user_model().objects.get_or_create(username="publisher", defaults={"is_staff": True})
    if created:
        user.groups.add(Group.objects.get(name=roles.REVIEWER))
    return user
