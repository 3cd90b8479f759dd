"""The demo's accounts: there in the demo, and never where the public can reach them."""

import runpy
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from portal.accounts import DEMO_NAMES, DEMO_PASSWORD, create_demo_accounts, refuse_demo_accounts

pytestmark = pytest.mark.django_db
User = get_user_model()


@pytest.fixture
def production(settings, monkeypatch):
    settings.PRODUCTION = True
    monkeypatch.setenv("PORTAL_ENV", "production")


def test_new_database_has_no_account():
    assert not User.objects.exists()


def test_demo_has_one_account_for_each_role(settings):
    out = StringIO()
    call_command("demo_accounts", stdout=out)
    assert {user.username: [group.name for group in user.groups.all()] for user in User.objects.all()} == {
        name: [name] for name in ("editor", "reviewer", "administrator", "staff")
    }
    assert set(User.objects.filter(is_staff=False).values_list("username", flat=True)) == {"staff"}
    assert not User.objects.filter(is_superuser=True).exists()
    printed = out.getvalue()
    assert f"{settings.SITE_URL}/admin/" in printed
    assert all(text in printed for text in (*DEMO_NAMES, DEMO_PASSWORD))


def test_demo_accounts_can_sign_in_and_are_made_once(client):
    create_demo_accounts()
    create_demo_accounts()
    assert User.objects.count() == 4
    assert client.login(username="editor", password=DEMO_PASSWORD)


def test_demo_accounts_are_never_made_in_production(production):
    with pytest.raises(CommandError):
        call_command("demo_accounts", stdout=StringIO())
    assert not User.objects.exists()


def test_production_does_not_start_with_an_account_of_the_demo(production):
    create_demo_accounts()
    with pytest.raises(ImproperlyConfigured, match="has the password of the demo"):
        runpy.run_module("portal.wsgi")


def test_production_starts_without_them(production):
    User.objects.create_user("editor", password="a-long-pass-phrase")
    assert runpy.run_module("portal.wsgi")["application"]


def test_account_with_a_new_password_or_switched_off_is_no_longer_the_demos():
    create_demo_accounts()
    User.objects.exclude(username="editor").update(is_active=False)
    editor = User.objects.get(username="editor")
    editor.set_password("a-long-pass-phrase")
    editor.save()
    refuse_demo_accounts()
