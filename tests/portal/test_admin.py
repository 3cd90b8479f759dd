"""The admin as people meet it: the front page, the steps of a record, accounts, organisations, the log."""

import datetime
import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dialogues.models import Cycle, Initiative, Meeting
from portal import kinds, roles
from portal.admin import decisions
from portal.models import AuditEntry, Organisation, Page, Redirect, Source
from projects.models import Programme, Project, ProjectRole
from publications.models import FilePage, Publication, PublicationFile, Series
from tests.factories import make_country, make_dialogue, make_organisation, make_project, make_publication, publish
from tests.forms import complaints, read_form, send_form
from tests.people import make_person

OURS = {*(kind.app_label for kind in kinds.all()), "portal", "auth"}  # not what a library registers of its own


def change_url(record):
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def texts(response):
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def project(editor):
    return make_project(title="Safe routes", changed_by=editor)


@pytest.fixture
def waiting(project, editor):
    project.submit(by=editor)
    return project


# The front page


def panels(client):
    found = client.get("/admin/").context["panels"]
    return {panel.heading: [item.record for item in panel.items] for panel in found}


def test_editor_finds_drafts_and_what_came_back_with_its_reason(editor_client, editor, reviewer, project):
    returned = make_project(title="Came back", changed_by=editor)
    returned.submit(by=editor)
    returned.send_back(by=reviewer, reason="Who pays for it?")
    make_project(title="Of somebody else", changed_by=reviewer)
    found = panels(editor_client)
    assert found["Your drafts"] == [project]
    assert found["Sent back to you"] == [returned]
    assert "Waiting for your review" not in found
    assert b"rex: Who pays for it?" in editor_client.get("/admin/").content


def test_reviewer_finds_what_others_submitted_and_not_their_own(reviewer_client, reviewer, waiting):
    own = make_project(changed_by=reviewer)
    own.submit(by=reviewer)
    found = panels(reviewer_client)
    assert found["Waiting for your review"] == [waiting]
    assert found["You submitted: waiting for somebody else"] == [own]
    assert change_url(waiting) in reviewer_client.get("/admin/").content.decode()


def test_buttons_add_what_somebody_may_add(editor_client, client, administrator):
    page = editor_client.get("/admin/").content.decode()
    for name in ("project", "dialogue", "publication"):
        assert re.search(rf'href="/admin/{name}s/{name}/add/">Add {name}<', page)


def test_long_lists_lead_to_the_filtered_rest(editor_client, editor):
    for _n in range(8):
        make_project(changed_by=editor)
    found = {panel.heading: panel for panel in editor_client.get("/admin/").context["panels"]}
    label, url = found["Your drafts"].more[0]
    assert label == "3 more: projects"
    assert editor_client.get(url).context["cl"].result_count == 8
    label, url = found["Projects without a donor"].more[0]
    assert editor_client.get(url).context["cl"].result_count == 8


def test_editor_sees_what_they_may_change_and_how_many_others_there_are(editor_client, project):
    for _n in range(2):
        make_project(published=True)
    found = {panel.heading: panel for panel in editor_client.get("/admin/").context["panels"]}
    donors = found["Projects without a donor"]
    assert [item.record for item in donors.items] == [project]
    label, url = donors.more[0]
    assert label == "2 live or in review: ask a reviewer"
    assert url.endswith("?todo=without-donor")
    assert editor_client.get(url).context["cl"].result_count == 3


def test_reviewer_sees_all_that_needs_doing(reviewer_client, project):
    live = make_project(published=True)
    assert set(panels(reviewer_client)["Projects without a donor"]) == {project, live}


