"""The form of a project: what an editor may not do, and where a mistake is told."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from portal import roles
from portal.models import AuditEntry
from portal.versions import drafts
from projects.models import Call, Programme, Project, ProjectRole
from tests.factories import make_organisation, make_project, publish
from tests.forms import complaints, read_form, send_form
from tests.people import make_person

ADD = "/admin/projects/project/add/"
LIST = "/admin/projects/project/"


def change_url(project):
    return reverse("admin:projects_project_change", args=[project.pk])


@pytest.fixture
def draft(reviewer):
    """Written by somebody else, so that only the missing right stands in an editor's way."""
    return make_project(title="Draft", changed_by=reviewer)


@pytest.fixture
def live():
    return make_project(title="Live", donors=[make_organisation("Donor")], published=True)


# An editor cannot publish: each way ends with the draft unpublished

STATUS = {
    "status": "published",
    "published_at": "2020-01-01 10:00",
    "published_at_0": "2020-01-01",
    "published_at_1": "10:00",
    "first_published_at": "2020-01-01 10:00",
    "approved_by": "1",
}


def by_a_field_of_the_change_form(client, draft):
    send_form(client, change_url(draft), STATUS, _continue="1")


def by_a_field_of_the_add_form(client, draft):
    send_form(client, ADD, {"title_en": "New"} | STATUS, _continue="1")


def by_the_button_sent_by_hand(client, draft):
    response = send_form(client, change_url(draft), _verb="publish")
    assert "You may not do that" in complaints(response)["__all__"][0]


def by_the_button_on_the_add_form(client, draft):
    send_form(client, ADD, {"title_en": "New"}, _verb="publish")
    assert not Project.objects.filter(title="New").exists()


def by_a_schedule(client, draft):
    send_form(client, change_url(draft), {"publish_at": "2031-01-01T10:00"}, _verb="publish")


def by_the_action_of_the_list(client, draft):
    client.post(LIST, {"action": "publish_all", "_selected_action": [draft.pk]})


def by_the_action_for_all_of_the_list(client, draft):
    client.post(LIST, {"action": "publish_all", "_selected_action": [draft.pk], "select_across": "1", "index": "0"})


def by_editing_the_list(client, draft):
    rows = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": draft.pk, "form-0-status": "published"}
    client.post(LIST, rows | {"_save": "Save"})


def by_saving_it_as_new(client, draft):
    send_form(client, change_url(draft), STATUS, _saveasnew="1")


def by_the_address_of_the_add_form(client, draft):
    page = client.get(ADD + "?status=published&title_en=New")
    assert page.status_code == 200
    send_form(client, ADD + "?status=published", {"title_en": "New"}, form_id="project_form", _continue="1")


def by_submitting_and_publishing_in_one_go(client, draft):
    client.post(change_url(draft), read_form(client, change_url(draft), "project_form").data | {
        "_verb": ["submit", "publish"]})  # fmt: skip


def by_a_popup(client, draft):
    send_form(client, change_url(draft), STATUS | {"_popup": "1"}, _verb="publish", _save="1")


def by_reopening_what_was_withdrawn(client, draft):
    publish(draft)
    draft.withdraw(by=draft.approved_by, reason="Wrong")
    send_form(client, change_url(draft), STATUS, _verb="reopen")


def by_the_history(client, draft):
    client.post(reverse("admin:projects_project_history", args=[draft.pk]), STATUS)


def by_a_step_that_does_not_exist(client, draft):
    send_form(client, change_url(draft), {"acronym": "X"}, _verb="approve")
    assert not Project.objects.filter(acronym="X").exists()


WAYS = [way for name, way in list(globals().items()) if name.startswith("by_")]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_editor_cannot_publish(way, editor_client, draft, visitor):
    way(editor_client, draft)
    assert not Project.objects.filter(status="published").exists()
    assert not Project.objects.visible_to(visitor).exists()


