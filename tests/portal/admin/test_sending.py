"""A form of the admin that is sent twice, or not from its page; what the browser learns of those that were saved."""

import datetime
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from portal.admin.base import PortalAdminMixin
from portal.models import AuditEntry, Organisation, SentForm, Theme
from projects.models import Project
from tests.factories import make_project, make_publication
from tests.forms import complaints, form_in, read_form, send_form
from tests.portal.admin.conftest import change_url, texts

ADD = "/admin/projects/project/add/"


def filled(client, url=ADD, **typed):
    return read_form(client, url, f"{url.split('/')[3]}_form").data | typed


# Sent twice


def test_form_sent_twice_makes_one_record(editor_client):
    data = filled(editor_client, title_en="Once", _continue="1")
    first = editor_client.post(ADD, data)
    second = editor_client.post(ADD, data)
    project = Project.objects.get()
    assert first.url == second.url == change_url(project)
    assert AuditEntry.objects.about(project).count() == 1
    assert "Nothing was done twice" in texts(editor_client.get(second.url))[-1]


def test_step_is_taken_once(editor_client):
    data = filled(editor_client, title_en="Once", _verb="submit")
    assert editor_client.post(ADD, data).url == editor_client.post(ADD, data).url == "/admin/"
    verbs = AuditEntry.objects.about(Project.objects.get()).values_list("verb", flat=True)
    assert sorted(verbs) == ["add", "submit"]


def test_change_sent_twice_is_no_older_page(editor_client, project):
    data = filled(editor_client, change_url(project), acronym="SAFE", _continue="1")
    editor_client.post(change_url(project), data)
    assert editor_client.post(change_url(project), data).status_code == 302
    assert AuditEntry.objects.about(project).count() == 1


def test_form_changed_after_it_was_saved_is_shown_with_the_way_to_what_was_saved(editor_client):
    data = filled(editor_client, title_en="First", _continue="1")
    editor_client.post(ADD, data)
    response = editor_client.post(ADD, data | {"title_en": "First, and more"})
    project = Project.objects.get()
    assert f'<a href="{change_url(project)}">' in complaints(response)["__all__"][0]
    again = form_in(response, "project_form")
    assert (again["title_en"], project.title) == ("First, and more", "First")
    assert again["_token"] != data["_token"]
    editor_client.post(ADD, again | {"_continue": "1"})
    assert Project.objects.count() == 2  # having been told


def test_form_sent_again_with_another_file_of_the_same_name_and_size_was_not_saved_already(editor_client):
    publication = make_publication()
    url = change_url(publication)
    data = read_form(editor_client, url, "publication_form").data | {"_continue": "1"}

    def send(content):
        return editor_client.post(url, data | {"more_files": SimpleUploadedFile("a.txt", content)})

    assert send(b"One text.").status_code == 302
    assert send(b"One text.").status_code == 302
    assert "This form was saved already" in complaints(send(b"Two text."))["__all__"][0]
    file = publication.files.get()
    assert file.file.read() == b"One text."  # whole, though it was read before it was stored


def test_form_with_a_mistake_may_be_sent_again(editor_client):
    data = filled(editor_client, title_en="", _continue="1")
    response = editor_client.post(ADD, data)
    assert "title_en" in complaints(response)
    again = form_in(response, "project_form")
    assert again["_token"] == data["_token"]
    editor_client.post(ADD, again | {"title_en": "With a title", "_continue": "1"})
    assert Project.objects.get().title == "With a title"


def test_window_opened_from_another_form_hands_back_the_same_record(editor_client):
    url = "/admin/portal/organisation/add/?_popup=1"
    data = filled(editor_client, url, name_en="International Organization for Migration", _popup="1")
    first, second = (editor_client.post(url, data) for _time in range(2))
    assert first.content == second.content
    assert str(Organisation.objects.get().pk) in second.content.decode()


def test_token_of_somebody_else_saves_nothing(client, editor, reviewer):
    client.force_login(editor)
    data = filled(client, title_en="Edith's", _continue="1")
    client.post(ADD, data)
    client.force_login(reviewer)
    response = client.post(ADD, data)
    assert response.status_code == 200
    assert Project.objects.count() == 1


def test_record_that_is_gone_keeps_the_form_unsaved(client, superuser):
    theme = Theme.objects.create(name="Asylum", slug="asylum")
    client.force_login(superuser)
    data = filled(client, change_url(theme), _continue="1")
    url = change_url(theme)
    theme.delete()
    client.post(url, data)
    assert not SentForm.objects.exists()
    assert "saved_forms" not in client.session