def test_front_page_costs_the_same_for_few_and_for_many(reviewer_client, editor, reviewer):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert reviewer_client.get("/admin/").status_code == 200
        return len(queries)

    def add(count):
        for _n in range(count):
            for make in (make_project, make_dialogue, make_publication):
                for verb in ("draft", "submit", "back"):
                    record = make(changed_by=editor)
                    if verb != "draft":
                        record.submit(by=editor)
                    if verb == "back":
                        record.send_back(by=reviewer, reason="Again")
                make(changed_by=reviewer)

    reviewer_client.get("/admin/")
    add(1)
    few = cost()
    add(7)
    assert cost() <= few


# Every page of every model


@pytest.fixture
def everything(db, administrator):
    call_command("load_sample", verbosity=0)
    Programme.objects.get_or_create(slug="p", defaults={"name": "P"})
    Series.objects.get_or_create(slug="s", defaults={"title": "S"})
    Redirect.move("/a/", "/b/")
    dialogue = make_dialogue()
    cycle = Cycle.objects.create(dialogue=dialogue, number=1)
    Initiative.objects.create(cycle=cycle, title="Training of judges")
    file = PublicationFile(
        publication=Publication.objects.first(), original_name="a.pdf", format="pdf", size=1, sha256="0" * 64
    )
    PublicationFile.objects.bulk_create([file])
    FilePage.objects.create(file=file, number=1, text="A page")


def test_every_page_answers_for_every_role(everything, client, editor, reviewer, administrator):
    superuser = get_user_model().objects.create_superuser("root", password="a-long-pass-phrase")
    visited = 0
    for user in (superuser, administrator, reviewer, editor):
        client.force_login(user)
        for model in admin.site._registry:
            if model._meta.app_label not in OURS:
                continue
            base = f"admin:{model._meta.app_label}_{model._meta.model_name}_"
            record = model._default_manager.order_by("pk").first()
            assert record is not None, f"no {model.__name__} to look at"
            addresses = [reverse(base + "changelist"), reverse(base + "changelist") + "?q=a", reverse(base + "add")]
            addresses += [reverse(base + page, args=[record.pk]) for page in ("change", "history", "delete")]
            for address in addresses:
                status = client.get(address).status_code
                assert status in {200, 403}, f"{address} answers {status} to {user}"
                visited += 1
            if user == superuser:
                assert client.get(reverse(base + "changelist")).status_code == 200
    assert visited > 500


def test_lists_cost_the_same_for_few_and_for_many(client, administrator, editor):
    client.force_login(administrator)
    for make in (make_project, make_dialogue, make_publication):
        record = make(changed_by=editor)
        url = reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_changelist")
        client.get(url)
        with CaptureQueriesContext(connection) as few:
            client.get(url)
        for _n in range(12):
            make(changed_by=editor)
        with CaptureQueriesContext(connection) as many:
            client.get(url)
        assert len(many) <= len(few), url


def test_nothing_can_be_deleted_in_bulk_and_no_record_of_a_kind_at_all(client, project):
    superuser = get_user_model().objects.create_superuser("root", password="a-long-pass-phrase")
    client.force_login(superuser)
    for model in admin.site._registry:
        response = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        assert "delete_selected" not in response.content.decode()
    url = reverse("admin:projects_project_delete", args=[project.pk])
    assert client.post(url, {"post": "yes"}).status_code == 403
    assert Project.objects.exists()


def test_app_list_begins_with_content_and_ends_with_people(client, administrator):
    client.force_login(administrator)
    labels = [app["app_label"] for app in client.get("/admin/").context["app_list"]]
    assert set(labels[:3]) == {"dialogues", "projects", "publications"}
    assert labels[3:] == ["portal", "auth"]


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


