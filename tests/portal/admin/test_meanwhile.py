"""What happens to a form when somebody else has saved, or the record has moved on, since it was opened."""

import datetime

import pytest
from django.db import transaction
from django.utils import timezone

from portal import roles
from portal.admin import saving
from portal.models import Draft
from portal.versions import drafts, due, history
from portal.versions.content import digest, take
from projects.models import Project
from tests.factories import publish
from tests.forms import complaints, form_in, read_form
from tests.people import make_person
from tests.portal.admin.conftest import change_url, texts


def open_form(client, record):
    """In a tab of its own: each page can be sent once."""
    return read_form(client, change_url(record), "project_form").data


def with_fields(content, **fields):
    return content | {"fields": content["fields"] | fields}


@pytest.fixture
def live(project):
    return publish(project)


def test_draft_saved_while_another_save_waits_for_the_record_is_not_written_over(
    editor_client, reviewer, live, monkeypatch
):
    """The second reads the draft before it has the lock, and must read it again."""
    drafts.save(live, with_fields(take(live), acronym="FIRST"), by=reviewer)
    form = open_form(editor_client, live)
    lock, waited = history.lock, []

    def wait(record):
        if not waited:
            waited.append(True)
            drafts.save(live, with_fields(take(live), acronym="FIRST", editors_note="Theirs"), by=reviewer)
        return lock(record)

    monkeypatch.setattr(history, "lock", wait)
    answer = editor_client.post(change_url(live), form | {"title_en": "Mine", "_draft": "1"})
    assert answer.status_code == 409
    again = form_in(answer, "project_form")
    assert (again["title_en"], again["editors_note"]) == ("Mine", "Theirs")
    assert drafts.open_draft(live).version.content["fields"]["editors_note"] == "Theirs"


