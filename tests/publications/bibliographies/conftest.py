"""Lists of literature brought in: what is pasted or sent, read and planned by an editor."""

import pytest

from portal.admin.imports import acting, judge_for
from portal.imports import carrying_out, planning, unknown
from portal.models import Import
from publications.models import PublicationType


@pytest.fixture
def report(db):
    """The type that most entries of the tests are of."""
    return PublicationType.objects.create(slug="report", name="Report", csl_type="report")


@pytest.fixture
def bring(editor):
    def do(reader, text, name="list", by=None, **options):
        content = text if isinstance(text, bytes) else text.encode()
        by = by or editor
        imported = carrying_out.begin(reader, by, name, content, options)
        carrying_out.read(imported, judge_for(acting(by)))
        return Import.objects.get(pk=imported.pk)

    return do


@pytest.fixture
def carry():
    def do(imported, **options):
        return carrying_out.carry_out(imported, imported.by, judge_for(acting(imported.by)), **options)

    return do


@pytest.fixture
def replan():
    return lambda imported: planning.plan(imported, judge_for(acting(imported.by)))


@pytest.fixture
def create_names(replan):
    """Everything the portal does not know is entered, as an administrator would."""

    def do(imported, by):
        for key in imported.names:
            unknown.create(imported, key, by)
        replan(imported)

    return do


@pytest.fixture
def actions():
    return lambda imported: [line.action for line in imported.lines.all()]