def test_older_page_does_not_overwrite_a_newer_save(client, editor, reviewer, project):
    client.force_login(editor)
    opened = read_form(client, change_url(project), "project_form").data
    client.force_login(reviewer)
    send_form(client, change_url(project), {"acronym": "NEW"}, _continue="1")
    client.force_login(editor)
    response = client.post(change_url(project), opened | {"title_en": "Mine", "_continue": "1"})
    assert "rex saved this record" in complaints(response)["__all__"][0]
    assert b'value="Mine"' in response.content
    project.refresh_from_db()
    assert (project.title, project.acronym) == ("Safe routes", "NEW")
    # Having been told, they may put theirs in its place.
    seen = re.search(rb'name="_seen" value="([^"]+)"', response.content).group(1).decode()
    client.post(change_url(project), opened | {"title_en": "Mine", "_continue": "1", "_seen": seen})
    project.refresh_from_db()
    assert project.title == "Mine"


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
        ({"publish_at": "2031-03-30T02:30"}, "publish_at", "may not exist"),
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
    assert set(form.buttons) == {("_continue", "1"), ("_verb", "take-back"), ("_verb", "reschedule")}
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
    assert send_form(reviewer_client, url, {"acronym": "X"}, _continue="1").status_code == 302
    send_form(reviewer_client, url, {"publish_until": local(until)}, _verb="reschedule")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.expires_at, waiting.acronym) == ("published", until, "X")


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


def test_all_or_none_are_published(reviewer_client, editor, reviewer, waiting):
    own = make_project(title="Own", changed_by=reviewer)
    other = make_project(changed_by=editor)
    own.submit(by=reviewer)
    other.submit(by=editor)
    response = act(reviewer_client, "publish_all", [waiting, own, other])
    assert "None of the 3 was changed. “Own”: You wrote this yourself" in texts(response)[0]
    assert set(Project.objects.values_list("status", flat=True)) == {"review"}
    response = act(reviewer_client, "publish_all", [waiting, other])
    assert texts(response) == ["Done for 2 records."]
    assert Project.objects.published().count() == 2


def test_drafts_nobody_has_submitted_are_not_published_from_the_list(reviewer_client, editor, waiting):
    draft = make_project(title="Half written", changed_by=editor)
    response = act(reviewer_client, "publish_all", [waiting, draft])
    assert texts(response) == ["Not in review, so left as they are: “Half written”", "Done for 1 records."]
    assert Project.objects.published().get() == waiting
    assert texts(act(reviewer_client, "publish_all", [draft]))[0].startswith("Not in review")
    assert Project.objects.filter(status="draft").get() == draft


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


# Filters


def test_list_is_filtered_by_state_and_by_whose(editor_client, reviewer, project):
    other = make_project(changed_by=reviewer)
    publish(make_project())
    listed = lambda query: set(editor_client.get(f"/admin/projects/project/?{query}").context["cl"].queryset)  # noqa: E731
    assert listed("state=draft") == {project, other}
    assert listed("state=draft&mine=yes") == {project}
    assert len(listed("state=published")) == 1
    assert len(listed("state=nonsense")) == 3


def test_search_finds_former_names(editor_client, project):
    project.other_names.create(name="MIMAK I")
    found = editor_client.get("/admin/projects/project/?q=mimak").context["cl"].queryset
    assert list(found) == [project]


# Choosing by typing


def suggest(client, term, field="countries", model="project", app="projects"):
    query = {"term": term, "app_label": app, "model_name": model, "field_name": field}
    return [row["text"] for row in client.get("/admin/autocomplete/", query).json()["results"]]


def test_countries_are_found_in_every_language_by_code_and_by_former_name(editor_client):
    turkey = make_country("TR", "Türkiye")
    turkey.name_fr, turkey.name_ru = "Turquie", "Турция"
    turkey.save()
    turkey.other_names.create(name="Turkey")
    for term in ("Türk", "turkiye", "Turq", "турц", "Turkey", "tr"):
        assert suggest(editor_client, term) == ["Türkiye"], term


def test_best_match_comes_first_and_once(editor_client):
    for iso2, name in [("GQ", "Equatorial Guinea"), ("GN", "Guinea"), ("GW", "Guinea-Bissau"), ("NE", "Niger")]:
        make_country(iso2, name).other_names.create(name=f"Old {name}")
    make_country("NG", "Nigeria")
    assert suggest(editor_client, "Guinea") == ["Guinea", "Guinea-Bissau", "Equatorial Guinea"]
    assert suggest(editor_client, "Niger") == ["Niger", "Nigeria"]


