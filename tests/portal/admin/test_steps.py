"""Saving, and the steps from draft to published and back, one by one and several at once."""

import datetime
import re

import pytest
from django.utils import timezone

from portal import roles
from portal.admin import decisions
from portal.admin.several.steps import publishing_sign
from portal.models import AuditEntry
from portal.versions.batches import look
from projects.models import Project
from tests.factories import make_organisation, make_project, publish, publisher
from tests.forms import complaints, form_in, read_form, send_form
from tests.people import make_person
from tests.portal.admin.conftest import change_url, panels, texts

# Saving, and the steps


def test_save_writes_what_changed_into_the_log_and_who_changed_it(client, reviewer, project):
    client.force_login(reviewer)
    send_form(client, change_url(project), {"title_en": "Safer routes", "acronym": "SAFER"}, _continue="1")
    project.refresh_from_db()
    assert (project.title, project.changed_by) == ("Safer routes", reviewer)
    entry = AuditEntry.objects.about(project).get()
    assert (entry.verb, entry.by, entry.before, entry.after) == ("change", reviewer, "draft", "draft")
    assert entry.note == "Title: Safe routes → Safer routes\nAcronym: – → SAFER"


def test_save_without_a_change_is_not_written_down(editor_client, project):
    before = project.changed_at
    assert send_form(editor_client, change_url(project), _continue="1").status_code == 302
    project.refresh_from_db()
    assert project.changed_at == before
    assert not AuditEntry.objects.about(project).exists()


def test_row_added_and_removed_is_written_down(editor_client, project):
    donor = make_organisation("Swiss State Secretariat")
    rows = {"roles-0-organisation": donor.pk}
    send_form(editor_client, change_url(project), rows, _continue="1")
    send_form(editor_client, change_url(project), {"roles-0-DELETE": "on"}, _continue="1")
    notes = list(AuditEntry.objects.about(project).order_by("pk").values_list("note", flat=True))
    assert notes == [
        "Organisation in the project added: Donor: Swiss State Secretariat",
        "Organisation in the project removed: Donor: Swiss State Secretariat",
    ]


def test_editor_saves_and_submits_with_one_button(editor_client, editor):
    response = send_form(editor_client, "/admin/projects/project/add/", {"title_en": "New"}, _verb="submit")
    assert response.status_code == 302
    assert response.url == "/admin/"
    project = Project.objects.get()
    assert (project.status, project.submitted_by, project.changed_by) == ("review", editor, editor)
    assert set(AuditEntry.objects.about(project).values_list("verb", flat=True)) == {"add", "submit"}


def test_reviewer_publishes_with_one_button(reviewer_client, reviewer, waiting):
    send_form(reviewer_client, change_url(waiting), _verb="publish")
    waiting.refresh_from_db()
    assert waiting.is_public
    assert waiting.approved_by == reviewer
    assert waiting.changed_by != reviewer


def test_reviewer_who_rewrites_what_was_submitted_does_not_publish_it(client, reviewer, waiting):
    client.force_login(reviewer)
    response = send_form(client, change_url(waiting), {"title_en": "My own words"}, _verb="publish")
    assert "The last change is yours" in complaints(response)["__all__"][0]
    assert b'value="My own words"' in response.content
    waiting.refresh_from_db()
    assert (waiting.title, waiting.status) == ("Safe routes", "review")
    send_form(client, change_url(waiting), {"title_en": "My own words"}, _continue="1")
    assert ("_verb", "publish") not in read_form(client, change_url(waiting), "project_form").buttons
    assert b"The last change is yours: somebody else must publish it." in client.get(change_url(waiting)).content
    send_form(client, change_url(waiting), _verb="publish")
    client.force_login(make_person("rita", roles.REVIEWER))
    send_form(client, change_url(waiting), _verb="publish")
    waiting.refresh_from_db()
    assert (waiting.title, waiting.approved_by.username) == ("My own words", "rita")


def test_reviewer_who_changes_a_row_does_not_publish_it(reviewer_client, waiting):
    donor = {"roles-0-organisation": make_organisation().pk}
    response = send_form(reviewer_client, change_url(waiting), donor, _verb="publish")
    assert "The last change is yours" in complaints(response)["__all__"][0]
    assert not waiting.roles.exists()


