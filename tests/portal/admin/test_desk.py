"""The front page, and every page of every model, for every role."""

import datetime
import re

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dialogues.models import Cycle, FocalPoint, Initiative
from portal.models import Draft, Import, Redirect
from portal.versions import content, drafts
from projects.models import Programme, Project
from publications.models import FilePage, Publication, PublicationFile, Series
from tests.factories import make_country, make_dialogue, make_project, make_publication
from tests.forms import form_in
from tests.portal.admin.conftest import OURS, change_url, panels

# The front page


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


def test_editor_sees_what_they_may_change_and_how_many_others_there_are(editor_client, reviewer, project):
    live = make_project(published=True)
    for _n in range(2):
        waiting = make_project(changed_by=reviewer)
        waiting.submit(by=reviewer)
    found = {panel.heading: panel for panel in editor_client.get("/admin/").context["panels"]}
    donors = found["Projects without a donor"]
    assert {item.record for item in donors.items} == {project, live}
    label, url = donors.more[0]
    assert label == "2 in review: ask a reviewer"
    assert url.endswith("?todo=without-donor&state=review")
    assert editor_client.get(url).context["cl"].result_count == 2


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
    FocalPoint.objects.create(
        user=get_user_model().objects.create_user("fatou"), dialogue=dialogue, country=make_country()
    )
    file = PublicationFile(
        publication=Publication.objects.first(), original_name="a.pdf", format="pdf", size=1, sha256="0" * 64
    )
    PublicationFile.objects.bulk_create([file])
    FilePage.objects.create(file=file, number=1, text="A page")
    project = Project.objects.published().first()
    drafts.save(project, content.take(project), by=administrator)
    Import.objects.create(reader="list", name="list.xlsx", by=administrator)


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


# Drafts of live pages


def titles(client, heading):
    return [str(draft) for draft in panels(client)[heading]]


def test_front_page_says_whose_draft_waits_for_whom(client, editor, reviewer):
    project = make_project(title="Safe routes", published=True)
    said = content.take(project)
    draft = drafts.save(project, said | {"fields": said["fields"] | {"acronym": "SR"}}, by=editor)
    client.force_login(editor)
    assert titles(client, "Your drafts of live pages") == ["Safe routes"]
    drafts.submit(draft, by=editor, note="New acronym")
    assert titles(client, "Your drafts of live pages: waiting for somebody else") == ["Safe routes"]
    client.force_login(reviewer)
    assert titles(client, "Drafts of live pages waiting for your review") == ["Safe routes"]
    assert "New acronym" in client.get("/admin/").content.decode()
    drafts.send_back(draft, by=reviewer, reason="Which acronym?")
    assert "Drafts of live pages waiting for your review" not in panels(client)
    client.force_login(editor)
    assert titles(client, "Drafts of live pages sent back to you") == ["Safe routes"]
    drafts.submit(draft, by=editor)
    drafts.publish(draft, by=reviewer, at=timezone.now() + datetime.timedelta(days=1))
    assert titles(client, "Approved, waiting for their time") == ["Safe routes"]


def test_list_shows_which_live_records_have_a_draft(editor_client, editor):
    project = make_project(title="Safe routes", published=True)
    drafts.submit(drafts.save(project, content.take(project), by=editor), by=editor)
    assert "Draft: in review" in editor_client.get("/admin/projects/project/").content.decode()
    assert "Draft: in review" in editor_client.get(f"/admin/projects/project/{project.pk}/change/").content.decode()


def test_drafts_in_review_are_published_from_the_list_all_or_none(client, editor, reviewer):
    projects = [make_project(published=True) for _n in range(3)]
    for project in projects:
        said = content.take(project)
        draft = drafts.save(project, said | {"fields": said["fields"] | {"acronym": "NEW"}}, by=editor)
        drafts.submit(draft, by=editor)
    asked = {"action": "publish_all", "_selected_action": [project.pk for project in projects]}
    client.force_login(editor)
    client.post("/admin/projects/project/", asked)
    assert not Project.objects.filter(acronym="NEW").exists()
    client.force_login(reviewer)
    sent = form_in(client.post("/admin/projects/project/", asked), "several_form")
    Draft.objects.filter(object_id=projects[1].pk).update(changed_by=reviewer)
    client.post("/admin/projects/project/", sent)
    assert not Project.objects.filter(acronym="NEW").exists()
    Draft.objects.filter(object_id=projects[1].pk).update(changed_by=editor)
    client.post("/admin/projects/project/", sent)
    assert Project.objects.filter(acronym="NEW").count() == 3
