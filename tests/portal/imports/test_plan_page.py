"""The page of an import: what it asks, what it says of names, and the way on from it."""

import re

import pytest

from portal.imports import keeping, planning, unknown
from portal.imports.entries import NEW, Entry, Found, Line, Names
from portal.models import Import, Organisation
from projects.models import Project
from publications.models import Publication, PublicationType
from tests.factories import make_organisation, make_publication


@pytest.fixture
def page_of(client):
    return lambda imported: client.get(f"/admin/portal/import/{imported.pk}/change/").content.decode()


@pytest.fixture
def unknown_donor(bring, client, editor):
    client.force_login(editor)
    return bring({"key": "a", "title_en": "Safe Routes", "donors": ["Ministry of Invented Affairs"]})


def test_pasted_text_is_not_called_by_its_number(client, editor):
    client.force_login(editor)
    sent = client.post("/admin/portal/import/add/?reader=test", {"text": "[]"})
    assert "<h1>pasted text</h1>" in client.get(sent.url).content.decode()


def test_what_could_not_be_read_leads_back_to_its_form(client, editor):
    client.force_login(editor)
    sent = client.post("/admin/portal/import/add/?reader=test", {"text": "no json"})
    assert 'href="/admin/portal/import/add/?reader=test"' in client.get(sent.url).content.decode()


def test_created_name_is_told_at_once_and_can_still_be_something_else(unknown_donor, client, page_of):
    other = make_organisation(name="Ministry of Foreign Affairs")
    url = f"/admin/portal/import/{unknown_donor.pk}/change/"
    page = client.post(url, {"_names": "1", f"name-{NEW}1": "create"}, follow=True).content.decode()
    assert "Created: “Ministry of Invented Affairs”." in page
    assert f'<option value="{other.pk}">' in page
    client.post(url, {"_names": "1", f"name-{NEW}1": str(other.pk)})
    assert Import.objects.get(pk=unknown_donor.pk).names[f"{NEW}1"]["pk"] == other.pk


@pytest.mark.parametrize("button", ["_names", "_again", "_carry_out"])
def test_what_a_name_stands_for_is_taken_whichever_button_is_pressed(unknown_donor, client, button):
    url = f"/admin/portal/import/{unknown_donor.pk}/change/"
    page = client.post(url, {button: "1", f"name-{NEW}1": "create"}, follow=True).content.decode()
    assert "Created: “Ministry of Invented Affairs”." in page
    assert ("Nothing is written yet" in page) == (button == "_carry_out")
    assert not Project.objects.exists()
    made = Organisation.objects.get()
    client.post(url, {"_carry_out": "1", f"name-{NEW}1": str(made.pk)})
    assert Project.objects.get().roles.get().organisation == made


def test_page_of_an_import_has_one_form(unknown_donor, page_of):
    page = page_of(unknown_donor)
    main = page[page.index('id="content-main"') :]
    assert main.count("<form") == 1
    for name in (f"name-{NEW}1", f"search-{NEW}1", "_names"):
        assert re.search(rf'<[^>]* name="{name}"[^>]* form="import_plan"', main), name


def test_discarding_says_first_what_is_lost(unknown_donor, page_of):
    folded = re.search(r"<details class=\"step-more\">(.*?)</details>", page_of(unknown_donor), re.DOTALL)[1]
    assert "with all that was chosen and corrected here" in folded
    assert 'name="_discard"' in folded
    assert page_of(unknown_donor).count('name="_discard"') == 1


def test_creating_is_not_offered_to_who_may_not(unknown_donor, client, editor, page_of):
    assert 'value="create"' in page_of(unknown_donor)
    add = editor.groups.get().permissions.get(codename="add_organisation")
    editor.groups.get().permissions.remove(add)
    assert 'value="create"' not in page_of(unknown_donor)


def test_where_a_choice_is_wrong_the_others_hold_and_nothing_is_brought_in(bring, client, editor):
    client.force_login(editor)
    imported = bring({"key": "a", "title_en": "Safe Routes", "donors": ["One Institute", "Two Institute"]})
    sent = {"_carry_out": "1", f"name-{NEW}1": "create", f"name-{NEW}2": "999999"}
    page = client.post(f"/admin/portal/import/{imported.pk}/change/", sent, follow=True).content.decode()
    assert Organisation.objects.filter(name_en="One Institute").exists()
    assert "Created: “One Institute”." in page
    assert "Choose one of the list for “Two Institute”." in page
    assert not Project.objects.exists()


def test_names_of_one_kind_are_compared_with_its_records_read_once(
    bring, client, editor, django_assert_max_num_queries
):
    client.force_login(editor)
    few, many = (
        bring({"key": "a", "title_en": "Safe Routes", "donors": [f"Institute {n}" for n in range(most)]})
        for most in (2, 12)
    )

    def queries(imported):
        with django_assert_max_num_queries(200) as told:
            client.get(f"/admin/portal/import/{imported.pk}/change/")
        return len(told)

    queries(few)
    assert queries(many) == queries(few)


def test_record_that_has_a_type_keeps_it_where_the_type_of_the_source_stands_for_nothing(editor, db):
    record = make_publication()
    names = Names()
    said = {"fields": {"type": names.new(PublicationType, "Report"), "doi": "10.1234/5"}, "links": {}, "rows": {}}
    imported = Import.objects.create(reader="test", by=editor)
    keeping.keep(imported, Found([Entry(Publication, said, [Line(1)], record=record)], names))
    step = planning.steps_of(imported, list(imported.targets.all()), judge=lambda subjects: None)[0]
    assert not step.subject.refusal
    assert step.subject.wanted["fields"]["type"] == record.type_id
    assert unknown.wanting(said, names.known, step.subject.shape) == ["Report"]


def test_list_of_imports_is_called_so(client, editor):
    client.force_login(editor)
    assert "<h1>Imports</h1>" in client.get("/admin/portal/import/").content.decode()


def test_page_speaks_of_unknown_names_only_where_there_are_some(bring, client, editor, page_of, unknown_donor):
    assert "Names the portal does not know" in page_of(unknown_donor)
    assert "Names the portal does not know" not in page_of(bring({"key": "b", "title_en": "Other Routes"}))


def test_same_file_read_twice_before_it_is_carried_out_is_not_made_twice(bring, carry, client, editor, page_of):
    first, second = bring({"key": "a", "title_en": "Safe Routes"}), bring({"key": "a", "title_en": "Safe Routes"})
    carry(first)
    client.force_login(editor)
    url = f"/admin/portal/import/{second.pk}/change/"
    page = client.post(url, {"_carry_out": "1"}, follow=True).content.decode()
    assert page.count("was brought in by another import") == 1
    assert Project.objects.count() == 1
    page = client.post(url, {"_again": "1"}, follow=True).content.decode()
    assert "was brought in by another import" not in page
    assert "Skip: nothing changes: 1" in page
