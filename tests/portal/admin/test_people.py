"""Accounts and roles, and the log that only grows."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from portal import roles
from portal.models import AuditEntry
from tests.forms import complaints, read_form, send_form
from tests.people import make_person
from tests.portal.admin.conftest import change_url

# People


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
