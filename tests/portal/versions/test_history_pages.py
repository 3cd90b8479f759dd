"""The history of a record as people read it: one list, a version by itself, two compared."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.models import AuditEntry, Draft, Version
from portal.versions import drafts, history
from portal.versions.content import take
from tests.factories import make_project, make_theme, publish
from tests.forms import send_form
from tests.portal.admin.conftest import change_url
from tests.portal.versions.conftest import keep, url


@pytest.fixture
def project(editor):
    project = make_project(title="Safe routes", changed_by=editor)
    keep(project, editor)
    keep(project, editor, title_en="Safer routes")
    return project


def lines(client, record, query=""):
    return client.get(url(record, "history") + query).context["lines"]


def test_versions_and_acts_are_one_list_newest_first(editor_client, editor, project):
    project.submit(by=editor, note="Please look")
    found = [(line.verb, line.note, line.version and line.version.number) for line in lines(editor_client, project)]
    assert found == [("submit", "Please look", None), ("change", "", 2), ("change", "", 1)]


def test_a_version_and_the_entry_of_the_same_act_are_one_line(editor_client, editor, project):
    publish(project)
    drafts.save(project, take(project) | {"links": take(project)["links"]}, by=editor, note="New name")
    found = [line for line in lines(editor_client, project) if line.verb == "draft"]
    assert len(found) == 1
    assert (found[0].entry.note, found[0].version.is_draft) == ("New name", True)


def test_acts_and_their_times_are_told_in_words(client, editor, reviewer, project):
    publish(project)
    draft = drafts.save(project, take(project) | {"links": take(project)["links"]}, by=editor)
    drafts.submit(draft, by=editor)
    drafts.publish(draft, by=reviewer, at=datetime.datetime(2031, 3, 2, 9, tzinfo=datetime.UTC))
    AuditEntry.record(project, "change", editor, note="Not a time: 2031-99-02T09:00+01:00")
    client.force_login(editor)
    found = [(line.what, line.note) for line in lines(client, project)]
    assert ("schedule draft", "2 March 2031, 10:00") in found  # in Vienna
    assert "save as a draft" in [what for what, _note in found]
    assert ("change", "Not a time: 2031-99-02T09:00+01:00") in found


def test_what_is_live_and_the_open_draft_are_marked(editor_client, editor, project):
    publish(project)
    content = take(project)
    drafts.save(project, content | {"fields": content["fields"] | {"title_en": "Other"}}, by=editor)
    marks = {line.version.number: line.marks for line in lines(editor_client, project) if line.version}
    assert marks == {3: ["Open draft: draft"], 2: ["Now live"], 1: []}


def test_what_was_written_past_the_history_is_offered_for_comparing(editor_client, project):
    page = editor_client.get(url(project, "history"))
    assert page.context["unkept_since"] is None
    type(project).objects.update(acronym="SAFE")
    page = editor_client.get(url(project, "history"))
    assert f"{url(project, 'history')}compare/?old=2&amp;new=live" in page.content.decode()


def test_long_history_is_paged_and_costs_the_same(editor_client, editor, project):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            lines(editor_client, project)
        return len(queries)

    cost()
    few = cost()
    for n in range(120):
        Version.objects.create(
            content_type=Version.objects.first().content_type,
            object_id=str(project.pk),
            number=n + 3,
            by=editor,
            verb="change",
            label="x",
            content={},
            digest=str(n),
        )
    assert cost() <= few
    page = editor_client.get(url(project, "history")).context["page"]
    assert page.paginator.num_pages == 3
    assert lines(editor_client, project, "?p=3")[-1].version.number == 1


def test_two_versions_are_compared_field_by_field(editor_client, project):
    page = editor_client.get(url(project, "compare"), {"old": "1", "new": "2"})
    assert [difference.label for difference in page.context["differences"]] == ["Title"]
    assert b"<del>Safe</del> routes" in page.content
    assert b"<ins>Safer</ins> routes" in page.content


def test_a_version_is_compared_with_what_is_live_and_with_the_draft(editor_client, editor, project):
    publish(project)
    content = take(project)
    drafts.save(project, content | {"fields": content["fields"] | {"title_en": "Drafted"}}, by=editor)
    with_live = editor_client.get(url(project, "compare"), {"old": "1", "new": "live"})
    assert b"<ins>Safer</ins>" in with_live.content
    assert b"Now live" in with_live.content
    assert b"Drafted" in editor_client.get(url(project, "compare"), {"old": "live", "new": "draft"}).content


def test_a_version_can_be_looked_at_whole(editor_client, project):
    page = editor_client.get(url(project, "version", 1))
    assert b"Safe routes" in page.content
    assert b"<del>" not in page.content


HOSTILE = ["0", "99", "-1", "1.5", "abc", "١", "9" * 30, "99999999999", "draft", "%00", "1 OR 1=1", "<script>"]


@pytest.mark.parametrize("number", HOSTILE)
def test_a_number_that_is_none_is_answered_in_words(editor_client, project, number):
    page = editor_client.get(url(project, "compare"), {"old": number, "new": "1"})
    assert page.status_code == 404
    assert b"<script>" not in page.content.replace(b"<script src", b"")
    for name in ("version", "restore"):
        found = editor_client.get(url(project, name, number)).status_code
        assert found == 404, (name, number, found)


def test_compare_without_numbers_is_answered_in_words(editor_client, project):
    page = editor_client.get(url(project, "compare"))
    assert page.status_code == 404
    assert b"no version by that number" in page.content


def test_versions_of_another_record_are_out_of_reach(editor_client, editor, project):
    other = make_project(title="Secret", changed_by=editor)
    history.keep(other, "change", editor)
    for n in range(3):
        keep(other, editor, acronym=f"S{n}")
    assert editor_client.get(url(project, "version", 4)).status_code == 404
    assert b"Secret" not in editor_client.get(url(project, "version", 1)).content


def test_who_may_not_see_a_record_sees_none_of_its_history(client, colleague, project):
    colleague.is_staff = True
    colleague.save()
    client.force_login(colleague)
    addresses = [url(project, "history"), url(project, "compare") + "?old=1&new=2"]
    addresses += [url(project, name, 1) for name in ("version", "restore")]
    assert {client.get(address).status_code for address in addresses} == {403}
    assert client.post(url(project, "restore", 1)).status_code == 403


def test_accounts_have_a_log_and_no_versions(client, administrator, editor):
    client.force_login(administrator)
    send_form(client, change_url(editor), {"first_name": "Edith"}, _save="1")
    page = client.get(url(editor, "history"))
    assert page.status_code == 200
    assert "differences" not in page.context
    assert client.get(url(editor, "compare") + "?old=live&new=live").status_code == 403
    assert client.get(url(editor, "version", 1)).status_code == 403


def test_looking_writes_nothing(editor_client, project):
    publish(project)
    before = (Version.objects.count(), AuditEntry.objects.count(), Draft.objects.count())
    for address in (
        url(project, "history"),
        url(project, "version", 1),
        url(project, "restore", 1),
        url(project, "compare") + "?old=1&new=live",
    ):
        assert editor_client.get(address).status_code == 200
    assert (Version.objects.count(), AuditEntry.objects.count(), Draft.objects.count()) == before


def test_record_without_versions_has_a_history_all_the_same(client, administrator):
    client.force_login(administrator)
    theme = make_theme()
    assert client.get(url(theme, "history")).status_code == 200