def test_organisations_are_found_by_acronym_and_alias_but_not_when_merged(editor_client, administrator):
    kept, gone = make_organisation("Kept", acronym="KPT"), make_organisation("Gone")
    kept.other_names.create(name="Ancienne")
    gone.merge_into(kept, by=administrator)
    for term in ("kpt", "Ancienne", "Gone"):
        assert suggest(editor_client, term, "organisation", "projectrole") == ["Kept (KPT)"], term


# Organisations


def test_merging_moves_every_use_and_says_where(client, administrator):
    kept, twice = make_organisation("Kept"), make_organisation("Twice")
    project = make_project(donors=[twice])
    client.force_login(administrator)
    ticked = {"action": "merge", "_selected_action": [kept.pk, twice.pk]}
    page = client.post("/admin/portal/organisation/", ticked)
    assert b"organisations in the project: 1" in page.content
    client.post("/admin/portal/organisation/", ticked | {"_confirmed": "1", "target": kept.pk})
    assert project.roles.get().organisation == kept
    twice.refresh_from_db()
    assert twice.merged_into == kept


def test_merging_keeps_what_part_an_organisation_has(administrator):
    kept, twice = make_organisation("Kept"), make_organisation("Twice")
    project = make_project()
    role = project.roles.create(organisation=twice, role=ProjectRole.Role.PARTNER, share=5)
    twice.merge_into(kept, by=administrator)
    moved = project.roles.get()
    assert (moved.pk, moved.role, moved.share, moved.organisation) == (role.pk, "partner", 5, kept)


def test_merging_what_stands_in_one_record_is_refused_as_a_whole(client, administrator):
    kept, twice, third = (make_organisation(name) for name in ("Kept", "Twice", "Third"))
    make_project(donors=[third])
    make_project(donors=[kept, twice])
    client.force_login(administrator)
    data = {"action": "merge", "_selected_action": [third.pk, twice.pk], "_confirmed": "1", "target": kept.pk}
    response = client.post("/admin/portal/organisation/", data)
    assert "“Twice” was not merged, and nothing else either" in response.context["form"].errors["target"][0]
    assert Organisation.objects.filter(merged_into=None).count() == 3
    assert ProjectRole.objects.filter(organisation=third).exists()


def test_editor_cannot_merge_and_cannot_establish(editor_client):
    kept, twice = make_organisation("Kept"), make_organisation("Twice")
    data = {"action": "merge", "_selected_action": [twice.pk], "_confirmed": "1", "target": kept.pk}
    editor_client.post("/admin/portal/organisation/", data)
    assert not Organisation.objects.exclude(merged_into=None).exists()
    send_form(
        editor_client, "/admin/portal/organisation/add/", {"name_en": "New one", "is_established": "on"}, _save="1"
    )
    assert not Organisation.objects.get(name="New one").is_established


def test_merging_hands_over_what_the_survivor_lacks(administrator):
    kept = make_organisation("Kept", is_established=False, website="https://kept.example/")
    ids = {"iati_identifier": "XM-DAC-3-1", "ror": "https://ror.org/01abcde23"}
    twice = make_organisation("Twice", country=make_country(), website="https://twice.example/", **ids)
    twice.merge_into(kept, by=administrator)
    kept.refresh_from_db()
    assert (kept.country.iso2, kept.website, kept.is_established) == ("RS", "https://kept.example/", True)
    assert (kept.iati_identifier, kept.ror) == ("XM-DAC-3-1", "https://ror.org/01abcde23")