# What is in review is closed to editors, and what is live is changed by drafts


@pytest.fixture
def waiting(editor):
    project = make_project(title="Live", donors=[make_organisation("Donor")], changed_by=editor)
    project.submit(by=editor)
    return project


def test_editor_reads_why_it_is_closed_and_whom_to_ask(editor_client, reviewer, waiting):
    page = editor_client.get(change_url(waiting)).content.decode()
    assert "Ask: rex" in page or "Ask: publisher, rex" in page
    assert 'name="title_en"' not in page
    assert "<button" not in page.split('id="project_form"')[1]


BUTTONS = [
    {"_save": "1"},
    {"_continue": "1"},
    {"_draft": "1"},
    {"_verb": "submit"},
    {"_verb": "archive"},
    {"_verb": "withdraw", "reason": "No"},
    {"_verb": "send-back", "reason": "No"},
    {"_verb": "publish-draft"},
]
CHANGED = {"title_en": "Changed", "roles-0-DELETE": "on"}


@pytest.mark.parametrize("button", BUTTONS)
def test_editor_cannot_change_by_hand_what_is_in_review(editor_client, waiting, button):
    before = (waiting.status, waiting.roles.count(), AuditEntry.objects.count())
    rows = {
        "title_en": "Changed", "slug": waiting.slug, "roles-TOTAL_FORMS": "1", "roles-INITIAL_FORMS": "1",
        "roles-0-id": str(waiting.roles.get().pk), "roles-0-DELETE": "on",
    }  # fmt: skip
    assert editor_client.post(change_url(waiting), rows | button).status_code == 403
    waiting = Project.objects.get(title="Live")
    assert before == (waiting.status, waiting.roles.count(), AuditEntry.objects.count())


@pytest.mark.parametrize("button", BUTTONS)
def test_editor_cannot_change_by_hand_what_visitors_see(client, editor, live, button):
    before = client.get(live.get_absolute_url()).content
    client.force_login(editor)
    send_form(client, change_url(live), CHANGED | button)
    client.logout()
    assert client.get(live.get_absolute_url()).content == before
    assert Project.objects.get().status == "published"


@pytest.mark.parametrize("action", ["submit_all", "publish_all", "withdraw_all"])
@pytest.mark.parametrize("state", ["waiting", "live"])
def test_editor_cannot_change_it_from_the_list(request, editor_client, state, action):
    closed = request.getfixturevalue(state)
    data = {"action": action, "_selected_action": [closed.pk], "_confirmed": "1", "reason": "No"}
    editor_client.post(LIST, data)
    assert Project.objects.get().status == closed.status


def test_editor_cannot_reach_a_live_project_through_its_vocabulary(editor_client, live):
    """A programme's name stands on the pages of its projects."""
    programme = Programme.objects.create(slug="mieux", name="MIEUX")
    url = reverse("admin:projects_programme_change", args=[programme.pk])
    assert editor_client.get(url).status_code == 200
    send_form(editor_client, url, {"name_en": "Other"}, _save="1")
    assert Programme.objects.get(pk=programme.pk).name == "MIEUX"
    assert drafts.open_draft(programme).version.content["fields"]["name_en"] == "Other"
    add = reverse("admin:projects_programme_add")
    assert send_form(editor_client, add, {"name_en": "New", "slug": "new"}, _save="1").status_code == 302


def test_somebody_with_the_right_to_change_alone_cannot_publish(client, colleague, draft):
    """Rights are asked one by one: that somebody works here is none of them."""
    colleague.is_staff = True
    colleague.save()
    colleague.user_permissions.set(Permission.objects.filter(codename__in=["change_project", "view_project"]))
    client.force_login(colleague)
    send_form(client, change_url(draft), _verb="publish")
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_reviewer_changes_what_is_live_by_a_draft_that_somebody_else_publishes(client, reviewer, live):
    client.force_login(reviewer)
    send_form(client, change_url(live), {"acronym": "LIVE"}, _verb="submit-draft")
    assert ("_verb", "publish-draft") not in read_form(client, change_url(live), "project_form").buttons
    client.force_login(make_person("rita", roles.REVIEWER))
    send_form(client, change_url(live), _verb="publish-draft")
    live.refresh_from_db()
    assert (live.acronym, live.status) == ("LIVE", "published")
    assert AuditEntry.objects.about(live).first().verb == "publish draft"


