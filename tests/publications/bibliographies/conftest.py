"""Lists of literature brought in: what is pasted or sent, read and planned by an editor."""

import pytest

from portal.imports import unknown
from publications.models import PublicationType
from tests.bringing import read_in


@pytest.fixture
def report(db):
    """The type that most entries of the tests are of."""
    return PublicationType.objects.create(slug="report", name="Report", csl_type="report")


@pytest.fixture
def bring(editor):
    def do(reader, text, name="list", by=None, **options):
        return read_in(reader, by or editor, name, text, options)

    return do


@pytest.fixture
def create_names(replan):
    """Everything the portal does not know is entered, as an administrator would."""

    def do(imported, by):
        for key in imported.names:
            unknown.create(imported, key, by)
        replan(imported)

    return do
