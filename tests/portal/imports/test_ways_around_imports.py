"""Ways to bring in what one may not: none publishes, none changes what is live, none writes for somebody else."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.admin.imports import forms
from portal.models import Draft, Import, Organisation
from portal.versions.content import digest, take
from projects.models import Project
from tests.factories import make_organisation, make_project, publish

ADD = "/admin/portal/import/add/?reader=test"


def address(imported):
    return f"/admin/portal/import/{imported.pk}/change/"


@pytest.fixture
def pasted(client):
    """Somebody pastes a text; the answer of the form, and the import if there is one."""

    def do(text, by):
        client.force_login(by)
        response = client.post(ADD, {"text": text})
        return response, Import.objects.order_by("at").last()

    return do


def test_state_author_and_times_are_no_part_of_what_is_said(bring, carry):
    smuggled = {"status": "published", "published_at": "2020-01-01", "approved_by": 1, "submitted_by": 1, "id": 77}
    carry(bring({"key": "a", "title_en": "Safe Routes"} | smuggled))
    project = Project.objects.get()
    assert (project.status, project.published_at, project.approved_by, project.submitted_by) == (
        "draft",
        None,
        None,
        None,
    )


def test_live_record_stays_as_visitors_see_it(bring, carry, client):
    carry(bring({"key": "a", "title_en": "Safe Routes", "summary_en": "<p>One</p>"}))
    project = publish(Project.objects.get())
    before, page = digest(take(project)), client.get(project.get_absolute_url()).content
    carry(bring({"key": "a", "title_en": "Broken Routes", "summary_en": "<p>Two</p>"}))
    assert digest(take(project)) == before
    assert client.get(project.get_absolute_url()).content == page
    assert Draft.objects.open().about(project).get().status == "writing"


def test_reviewer_who_imports_into_a_live_record_does_not_publish_alone(bring, carry, reviewer):
    carry(bring({"key": "a", "title_en": "Safe Routes"}))
    project = publish(Project.objects.get())
    carry(bring({"key": "a", "title_en": "Broken Routes"}, by=reviewer))
    project.refresh_from_db()
    assert project.title == "Safe Routes"
    assert Draft.objects.open().about(project).get().approved_by is None


def test_approved_draft_is_not_written_over(bring, carry, editor, reviewer):
    import datetime

    from django.utils import timezone

    from portal.versions import drafts

    carry(bring({"key": "a", "title_en": "Safe Routes"}))
    project = publish(Project.objects.get())
    carry(bring({"key": "a", "title_en": "Approved Routes"}))
    draft = drafts.open_draft(project)
    drafts.submit(draft, by=editor)
    drafts.publish(draft, by=reviewer, at=timezone.now() + datetime.timedelta(days=1))
    imported = bring({"key": "a", "title_en": "Other Routes"})
    assert "take it back" in imported.targets.get().refusal
    carry(imported, leave_out=True)
    assert drafts.open_draft(project).version.content["fields"]["title_en"] == "Approved Routes"


def test_import_of_somebody_else_is_looked_at_and_not_touched(client, bring, reviewer, administrator):
    imported = bring({"key": "a", "title_en": "Safe Routes", "donors": ["Sweden Aid"]})
    for other in (reviewer, administrator):
        client.force_login(other)
        assert client.get(address(imported)).status_code == 200
        for button in ("_carry_out", "_discard", "_again", "_names", "_likeness"):
            assert client.post(address(imported), {button: "1", "name-new:1": "create"}).status_code == 403
    imported.refresh_from_db()
    assert imported.state == "read"
    assert not Project.objects.exists()
    assert not Organisation.objects.exists()


def test_staff_who_do_not_edit_and_visitors_see_no_import(client, bring, colleague):
    imported = bring({"key": "a", "title_en": "Safe Routes"})
    for url in (ADD, address(imported), "/admin/portal/import/"):
        assert client.get(url).status_code == 302
    client.force_login(colleague)
    for url in (ADD, address(imported), "/admin/portal/import/"):
        assert client.get(url).status_code in {302, 403}


def test_name_is_not_given_to_a_record_of_another_kind_or_none(client, bring, editor):
    imported = bring({"key": "a", "title_en": "Safe Routes", "donors": ["Sweden Aid"]})
    client.force_login(editor)
    for value in ("999999", "-1", "new:1", "1 OR 1=1", "\x00"):
        client.post(address(imported), {"_names": "1", "name-new:1": value})
        imported.refresh_from_db()
        assert imported.names["new:1"]["pk"] is None, value


def test_name_is_created_once_however_often_it_is_sent(client, bring, editor):
    imported = bring({"key": "a", "title_en": "Safe Routes", "donors": ["Sweden Aid"]})
    client.force_login(editor)
    for _ in range(2):
        client.post(address(imported), {"_names": "1", "name-new:1": "create"})
    assert Organisation.objects.get().name == "Sweden Aid"


def test_carrying_out_twice_writes_once(client, bring, editor):
    imported = bring({"key": "a", "title_en": "Safe Routes"})
    client.force_login(editor)
    for _ in range(2):
        assert client.post(address(imported), {"_carry_out": "1"}).status_code == 302
    assert Project.objects.count() == 1


def test_discarded_import_is_not_carried_out(client, bring, editor):
    imported = bring({"key": "a", "title_en": "Safe Routes"})
    client.force_login(editor)
    client.post(address(imported), {"_discard": "1"})
    for button in ("_carry_out", "_again", "_names"):
        client.post(address(imported), {button: "1", "leave_out": "1"})
    assert not Project.objects.exists()


def test_plan_that_was_tampered_with_in_the_database_is_not_what_was_shown(bring, carry):
    from django.core.exceptions import ValidationError

    imported = bring({"key": "a", "title_en": "Safe Routes"})
    target = imported.targets.get()
    target.said["fields"]["title_en"] = "Something else"
    target.save()
    with pytest.raises(ValidationError, match="not as it was"):
        carry(imported)
    assert not Project.objects.exists()


def test_who_lost_the_right_since_carries_nothing_out(client, bring, editor):
    imported = bring({"key": "a", "title_en": "Safe Routes"})
    editor.groups.clear()
    client.force_login(editor)
    assert client.post(address(imported), {"_carry_out": "1"}).status_code == 403
    assert not Project.objects.exists()


def test_right_that_is_lost_between_agreeing_and_the_worker_stops_it(bring, editor):
    from django.contrib.auth import get_user_model

    from portal.admin.imports import background

    imported = bring({"key": "a", "title_en": "Safe Routes"})
    Import.objects.update(state="agreed")
    editor.groups.clear()
    background.carry_out.func(str(imported.pk), False)
    imported.refresh_from_db()
    assert get_user_model().objects.get(pk=editor.pk)
    assert (imported.state, Project.objects.count()) == ("read", 0)
    assert "may not" in imported.problem


def test_markup_in_values_and_names_is_shown_as_text(client, bring, editor):
    hostile = "<script>alert(1)</script>"
    imported = bring({"key": "a", "title_en": hostile, "donors": [hostile]})
    client.force_login(editor)
    page = client.get(address(imported)).content.decode()
    assert hostile not in page
    assert "&lt;script&gt;" in page


def test_prose_is_cleaned_as_in_a_form(bring, carry):
    carry(bring({"key": "a", "title_en": "Safe", "summary_en": "<p onclick=x>One<script>alert(1)</script></p>"}))
    assert Project.objects.get().summary == "<p>One</p>"


@pytest.mark.parametrize("text", ["\x00", '[{"key": "a\\u0000", "title_en": "x\\u0000y"}]', "[1]", "null"])
def test_text_nobody_would_write_ends_in_words(pasted, editor, text):
    response, imported = pasted(text, editor)
    assert response.status_code in {200, 302}
    assert not Project.objects.exists()
    assert imported is None or imported.state in {"failed", "read"}


def test_file_that_is_too_large_is_not_read(client, editor, monkeypatch):
    monkeypatch.setattr(forms, "MOST_BYTES", 10)
    client.force_login(editor)
    answer = client.post(ADD, {"file": SimpleUploadedFile("a.json", b"[" + b" " * 20 + b"]")})
    assert "At most" in answer.content.decode()
    assert not Import.objects.exists()


def test_reader_that_is_unknown_or_not_theirs_leads_to_the_list(client, editor):
    client.force_login(editor)
    for name in ("nothing", "", "../etc", "test\x00"):
        answer = client.get("/admin/portal/import/add/", {"reader": name})
        assert answer.status_code in {200, 400}
        assert "import_form" not in answer.content.decode()


def test_import_of_a_reader_that_is_gone_can_still_be_looked_at(client, bring, editor, monkeypatch):
    from portal.imports import readers

    imported = bring({"key": "a", "title_en": "Safe Routes"})
    monkeypatch.delitem(readers._readers, "test")
    client.force_login(editor)
    assert client.get(address(imported)).status_code == 200


def test_organisation_that_was_merged_or_deleted_since_stops_it(bring, carry):
    from django.core.exceptions import ValidationError

    donor = make_organisation(name="Sweden Aid")
    imported = bring({"key": "a", "title_en": "Safe Routes", "donors": ["Sweden Aid"]})
    assert json.dumps(imported.targets.get().said)
    donor.delete()
    with pytest.raises(ValidationError):
        carry(imported)
    assert not Project.objects.exists()


def test_record_that_is_archived_since_is_not_brought_back(bring, carry, editor):
    carry(bring({"key": "a", "title_en": "Safe Routes"}))
    project = Project.objects.get()
    project.archive(by=editor)
    carry(bring({"key": "a", "title_en": "Safe Routes", "start": "2016"}), leave_out=True)
    project.refresh_from_db()
    assert project.status == "archived"


def test_other_projects_are_not_looked_into(bring, carry):
    other = make_project(title="Other")
    before = digest(take(other))
    carry(bring({"key": "a", "title_en": "Safe Routes"}))
    assert digest(take(other)) == before