# Mistakes: told at their place, nothing saved

GOOD = {"title_en": "New"}


def donors(*rows):
    found = {"roles-TOTAL_FORMS": str(len(rows))}
    for n, row in enumerate(rows):
        found |= {f"roles-{n}-role": "donor"} | {f"roles-{n}-{name}": value for name, value in row.items()}
    return found


@pytest.mark.parametrize(
    "typed, field, message",
    [
        ({"title_en": ""}, "title_en", "required"),
        ({"start": "31 February 2020"}, "start", "Write a year, a month or a day"),
        ({"start": "2020-13"}, "start", "Write a year"),
        ({"start": "next summer"}, "start", "Write a year"),
        ({"start": "2020", "end": "2019-12"}, "end", "The end lies before the start"),
        ({"slug": "Über uns"}, "slug", "small letters"),
        ({"slug": "taken"}, "slug", "already exists"),
        ({"budget": "12"}, "currency", "An amount needs its currency"),
        ({"budget": "-5", "currency": "EUR"}, "budget", "cannot be negative"),
        ({"currency": "euro"}, "currency", "most 3 characters"),
        ({"currency": "eu1"}, "currency", "ISO 4217"),
        ({"countries": ["999999"]}, "countries", "not one of the available choices"),
        ({"calls-0-title_en": "C", "calls-0-closes": "2020-02-30"}, "calls-0-closes", "valid date"),
        ({"calls-0-title_en": "C", "calls-0-opens": "2020-02-02", "calls-0-closes": "2020-02-01"},
         "calls-0-closes", "closes before it opens"),
        ({"calls-0-closes": "2020-02-01"}, "calls-0-title_en", "required"),
        ({"calls-0-title_en": "C", "calls-0-url": "javascript:alert(1)"}, "calls-0-url", "valid URL"),
        ({"identifiers-0-scheme": "iati", "identifiers-0-value": "XM-1"}, "identifiers-0-__all__", "Another project"),
    ],
)  # fmt: skip
def test_mistake_is_told_at_its_place_and_nothing_is_saved(editor_client, typed, field, message):
    taken = make_project(slug="taken")
    taken.identifiers.create(scheme="iati", value="XM-1")
    response = send_form(editor_client, ADD, GOOD | typed, _verb="submit")
    assert response.status_code == 200
    assert message in " ".join(complaints(response)[field])
    assert Project.objects.get() == taken
    assert not Call.objects.exists()


def test_mistakes_in_rows_of_donors(editor_client):
    first, second = make_organisation("First"), make_organisation("Second")
    one, two = {"organisation": first.pk}, {"organisation": second.pk}
    cases = [
        (donors(one | {"share": "60"}, two | {"share": "60"}), "roles", "shares add up to 120"),
        (donors(one | {"share": "101"}), "roles-0-share", "less than or equal to 100"),
        (donors(one | {"share": "-1"}), "roles-0-share", "greater than or equal to 0"),
        (donors(one | {"amount": "10"}), "roles-0-currency", "An amount needs its currency"),
        (donors(one, one), "roles", "listed twice in the same role"),
        (donors({"share": "10"}), "roles-0-organisation", "required"),
    ]
    for typed, field, message in cases:
        response = send_form(editor_client, ADD, GOOD | typed, _continue="1")
        assert response.status_code == 200, message
        assert message in " ".join(complaints(response)[field]), (field, complaints(response))
    assert not Project.objects.exists()
    assert not ProjectRole.objects.exists()


