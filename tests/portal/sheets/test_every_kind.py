"""Each list that goes out comes back as it went, in both kinds of files; of three edited cells three change."""

import io

import openpyxl
import pytest

from dialogues.models import Cycle, Initiative, Meeting, Participation
from portal.models import FigureGroup, KeyFigure, Version
from portal.sheets import registry
from tests.bringing import actions_of
from tests.factories import make_country, make_dialogue, make_organisation, make_project, make_publication
from tests.portal.sheets.conftest import cells_of, edited, problems, written

COUNTRIES = (("RS", "Serbia"), ("AL", "Albania"), ("TR", "Türkiye"))


def organisations():
    for n in range(3):
        make_organisation(name=f"Organisation {n}", country=make_country())


def key_figures():
    group = FigureGroup.objects.create(slug="staff", name="Staff")
    for n in range(3):
        KeyFigure.objects.create(
            slug=f"figure-{n}", group=group, label=f"Figure {n}", value=n, unit="people", year=2020
        )


def figure_groups():
    for n in range(3):
        FigureGroup.objects.create(slug=f"group-{n}", name=f"Group {n}", measures=f"measured-{n}", note="As stated")


def projects():
    donors = [make_organisation(name=name) for name in ("Sweden Aid", "Swiss Aid")]
    for n in range(3):
        make_project(title=f"Project {n}", start="2016-10", countries=[make_country()], donors=donors)


def publications():
    for n in range(3):
        own = make_publication(title=f"Publication {n}", date="2021-05", publisher=make_organisation(name="Institute"))
        own.identifiers.create(scheme="doi", value=f"10.12345/{n}")


def meetings():
    dialogue, country = make_dialogue(title="Rabat Process", slug="rabat"), make_country()
    for n in range(3):
        Meeting.objects.create(dialogue=dialogue, title=f"Meeting {n}", start="2018-05", country=country)


def participation():
    dialogue = make_dialogue(title="Rabat Process", slug="rabat")
    for iso2, name in COUNTRIES:
        Participation.objects.create(dialogue=dialogue, country=make_country(iso2, name), start="2006")


def initiatives():
    cycle = Cycle.objects.create(dialogue=make_dialogue(title="Rabat Process", slug="rabat"), number=1)
    for n in range(3):
        own = Initiative.objects.create(cycle=cycle, title=f"Initiative {n}", amount=1000, currency="EUR")
        own.countries.add(make_country())


KINDS = {  # of each sheet: what makes three rows of it, and a cell of each that is edited
    "organisations": (organisations, {"name_en": "Renamed", "acronym": "SIDA", "country": ""}),
    "key-figures": (key_figures, {"label_en": "Renamed", "value": "12.5000", "unit_en": ""}),
    "figure-groups": (figure_groups, {"name_en": "Renamed", "measures": "other", "note": ""}),
    "projects": (projects, {"title_en": "Renamed", "start": "2017", "donors": "swiss-aid"}),
    "publications": (publications, {"title_en": "Renamed", "date": "2021", "doi": "10.12345/other"}),
    "meetings": (meetings, {"title_en": "Renamed", "end": "2018-06", "country": ""}),
    "participation": (participation, {"note": "Host", "start": "2007", "end": "2020"}),
    "initiatives": (initiatives, {"title_en": "Renamed", "amount": "12.50", "countries": ""}),
}


def edited_workbook(content, **changes):
    book = openpyxl.load_workbook(io.BytesIO(content))
    names = [cell.value for cell in book.active[1]]
    for name, (number, value) in changes.items():
        book.active.cell(number, names.index(name) + 1).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_no_list_is_without_its_round_trip():
    assert {sheet.name for sheet in registry.all()} == set(KINDS)


@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize("name", KINDS)
def test_list_comes_back_as_it_went_out_but_for_three_edited_cells(bring, carry, administrator, name, format):
    make, cells = KINDS[name]
    make()
    before, versions = cells_of(written(name)), Version.objects.count()
    unchanged = bring(name, written(name, format), by=administrator)
    assert actions_of(unchanged) == ["skip"] * 3, problems(unchanged)
    assert carry(unchanged) == {"create": 0, "update": 0}
    assert Version.objects.count() == versions
    changes = {column: (number, value) for number, (column, value) in enumerate(cells.items(), start=2)}
    edit = edited if format == "csv" else edited_workbook
    imported = bring(name, edit(written(name, format), **changes), by=administrator)
    assert actions_of(imported) == ["update"] * 3, [one.refusal for one in imported.targets.all()]
    carry(imported)
    after, head = cells_of(written(name)), before[0]
    changed = {
        head[place]: (number, new)
        for number, (old_row, new_row) in enumerate(zip(before, after, strict=True), start=1)
        for place, (old, new) in enumerate(zip(old_row, new_row, strict=True))
        if old != new and head[place] != "version"
    }
    assert changed == changes
    assert actions_of(bring(name, written(name, format), by=administrator)) == ["skip"] * 3