def test_reviewer_publishes_the_draft_of_another_but_not_what_they_have_just_changed(reviewer_client, project):
    response = send_form(reviewer_client, change_url(project), {"acronym": "MINE"}, _verb="publish")
    assert "somebody else must publish it" in complaints(response)["__all__"][0]
    send_form(reviewer_client, change_url(project), _verb="publish")
    project.refresh_from_db()
    assert (project.acronym, project.status) == ("", "published")


def test_sending_back_takes_a_reason_to_the_editor(reviewer_client, waiting):
    response = send_form(reviewer_client, change_url(waiting), {"acronym": "X"}, _verb="send-back")
    assert response.context["decision"].errors["reason"] == ["Give a reason."]
    waiting.refresh_from_db()
    assert (waiting.status, waiting.acronym) == ("review", "")
    send_form(reviewer_client, change_url(waiting), {"reason": "Who pays?"}, _verb="send-back")
    waiting.refresh_from_db()
    assert waiting.status == "draft"


def test_note_for_the_reviewer_stands_where_the_reviewer_looks(client, editor, reviewer, project):
    client.force_login(editor)
    send_form(client, change_url(project), {"review_note": " The budget is new. "}, _verb="submit")
    assert AuditEntry.objects.about(project).get(verb="submit").note == "The budget is new."
    client.force_login(reviewer)
    page = client.get(change_url(project)).content.decode()
    assert re.search("Submitted by edith on [^<]*[.] Note: “The budget is new.”", page)
    assert "The budget is new." in client.get("/admin/").content.decode()
    project.refresh_from_db()
    assert project.status == "review"


def test_note_of_an_earlier_submission_is_not_shown_again(client, editor, reviewer, project):
    project.submit(by=editor, note="First try.")
    project.send_back(by=reviewer, reason="Who pays?")
    project.submit(by=editor)
    client.force_login(reviewer)
    assert b"First try." not in client.get(change_url(project)).content
    assert b"First try." not in client.get("/admin/").content


def test_new_record_is_submitted_with_a_note(editor_client):
    send_form(
        editor_client,
        "/admin/projects/project/add/",
        {"title_en": "New", "review_note": "Please hurry."},
        _verb="submit",
    )
    assert AuditEntry.objects.get(verb="submit").note == "Please hurry."


def test_note_that_no_button_uses_is_not_dropped_in_silence(editor_client, project):
    typed = {"review_note": "For whom?", "acronym": "X"}
    response = send_form(editor_client, change_url(project), typed, _continue="1")
    assert "Only “Save and submit for review”" in response.context["decision"].errors["review_note"][0]
    assert b"For whom?</textarea>" in response.content
    project.refresh_from_db()
    assert project.acronym == ""


def test_too_long_a_note_and_a_reason_that_submitting_does_not_use_are_refused(editor_client, project):
    response = send_form(editor_client, change_url(project), {"review_note": "x" * 301}, _verb="submit")
    assert "at most 300 characters" in response.context["decision"].errors["review_note"][0]
    response = send_form(editor_client, change_url(project), {"reason": "Because"}, _verb="submit")
    assert "This step uses no reason" in response.context["decision"].errors["reason"][0]
    project.refresh_from_db()
    assert project.status == "draft"


def test_box_for_the_note_stands_where_one_can_submit(client, editor, reviewer, project):
    client.force_login(editor)
    assert 'name="review_note"' in client.get(change_url(project)).content.decode()
    project.submit(by=editor)
    client.force_login(reviewer)
    assert 'name="review_note"' not in client.get(change_url(project)).content.decode()


def test_withdrawn_with_a_reason_and_reopened(client, reviewer, editor, project):
    publish(project)
    client.force_login(reviewer)
    send_form(client, change_url(project), {"reason": "The donor asked for it."}, _verb="withdraw")
    project.refresh_from_db()
    assert (project.status, project.withdrawal_reason) == ("archived", "The donor asked for it.")
    client.force_login(editor)
    assert b"Withdrawn: The donor asked for it." in client.get(change_url(project)).content
    send_form(client, change_url(project), _verb="reopen")
    project.refresh_from_db()
    assert project.status == "draft"


def test_draft_is_archived(editor_client, project):
    send_form(editor_client, change_url(project), _verb="archive")
    project.refresh_from_db()
    assert project.status == "archived"


