"""Something brought in from elsewhere: planned, agreed to, carried out whole or not at all, and recognised again."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from portal.imports import planning, unknown
from portal.imports.entries import Names
from portal.models import Draft, Import, Organisation, Origin, Version
from projects.models import Project
from tests.factories import make_organisation, publish

SAID = {"key": "a", "title_en": "Safe Routes", "start": "2016-10"}


def test_reading_writes_nothing(bring, actions):
    imported = bring(SAID)
    assert actions(imported) == ["create"]
    assert imported.state == "read"
    assert not Project.objects.exists()


def test_new_record_is_a_draft_with_its_origin(bring, carry, editor):
    imported = bring(SAID)
    assert carry(imported) == {"create": 1, "update": 0}
    project = Project.objects.get()
    assert (project.title, str(project.start), project.status, project.changed_by) == (
        "Safe Routes",
        "2016-10",
        "draft",
        editor,
    )
    origin = Origin.objects.about(project).get()
    assert (origin.scheme, origin.key, origin.imported) == ("test", "a", imported)
    assert Version.objects.about(project).get().verb == "import"
    assert imported.targets.get().object_id == str(project.pk)


def test_second_reading_changes_nothing(bring, carry, actions):
    carry(bring(SAID))
    versions = Version.objects.count()
    again = bring(SAID)
    assert actions(again) == ["skip"]
    assert carry(again) == {"create": 0, "update": 0}
    assert (Project.objects.count(), Version.objects.count()) == (1, versions)


def test_source_that_changed_changes_only_what_it_changed(bring, carry, actions):
    carry(bring(SAID))
    Project.objects.update(end="2019-03")
    project = Project.objects.get()
    project.title_en = "Safer Routes"
    project.save()
    again = bring(SAID | {"start": "2016-11"})
    assert actions(again) == ["update"]
    carry(again)
    project.refresh_from_db()
    assert (project.title, str(project.start), str(project.end)) == ("Safer Routes", "2016-11", "2019-03")


def test_what_both_changed_is_a_conflict_that_names_the_field(bring, carry, actions):
    carry(bring(SAID))
    project = Project.objects.get()
    project.title_en = "Safer Routes"
    project.save()
    again = bring(SAID | {"title_en": "Safest Routes"})
    assert actions(again) == ["conflict"]
    assert "Title" in again.targets.get().refusal
    with pytest.raises(ValidationError, match="cannot be brought in"):
        carry(again)
    assert carry(again, leave_out=True) == {"create": 0, "update": 0}
    assert Project.objects.get().title == "Safer Routes"


def test_column_left_out_once_and_said_again_does_not_undo_an_editor(bring, carry, actions):
    said = SAID | {"acronym": "SR"}
    carry(bring(said))
    carry(bring(SAID))
    Project.objects.update(acronym="SAFER")
    again = bring(said)
    assert actions(again) == ["skip"]
    carry(again)
    assert Project.objects.get().acronym == "SAFER"


def test_import_is_not_read_before_it_is_planned(bring, monkeypatch):
    def dies(*_args):
        raise RuntimeError

    monkeypatch.setattr(planning, "plan", dies)
    with pytest.raises(RuntimeError):
        bring(SAID)
    assert Import.objects.get().state == "waiting"


def test_live_record_gets_a_draft(bring, carry, editor):
    carry(bring(SAID))
    project = publish(Project.objects.get())
    again = bring(SAID | {"start": "2016-11"})
    assert again.targets.get().as_draft
    carry(again)
    project.refresh_from_db()
    assert str(project.start) == "2016-10"
    draft = Draft.objects.open().about(project).get()
    assert (draft.version.content["fields"]["start"], draft.changed_by) == ("2016-11", editor)


def test_reading_again_what_waits_in_a_draft_changes_nothing(bring, carry, actions):
    carry(bring(SAID))
    publish(Project.objects.get())
    carry(bring(SAID | {"start": "2016-11"}))
    assert actions(bring(SAID | {"start": "2016-11"})) == ["skip"]


def test_value_that_cannot_be_is_refused_with_its_field(bring, actions):
    imported = bring(SAID | {"start": "2016-13"}, SAID | {"key": "b", "title_en": ""})
    assert actions(imported) == ["refuse", "refuse"]
    first, second = imported.targets.all()
    assert "Start" in first.refusal
    assert "Title" in second.refusal or "This field" in second.refusal


def test_rule_that_a_record_with_rows_breaks_is_told_in_words(bring):
    donor = make_organisation(name="Sweden")
    imported = bring(SAID | {"end": "2015", "donors": [donor.name]})
    assert "The end lies before the start" in imported.targets.get().refusal


def test_one_bad_row_keeps_the_others_out_until_somebody_agrees(bring, carry):
    imported = bring(SAID, SAID | {"key": "b", "title_en": "Second", "problem": "It is torn."})
    with pytest.raises(ValidationError, match="cannot be brought in"):
        carry(imported)
    assert not Project.objects.exists()
    assert Import.objects.get(pk=imported.pk).state == "read"
    assert carry(imported, leave_out=True)["create"] == 1
    assert Project.objects.get().title == "Safe Routes"


def test_number_with_other_decimals_is_the_same_number(bring, carry, actions):
    carry(bring(SAID | {"budget": "12.5", "currency": "EUR"}))
    assert actions(bring(SAID | {"budget": "12.50", "currency": "EUR"})) == ["skip"]
    assert actions(bring(SAID | {"budget": "12.555", "currency": "EUR"})) == ["refuse"]


def test_two_entries_about_one_record_are_not_guessed_between(bring, actions):
    imported = bring(SAID, SAID | {"start": "2017"})
    assert actions(imported) == ["create", "refuse"]
    assert "same record" in imported.targets.last().refusal


def test_record_that_moved_since_it_was_shown_stops_everything(bring, carry):
    carry(bring(SAID))
    again = bring(SAID | {"start": "2016-11"}, SAID | {"key": "b", "title_en": "Second"})
    project = Project.objects.get()
    project.title_en = "Safer Routes"
    project.save()
    with pytest.raises(ValidationError, match="not as it was"):
        carry(again)
    assert Project.objects.count() == 1


def test_import_is_carried_out_once(bring, carry):
    imported = bring(SAID)
    carry(imported)
    with pytest.raises(ValidationError, match="not waiting"):
        carry(imported)
    assert Project.objects.count() == 1


def test_only_who_began_it_carries_it_out(bring, carry, reviewer):
    imported = bring(SAID)
    with pytest.raises(PermissionDenied):
        carry(imported, by=reviewer)


def test_who_may_not_add_brings_in_nothing_new(bring, colleague):
    imported = bring(SAID, by=colleague)
    assert imported.targets.get().refusal == "You may not add one."


def test_record_in_review_is_not_changed_by_an_editor(bring, carry, editor):
    carry(bring(SAID))
    Project.objects.get().submit(by=editor)
    assert "reviewed" in bring(SAID | {"start": "2016-11"}).targets.get().refusal


# Names


def test_unknown_name_is_proposed_and_left_out(bring, carry):
    imported = bring(SAID | {"donors": ["Sweden Aid"]})
    assert imported.names["new:1"]["name"] == "Sweden Aid"
    carry(imported)
    assert not Project.objects.get().roles.exists()
    assert not Organisation.objects.exists()


def test_name_met_again_later_keeps_its_key():
    names = Names({"new:1": {"model": "portal.organisation", "name": "Sweden Aid", "told": {}, "pk": None}})
    assert names.new(Organisation, "SWEDEN AID") == "new:1"
    assert names.new(Organisation, "Swiss") == "new:2"


def test_plan_without_unknown_names_does_not_speak_of_them(client, bring, editor):
    imported = bring(SAID)
    client.force_login(editor)
    page = client.get(f"/admin/portal/import/{imported.pk}/change/").content.decode()
    assert "Names the portal does not know" not in page


def test_name_that_is_created_or_chosen_stands_in_the_record(bring, carry, replan, editor):
    known = make_organisation(name="Switzerland")
    imported = bring(SAID | {"donors": ["Sweden Aid", "Swiss"]})
    unknown.create(imported, "new:1", by=editor)
    unknown.choose(imported, "new:2", known)
    replan(imported)
    carry(imported)
    assert {str(role.organisation) for role in Project.objects.get().roles.all()} == {"Sweden Aid", str(known)}


def test_choice_for_a_name_holds_the_next_time(bring, carry, replan, actions):
    known = make_organisation(name="Switzerland")
    said = SAID | {"donors": ["Swiss"]}
    imported = bring(said)
    unknown.choose(imported, "new:1", known)
    replan(imported)
    carry(imported)
    again = bring(said)
    assert again.names["new:1"]["pk"] == known.pk
    assert actions(again) == ["skip"]


def test_row_the_source_no_longer_names_goes_and_one_of_an_editor_stays(bring, carry):
    first, second, own = (make_organisation(name=name) for name in "ABC")
    carry(bring(SAID | {"donors": [first.name, second.name]}))
    project = Project.objects.get()
    project.roles.create(organisation=own, role="donor")
    imported = bring(SAID | {"donors": [second.name]})
    assert not imported.targets.get().refusal
    carry(imported)
    assert {role.organisation for role in project.roles.all()} == {second, own}


# On the page


def test_page_says_how_many_values_change(client, bring, carry, editor):
    donors = [make_organisation(name=name).name for name in "AB"]
    carry(bring(SAID | {"donors": donors[:1]}, SAID | {"key": "b", "title_en": "Second"}))
    imported = bring(
        SAID | {"start": "2017", "end": "2019", "donors": donors}, SAID | {"key": "b", "title_en": "Second"}
    )
    client.force_login(editor)
    assert "3 values change." in client.get(f"/admin/portal/import/{imported.pk}/change/").content.decode()


def test_editor_pastes_looks_and_agrees(client, editor):
    client.force_login(editor)
    form = client.get("/admin/portal/import/add/")
    assert "Projects as JSON" in form.content.decode()
    sent = client.post("/admin/portal/import/add/?reader=test", {"text": '[{"key": "a", "title_en": "Safe Routes"}]'})
    page = client.get(sent.url).content.decode()
    assert "Safe Routes" in page
    assert "Create: 1" in page
    done = client.post(sent.url, {"_carry_out": "1"}, follow=True).content.decode()
    assert "Carried out." in done
    project = Project.objects.get()
    assert f"/admin/projects/project/{project.pk}/change/" in done


def test_what_cannot_be_read_says_why(client, editor):
    client.force_login(editor)
    sent = client.post("/admin/portal/import/add/?reader=test", {"text": "nonsense"})
    assert "This is no JSON." in client.get(sent.url).content.decode()


def test_page_shows_what_changes_and_who_else_looks_cannot_decide(client, bring, carry, editor, reviewer):
    carry(bring(SAID))
    imported = bring(SAID | {"start": "2016-11"})
    url = f"/admin/portal/import/{imported.pk}/change/"
    client.force_login(editor)
    page = client.get(url).content.decode()
    assert "October 2016" in page
    assert "November 2016" in page
    client.force_login(reviewer)
    assert "_carry_out" not in client.get(url).content.decode()
    assert client.post(url, {"_carry_out": "1"}).status_code == 403


def test_discarded_import_forgets_what_it_read(client, bring, editor):
    imported = bring(SAID)
    client.force_login(editor)
    client.post(f"/admin/portal/import/{imported.pk}/change/", {"_discard": "1"})
    imported.refresh_from_db()
    assert (imported.state, imported.file, imported.targets.count()) == ("discarded", None, 0)
    client.post(f"/admin/portal/import/{imported.pk}/change/", {"_carry_out": "1"})
    assert not Project.objects.exists()


def test_plan_of_many_rows_costs_no_more_queries_on_a_page_than_of_few(
    client, bring, editor, django_assert_max_num_queries
):
    imported = bring(*(SAID | {"key": str(n), "title_en": f"Project {n}"} for n in range(60)))
    client.force_login(editor)
    with django_assert_max_num_queries(25):
        client.get(f"/admin/portal/import/{imported.pk}/change/?action=create")


def test_front_page_leads_to_importing_and_to_what_waits(client, bring, carry, editor):
    imported = bring(SAID)
    client.force_login(editor)
    page = client.get("/admin/").content.decode()
    assert "/admin/portal/import/add/" in page
    assert "Your imports that wait for you" in page
    carry(imported)
    assert "Your imports that wait for you" not in client.get("/admin/").content.decode()
