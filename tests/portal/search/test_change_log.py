"""Where much is written at once, what the index must look at again is noted once, and never without the change."""

from collections import Counter

import pytest
from django.db import transaction

from portal.models import IndexChange
from portal.search import log
from tests.factories import make_country, make_organisation, make_project, make_publication


def noted():
    return Counter((change.kind, change.record) for change in IndexChange.objects.all())


@pytest.fixture
def project(db):
    project = make_project(published=True, countries=[make_country()], donors=[make_organisation(name="Donor")])
    make_publication(published=True, projects=[project])
    IndexChange.objects.all().delete()
    return project


def test_what_is_noted_is_written_at_the_end_and_once(project):
    with log.gathered():
        for title in ("One", "Two"):
            project.title_en = title
            project.save()
        project.links.create(label="Report")
        assert not noted()
    assert noted()["project", str(project.pk)] == 1


def test_who_mentions_what_was_renamed_is_noted(project):
    publication = project.publications.get()
    with log.gathered():
        project.title_en = "Renamed"
        project.save()
        project.other_names.create(name="Former")
    assert noted() == {("project", str(project.pk)): 1, ("publication", str(publication.pk)): 1}


def test_who_mentioned_what_is_deleted_meanwhile_is_noted(project):
    key, publication = str(project.pk), project.publications.get()
    with log.gathered():
        project.other_names.create(name="Former")
        project.delete()
    assert noted() == {("project", key): 1, ("publication", str(publication.pk)): 1}


def test_who_begins_to_mention_it_afterwards_is_noted(project):
    other = make_publication(published=True)
    with log.gathered():
        project.other_names.create(name="Former")
        other.projects.add(project)
    assert ("publication", str(other.pk)) in noted()


def fail_after(act):
    with log.gathered(), transaction.atomic():
        act()
        raise RuntimeError


def test_change_that_ends_in_an_error_leaves_neither_itself_nor_its_note(project):
    project.title_en = "Renamed"
    with pytest.raises(RuntimeError):
        fail_after(project.save)
    project.refresh_from_db()
    assert project.title_en != "Renamed"
    assert not noted()


def test_change_is_noted_although_another_inside_was_undone(project):
    with log.gathered():
        project.save()
        with pytest.raises(RuntimeError):
            fail_after(make_project)
    assert ("project", str(project.pk)) in noted()


def test_what_comes_after_is_noted_at_once_again(project):
    with pytest.raises(RuntimeError):
        fail_after(make_project)
    project.save()
    assert noted()["project", str(project.pk)] == 1
