"""Previews: what visitors would see, drawn for whoever may see drafts, while nothing of it is kept."""

import datetime
import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from dialogues.models import Instrument, Meeting
from portal import kinds
from portal.models import FigureGroup, KeyFigure, Office, Page, Redirect
from portal.versions import preview
from portal.versions.content import take
from publications.models import PublicationFile
from tests.factories import (
    make_country,
    make_dialogue,
    make_organisation,
    make_project,
    make_publication,
    make_record,
    make_region,
    make_theme,
    publish,
)
from tests.portal.previews.conftest import address, everything, write

LANGUAGES = ["en", "fr", "ar", "ru"]
KINDS = [kind.name for kind in kinds.all() if kind.model in admin.site._registry]


def without_bar(page):
    return re.sub(r'<aside class="preview-bar".*?</aside>\n', "", page.decode(), flags=re.DOTALL)


@pytest.mark.parametrize("language, title", [("en", "Safer routes"), ("fr", "Safer routes"), ("ar", "طرق أكثر أمنا")])
def test_preview_of_a_draft_shows_its_title_rows_and_links(editor_client, draft, project, language, title):
    response = editor_client.get(address(project), {"language": language})
    page = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}"' in page
    for text in (title, "Georgia", "European Union", "Switzerland", "Preview: not public.", "Draft of edith"):
        assert text in page
    assert "Türkiye" not in page


@pytest.mark.parametrize("prefix", ["", "/ar"])
def test_visitors_page_is_the_same_before_and_after_a_preview(client, editor, draft, project, prefix):
    before = client.get(prefix + project.get_absolute_url()).content
    client.force_login(editor)
    for language in LANGUAGES:
        assert client.get(address(project), {"language": language}).status_code == 200
    client.logout()
    assert client.get(prefix + project.get_absolute_url()).content == before
    assert client.get(f"{prefix}/projects/safer-routes/").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", KINDS)
def test_preview_of_what_is_live_is_the_visitors_page_under_a_bar(client, editor, name, language):
    record = make_record(kinds.get(name), published=True)
    visitors = client.get(("" if language == "en" else f"/{language}") + record.get_absolute_url()).content
    client.force_login(editor)
    page = client.get(address(record), {"language": language}).content
    assert b"this is what visitors see" in page
    assert b"not saved is not in it" in page
    assert without_bar(page) == visitors.decode()


@pytest.mark.parametrize("name", KINDS)
def test_preview_of_a_record_is_the_page_it_has_once_it_is_published(client, editor, name):
    record = make_record(kinds.get(name), title="Half done", slug="half-done")
    client.force_login(editor)
    page = client.get(address(record)).content
    assert b"Preview: not public." in page
    assert b"because you are signed in" not in page
    client.logout()
    assert client.get(record.get_absolute_url()).status_code == 404
    publish(record)
    assert re.sub(r"<time.*?</time>", "", without_bar(page)) == re.sub(
        r"<time.*?</time>", "", client.get(record.get_absolute_url()).content.decode()
    )


def things_with_a_page():
    country = make_country("TR", "Türkiye")
    dialogue = make_dialogue(title="Open Process")
    instrument = Instrument.objects.create(slug="plan", title="The plan", kind="action-plan")
    instrument.dialogues.add(dialogue)
    group = FigureGroup.objects.create(slug="staff", name="Staff")
    return {
        country: "Türkiye",
        make_region(name="Silk Routes"): "Silk Routes",
        make_theme(name="Return"): "Return",
        make_organisation("Ministry of Tests", is_established=False): "Ministry of Tests",
        Page.objects.create(slug="contact", title="Write to us"): "Write to us",
        group: "People",
        KeyFigure.objects.create(group=group, slug="people", label="People", value=5): "People",
        Office.objects.create(city="Ankara", country=country): "Ankara",
        country.steering_group_chairs.create(year=2020): "2020",
        Meeting.objects.create(title="Alone", slug="alone"): "Alone",
        dialogue.meetings.create(title="Within", slug="within"): "Within",
        instrument: "The plan",
        instrument.domains.create(title="Borders"): "Borders",
        dialogue.activities.create(title="A course"): "A course",
        make_project(title="Safe routes"): "Safe routes",
        dialogue: "Open Process",
        make_publication(title="A paper", audience="staff", embargo_until=timezone.now() + datetime.timedelta(1)): (
            "A paper"
        ),
    }


def test_everything_with_a_page_of_its_own_or_of_others_has_a_preview(editor_client):
    shown = things_with_a_page()
    for record, text in shown.items():
        response = editor_client.get(address(record))
        assert response.status_code == 200, record._meta.label
        assert text in without_bar(response.content), record._meta.label
    known = {model for model in admin.site._registry if preview.has_page(model)} - {kinds.get("event").model}
    assert {type(record) for record in shown} == known


def test_draft_of_everything_with_a_page_changes_no_row_when_it_is_drawn(client, superuser):
    shown = list(things_with_a_page())
    for record in shown:
        if hasattr(record, "approved_by"):
            publish(record)  # before, it has no draft beside it
        write(record, superuser)
    client.force_login(superuser)
    before = everything()
    for record in shown:
        assert client.get(address(record)).status_code == 200, record._meta.label
    after = everything()
    assert [table for table in before if before[table] != after[table]] == []


