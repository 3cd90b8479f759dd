"""Imports as tests begin and end them: read by somebody, planned again, carried out."""

import pytest

from portal.admin.imports import acting, judge_for
from portal.imports import carrying_out, planning
from portal.models import Import


def read_in(reader, by, name="", content=None, options=None):
    """What a reader makes of a text or of bytes, planned as for `by`."""
    content = content.encode() if isinstance(content, str) else content
    imported = carrying_out.begin(reader, by, name, content, options)
    carrying_out.read(imported, judge_for(acting(by)))
    return Import.objects.get(pk=imported.pk)


def actions_of(imported):
    return [line.action for line in imported.lines.all()]


@pytest.fixture
def carry():
    """Carries an import out, by who began it if nobody is named."""

    def do(imported, by=None, **options):
        by = by or imported.by
        return carrying_out.carry_out(imported, by, judge_for(acting(by)), **options)

    return do


@pytest.fixture
def replan():
    return lambda imported: planning.plan(imported, judge_for(acting(imported.by)))


@pytest.fixture
def actions():
    return actions_of