def test_mistakes_of_a_row_and_of_all_rows_are_told_together(editor_client):
    one, two = {"organisation": make_organisation().pk}, {"organisation": make_organisation().pk}
    typed = donors(one | {"share": "60"}, two | {"share": "60", "amount": "10"}, one)
    found = complaints(send_form(editor_client, ADD, GOOD | typed, _continue="1"))
    assert found["roles-1-currency"] == ["An amount needs its currency."]
    assert "roles-1-__all__" not in found
    assert found["roles"] == [
        "This organisation is listed twice in the same role.",
        "The donors' shares add up to 120 per cent.",
    ]


def test_budget_without_a_currency_is_told_once(editor_client):
    found = complaints(send_form(editor_client, ADD, GOOD | {"budget": "12"}, _continue="1"))
    assert found == {"currency": ["An amount needs its currency."]}


def test_end_before_the_start_is_told_once(editor_client):
    found = complaints(send_form(editor_client, ADD, GOOD | {"start": "2020", "end": "2019"}, _continue="1"))
    assert found == {"end": ["The end lies before the start."]}


def test_shares_are_counted_over_the_rows_that_stay(editor_client, editor):
    first, second = make_organisation("First"), make_organisation("Second")
    project = make_project(changed_by=editor)
    row = project.roles.create(organisation=first, share=60)
    typed = {"roles-0-DELETE": "on", "roles-1-organisation": second.pk, "roles-1-share": "70"}
    assert send_form(editor_client, change_url(project), typed, _continue="1").status_code == 302
    assert not project.roles.filter(pk=row.pk).exists()
    assert project.roles.get().organisation == second


def test_chain_of_phases_never_closes(editor_client, editor):
    first, second = make_project(changed_by=editor), make_project(changed_by=editor)
    second.relations.create(kind="follows", other=first)
    typed = {"relations-0-kind": "follows", "relations-0-other": second.pk}
    response = send_form(editor_client, change_url(first), typed, _continue="1")
    assert complaints(response)["relations-0-other"] == ["That project already follows this one."]


def test_empty_rows_are_not_saved_and_new_ones_keep_their_order(editor_client):
    organisations = [make_organisation(name) for name in ("Charlie", "Alpha", "Bravo")]
    typed = donors(*({"organisation": organisation.pk} for organisation in organisations), {})
    send_form(editor_client, ADD, GOOD | typed, _continue="1")
    project = Project.objects.get()
    assert [str(role.organisation) for role in project.roles.all()] == ["Charlie", "Alpha", "Bravo"]
    assert not project.calls.exists()


def test_prose_is_cleaned_before_it_is_saved(editor_client):
    dirty = '<p onclick="x()">Kept <script>alert(1)</script><a href="javascript:x()">link</a></p>'
    send_form(editor_client, ADD, GOOD | {"summary_en": dirty}, _continue="1")
    assert Project.objects.get().summary == '<p>Kept <a rel="nofollow noopener">link</a></p>'


def test_english_is_required_and_other_languages_are_not(editor_client):
    response = send_form(editor_client, ADD, {"title_fr": "Seulement en français"}, _continue="1")
    assert "title_en" in complaints(response)
    send_form(editor_client, ADD, {"title_en": "Routes", "title_ar": "طرق"}, _continue="1")
    project = Project.objects.get()
    assert (project.title_en, project.title_ar, project.title_fr) == ("Routes", "طرق", None) or project.title_fr == ""


def test_update_has_todays_date_and_an_untouched_row_is_none(editor_client):
    send_form(editor_client, ADD, GOOD, _continue="1")
    project = Project.objects.get()
    assert not project.updates.exists()
    typed = {"updates-TOTAL_FORMS": "1", "updates-0-date": str(timezone.localdate()), "updates-0-title_en": "News"}
    send_form(editor_client, change_url(project), typed, _continue="1")
    assert project.updates.get().date == timezone.localdate()