def test_merging_is_written_down_at_each_record_it_changes(administrator):
    kept, twice = make_organisation("Kept"), make_organisation("Twice")
    project, publication = make_project(donors=[twice]), make_publication(publisher=twice, published=True)
    meeting = Meeting.objects.create(title="Conference")
    meeting.organisers.add(twice)
    before = {record: record.changed_at for record in (project, publication, meeting)}
    twice.merge_into(kept, by=administrator)
    for record, changed_at in before.items():
        entry = AuditEntry.objects.about(record).first()
        assert (entry.verb, entry.by, entry.note) == ("change", administrator, "Twice → Kept")
        record.refresh_from_db()
        assert record.changed_at > changed_at, record


def test_second_organisation_of_a_name_is_asked_about_first(editor_client):
    same = make_organisation("International Organization", acronym="IO")
    same.other_names.create(name="Organisation internationale")
    add = "/admin/portal/organisation/add/"
    box = 'type="checkbox" name="is_another"'
    assert box not in editor_client.get(add).content.decode()
    for name in ("international organization", "Organisation internationale", "IO"):
        response = send_form(editor_client, add, {"name_en": name}, _save="1")
        assert f'<a href="{change_url(same)}">' in complaints(response)["name_en"][0]
        assert box in response.content.decode()
    assert Organisation.objects.count() == 1
    send_form(editor_client, add, {"name_en": "IO", "is_another": "on"}, _save="1")
    assert Organisation.objects.count() == 2


def test_organisation_is_changed_without_being_asked_about_its_old_name(client, administrator):
    one, _two = make_organisation("Same"), make_organisation("Same")
    client.force_login(administrator)
    assert send_form(client, change_url(one), {"note": "Checked"}, _save="1").status_code == 302


def test_rule_about_two_dates_is_told_in_the_form(client, administrator):
    client.force_login(administrator)
    typed = {"country": make_country().pk, "city": "Vienna", "opened": "2020", "closed": "2019"}
    response = send_form(client, "/admin/portal/office/add/", typed, _save="1")
    assert complaints(response)["__all__"] == ["The office closed before it opened."]


# Pages and addresses


def test_page_goes_public_by_an_administrator_alone(client, reviewer, administrator):
    client.force_login(reviewer)
    typed = {"title_en": "Privacy", "slug": "privacy", "is_public": "on"}
    send_form(client, "/admin/portal/page/add/", typed, _save="1")
    page = Page.objects.get()
    assert not page.is_public
    send_form(client, change_url(page), {"text_en": "<p>We keep nothing.</p>", "is_public": "on"}, _save="1")
    page.refresh_from_db()
    assert (page.text, page.is_public) == ("<p>We keep nothing.</p>", False)
    client.force_login(administrator)
    send_form(client, change_url(page), {"is_public": "on"}, _save="1")
    page.refresh_from_db()
    assert page.is_public
    client.force_login(reviewer)
    assert client.post(change_url(page), {"title_en": "Other"}).status_code == 403


@pytest.mark.parametrize(
    "old, message",
    [
        ("/fr/old/", "Leave out /fr: /old/"),
        ("/en/old/", "Leave out /en: /old/"),
        ("/projects/", "There is a page"),
        ("/projects/live/", "There is a page"),
        ("/countries/rs/", "There is a page"),
    ],
)
def test_redirect_from_where_something_is_or_with_a_language_is_refused(client, administrator, old, message):
    make_project(slug="live", published=True)
    make_country()
    client.force_login(administrator)
    add = "/admin/portal/redirect/add/"
    response = send_form(client, add, {"old_path": old, "new_path": "/about/"}, _save="1")
    assert message in complaints(response)["old_path"][0]
    make_project(slug="draft")
    for free in ("/projects/draft/", "/old/page.html"):
        assert send_form(client, add, {"old_path": free, "new_path": "/about/"}, _save="1").status_code == 302


