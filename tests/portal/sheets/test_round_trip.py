"""A list goes out, is edited, and comes back: what was edited changes, and nothing else."""

import pytest
from django.core.management import call_command

from portal.models import Draft, Organisation, Origin, Version
from portal.sheets import registry
from projects.models import Project
from tests.bringing import actions_of
from tests.factories import make_country, make_organisation, make_project, make_theme, publish
from tests.portal.sheets.conftest import cells_of, edited, problems, table, written


def test_everything_of_the_sample_comes_back_as_it_went_out(bring, administrator):
    call_command("load_sample", verbosity=0)
    for sheet in registry.all():
        name = sheet.name
        for format in ("csv", "xlsx"):
            imported = bring(name, written(name, format), by=administrator)
            assert imported.state == "read", (name, imported.problem)
            expected = {"skip"} if sheet.model.objects.exists() else set()
            assert set(actions_of(imported)) == expected, (name, problems(imported)[:5])


@pytest.fixture
def three(db):
    countries = [make_country("RS"), make_country("AL", "Albania")]
    donor = make_organisation(name="Sweden Aid")
    projects = [
        make_project(title=f"Project {n}", start="2016-10", countries=countries, donors=[donor]) for n in range(3)
    ]
    return projects


def test_three_edited_cells_change_three_values_and_nothing_else(client, bring, carry, editor, three):
    before = [Project.objects.filter(pk=one.pk).values().get() for one in three]
    sent = edited(written("projects"), title_en=(2, "Safer"), start=(3, "2017"), countries=(4, "RS"))
    imported = bring("projects", sent)
    assert actions_of(imported) == ["update"] * 3
    client.force_login(editor)
    page = client.get(f"/admin/portal/import/{imported.pk}/change/").content.decode()
    assert "3 values change" in page
    assert carry(imported) == {"create": 0, "update": 3}
    after = [Project.objects.filter(pk=one.pk).values().get() for one in three]
    changed = {
        (n, name)
        for n, (old, new) in enumerate(zip(before, after, strict=True))
        for name in old
        if old[name] != new[name] and name not in {"changed_at", "changed_by_id"}
    }
    assert changed == {(0, "title"), (1, "start"), (1, "start_first")}
    assert [one.iso2 for one in three[2].countries.all()] == ["RS"]
    assert three[2].roles.count() == 1


def test_untouched_row_writes_no_version(bring, carry, three):
    imported = bring("projects", edited(written("projects"), title_en=(2, "Safer")))
    assert actions_of(imported) == ["update", "skip", "skip"]
    versions = Version.objects.count()
    carry(imported)
    assert Version.objects.count() == versions + 2  # what was found, and what it became
    assert actions_of(bring("projects", written("projects"))) == ["skip"] * 3


def test_what_others_changed_since_the_export_stays(bring, carry, three):
    from portal.versions import history

    history.as_found(three[0])
    sent = edited(written("projects"), title_en=(2, "Safer"))
    three[0].acronym = "SAFE"
    three[0].save()
    imported = bring("projects", sent)
    assert actions_of(imported) == ["update", "skip", "skip"]
    carry(imported)
    three[0].refresh_from_db()
    assert (three[0].title, three[0].acronym) == ("Safer", "SAFE")


def test_what_both_changed_is_a_conflict(bring, three):
    from portal.versions import history

    history.as_found(three[0])
    sent = edited(written("projects"), title_en=(2, "Safer"))
    three[0].title_en = "Safest"
    three[0].save()
    assert actions_of(bring("projects", sent)) == ["conflict", "skip", "skip"]


def test_row_from_a_text_nobody_knows_is_a_conflict_where_it_differs_and_only_there(client, bring, editor, three):
    sent = edited(edited(written("projects"), version=(2, "v123456789abcdef")), version=(3, "v123456789abcdef"))
    imported = bring("projects", edited(sent, title_en=(2, "Safer"), donors=(2, "")))
    assert actions_of(imported) == ["conflict", "skip", "skip"]
    assert "what differs: Title, Organisations in the project." in imported.targets.first().refusal
    client.force_login(editor)
    page = client.get(f"/admin/portal/import/{imported.pk}/change/").content.decode()
    assert "Nobody knows the text this was written from" in page
    assert "Safer" in page