@pytest.fixture
def real_database(transactional_db, tmp_path):
    """On SQLite a file, as in production: threads that share a database in memory do not wait for each other."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(tmp_path / "portal.sqlite3")])
    name, in_memory = connection.settings_dict["NAME"], connection.connection
    connection.settings_dict["NAME"], connection.connection = str(tmp_path / "portal.sqlite3"), None
    yield
    connection.close()
    connection.settings_dict["NAME"], connection.connection = name, in_memory


def test_fifty_forms_sent_twice_at_one_time_make_fifty_records(real_database, editor):
    client = Client()
    client.force_login(editor)
    cookies = client.cookies
    blank = filled(client, name_en="", _continue="1", url="/admin/portal/organisation/add/")

    def send(n):
        sender = Client()
        sender.cookies = cookies
        try:
            name = f"Organisation number {n // 2}"
            data = blank | {"_token": str(uuid.UUID(int=n // 2 + 1)), "name_en": name}
            response = sender.post("/admin/portal/organisation/add/", data)
            return response.status_code, response.get("Location")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(100)))
    assert {status for status, _url in answers} == {302}
    assert answers[::2] == answers[1::2]
    assert len(set(answers)) == Organisation.objects.count() == SentForm.objects.count() == 50


# Not sent from its page


def all_forms():
    return [model for model, its in admin.site._registry.items() if isinstance(its, PortalAdminMixin)]


@pytest.mark.parametrize("token", [{}, {"_token": ""}, {"_token": "x" * 36}], ids=["none", "empty", "malformed"])
def test_form_without_a_token_is_shown_again_with_what_was_typed(editor_client, token):
    data = filled(editor_client, title_en="By hand", _continue="1")
    del data["_token"]
    response = editor_client.post(ADD, data | token)
    assert "not sent from its page" in complaints(response)["__all__"][0]
    assert not Project.objects.exists()
    editor_client.post(ADD, form_in(response, "project_form") | {"_continue": "1"})
    assert Project.objects.get().title == "By hand"


def test_no_form_of_the_admin_is_saved_without_a_token(client, superuser):
    """Those of people and roles too, whose forms are Django's own."""
    client.force_login(superuser)
    name = {"username": "mallory", "password1": "a-long-pass-phrase", "password2": "a-long-pass-phrase"}
    sent = name | {"name": "Mallory", "usable_password": "true"}
    assert "refused" in _outcome(client, "/admin/auth/user/add/", sent)
    assert "refused" in _outcome(client, "/admin/auth/group/add/", sent)
    assert "refused" in _outcome(
        client, change_url(superuser), read_form(client, change_url(superuser), "user_form").data
    )
    tried = 0
    for model in all_forms():
        url = f"/admin/{model._meta.app_label}/{model._meta.model_name}/add/"
        if client.get(url).status_code == 200:
            tried += 1
            assert 'name="_token"' in client.get(url).content.decode(), url
            assert "refused" in _outcome(client, url, read_form(client, url, f"{model._meta.model_name}_form").data), (
                url
            )
    assert tried > 15
    assert not SentForm.objects.exists()


def _outcome(client, url, data):
    response = client.post(url, {name: value for name, value in data.items() if name != "_token"})
    told = complaints(response).get("__all__", []) if response.status_code == 200 else []
    return "refused" if any("not sent from its page" in text for text in told) else f"{response.status_code}"


# The browser learns what was saved


def test_next_page_names_the_form_that_was_saved(editor_client):
    data = filled(editor_client, title_en="Kept", _verb="submit")
    assert data["_token"] not in editor_client.get("/admin/").content.decode()
    editor_client.post(ADD, data)
    assert f'data-saved="{data["_token"]}"' in editor_client.get("/admin/").content.decode()


def test_form_knows_what_was_saved_in_a_session_that_ended(client, editor):
    client.force_login(editor)
    data = filled(client, title_en="Kept", _continue="1")
    client.post(ADD, data)
    client.session.flush()
    client.force_login(editor)
    assert data["_token"] in client.get(ADD).content.decode()
    assert data["_token"] not in client.get("/admin/").content.decode()


def test_passwords_are_not_kept_in_the_browser(client, superuser):
    client.force_login(superuser)
    for url in ("/admin/auth/user/add/", change_url(superuser)):
        assert "data-typed" not in client.get(url).content.decode()
    assert "data-typed" in client.get(ADD).content.decode()


def test_tokens_are_forgotten_after_two_days(editor, work_once):
    for days in (1, 3):
        sent = SentForm.objects.create(token=uuid.uuid4(), user=editor, result_url="/")
        SentForm.objects.filter(pk=sent.pk).update(at=timezone.now() - datetime.timedelta(days=days))
    work_once()
    assert SentForm.objects.count() == 1


def test_second_send_after_a_lost_answer_is_answered(client, editor):
    """The line was cut after the save: the same page, sent again, leads where the first one led."""
    client.force_login(editor)
    project = make_project(title="Known", changed_by=editor)
    data = filled(client, change_url(project), title_en="Renamed", _verb="submit")
    client.post(change_url(project), data)
    assert client.post(change_url(project), data).url == "/admin/"
    assert send_form(client, change_url(project), _continue="1").status_code == 403  # in review by now