def test_address_that_was_public_is_changed_by_reviewers_only(client, editor, reviewer, project):
    publish(project)
    project.withdraw(by=reviewer, reason="Wrong")
    project.reopen(by=editor)
    client.force_login(editor)
    send_form(client, change_url(project), {"slug": "other", "acronym": "X"}, _continue="1")
    project.refresh_from_db()
    assert (project.slug, project.acronym) == ("safe-routes", "X")
    client.force_login(reviewer)
    send_form(client, change_url(project), {"slug": "other"}, _continue="1")
    project.refresh_from_db()
    assert project.slug == "other"


def test_address_that_leads_elsewhere_is_not_given_to_another(reviewer_client, project):
    live = make_project(slug="first", published=True)
    live.slug = "second"
    live.save()
    response = send_form(reviewer_client, change_url(project), {"slug": "first"}, _continue="1")
    assert complaints(response)["slug"] == ["This address leads to /projects/second/ since it moved."]
    add = "/admin/projects/project/add/"
    assert "slug" in complaints(send_form(reviewer_client, add, {"title_en": "First"}, _continue="1"))
    # The one that moved may come back.
    assert send_form(reviewer_client, change_url(live), {"slug": "first"}, _continue="1").status_code == 302
    assert Redirect.target_of("/projects/second/") == "/projects/first/"


def test_short_names_are_made_from_names(client, administrator, reviewer):
    client.force_login(administrator)
    make_organisation()
    cases = {
        "portal/source": ({"title_en": "Annual report", "title": "Annual report"}, "annual-report"),
        "publications/series": ({"title_en": "Working papers"}, "working-papers"),
        "projects/programme": ({"name_en": "Migration EU eXpertise", "acronym": "MIEUX"}, "mieux"),
        "dialogues/meetingseries": ({"name_en": "Yearly conference"}, "yearly-conference"),
        "publications/publicationtype": ({"name_en": "Policy brief"}, "policy-brief"),
    }
    for path, (typed, slug) in cases.items():
        for made in (slug, f"{slug}-2"):
            response = send_form(client, f"/admin/{path}/add/", typed, _save="1")
            assert response.status_code == 302, (path, complaints(response))
            model = apps.get_model(path.replace("/", "."))
            assert model.objects.filter(slug=made).exists(), path


# What stands on live pages besides records


def test_editor_neither_changes_nor_deletes_what_live_records_show(client, editor):
    programme = Programme.objects.create(slug="mieux", name="MIEUX")
    series = Series.objects.create(slug="papers", title="Papers")
    source = Source.objects.create(slug="report", title="Report")
    make_project(programme=programme, source=source, published=True)
    publication = make_publication(series=series, published=True)
    client.force_login(editor)
    for shown in (programme, series, source, publication.type):
        assert client.post(change_url(shown), {"name_en": "X", "title": "X"}).status_code == 403, shown
        assert client.post(change_url(shown).replace("change", "delete"), {"post": "yes"}).status_code == 403, shown


# People


@pytest.fixture
def superuser(db):
    return get_user_model().objects.create_superuser("root", password="a-long-pass-phrase")


def test_administrator_cannot_make_a_superuser_of_anybody(client, administrator, editor):
    client.force_login(administrator)
    everything = [str(pk) for pk in Permission.objects.values_list("pk", flat=True)]
    for person in (administrator, editor):
        url = reverse("admin:auth_user_change", args=[person.pk])
        assert "is_superuser" not in read_form(client, url, "user_form").data
        response = send_form(client, url, {"is_superuser": "on", "user_permissions": everything}, _save="1")
        assert response.status_code == 302
        person.refresh_from_db()
        assert not person.is_superuser
        assert not person.user_permissions.exists()


def test_administrator_adds_a_person_without_rights(client, administrator):
    client.force_login(administrator)
    typed = {"username": "nora", "password1": "another-long-phrase", "password2": "another-long-phrase"}
    send_form(client, "/admin/auth/user/add/", typed | {"is_superuser": "on", "is_staff": "on"}, _save="1")
    nora = get_user_model().objects.get(username="nora")
    assert not nora.is_superuser
    assert not nora.is_staff
    assert AuditEntry.objects.about(nora).get().verb == "add"