def test_row_taken_from_a_text_nobody_knows_is_not_written_with_the_others(bring, carry, three):
    sent = edited(edited(written("projects"), version=(2, "v123456789abcdef")), title_en=(2, "Safer"))
    carry(bring("projects", edited(sent, title_en=(3, "Other"))), leave_out=True)
    assert sorted(Project.objects.values_list("title", flat=True)) == ["Other", "Project 0", "Project 2"]


def test_sign_of_a_text_is_no_number_to_any_program(three):
    rows = cells_of(written("projects"))
    assert {row[rows[0].index("version")][0] for row in rows[1:]} == {"v"}


def test_live_record_gets_a_draft_and_the_next_export_holds_it(bring, carry, three):
    publish(three[0])
    carry(bring("projects", edited(written("projects"), title_en=(2, "Safer"))))
    three[0].refresh_from_db()
    assert three[0].title == "Project 0"
    assert Draft.objects.open().about(three[0]).get().version.content["fields"]["title_en"] == "Safer"
    again = written("projects")
    assert "Safer" in again.decode()
    assert actions_of(bring("projects", again)) == ["skip"] * 3


def test_donor_is_added_and_taken_away_and_the_other_keeps_its_share(bring, carry, three):
    other = make_organisation(name="Swiss Aid")
    role = three[0].roles.get()
    role.share = 40
    role.save()
    carry(bring("projects", edited(written("projects"), donors=(2, "sweden-aid; swiss-aid"))))
    assert {(one.organisation.name, one.share) for one in three[0].roles.all()} == {
        ("Sweden Aid", 40),
        (other.name, None),
    }
    carry(bring("projects", edited(written("projects"), donors=(2, "swiss-aid"))))
    assert [one.organisation for one in three[0].roles.all()] == [other]


def test_donor_is_taken_away_by_a_table_without_versions_too(bring, carry, three):
    make_organisation(name="Swiss Aid")
    for head, row in ((["id", "donors"], [str(three[0].pk), "swiss-aid"]), (["slug", "donors"], [three[1].slug, ""])):
        carry(bring("projects", table(head, row)))
    assert [str(role.organisation) for role in three[0].roles.all()] == ["Swiss Aid"]
    assert not three[1].roles.exists()


def test_emptied_cell_empties_the_value(bring, carry, three):
    carry(bring("projects", edited(written("projects"), start=(2, ""))))
    three[0].refresh_from_db()
    assert three[0].start is None


# Rows without an id


NEW = (
    ["title_en", "start", "countries", "themes", "donors"],
    ["Safe Routes", "2016-10", "RS; AL", "return", "Sweden Aid"],
)


@pytest.fixture
def ground(db):
    make_country("RS")
    make_country("AL", "Albania")
    make_theme(slug="return")


def test_new_row_becomes_a_draft_with_its_origin_once(bring, carry, ground):
    make_organisation(name="Sweden Aid")
    assert carry(bring("projects", table(*NEW))) == {"create": 1, "update": 0}
    project = Project.objects.get()
    assert (project.title, str(project.start), project.status) == ("Safe Routes", "2016-10", "draft")
    assert {one.iso2 for one in project.countries.all()} == {"RS", "AL"}
    assert [str(one.organisation) for one in project.roles.all()] == ["Sweden Aid"]
    assert Origin.objects.about(project).get().scheme == "sheet projects"
    versions = Version.objects.count()
    again = bring("projects", table(*NEW))
    assert actions_of(again) == ["skip"]
    carry(again)
    assert (Project.objects.count(), Version.objects.count()) == (1, versions)


