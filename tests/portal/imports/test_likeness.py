"""An entry that may be about a record the portal has: nothing is written before a person has said whether it is."""

import pytest

from portal.imports import likeness, readers
from portal.imports.entries import Likeness
from portal.models import Origin
from projects.models import Project
from tests.factories import make_organisation, make_project
from tests.portal.imports.conftest import read

SAID = {"key": "a", "title_en": "Safe Routes", "start": "2016-10"}


@pytest.fixture(autouse=True)
def reader_that_asks(reader, monkeypatch):
    """Asks about projects of the same title; is sure of those that end with an exclamation mark."""

    def ask(imported):
        found = read(imported)
        for entry in found.entries:
            title = entry.said["fields"]["title_en"]
            for project in Project.objects.filter(title_en=title).order_by("pk"):
                entry.likely.append(Likeness(project, "Same title", is_sure=title.endswith("!")))
        return found

    own = readers.Reader("test", "Projects as JSON", "test", (Project,), ask, accepts=("json",), is_pasted=True)
    monkeypatch.setitem(readers._readers, "test", own)


def test_entry_that_may_be_a_known_record_is_a_conflict_until_somebody_decides(bring, carry, actions):
    make_project(title="Safe Routes")
    imported = bring(SAID)
    assert actions(imported) == ["conflict"]
    assert "say whether it is" in imported.targets.get().refusal
    assert carry(imported, leave_out=True) == {"create": 0, "update": 0}
    assert Project.objects.count() == 1


def test_record_that_was_chosen_is_filled_and_recognised_the_next_time(bring, carry, replan, actions):
    project = make_project(title="Safe Routes", start=None)
    imported = bring(SAID)
    likeness.choose(imported.targets.get(), str(project.pk))
    replan(imported)
    assert actions(imported) == ["update"]
    carry(imported)
    project.refresh_from_db()
    assert (str(project.start), Project.objects.count()) == ("2016-10", 1)
    assert Origin.objects.about(project).get().key == "a"
    assert actions(bring(SAID)) == ["skip"]


def test_what_is_filled_in_here_stays_and_is_told(bring, carry, replan, actions, client, editor):
    own = make_organisation(name="Own")
    project = make_project(title="Safe Routes", start="2015")
    project.roles.create(organisation=own, role="donor")
    other = make_organisation(name="Other")
    imported = bring(SAID | {"donors": [other.name]})
    likeness.choose(imported.targets.get(), str(project.pk))
    replan(imported)
    client.force_login(editor)
    page = client.get(f"/admin/portal/import/{imported.pk}/change/").content.decode()
    assert "although the source says another thing: Start" in page
    carry(imported)
    project.refresh_from_db()
    assert str(project.start) == "2015"


def test_said_to_be_new_it_becomes_a_record_of_its_own(bring, carry, replan):
    make_project(title="Safe Routes")
    imported = bring(SAID)
    likeness.choose(imported.targets.get(), likeness.NEW)
    replan(imported)
    assert carry(imported)["create"] == 1
    assert Project.objects.count() == 2


def test_reader_that_is_sure_asks_nobody_and_can_be_told_otherwise(bring, actions, replan):
    project = make_project(title="Routes!", start=None)
    imported = bring(SAID | {"title_en": "Routes!"})
    assert actions(imported) == ["update"]
    assert imported.targets.get().object_id == str(project.pk)
    likeness.choose(imported.targets.get(), likeness.NEW)
    replan(imported)
    assert actions(imported) == ["create"]


def test_sure_of_two_records_at_once_is_a_question(bring, actions):
    make_project(title="Routes!")
    make_project(title="Routes!")
    assert actions(bring(SAID | {"title_en": "Routes!"})) == ["conflict"]


def test_two_entries_taken_for_one_record_are_not_both_written(bring, replan, actions):
    project = make_project(title="Safe Routes", start=None)
    imported = bring(SAID, SAID | {"key": "b"})
    for target in imported.targets.all():
        likeness.choose(target, str(project.pk))
    replan(imported)
    assert actions(imported) == ["update", "refuse"]


