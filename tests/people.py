"""The cast: one person per role, as fixtures, and a browser session for each."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Group

from portal import roles


def make_person(name, role, is_staff=True):
    user = get_user_model().objects.create_user(username=name, password="a-long-pass-phrase", is_staff=is_staff)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def visitor():
    return AnonymousUser()


@pytest.fixture
def editor(db):
    return make_person("edith", roles.EDITOR)


@pytest.fixture
def reviewer(db):
    return make_person("rex", roles.REVIEWER)


@pytest.fixture
def administrator(db):
    return make_person("ada", roles.ADMINISTRATOR)


@pytest.fixture
def colleague(db):
    """Staff of the organisation, who read and do not edit."""
    return make_person("stan", roles.STAFF, is_staff=False)


@pytest.fixture
def editor_client(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture
def reviewer_client(client, reviewer):
    client.force_login(reviewer)
    return client