def test_column_that_was_empty_then_and_now_takes_nothing_away(bring, carry, ground):
    sent = table(["title_en", "acronym", "end", "budget"], ["Safe Routes", "", "", ""])
    carry(bring("projects", sent))
    project = Project.objects.get()
    project.acronym, project.end = "SAFE", "2019"
    project.save()
    assert actions_of(bring("projects", sent)) == ["skip"]
    later = table(["title_en", "acronym", "end", "objective_en"], ["Safe Routes", "", "2018", ""])
    assert actions_of(bring("projects", later)) == ["conflict"]


def test_what_an_earlier_table_told_stays_told_though_a_later_one_lacks_its_columns(bring, carry, ground):
    make_organisation(name="Sweden Aid")
    make_organisation(name="Swiss Aid")
    head = ["title_en", "start", "donors", "implementing"]
    first = table(head, ["Safe Routes", "2016-10", "Sweden Aid", "Swiss Aid"])
    carry(bring("projects", first))
    carry(bring("projects", table(["title_en", "start", "implementing"], ["Safe Routes", "2016-10", "Swiss Aid"])))
    project = Project.objects.get()
    assert project.roles.count() == 2
    project.roles.get(role="donor").delete()
    assert actions_of(bring("projects", first)) == ["skip"]
    carry(bring("projects", table(head, ["Safe Routes", "2016-10", "Sweden Aid", ""])))
    assert not project.roles.exists()


def test_second_reading_changes_what_the_table_changed_and_keeps_what_an_editor_did(bring, carry, ground):
    make_organisation(name="Sweden Aid")
    carry(bring("projects", table(*NEW)))
    project = Project.objects.get()
    project.acronym, project.end = "SAFE", "2019"
    project.save()
    project.countries.add(make_country("TR", "Türkiye"))
    changed = [*NEW[1][:3], "", *NEW[1][4:]]
    assert actions_of(bring("projects", table(NEW[0], NEW[1]))) == ["skip"]
    carry(bring("projects", table(NEW[0], changed)))
    project.refresh_from_db()
    assert (project.acronym, str(project.end), project.themes.count()) == ("SAFE", "2019", 0)
    assert {one.iso2 for one in project.countries.all()} == {"RS", "AL", "TR"}


def test_organisation_the_portal_does_not_know_is_proposed_and_a_code_is_refused(bring, ground):
    imported = bring("projects", table(NEW[0], NEW[1], ["Other", "2017", "XX; Atlantis", "", ""]))
    assert {(one["model"], one["name"]) for one in imported.names.values()} == {("portal.organisation", "Sweden Aid")}
    assert problems(imported) == [(3, "countries", "There is no country “XX”.")]
    assert not Organisation.objects.exists()


def test_organisations_are_known_by_their_short_names(bring, carry, reviewer):
    make_organisation(name="Sweden Aid", slug="sweden-aid")
    imported = bring("organisations", table(["slug", "acronym"], ["sweden-aid", "SIDA"]), by=reviewer)
    assert actions_of(imported) == ["update"]
    carry(imported)
    assert Organisation.objects.get().acronym == "SIDA"


def test_address_is_not_changed_by_a_table(bring, three):
    imported = bring("projects", edited(written("projects"), slug=(2, "elsewhere")))
    assert problems(imported) == [(2, "slug", "The address is changed in the form only.")]


def test_key_that_is_none_and_record_that_is_gone_are_told(bring, three):
    sent = edited(edited(written("projects"), id=(2, "abc")), id=(3, "99999"))
    assert [(n, field) for n, field, _text in problems(bring("projects", sent))] == [(2, "id"), (3, "id")]


def test_two_rows_about_one_record_are_not_guessed_between(bring, three):
    rows = cells_of(written("projects"))
    assert actions_of(bring("projects", table(*rows, rows[1])))[-1] == "refuse"


def test_second_of_two_rows_about_one_record_is_left_out_and_the_first_is_written(bring, carry, three):
    rows = cells_of(edited(written("projects"), title_en=(2, "First")))
    second = [*rows[1]]
    second[rows[0].index("title_en")] = "Second"
    imported = bring("projects", table(*rows, second))
    assert actions_of(imported) == ["update", "skip", "skip", "refuse"]
    carry(imported, leave_out=True)
    three[0].refresh_from_db()
    assert three[0].title == "First"