def test_nothing_but_what_was_asked_can_be_chosen(bring):
    make_project(title="Safe Routes")
    other = make_project(title="Other")
    target = bring(SAID).targets.get()
    with pytest.raises(ValueError, match="none of them"):
        likeness.choose(target, str(other.pk))


def test_row_that_somebody_here_has_entered_is_not_written_twice(bring, carry, actions):
    donor = make_organisation(name="Sweden")
    carry(bring(SAID))
    project = Project.objects.get()
    project.roles.create(organisation=donor, role="donor")
    imported = bring(SAID | {"donors": [donor.name]})
    assert actions(imported) == ["skip"]
    carry(imported)
    assert project.roles.count() == 1


# On the page


def test_editor_answers_on_the_page(client, bring, editor):
    project = make_project(title="Safe Routes", start=None)
    imported = bring(SAID, SAID | {"key": "b", "title_en": "Second"})
    url = f"/admin/portal/import/{imported.pk}/change/"
    client.force_login(editor)
    page = client.get(url).content.decode()
    target = imported.targets.first()
    assert f'name="same-{target.pk}" value="{project.pk}" form="import_plan"' in page
    assert page.count("Is it one of these?") == 1
    client.post(url, {"_likeness": "these", f"same-{target.pk}": "nonsense"})
    assert "Choose one of the list" in client.get(url).content.decode()
    page = client.post(url, {"_likeness": "these", f"same-{target.pk}": str(project.pk)}, follow=True).content.decode()
    assert f'value="{project.pk}" form="import_plan" checked' in page
    assert "Update: 1" in page


@pytest.mark.parametrize(("button", "actions_then"), [("same", ["update", "conflict"]), ("new", ["create", "create"])])
def test_all_are_answered_at_once_where_that_is_possible(client, bring, editor, actions, button, actions_then):
    make_project(title="Safe Routes", start=None)
    make_project(title="Double")
    make_project(title="Double")
    imported = bring(SAID, SAID | {"key": "b", "title_en": "Double"})
    client.force_login(editor)
    client.post(f"/admin/portal/import/{imported.pk}/change/", {"_likeness": button})
    assert actions(imported) == actions_then


def test_answers_are_not_lost_whichever_button_is_pressed(client, bring, editor, actions):
    make_project(title="Safe Routes", start=None)
    make_project(title="Double")
    imported = bring(SAID, SAID | {"key": "b", "title_en": "Double"})
    url = f"/admin/portal/import/{imported.pk}/change/"
    one, two = imported.targets.order_by("position")
    client.force_login(editor)
    client.post(url, {"_likeness": "same", f"same-{one.pk}": "new"})
    assert actions(imported) == ["create", "update"]
    sent = {"_carry_out": "1", f"same-{one.pk}": "new", f"same-{two.pk}": "new"}
    assert "your choices were taken" in client.post(url, sent, follow=True).content.decode()
    assert actions(imported) == ["create", "create"]
    assert Project.objects.count() == 2
    client.post(url, sent)
    assert Project.objects.count() == 4


def test_answers_of_somebody_else_are_refused(client, bring, reviewer):
    make_project(title="Safe Routes")
    imported = bring(SAID)
    client.force_login(reviewer)
    url = f"/admin/portal/import/{imported.pk}/change/"
    assert client.post(url, {"_likeness": "new"}).status_code == 403
    assert "disabled" in client.get(url).content.decode()


def test_page_of_many_questions_costs_no_more_queries(client, bring, editor, django_assert_max_num_queries):
    for n in range(30):
        make_project(title=f"Project {n}")
    imported = bring(*(SAID | {"key": str(n), "title_en": f"Project {n}"} for n in range(30)))
    client.force_login(editor)
    with django_assert_max_num_queries(26):
        client.get(f"/admin/portal/import/{imported.pk}/change/")
