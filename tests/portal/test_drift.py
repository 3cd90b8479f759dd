"""Names that have probably drifted: what is suggested, what is not, and what people settle."""

import json

import pytest
from django.conf import settings

from portal import drift
from portal.models import AuditEntry, OrganisationName, SettledName, Term
from portal.thesaurus import load
from projects.models import Project, ProjectName, Result
from tests.factories import make_country, make_dialogue, make_organisation, make_project, make_publication


def pairs(user):
    return {(one.form, one.near) for one in drift.suggestions(user)}


def test_misspelt_acronym_in_prose_is_suggested_with_its_place_and_its_owner(editor):
    city = make_project(title="City to city", acronym="MC2CM")
    other = make_project(title="Another", summary="<p>It builds on <em>MC2MC</em> and its cities.</p>")
    found = drift.suggestions(editor)
    assert [(one.form, one.near) for one in found] == [("MC2MC", "MC2CM")]
    assert found[0].owners == [drift.Owner("projects.project", city.pk)]
    assert [(place.owner.key, place.excerpt) for place in found[0].places] == [
        (other.pk, "It builds on MC2MC and its cities.")
    ]


def test_every_column_that_readers_read_is_looked_through(editor):
    make_project(title="Platform", acronym="ADEPT")
    row = make_project(title="With results")
    Result.objects.create(project=row, title="Support to AEDPT")
    make_publication(title="A study", abstract="Of the AEDPT.")
    make_dialogue(title="Talks", purpose="With AEDPT.")
    (found,) = drift.suggestions(editor)
    assert {place.owner.model for place in found.places} == {
        "projects.project", "publications.publication", "dialogues.dialogue",
    }  # fmt: skip


def test_word_that_ran_into_an_acronym_is_told(editor):
    make_project(title="Platform", acronym="ADEPT", summary="<p>The ADEPTwill open. Its ADEPTs know.</p>")
    assert pairs(editor) == {("ADEPTwill", "ADEPT")}


def test_recorded_names_codes_and_terms_are_nobodys_slip(editor):
    project = make_project(title="Platform", acronym="ADEPT", objective="Once AEDPT. Of DEPT and ADAPT.")
    ProjectName.objects.create(project=project, name="AEDPT", kind="misprint")
    make_organisation("Department", acronym="DEPT")
    concept = next(load())[0]
    Term.objects.create(concept=concept, language="en", label="ADAPT", kind="acronym")
    OrganisationName.objects.create(organisation=make_organisation(), name="ADEP")
    found = pairs(editor)
    assert not [one for one in found if "AEDPT" in one and "ADEPT" in one]
    assert ("ADAPT", "ADEPT") not in found


def test_acronyms_of_two_records_a_slip_apart_are_suggested_once(editor):
    make_project(title="Second phase of cities", acronym="MC2MC phase II")
    make_project(title="Third phase of towns", acronym="MC2CM phase III")
    assert pairs(editor) == {("MC2CM", "MC2MC")}


def test_phases_are_no_drift_and_neither_are_two_states(editor):
    make_country("AT", "Austria"), make_country("AU", "Australia")
    for title in ("Return support I", "Return support II", "Support for Austria now", "Support for Australia now"):
        make_project(title=title)
    make_project(title="Study of law")
    make_publication(title="Study of law")
    assert pairs(editor) == set()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ministry of Interior of Lampland", "Ministry of the Interior of Lampland"),
        ("Lampland Centre for Migration Studies", "Lampland Center for Migration Studies"),
        ("Lampland Lighthouse Office", "Lampland Lighthouse Offices"),
        ("Authority, Lighthouse, of Lampland", "Lampland Lighthouse Authority"),
    ],
)
def test_organisations_that_differ_in_small_things_are_suggested(editor, one, other):
    make_organisation(one), make_organisation(other)
    assert {frozenset(pair) for pair in pairs(editor)} == {frozenset((one, other))}


def test_merged_organisation_is_nobodys_double(editor):
    survivor = make_organisation("Lampland Lighthouse Office")
    make_organisation("Lampland Light-house Office", merged_into=survivor)
    assert pairs(editor) == set()


def test_drafts_are_suggested_to_those_alone_who_see_them(editor, colleague):
    make_project(title="City", acronym="MC2CM", published=True)
    make_project(title="Draft on MC2MC")
    assert pairs(editor) == {("MC2MC", "MC2CM")}
    assert pairs(colleague) == set()