def test_refused_step_saves_nothing_and_shows_what_was_typed(client, reviewer):
    own = make_project(title="Mine", changed_by=reviewer)
    own.submit(by=reviewer)
    client.force_login(reviewer)
    donor = make_organisation()
    typed = {"title_en": "Mine, longer", "roles-0-organisation": donor.pk}
    response = send_form(client, change_url(own), typed, _verb="publish")
    assert "somebody else must publish it" in complaints(response)["__all__"][0]
    assert b'value="Mine, longer"' in response.content
    own.refresh_from_db()
    assert (own.title, own.status, own.roles.count()) == ("Mine", "review", 0)
    assert AuditEntry.objects.about(own).count() == 1


def test_author_has_no_button_to_publish(client, reviewer, waiting):
    own = make_project(changed_by=reviewer)
    own.submit(by=reviewer)
    client.force_login(reviewer)
    assert ("_verb", "publish") not in read_form(client, change_url(own), "project_form").buttons
    assert ("_verb", "publish") in read_form(client, change_url(waiting), "project_form").buttons
    assert b"You wrote this yourself" in client.get(change_url(own)).content


def test_enter_in_a_text_box_presses_a_save(reviewer_client, waiting):
    """Browsers take the first button of the form; it must never be a step."""
    first = next(iter(read_form(reviewer_client, change_url(waiting), "project_form").buttons))
    assert first == ("_continue", "1")


def test_second_saver_is_stopped_and_gets_both_changes_to_look_at(client, editor, reviewer, project):
    client.force_login(editor)
    opened = read_form(client, change_url(project), "project_form").data
    client.force_login(reviewer)
    send_form(client, change_url(project), {"acronym": "NEW", "objective_en": "Theirs"}, _continue="1")
    client.force_login(editor)
    mine = opened | {"title_en": "Mine", "objective_en": "Mine too", "_continue": "1"}
    response = client.post(change_url(project), mine)
    assert response.status_code == 409
    page = response.content.decode()
    assert "rex saved this on" in page
    assert "Theirs" in page
    form = form_in(response, "project_form")
    assert (form["title_en"], form["acronym"], form["objective_en"]) == ("Mine", "NEW", "Mine too")
    project.refresh_from_db()
    assert (project.title, project.acronym, project.objective) == ("Safe routes", "NEW", "Theirs")
    # Having looked at both, they save.
    client.post(change_url(project), form | {"_continue": "1"})
    project.refresh_from_db()
    assert (project.title, project.acronym, project.objective) == ("Mine", "NEW", "Mine too")


def test_form_that_does_not_say_what_it_was_made_from_is_not_saved(editor_client, project):
    sent = read_form(editor_client, change_url(project), "project_form").data | {"title_en": "Mine", "_continue": "1"}
    del sent["_seen"]
    response = editor_client.post(change_url(project), sent)
    assert response.status_code == 409
    assert form_in(response, "project_form")["title_en"] == "Mine"
    project.refresh_from_db()
    assert project.title == "Safe routes"


# Times


