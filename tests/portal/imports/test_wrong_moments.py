"""Imports at the wrong time, with choices nobody offered, with what is no character: refused in words, nothing public."""

import json

import pytest
from django.core.exceptions import ValidationError

from portal.imports import carrying_out
from portal.models import Draft, Import, Organisation
from projects.models import Project
from tests.factories import make_organisation, make_project, publish

SAID = {"key": "a", "title_en": "Safe Routes", "start": "2016-10"}
ADD = "/admin/portal/import/add/"


def page_of(imported):
    return f"/admin/portal/import/{imported.pk}/change/"


@pytest.fixture
def live(bring, carry):
    """A project that an import made and somebody else published."""
    carry(bring(SAID))
    return publish(Project.objects.get())


@pytest.fixture
def seen(client, live):
    """What visitors get; asked by a browser without a session."""
    return lambda: client.__class__().get(live.get_absolute_url()).content


def test_address_that_another_project_has_is_refused(bring, carry):
    make_project(title="First", slug="first")
    imported = bring(SAID | {"slug": "first"})
    with pytest.raises(ValidationError):
        carry(imported)
    assert Project.objects.count() == 1


def test_record_that_went_live_after_the_plan_is_not_changed_at_once(bring, carry):
    carry(bring(SAID))
    again = bring(SAID | {"title_en": "Owned"})
    publish(Project.objects.get())
    with pytest.raises(ValidationError, match="not as it was"):
        carry(again)
    assert Project.objects.get().title == "Safe Routes"


def test_record_that_went_to_review_after_the_plan_is_not_changed(bring, carry, editor):
    carry(bring(SAID))
    again = bring(SAID | {"title_en": "Owned"})
    Project.objects.get().submit(by=editor)
    with pytest.raises(ValidationError):
        carry(again)
    assert Project.objects.get().title == "Safe Routes"


@pytest.mark.parametrize("state", ["discarded", "failed", "done", "waiting"])
@pytest.mark.parametrize("act", ["_carry_out", "_names", "_again"])
def test_import_that_is_not_to_be_decided_stays_as_it_is(client, bring, editor, state, act):
    imported = bring(SAID | {"donors": ["New Agency"]})
    Import.objects.filter(pk=imported.pk).update(state=state)
    client.force_login(editor)
    client.post(page_of(imported), {act: "1", "leave_out": "1", "name-new:1": "create"})
    imported.refresh_from_db()
    assert (imported.state, Project.objects.count(), Organisation.objects.count()) == (state, 0, 0)


def test_looking_at_an_import_decides_nothing(client, bring, editor):
    imported = bring(SAID)
    client.force_login(editor)
    client.get(page_of(imported), {"_carry_out": "1", "_discard": "1"})
    imported.refresh_from_db()
    assert (imported.state, Project.objects.exists()) == ("read", False)


@pytest.mark.parametrize(
    "wanted", ["²", "٣", "9" * 400, "-1", "0", "new:1", "1 OR 1=1", "\x00", "00000000-0000-4000-8000-000000000002"]
)
def test_choice_that_was_not_offered_is_refused(client, bring, editor, wanted):
    imported = bring(SAID | {"donors": ["New Agency"]})
    client.force_login(editor)
    assert client.post(page_of(imported), {"_names": "1", "name-new:1": wanted}).status_code == 302
    imported.refresh_from_db()
    assert imported.names["new:1"]["pk"] is None


def test_name_that_is_not_in_the_import_is_not_created(client, bring, editor):
    imported = bring(SAID)
    client.force_login(editor)
    client.post(page_of(imported), {"_names": "1", "name-new:7": "create", "name-x": "create"})
    assert not Organisation.objects.exists()


def test_choice_for_a_name_does_not_change_what_is_live(client, bring, live, seen, editor):
    before = seen()
    known = make_organisation(name="Known")
    imported = bring(SAID | {"donors": ["New Agency"]})
    client.force_login(editor)
    client.post(page_of(imported), {"_names": "1", "name-new:1": str(known.pk)})
    client.post(page_of(imported), {"_carry_out": "1"})
    assert seen() == before
    assert Draft.objects.open().about(live).exists()


def test_leaving_out_does_not_bring_in_what_was_refused(client, bring, live, seen, editor):
    before = seen()
    imported = bring(SAID | {"title_en": ""}, SAID | {"key": "b", "title_en": "Other", "problem": "Torn."})
    client.force_login(editor)
    client.post(page_of(imported), {"_carry_out": "1", "leave_out": "1"})
    assert seen() == before
    assert Project.objects.count() == 1


@pytest.mark.parametrize("where", ["title_en", "key"])
@pytest.mark.parametrize("sign", ["\x00", "\ud800"])
def test_what_is_no_character_is_told_with_its_row(client, editor, where, sign):
    client.force_login(editor)
    sent = client.post(f"{ADD}?reader=test", {"text": json.dumps([SAID | {"key": "b"}, SAID | {where: f"A{sign}B"}])})
    page = client.get(sent.url).content.decode()
    assert "holds a character that is none" in page
    assert "Row 2" in page
    assert Import.objects.get().state == "failed"


@pytest.mark.parametrize("query", ["p=999999", "p=-1", "p=x", "action=x", f"action={'x' * 3000}"])
def test_odd_addresses_of_the_page_show_the_page(client, bring, editor, query):
    client.force_login(editor)
    assert client.get(f"{page_of(bring(SAID))}?{query}").status_code == 200


@pytest.mark.parametrize("key", ["x", "%00", "00000000-0000-4000-8000-000000000002", "1' OR '1'='1"])
def test_import_that_is_not_there_is_not_found(client, editor, key):
    client.force_login(editor)
    assert client.get(f"/admin/portal/import/{key}/change/").status_code in (302, 400, 404)


def dies(*_args, **_kwargs):
    raise RuntimeError("of ours")


def test_program_that_fails_at_reading_says_so(client, editor, monkeypatch, caplog):
    monkeypatch.setattr(carrying_out, "read", dies)
    client.force_login(editor)
    client.post(f"{ADD}?reader=test", {"text": json.dumps([SAID])})
    imported = Import.objects.get()
    assert (imported.state, "the program failed at it" in imported.problem) == ("failed", True)
    assert "of ours" in caplog.text


def test_program_that_fails_at_carrying_out_leaves_the_import_open_and_says_so(
    client, bring, editor, monkeypatch, caplog
):
    imported = bring(SAID)
    monkeypatch.setattr(carrying_out, "carry_out", dies)
    client.force_login(editor)
    client.post(page_of(imported), {"_carry_out": "1"})
    imported.refresh_from_db()
    assert (imported.state, "the program failed at it" in imported.problem) == ("read", True)
    assert "of ours" in caplog.text
    assert not Project.objects.exists()