def test_who_saved_in_two_windows_is_not_told_of_a_stranger(client, editor, reviewer, project):
    client.force_login(editor)
    first, second, third = (open_form(client, project) for _n in range(3))
    client.post(change_url(project), first | {"acronym": "FIRST", "_continue": "1"})
    answer = client.post(change_url(project), second | {"title_en": "Second", "_continue": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "You saved this yourself on" in page
    assert "edith saved this on" not in page
    assert (form_in(answer, "project_form")["acronym"], form_in(answer, "project_form")["title_en"]) == (
        "FIRST",
        "Second",
    )
    client.force_login(reviewer)
    page = client.post(change_url(project), third | {"title_en": "Third", "_continue": "1"}).content.decode()
    assert "You saved this yourself" not in page


@pytest.mark.parametrize("is_live", [False, True])
def test_row_of_a_form_that_came_back_is_saved_when_it_is_sent_again(is_live, client, editor, reviewer, project):
    if is_live:
        publish(project)
    client.force_login(editor)
    button = {"_draft": "1"} if is_live else {"_continue": "1"}
    first = open_form(client, project)
    second = open_form(client, project) | {"links-0-label_en": "Second", "other_names-0-name": "Another"}
    client.post(change_url(project), first | {"links-0-label_en": "First"} | button)
    answer = client.post(change_url(project), second | button)
    assert answer.status_code == 409
    answer = client.post(change_url(project), form_in(answer, "project_form") | button)
    assert answer.status_code == 302
    draft = drafts.open_draft(project)
    content = draft.version.content if is_live else take(Project.objects.get())
    assert {row["fields"]["label_en"] for row in content["rows"]["links"]} == {"First", "Second"}
    assert [row["fields"]["name"] for row in content["rows"]["other_names"]] == ["Another"]


def test_row_of_a_form_that_came_back_can_be_struck_out_before_it_is_saved(editor_client, project):
    first, second = open_form(editor_client, project), open_form(editor_client, project)
    editor_client.post(change_url(project), first | {"acronym": "SAFE", "_continue": "1"})
    answer = editor_client.post(change_url(project), second | {"links-0-label_en": "Second", "_continue": "1"})
    again = form_in(answer, "project_form") | {"links-0-DELETE": "on", "acronym": "SAFER", "_continue": "1"}
    assert editor_client.post(change_url(project), again).status_code == 302
    project.refresh_from_db()
    assert project.acronym == "SAFER"
    assert not project.links.exists()


def test_editor_whose_record_went_to_review_meanwhile_gets_the_text_back(editor_client, reviewer, project):
    form = open_form(editor_client, project)
    typed = {"objective_en": "Typed in vain", "links-0-label_en": "A typed link", "_continue": "1"}
    project.submit(by=reviewer)
    answer = editor_client.post(change_url(project), form | typed)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "Typed in vain" in page
    assert "A typed link" in page
    assert "Nothing of yours was saved" in page
    project.refresh_from_db()
    assert (project.objective, project.links.count()) == ("", 0)


def test_editor_whose_draft_went_to_review_or_was_approved_meanwhile_gets_the_text_back(
    client, editor, reviewer, live, django_user_model
):
    draft = drafts.save(live, with_fields(take(live), acronym="FIRST"), by=reviewer)
    client.force_login(editor)
    typed = open_form(client, live) | {"objective_en": "Typed in vain"}
    drafts.submit(draft, by=reviewer)
    answer = client.post(change_url(live), typed | {"_draft": "1"})
    assert answer.status_code == 403
    assert b"Typed in vain" in answer.content
    answer = client.post(change_url(live), typed | {"_verb": "submit-draft"})
    assert answer.status_code == 403
    assert b"Typed in vain" in answer.content
    assert drafts.open_draft(live).version == draft.version


def test_who_never_opened_the_form_gets_no_more_than_a_refusal(editor_client, reviewer, project):
    project.submit(by=reviewer)
    answer = editor_client.post(change_url(project), {"title_en": "By the side door", "_continue": "1"})
    assert answer.status_code == 403
    assert b"By the side door" not in answer.content


def test_box_that_was_left_empty_does_not_empty_what_another_wrote_into_it(editor_client, reviewer, project):
    """A form turns what no record ever said into an empty text, which is no change."""
    first, second = open_form(editor_client, project), open_form(editor_client, project)
    editor_client.post(change_url(project), first | {"objective_en": "Theirs", "_continue": "1"})
    answer = editor_client.post(change_url(project), second | {"acronym": "MINE", "_continue": "1"})
    assert answer.status_code == 409
    again = form_in(answer, "project_form")
    assert (again["objective_en"], again["acronym"]) == ("Theirs", "MINE")


def test_row_that_was_struck_out_is_still_struck_out_in_a_form_that_came_back(editor_client, project):
    project.links.create(label="Old")
    first, second = open_form(editor_client, project), open_form(editor_client, project)
    editor_client.post(change_url(project), first | {"acronym": "SAFE", "_continue": "1"})
    answer = editor_client.post(change_url(project), second | {"links-0-DELETE": "on", "_continue": "1"})
    assert answer.status_code == 409
    again = form_in(answer, "project_form") | {"_continue": "1"}
    assert (again["acronym"], again["links-0-DELETE"]) == ("SAFE", "on")
    assert editor_client.post(change_url(project), again).status_code == 302
    assert not project.links.exists()


def test_form_that_comes_back_with_a_mistake_still_speaks_of_what_was_seen(editor_client, project):
    first, second = open_form(editor_client, project), open_form(editor_client, project)
    editor_client.post(change_url(project), first | {"acronym": "THEIRS", "_continue": "1"})
    answer = editor_client.post(change_url(project), second | {"title_en": "", "_continue": "1"})
    assert answer.status_code == 200
    again = form_in(answer, "project_form") | {"title_en": "Mine", "_continue": "1"}
    answer = editor_client.post(change_url(project), again)
    assert answer.status_code == 409
    project.refresh_from_db()
    assert project.acronym == "THEIRS"
    assert form_in(answer, "project_form")["acronym"] == "THEIRS"


def test_form_that_was_read_while_somebody_saved_is_of_one_piece(editor_client, reviewer, project, monkeypatch):
    """What is sent back with it is the mark of the text it shows, not of the one before or of half of each."""
    begin, saved = saving._begin, []

    def begin_and_save(request, record):
        found = begin(request, record)
        if not saved:
            saved.append(True)
            with transaction.atomic():
                history.as_found(project)
                project.links.create(label="Theirs")
                history.keep(project, "change", reviewer)
        return found

    monkeypatch.setattr(saving, "_begin", begin_and_save)
    form = open_form(editor_client, project)
    assert form["links-0-label_en"] == "Theirs"
    assert form["_seen"] == digest(take(project))


@pytest.mark.parametrize("typed", [{}, {"acronym": "MINE"}])
def test_text_that_replaces_what_was_withdrawn_is_published_by_another_than_who_wrote_it(
    typed, client, editor, reviewer, live
):
    """Reopened from the form of its draft, with something typed into it or without."""
    writer, reopener = (editor, reviewer) if typed else (reviewer, editor)
    drafts.save(live, with_fields(take(live), acronym="DRAFT"), by=writer)
    live.withdraw(by=reviewer, reason="For a while")
    client.force_login(reviewer if typed else reopener)
    form = open_form(client, live)
    assert client.post(change_url(live), form | typed | {"_continue": "1"}).status_code == 302
    record = Project.objects.get()
    assert (record.acronym, record.changed_by) == ("MINE" if typed else "DRAFT", reviewer)


@pytest.fixture
def approved(live, editor, reviewer):
    draft = drafts.save(live, with_fields(take(live), acronym="NEXT"), by=editor)
    drafts.submit(draft, by=editor)
    drafts.publish(draft, by=reviewer, at=timezone.now() + datetime.timedelta(days=1))
    return draft


def put_in_place(draft, reviewer):
    Draft.objects.update(publish_at=timezone.now())
    assert due.put_due_in_place() == 1


def take_back_and_discard(draft, reviewer):
    drafts.take_back(draft, by=reviewer)
    drafts.discard(draft, by=reviewer)


def withdraw(draft, reviewer):
    Project.objects.get().withdraw(by=reviewer, reason="Wrong")


NONE_LEFT = "There is no draft of it: somebody has published or discarded it, or none was written."
MOVED_ON = "This draft is draft by now, so that step is no longer open."


@pytest.mark.parametrize(
    ("meanwhile", "why"),
    [
        (put_in_place, NONE_LEFT),
        (take_back_and_discard, NONE_LEFT),
        (withdraw, MOVED_ON),
        (lambda draft, reviewer: drafts.take_back(draft, by=reviewer), MOVED_ON),
    ],
)
def test_draft_that_cannot_be_taken_back_any_more_is_told_over_what_is_there_now(
    meanwhile, why, client, reviewer, live, approved
):
    client.force_login(make_person("rita", roles.REVIEWER))
    form = open_form(client, live)
    meanwhile(approved, reviewer)
    answer = client.post(change_url(live), form | {"_verb": "take-back-draft"})
    assert answer.status_code == 409
    assert texts(answer) == [why]
    assert not complaints(answer)  # of boxes that nobody was shown
    again = form_in(answer, "project_form")
    shown = drafts.open_draft(live)
    assert again["acronym"] == (shown.version.content["fields"]["acronym"] if shown else Project.objects.get().acronym)
    assert client.post(change_url(live), again | {"acronym": "LAST", "_continue": "1"}).status_code == 302


def test_draft_that_somebody_may_not_take_back_any_more_is_told_with_the_reason(client, editor, live, approved):
    rita = make_person("rita", roles.REVIEWER)
    client.force_login(rita)
    form = open_form(client, live)
    rita.groups.set(editor.groups.all())
    answer = client.post(change_url(live), form | {"_verb": "take-back-draft"})
    assert answer.status_code == 403
    assert texts(answer)[0].startswith("You may not do that: nothing was saved.")
    approved.refresh_from_db()
    assert approved.status == Draft.Status.APPROVED