def local(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def test_publishing_is_scheduled_in_local_time(reviewer_client, waiting):
    at = (timezone.now() + datetime.timedelta(days=3)).replace(second=0, microsecond=0)
    times = {"publish_at": local(at), "publish_until": local(at + datetime.timedelta(days=9))}
    send_form(reviewer_client, change_url(waiting), times, _verb="publish")
    waiting.refresh_from_db()
    assert waiting.state == "scheduled"
    assert (waiting.published_at, waiting.expires_at) == (at, at + datetime.timedelta(days=9))


@pytest.mark.parametrize(
    "times, field, message",
    [
        ({"publish_at": "2020-01-01T10:00"}, "publish_at", "That time has passed"),
        ({"publish_at": "2031-03-30T02:30"}, "publish_at", "does not exist"),
        ({"publish_at": "soon"}, "publish_at", "valid date/time"),
        ({"publish_until": "2020-01-01T10:00"}, "publish_until", "expire before"),
        ({"publish_at": "2031-05-01T10:00", "publish_until": "2031-05-01T09:00"}, "publish_until", "expire before"),
    ],
)  # fmt: skip
def test_impossible_times_are_refused_at_their_box(reviewer_client, waiting, times, field, message):
    response = send_form(reviewer_client, change_url(waiting), times, _verb="publish")
    assert message in response.context["decision"].errors[field][0]
    waiting.refresh_from_db()
    assert waiting.status == "review"


def test_time_that_no_button_uses_is_not_dropped_in_silence(reviewer_client, waiting):
    response = send_form(reviewer_client, change_url(waiting), {"publish_at": "2031-05-01T10:00"}, _continue="1")
    assert "Only “Publish”" in response.context["decision"].errors["publish_at"][0]


def in_days(days):
    return (timezone.now() + datetime.timedelta(days=days)).replace(second=0, microsecond=0)


def test_form_of_a_scheduled_record_says_when_and_offers_what_is_true(client, reviewer, editor, waiting):
    at, until = in_days(3), in_days(9)
    waiting.publish(by=reviewer, at=at, until=until)
    client.force_login(reviewer)
    form = read_form(client, change_url(waiting), "project_form")
    page = client.get(change_url(waiting)).content.decode()
    assert set(form.buttons) == {
        ("_draft", "1"),
        ("_verb", "submit-draft"),
        ("_verb", "take-back"),
        ("_verb", "reschedule"),
    }
    assert (form.data["publish_at"], form.data["publish_until"]) == (local(at), local(until))
    assert (
        f"Visitors will see it from {decisions.in_words(at)} until {decisions.in_words(until)} (Europe/Vienna)" in page
    )
    assert "visitors see it at once" not in page
    client.force_login(editor)
    assert f"from {decisions.in_words(at)}" in client.get(change_url(waiting)).content.decode()


def test_dates_of_a_scheduled_record_are_changed(reviewer_client, reviewer, waiting):
    at, later, until = in_days(3), in_days(4), in_days(9)
    waiting.publish(by=reviewer, at=at, until=until)
    send_form(reviewer_client, change_url(waiting), {"publish_at": local(later)}, _verb="reschedule")
    waiting.refresh_from_db()
    assert (waiting.published_at, waiting.expires_at) == (later, until)
    send_form(reviewer_client, change_url(waiting), {"publish_at": ""}, _verb="reschedule")
    waiting.refresh_from_db()
    assert waiting.state == "published"


def test_end_of_a_live_and_of_an_expired_record_is_changed(reviewer_client, waiting):
    past, until = in_days(-1), in_days(9)
    publish(waiting, at=in_days(-9), until=until)
    url = change_url(waiting)
    page = reviewer_client.get(url).content.decode()
    assert "Visitors see it until" in page
    assert 'name="publish_at"' not in page
    response = send_form(reviewer_client, url, {"publish_until": local(past)}, _verb="reschedule")
    assert "That time has passed" in response.context["decision"].errors["publish_until"][0]
    send_form(reviewer_client, url, {"publish_until": ""}, _verb="reschedule")
    waiting.refresh_from_db()
    assert waiting.expires_at is None
    Project.objects.update(expires_at=past)
    page = reviewer_client.get(url).content.decode()
    assert "Visitors saw it until" in page
    assert "visitors see it at once" not in page
    send_form(reviewer_client, url, {"publish_until": local(until)}, _verb="reschedule")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.expires_at) == ("published", until)


def test_changed_date_that_no_button_uses_is_not_dropped_in_silence(reviewer_client, waiting):
    publish(waiting, until=in_days(9))
    response = send_form(reviewer_client, change_url(waiting), {"publish_until": ""}, _continue="1")
    assert "Only “Change the dates”" in response.context["decision"].errors["publish_until"][0]
    assert send_form(reviewer_client, change_url(waiting), {"acronym": "X"}, _continue="1").status_code == 302


def test_scheduled_record_is_taken_back(reviewer_client, client, reviewer, editor, waiting):
    waiting.publish(by=reviewer, at=in_days(3))
    send_form(reviewer_client, change_url(waiting), _verb="take-back")
    waiting.refresh_from_db()
    assert (waiting.status, waiting.published_at, waiting.first_published_at) == ("draft", None, None)
    client.force_login(editor)
    assert panels(client)["Sent back to you"] == [waiting]
    assert b"Taken back by rex before visitors saw it." in client.get(change_url(waiting)).content


# Several at once


def act(client, action, records, **more):
    data = {"action": action, "_selected_action": [record.pk for record in records], **more}
    return client.post("/admin/projects/project/", data, follow=True)


def publish_shown(client, page, **changes):
    """Agree to what the page before publishing shows."""
    return client.post("/admin/projects/project/", form_in(page, "several_form") | changes, follow=True)