def test_names_of_the_facts_as_they_were_printed_are_found(editor):
    """The two model cases, with the spellings of the sources put where an editor would have typed them."""
    facts = json.loads((settings.BASE_DIR / "projects" / "data" / "projects.json").read_text())
    printed = {"AEDPT": "ADEPT", "MC2MC phase II": "MC2CM phase II"}
    for project in facts["projects"] if isinstance(facts, dict) else facts:
        names = {one["name"] for one in project.get("names", ())}
        wrong = next((name for name in names if name in printed), "")
        make_project(title=project["title"], acronym=project.get("acronym") or "", summary=f"<p>{wrong}</p>")
    assert ("MC2MC", "MC2CM") in pairs(editor)
    assert ("AEDPT", "ADEPT") in pairs(editor)
    assert len(pairs(editor)) <= 6, "what is not sensible drowns what is"


@pytest.fixture
def desk(client, editor):
    make_project(title="City to city", acronym="MC2CM")
    make_project(title="Another", summary="<p>It builds on MC2MC.</p>")
    client.force_login(editor)
    return client


def test_report_leads_to_the_box_for_other_names(desk):
    page = desk.get("/staff/names/").content.decode()
    city = Project.objects.get(acronym="MC2CM")
    assert f'/admin/projects/project/{city.pk}/change/#other_names-group" dir="auto">City to city</a>' in page
    assert "It builds on MC2MC." in page


def test_settled_pair_is_not_suggested_again_until_it_is_reopened(desk, editor):
    asked = {"form": "MC2MC", "near": "MC2CM", "note": "two\nnetworks"}
    assert desk.post("/staff/names/settle/", asked).status_code == 302
    settled = SettledName.objects.get()
    assert (settled.one, settled.other, settled.note, settled.by) == ("mc2cm", "mc2mc", "two networks", editor)
    page = desk.get("/staff/names/")
    assert not page.context["shown"]
    assert "two networks" in page.content.decode()
    desk.post("/staff/names/settle/", asked)
    assert AuditEntry.objects.filter(verb="settle").count() == 1
    desk.post(f"/staff/names/{settled.pk}/reopen/")
    assert len(desk.get("/staff/names/").context["shown"]) == 1
    assert set(AuditEntry.objects.values_list("verb", flat=True)) >= {"settle", "reopen"}


def test_nothing_is_settled_that_is_not_suggested(desk):
    desk.post("/staff/names/settle/", {"form": "LAMP", "near": "LAPM"})
    assert not SettledName.objects.exists()


def test_colleagues_who_do_not_edit_settle_nothing(client, colleague):
    make_project(title="City", acronym="MC2CM", published=True)
    make_project(title="Built on MC2MC", published=True)
    client.force_login(colleague)
    page = client.get("/staff/names/").content.decode()
    assert "MC2MC" in page
    assert "/staff/names/settle/" not in page
    assert "/admin/" not in page
    assert client.post("/staff/names/settle/", {"form": "MC2MC", "near": "MC2CM"}).status_code == 403


def test_settled_titles_of_drafts_are_not_told_to_colleagues_who_do_not_edit(desk, colleague):
    for title in ("Secret Migration Corridor Initiative", "Secret Migration Coridor Initiative"):
        make_project(title=title)
    one = desk.get("/staff/names/").context["shown"][0].suggestion
    desk.post("/staff/names/settle/", {"form": one.form, "near": one.near})
    assert "Secret Migration" in desk.get("/staff/names/").content.decode()
    desk.force_login(colleague)
    assert "Secret Migration" not in desk.get("/staff/names/").content.decode()


def test_what_was_typed_is_escaped(desk):
    make_project(title='<b onmouseover="x">MC2MC</b>')
    assert "<b onmouseover" not in desk.get("/staff/names/").content.decode()


def test_number_of_queries_does_not_grow_with_records(desk, django_assert_max_num_queries):
    with django_assert_max_num_queries(60) as few:
        desk.get("/staff/names/")
    for n in range(12):
        make_project(title=f"More on MC2MC {n}")
        make_publication(title=f"Study of MC2MC {n}", published=True)
        make_dialogue(title=f"Talks {n}", acronym=f"TALK{n}")
    with django_assert_max_num_queries(len(few) + 2):
        desk.get("/staff/names/")
