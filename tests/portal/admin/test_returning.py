"""A form of the admin that arrives after its sign-in has ended, or from a page of before the sign-in."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.admin import returning
from projects.models import Project
from tests.forms import complaints, form_in, read_form

ADD = "/admin/projects/project/add/"
PHRASE = "a-long-pass-phrase"


def filled(client, url=ADD, **typed):
    return read_form(client, url, f"{url.split('/')[3]}_form").data | typed


# The sign-in has ended


def expired(client, url, data):
    client.session.flush()
    return client.post(url, data)


def sign_in(client, page, password=PHRASE):
    data = form_in(page, "login-form") | {"username": "edith", "password": password}
    return client.post("/admin/login/", data)


def go_on(client, page):
    typed = page.context["typed"]
    data = {}
    for name, value in [*typed.values, ["_again", "1"]]:
        data.setdefault(name, []).append(value)
    return client.post(typed.path, data)


def test_what_was_typed_comes_through_the_sign_in(client, editor):
    client.force_login(editor)
    data = filled(client, title_en='A <b>bold</b> "title"', _continue="1")
    page = expired(client, ADD, data)
    assert page.status_code == 403
    assert not Project.objects.exists()
    page = sign_in(client, page)
    assert "&lt;b&gt;bold&lt;/b&gt; &quot;title&quot;" in page.content.decode()
    page = go_on(client, page)
    assert "Nothing is saved yet" in complaints(page)["__all__"][0]
    assert not Project.objects.exists()
    client.post(ADD, form_in(page, "project_form") | {"_continue": "1"})
    assert Project.objects.get().title == 'A <b>bold</b> "title"'


def test_wrong_password_keeps_what_was_typed(client, editor):
    client.force_login(editor)
    page = expired(client, ADD, filled(client, title_en="Patient", _continue="1"))
    page = sign_in(client, page, password="wrong")
    assert "What you typed is not lost" in page.content.decode()
    page = go_on(client, sign_in(client, page))
    assert form_in(page, "project_form")["title_en"] == "Patient"


def test_files_are_named_to_be_chosen_again(client, editor):
    client.force_login(editor)
    url = "/admin/publications/publication/add/"
    data = filled(client, url, title_en="With a file")
    page = expired(client, url, data | {"more_files": SimpleUploadedFile("report-fr.txt", b"Bonjour")})
    assert "Choose them again: report-fr.txt" in page.content.decode()


def test_form_signed_by_nobody_is_not_carried(client, editor):
    page = client.post("/admin/login/", {"username": "edith", "password": PHRASE, "_carried": "x:y:z"})
    assert page.status_code == 302


def test_forged_form_is_carried_nowhere(editor):
    client = Client(enforce_csrf_checks=True)
    assert b"was not accepted" in client.post(ADD, {"title_en": "Forged"}).content
    client.force_login(editor)
    page = client.post(ADD, {"title_en": "Forged"})
    assert page.status_code == 403
    assert b"Forged" not in page.content


def test_passwords_are_not_carried(client, superuser):
    client.force_login(superuser)
    data = filled(client, "/admin/auth/user/add/", username="new", password1=PHRASE)
    assert expired(client, "/admin/auth/user/add/", data).status_code == 302


def test_longest_texts_are_not_carried(client, editor):
    assert client.post(ADD, {"title_en": "x" * (returning.LONGEST + 1)}).status_code == 302


# A page from before a sign-in in another window


def test_old_page_is_told_that_nothing_is_lost(editor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    page = client.post(f"{ADD}?_popup=1", {"title_en": "Mine", "csrfmiddlewaretoken": "a" * 64})
    assert page.status_code == 403
    assert "nothing is lost" in page.content.decode()
    assert f'href="{ADD}?_popup=1"' in page.content.decode()
    assert "portal: editing" in page.content.decode()


def test_visitors_are_told_what_django_tells_them(db):
    page = Client(enforce_csrf_checks=True).post("/accounts/sign-in/", {})
    assert page.status_code == 403
    assert "nothing is lost" not in page.content.decode()