def test_all_or_none_are_published(reviewer_client, editor, waiting):
    others = [make_project(title=f"Other {n}", changed_by=editor) for n in range(2)]
    for other in others:
        other.submit(by=editor)
    page = act(reviewer_client, "publish_all", [waiting, *others])
    assert "Visitors will see 3 records at once" in page.content.decode()
    assert set(Project.objects.values_list("status", flat=True)) == {"review"}
    others[0].send_back(by=publisher(), reason="Which acronym?")
    response = publish_shown(reviewer_client, page)
    assert texts(response) == ["None of the 3 was changed. “Other 0” is not in review."]
    assert not Project.objects.published().exists()
    page = act(reviewer_client, "publish_all", [waiting, others[1]])
    assert texts(publish_shown(reviewer_client, page)) == ["Done for 2 records."]
    assert Project.objects.published().count() == 2


def test_own_records_are_told_before_publishing_and_refused_if_sent_all_the_same(reviewer_client, reviewer, waiting):
    own = make_project(title="Own", changed_by=reviewer)
    own.submit(by=reviewer)
    page = act(reviewer_client, "publish_all", [waiting, own])
    assert "Own</a>: You wrote this yourself" in page.content.decode()
    [shown] = page.context["records"]
    sent = [f"{waiting.pk}:{shown['sign']}", f"{own.pk}:{publishing_sign(look(Project, [own.pk])[0])}"]
    response = publish_shown(reviewer_client, page, _selected_action=[waiting.pk, own.pk], _shown=sent)
    assert "None of the 2 was changed. “Own”: You wrote this yourself" in texts(response)[0]
    assert set(Project.objects.values_list("status", flat=True)) == {"review"}


def test_what_changed_after_it_was_shown_is_not_published(reviewer_client, waiting):
    page = act(reviewer_client, "publish_all", [waiting])
    Project.objects.update(title_en="Something nobody has read")
    response = publish_shown(reviewer_client, page)
    assert "is not as it was when you looked at it" in texts(response)[0]
    assert not Project.objects.published().exists()


def test_publishing_without_the_page_between_publishes_nothing(reviewer_client, waiting):
    for more in ({}, {"_confirmed": "1"}, {"_confirmed": "1", "_shown": f"{waiting.pk}:x"}):
        act(reviewer_client, "publish_all", [waiting], **more)
    assert not Project.objects.published().exists()


def test_drafts_nobody_has_submitted_are_not_published_from_the_list(reviewer_client, editor, waiting):
    draft = make_project(title="Half written", changed_by=editor)
    page = act(reviewer_client, "publish_all", [waiting, draft])
    assert page.context["others"] == [draft]
    publish_shown(reviewer_client, page)
    assert Project.objects.published().get() == waiting
    page = act(reviewer_client, "publish_all", [draft])
    assert "None of these can be published from here." in page.content.decode()
    publish_shown(reviewer_client, page, _selected_action=draft.pk, _shown=f"{draft.pk}:x")
    assert Project.objects.filter(status="draft").get() == draft


def test_more_than_two_hundred_are_not_published_submitted_or_withdrawn_at_once(reviewer_client):
    Project.objects.bulk_create(Project(title=f"P {n}", slug=f"p-{n}") for n in range(201))
    for action in ("publish_all", "submit_all", "withdraw_all", "change_several"):
        response = act(reviewer_client, action, Project.objects.all())
        assert texts(response) == ["Choose at most 200 records at once."], action


def test_withdrawing_several_asks_for_a_reason_first(reviewer_client, project):
    publish(project)
    response = act(reviewer_client, "withdraw_all", [project])
    assert b"give a reason" in response.content
    response = act(reviewer_client, "withdraw_all", [project], _confirmed="1", reason=" ")
    assert response.context["form"].errors["reason"]
    project.refresh_from_db()
    assert project.is_public
    act(reviewer_client, "withdraw_all", [project], _confirmed="1", reason="The text was wrong.")
    project.refresh_from_db()
    assert project.withdrawal_reason == "The text was wrong."


def test_editor_submits_several(editor_client, editor, project):
    other = make_project(changed_by=editor)
    act(editor_client, "submit_all", [project, other])
    assert set(Project.objects.values_list("status", flat=True)) == {"review"}
