"""What the tests of the admin share: two records on their way, a superuser, addresses and messages."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from portal import kinds
from tests.factories import make_project

OURS = {*(kind.app_label for kind in kinds.all()), "portal", "auth"}  # not what a library registers of its own


def change_url(record):
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def texts(response):
    return [str(message) for message in response.context["messages"]]


def panels(client):
    found = client.get("/admin/").context["panels"]
    return {panel.heading: [item.record for item in panel.items] for panel in found}


@pytest.fixture
def project(editor):
    return make_project(title="Safe routes", changed_by=editor)


@pytest.fixture
def waiting(project, editor):
    project.submit(by=editor)
    return project


@pytest.fixture
def superuser(db):
    return get_user_model().objects.create_superuser("root", password="a-long-pass-phrase")
