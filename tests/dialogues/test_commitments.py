"""What projects and publications say of the commitments of dialogues: drafted, exported, missed where it is not said."""

import pytest

from dialogues.models import Domain
from portal.completeness import with_lacks
from portal.versions import content, drafts
from projects.completeness import CHECKS
from projects.models import Project
from tests.factories import make_dialogue, make_project, make_publication
from tests.portal.sheets.conftest import cells_of, written


@pytest.fixture
def project(jvap, make_initiative):
    project = make_project(published=True, title="Jobs for youth", dialogues=[jvap])
    project.domains.add(Domain.objects.get(number=1))
    project.initiatives.add(make_initiative("verified"))
    return project


def test_links_are_drafted_with_a_live_project(project, editor, reviewer):
    legal = Domain.objects.get(number=2)
    said = content.take(project)
    assert said["links"]["initiatives"] == [content.key_of(project.initiatives.get().pk)]
    said["links"]["domains"] = [content.key_of(legal.pk)]
    draft = drafts.save(project, said, by=editor)
    assert project.domains.get().number == 1, "visitors see what they saw"
    drafts.submit(draft, by=editor)
    drafts.publish(draft, by=reviewer)
    assert project.domains.get() == legal


def test_tables_name_the_domains_by_instrument_and_number(project):
    make_publication(title="Study").domains.add(project.domains.get())
    for name, title in (("projects", "Jobs for youth"), ("publications", "Study")):
        header, *lines = cells_of(written(name))
        row = next(dict(zip(header, line, strict=True)) for line in lines if title in line)
        assert row["domains"] == "plan/1"


def test_project_of_a_dialogue_with_domains_is_to_say_which_it_serves(project, jvap):
    checks = [one for one in CHECKS if one.name == "domains"]

    def lacks(one):
        return with_lacks(Project.objects.filter(pk=one.pk), checks).get().lacks_domains

    silent = make_project(dialogues=[jvap])
    assert lacks(silent)
    assert not lacks(project)
    assert not lacks(make_project(dialogues=[make_dialogue()])), "no domain of its dialogue is known"
    silent.domains.add(Domain.objects.get(number=2))
    assert not lacks(silent)