def test_administrator_cannot_reach_a_superuser(client, administrator, superuser):
    client.force_login(administrator)
    url = reverse("admin:auth_user_change", args=[superuser.pk])
    assert client.post(url, {"username": "root", "is_active": ""}).status_code == 403
    password = {"password1": "another-long-phrase", "password2": "another-long-phrase", "usable_password": "true"}
    assert client.post(f"/admin/auth/user/{superuser.pk}/password/", password).status_code == 403
    superuser.refresh_from_db()
    assert superuser.is_active
    assert superuser.check_password("a-long-pass-phrase")


def test_administrator_gives_roles_but_none_beyond_their_own(client, administrator, editor):
    beyond = Group.objects.create(name="beyond")
    beyond.permissions.add(Permission.objects.get(codename="delete_project"))
    reviewers = Group.objects.get(name=roles.REVIEWER)
    client.force_login(administrator)
    url = reverse("admin:auth_user_change", args=[editor.pk])
    send_form(client, url, {"groups": [reviewers.pk]}, _save="1")
    assert editor.groups.get() == reviewers
    response = send_form(client, url, {"groups": [beyond.pk]}, _save="1")
    assert "groups" in complaints(response)
    assert editor.groups.get() == reviewers
    editor.groups.set([beyond])
    assert client.post(url, {}).status_code == 403


def test_administrator_gives_themselves_no_role(client, administrator):
    client.force_login(administrator)
    reviewers = Group.objects.get(name=roles.REVIEWER)
    url = reverse("admin:auth_user_change", args=[administrator.pk])
    send_form(client, url, {"groups": [reviewers.pk], "first_name": "Ada"}, _save="1")
    administrator.refresh_from_db()
    assert administrator.first_name == "Ada"
    assert administrator.groups.get().name == roles.ADMINISTRATOR


def test_account_that_was_switched_off_gives_no_way_to_its_rights(client, administrator):
    strong = make_person("strong", roles.EDITOR)
    strong.user_permissions.add(Permission.objects.get(codename="delete_project"))
    strong.is_active = False
    strong.save()
    client.force_login(administrator)
    assert client.post(reverse("admin:auth_user_change", args=[strong.pk]), {}).status_code == 403


def test_roles_are_looked_at_and_not_changed(client, administrator):
    client.force_login(administrator)
    group = Group.objects.get(name=roles.EDITOR)
    url = reverse("admin:auth_group_change", args=[group.pk])
    assert client.get(url).status_code == 200
    everything = list(Permission.objects.values_list("pk", flat=True))
    assert client.post(url, {"name": "editor", "permissions": everything}).status_code == 403


def test_password_never_stands_in_the_log(client, administrator, editor):
    client.force_login(administrator)
    phrase = {"password1": "another-long-phrase", "password2": "another-long-phrase", "usable_password": "true"}
    client.post(f"/admin/auth/user/{editor.pk}/password/", phrase | {"set-password": "1"})
    editor.refresh_from_db()
    assert editor.check_password("another-long-phrase")
    assert AuditEntry.objects.about(editor).get().note == "password changed"


# The log


def test_nobody_adds_changes_or_deletes_entries(client, superuser, project, editor):
    project.submit(by=editor)
    entry = AuditEntry.objects.get()
    client.force_login(superuser)
    assert client.get("/admin/portal/auditentry/").status_code == 200
    assert client.post("/admin/portal/auditentry/add/", {}).status_code == 403
    assert client.post(change_url(entry), {"note": "x"}).status_code == 403
    assert client.post(f"/admin/portal/auditentry/{entry.pk}/delete/", {"post": "yes"}).status_code == 403


def test_history_of_a_record_is_the_audit_log(editor_client, waiting):
    page = editor_client.get(reverse("admin:projects_project_history", args=[waiting.pk])).content
    assert b"submit" in page
    assert b"edith" in page
