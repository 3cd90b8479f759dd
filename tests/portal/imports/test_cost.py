"""What carrying out costs: each new record a few statements, the rest shared by many; and nothing is lost by that."""

from collections import Counter

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.imports import carrying_out, planning
from portal.models import AuditEntry, FigureGroup, IndexChange, KeyFigure, Organisation, Origin, Version
from projects.models import Project
from tests.bringing import read_in
from tests.factories import make_country, make_organisation
from tests.portal.sheets.conftest import table

SHEETS = {
    "organisations": (["name_en", "acronym", "website"], "Organisation {n};O{n};https://example.org"),
    "key-figures": (["slug", "group", "label_en", "value", "country"], "f-{n};g;Figure {n};{n};RS"),
    "projects": (["title_en", "start", "countries", "donors"], "Project {n};2016-10;RS;Donor"),
}


@pytest.fixture
def rows(administrator):
    """An import of some rows of a sheet, by their numbers."""
    make_country("RS", "Serbia")
    make_organisation(name="Donor")
    FigureGroup.objects.create(slug="g", name="Group")

    def do(name, numbers):
        header, row = SHEETS[name]
        return read_in(name, administrator, "list.csv", table(header, *(row.format(n=n).split(";") for n in numbers)))

    return do


@pytest.mark.parametrize(("name", "most"), [("organisations", 7), ("key-figures", 4), ("projects", 11)])
def test_each_new_row_of_a_table_costs_a_few_statements(rows, carry, name, most):
    carry(rows(name, range(1, 3)))
    costs = []
    for imported in (rows(name, range(100, 120)), rows(name, range(200, 240))):
        with CaptureQueriesContext(connection) as asked:
            assert carry(imported)["create"] in {20, 40}
        costs.append(len(asked))
    assert (costs[1] - costs[0]) / 20 <= most


def test_every_record_of_many_steps_has_its_version_entry_origin_and_change(rows, carry):
    many = 2 * planning.AT_ONCE + 1
    carry(rows("projects", range(many)))
    keys = {str(pk) for pk in Project.objects.values_list("pk", flat=True)}
    assert len(keys) == many
    once = dict.fromkeys(keys, 1)
    for told in (Version.objects.filter(verb="import"), AuditEntry.objects.filter(after="draft"), Origin.objects):
        assert Counter(told.filter(content_type__model="project").values_list("object_id", flat=True)) == once
    assert Counter(IndexChange.objects.filter(kind="project").values_list("record", flat=True)) == once
    assert set(Version.objects.values_list("number", "content__fields__start")) == {(1, "2016-10")}


def test_rows_read_again_are_remembered_by_the_last_import(rows, carry):
    carry(rows("organisations", range(3)))
    again = rows("organisations", range(2, 5))
    assert carry(again) == {"create": 2, "update": 0}
    assert Origin.objects.filter(imported=again).count() == 3
    assert Origin.objects.count() == 5


def test_key_that_another_import_takes_at_the_last_moment_is_told(rows, carry, monkeypatch):
    first, second = rows("organisations", range(3)), rows("organisations", range(2, 5))
    carry(first)
    looked = []

    def too_early(imported, steps, found=carrying_out._origins):
        looked.append(imported)
        return {} if len(looked) == 1 else found(imported, steps)

    monkeypatch.setattr(carrying_out, "_origins", too_early)
    with pytest.raises(ValidationError, match="“Organisation 2” was brought in by another import"):
        carry(second)
    assert Organisation.objects.filter(name_en__startswith="Organisation").count() == 3


def test_record_that_cannot_be_written_leaves_nothing_of_those_before_it(rows, carry):
    figures = rows("key-figures", range(planning.AT_ONCE + 2))
    KeyFigure.objects.create(slug="f-201", group=FigureGroup.objects.get(), label="Ours", value=1)
    with pytest.raises(ValidationError, match="Figure 201"):
        carry(figures)
    assert KeyFigure.objects.get().label == "Ours"
    assert not Version.objects.exists()
    assert not Origin.objects.exists()