@pytest.mark.django_db(transaction=True)
def test_no_row_no_file_and_no_task_is_left_by_a_preview_in_a_transaction_of_its_own(
    client, editor, settings, tmp_path
):
    project = make_project(published=True)
    publication = make_publication(published=True, projects=[project])
    file = PublicationFile(publication=publication, file=SimpleUploadedFile("paper.txt", b"Words of a paper."))
    file.save()
    content = take(publication)
    row = content["rows"]["files"][0]
    write(publication, editor, rows={"files": []}, slug="another-address", title_en="Another title")
    write(project, editor, slug="moved", title_en="Moved")
    client.force_login(editor)
    settings.FILES_DIR.mkdir(parents=True, exist_ok=True)
    kept, before = sorted(settings.VAR_DIR.rglob("*")), everything()
    for language in LANGUAGES:
        assert b"Another title" in client.get(address(publication), {"language": language}).content
        assert b"Moved" in client.get(address(project), {"language": language}).content
    assert everything() == before
    assert sorted(settings.VAR_DIR.rglob("*")) == kept
    assert connection.run_on_commit == []
    assert not Redirect.objects.exists()
    assert PublicationFile.objects.get().sha256 == row["fields"]["sha256"]


def test_what_a_draft_names_and_is_not_public_stays_hidden(editor_client, project, editor):
    hidden = make_project(title="Zanzibarquux")
    dialogue = make_dialogue(title="Zanzibarquux process")
    kind = {"kind": "complements", "other": hidden.pk, "note": ""}
    relation = {"id": "0b8ad0e0-3a6e-4e53-9d4c-000000000002", "fields": kind, "links": {}, "rows": {}}
    write(project, editor, rows={"relations": [relation]}, links={"dialogues": [dialogue.pk]})
    page = editor_client.get(address(project)).content.decode()
    assert "Preview: not public." in page
    assert "Zanzibarquux" not in page


def test_preview_shows_what_changed_on_the_live_page_meanwhile_and_tells_of_a_clash(editor_client, draft, project):
    project.refresh_from_db()
    project.acronym, project.title = "SAFE", "Safe routes for all"
    project.save()
    page = editor_client.get(address(project)).content.decode()
    assert "SAFE" in page
    assert "Safer routes" in page
    assert "has changed since" in page


def test_preview_tells_what_is_gone_by_now(editor_client, editor, project):
    theme = make_theme(name="Return")
    write(project, editor, links={"themes": [theme.pk]}, names={"portal.theme": {str(theme.pk): "Return"}})
    theme.delete()
    page = editor_client.get(address(project)).content.decode()
    assert "Left out, because it is gone: Theme “Return”" in page


def test_draft_that_needs_what_is_gone_says_so_in_words(editor_client, draft, project):
    from portal.models import Organisation

    Organisation.objects.get(name="Switzerland").delete()
    response = editor_client.get(address(project))
    assert response.status_code == 409
    assert "Organisation “Switzerland” does not exist any more" in response.content.decode()


def test_draft_that_breaks_a_rule_of_the_database_says_so_in_words(editor_client, editor, project):
    make_project(slug="taken")
    write(project, editor, slug="taken")
    response = editor_client.get(address(project))
    assert response.status_code == 409
    assert "The database cannot hold it as it stands" in response.content.decode()


def test_organisation_that_was_merged_has_no_preview(editor_client, administrator):
    old, new = make_organisation("Old name"), make_organisation("New name")
    old.merge_into(new, by=administrator)
    response = editor_client.get(address(old))
    assert response.status_code == 409
    assert "merged into another organisation" in response.content.decode()


def test_preview_is_kept_by_nobody_and_found_by_nobody(editor_client, draft, project):
    response = editor_client.get(address(project))
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert not response.cookies


def test_posting_to_a_preview_does_nothing(editor_client, draft, project):
    before = everything()
    assert editor_client.post(address(project), {"title_en": "Other"}).status_code == 405
    assert everything() == before


def test_language_the_portal_does_not_speak_is_not_found(editor_client, project):
    for language in ("de", "", "en/../fr", "العربية"):
        assert editor_client.get(address(project), {"language": language}).status_code == 404


def test_only_those_who_may_see_drafts_see_previews(client, draft, project, colleague):
    assert client.get(address(project)).status_code == 302
    client.force_login(colleague)
    assert client.get(address(project)).status_code == 302
    colleague.is_staff = True
    colleague.save()
    assert client.get(address(project)).status_code == 403
    assert client.get(address(project, "preview_links")).status_code == 403


def test_preview_of_nothing_is_not_found(editor_client, db):
    assert editor_client.get("/admin/projects/project/999999/preview/").status_code == 404
    assert editor_client.get("/admin/projects/project/zero/preview/").status_code == 404


def test_forms_of_what_has_a_page_lead_to_its_preview(editor_client, project):
    form = reverse("admin:projects_project_change", args=[project.pk])
    assert f'href="{address(project)}"' in editor_client.get(form).content.decode()
    assert "/preview/" not in editor_client.get(reverse("admin:projects_project_add")).content.decode()


def test_form_of_what_has_no_page_offers_no_preview(client, superuser):
    from portal.models import Source

    client.force_login(superuser)
    source = Source.objects.create(slug="report", title="Report")
    page = client.get(reverse("admin:portal_source_change", args=[source.pk]))
    assert page.status_code == 200
    assert "/preview/" not in page.content.decode()


def test_files_are_never_drawn_as_pages():
    """They have an address of their own, and leave only through a view that asks who may read them."""
    assert not [model for model in apps.get_models() if preview.has_page(model) and model is PublicationFile]
