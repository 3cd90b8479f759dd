"""What visitors see of figures: charts with their tables, and what they take away."""

import csv
import io
import json
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from portal import charts
from portal.models import FigureGroup, TerritorialNote, TerritorialTerm
from tests.factories import make_country, make_region
from tests.portal.figures.conftest import make_figure, make_group


def points(*values, first=2016, exact=True):
    return [charts.Point(first + n, None if v is None else Decimal(v), str(v), exact) for n, v in enumerate(values)]


def table_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.fixture
def implementation(db):
    group = make_group("series", slug="implementation", name="Implementation")
    for year, value in ((2019, "45.8"), (2020, "58.0"), (2021, "58.2")):
        make_figure(group, value, year=year, label=str(year), slug=f"i{year}", unit="EUR million", decimals=1)
    return group


def test_series_is_columns_over_an_axis_with_its_table(client, implementation):
    page = client.get("/figures/").content.decode()
    assert page.count('<rect class="step-4"') == 3
    assert 'role="img" aria-label="Chart: Implementation. The table holds the same values."' in page
    assert ">58.0</text>" in page
    assert "<bdi>58.0 EUR million</bdi>" in page
    assert "style=" not in page.split("<main")[1]


def test_group_has_a_page_of_its_own_to_link_to_and_cite(client, implementation):
    assert 'href="/figures/implementation/"' in client.get("/figures/").content.decode()
    page = client.get("/figures/implementation/").content.decode()
    assert "<title>Implementation" in page
    assert 'id="i2020"' in page
    assert "Cite this page" in page
    assert 'href="/figures/implementation.csv"' in page
    assert client.get("/figures/nothing/").status_code == 404


def test_figure_that_is_not_exact_is_an_outline_and_said_so(client, implementation):
    make_figure(implementation, 60, year=2022, qualifier="over", unit="EUR million")
    make_figure(implementation, None, year=2023, unit="EUR million")
    page = client.get("/figures/implementation/").content.decode()
    assert page.count('class="unsure"') == 1
    assert ">over 60</text>" in page
    assert "Dashed: not stated exactly." in page
    assert ">?</text>" in page
    assert page.count('<rect class="step-4"') == 3


def test_years_that_are_not_known_are_said_and_not_drawn(client, implementation):
    make_figure(implementation, 60, year=None, unit="EUR million")
    page = client.get("/figures/implementation/").content.decode()
    assert "1 figure without a year is not drawn." in page
    assert "year not stated" in page


def test_shares_are_one_bar_whose_letters_stand_in_the_table(client, db):
    group = make_group("shares", slug="shares")
    for value in (74, 14, 10, 2):
        make_figure(group, value, unit="%")
    page = client.get("/figures/shares/").content.decode()
    for letter in "ABCD":
        assert f'<span class="letter">{letter}</span>' in page
        assert re.search(rf'text-anchor="middle">{letter}\b', page)


def test_shares_of_which_one_is_vague_are_no_bar_of_100(client, db):
    group = make_group("shares", slug="shares")
    make_figure(group, 74, unit="%")
    make_figure(group, 20, unit="%", qualifier="about")
    page = client.get("/figures/shares/").content.decode()
    assert 'class="letter"' not in page
    assert page.count('class="unsure"') == 1


def test_parts_lead_to_the_total_wherever_it_stands(client, db):
    total = make_figure(make_group("list", name="At a glance"), 463, label="Employees", measures="employees")
    group = make_group(slug="gender", measures="employees")
    make_figure(group, 277)
    make_figure(group, 186)
    for address in ("/figures/", "/figures/gender/"):
        page = client.get(address).content.decode()
        assert f'href="{total.get_absolute_url()}">Employees</a>' in page
        assert "Stated under “At a glance”" in page
        assert page.count('class="whole"') == 1


def test_visitors_read_the_note_and_nothing_of_the_check(client, db):
    group = make_group(slug="lamps", note="The parts do not add up; printed so.")
    make_figure(group, 1)
    make_figure(group, 1)
    make_figure(group, 3, is_total=True, note="Read twice.")
    page = client.get("/figures/lamps/").content.decode()
    assert "The parts do not add up; printed so." in page
    assert "Read twice." in page
    assert "apart" not in page


@pytest.mark.parametrize("language", ["", "/ar", "/fr", "/ru"])
def test_drawing_has_numbers_of_svg_in_every_language(client, implementation, language):
    page = client.get(f"{language}/figures/").content.decode()
    drawing = page.split('<svg class="drawing"')[1].split("</svg>")[0]
    values = re.findall(r' (?:x|x1|x2|y|y1|y2|width|height)="([^"]*)"', drawing)
    assert len(values) > 20
    assert all(re.fullmatch(r"-?\d+(?:\.\d+)?%?", value) for value in values), values


def test_charts_are_mirrored_for_right_to_left():
    left = charts.series(points(1, 2, 4))
    with override("ar"):
        right = charts.series(points(1, 2, 4))
    assert float(left.marks[0].middle[:-1]) + float(right.marks[0].middle[:-1]) == pytest.approx(100)
    assert (left.axis_x, right.axis_x) == ("0.00%", "100.00%")


def test_series_of_many_years_is_a_line_with_gaps_where_years_are_missing():
    values = [Decimal(n) for n in range(30)]
    values[10] = None
    drawing = charts.series(points(*values))
    assert drawing.is_line
    assert len(drawing.segments) == 27
    assert sum(bool(mark.year) for mark in drawing.marks) < 10


@pytest.mark.parametrize("values", [[], [1], [None, None], [None, 1]])
def test_series_of_less_than_two_values_is_not_drawn(values):
    assert charts.series(points(*values)) is None


def test_year_with_two_values_and_years_ages_apart_are_not_drawn():
    twice = [*points(1, 2), *points(3)]
    assert charts.series(twice) is None
    assert charts.series([*points(1), *points(2, first=32767)]) is None


@pytest.mark.parametrize("values", [(0, 0), (-5, 3), (-5, -3), ("0.0001", "0.0002"), (99_999_999_999_999, 1)])
def test_axis_holds_every_value_whatever_its_size(values):
    drawing = charts.series(points(*values))
    assert all(mark.y >= charts.TOP and mark.y + mark.height <= charts.TOP + charts.PLOT for mark in drawing.marks)
    assert 2 <= len(drawing.ticks) <= 7
    assert all(mark.height >= 0 for mark in drawing.marks)


@pytest.mark.parametrize("values", [(0, 0), (-1, 101), (None, 50), range(13)])
def test_shares_that_make_no_whole_are_not_drawn(values):
    assert charts.shares(points(*values)) is None


def test_shares_of_more_than_100_stay_in_the_picture_and_less_leaves_a_gap():
    more, less = charts.shares(points(80, 40)), charts.shares(points(40, 40))
    assert float(more.whole_width[:-1]) == pytest.approx(83.33)
    assert float(less.shares[-1].x[:-1]) + float(less.shares[-1].width[:-1]) < 80


def test_letters_of_narrow_shares_stand_below_each_other():
    drawing = charts.shares(points(96, 1, 1, 1, 1))
    assert len({share.letter_y for share in drawing.shares[1:]}) > 1


def test_each_part_begins_where_the_one_before_ends():
    bars = charts.stairs(points(25, 25, 50), Decimal(200))
    assert [bar.x for bar in bars] == ["0.00%", "12.50%", "25.00%"]
    vague = charts.stairs(points(25, 25, exact=False))
    assert {(bar.x, bar.style) for bar in vague} == {("0.00%", "unsure")}
    assert charts.stairs(points(0, 0)) == [None, None]
    assert charts.bars(points(-1, None)) == [None, None]


def test_pages_of_figures_cost_the_same_however_many_there_are(client, db):
    def cost(address):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    def fill(n):
        for _ in range(n):
            group = make_group(measures="same")
            for value in (1, 2, 3):
                make_figure(group, value, country=make_country(), region=make_region())

    fill(1)
    group = FigureGroup.objects.get()
    region, country = group.figures.first().region, group.figures.first().country
    pages = [thing.get_absolute_url() for thing in (group, region, country)]
    addresses = ["/figures/", "/figures.csv", "/figures.json", *pages]
    few = {address: cost(address) for address in addresses}
    assert max(few[address] for address in addresses[:4]) <= 7
    fill(5)
    for value in (4, 5, 6):
        make_figure(group, value, region=region, country=country)
    assert {address: cost(address) for address in addresses} == few


def test_what_is_taken_away_is_what_the_page_shows_in_its_order(client, implementation):
    make_figure(make_group("list"), 90, qualifier="over", slug="countries", label="Countries")
    page = client.get("/figures/").content.decode()
    order = re.findall(r'<tr id="([^"]+)"', page)
    rows = table_of(client.get("/figures.csv").content)
    objects = json.loads(client.get("/figures.json").content)
    assert [row["figure"] for row in rows] == [one["figure"] for one in objects] == order
    assert [row["value"] for row in rows] == ["45.8", "58.0", "58.2", "90"]
    assert objects[1]["value"] == "58.0"
    assert rows[-1]["stated"] == "over 90"
    own = client.get("/figures/implementation.csv")
    assert own["Content-Disposition"] == 'attachment; filename="figures-implementation.csv"'
    assert len(table_of(own.content)) == 3
    assert len(json.loads(client.get("/figures/implementation.json").content)) == 3


@pytest.mark.parametrize("address", ["/figures.pdf", "/figures/nothing.csv", "/figures/nothing.json", "/figures/.csv"])
def test_what_is_not_there_cannot_be_taken_away(client, db, address):
    assert client.get(address).status_code == 404


def test_empty_downloads_are_empty_lists(client, db):
    assert table_of(client.get("/figures.csv").content) == []
    assert json.loads(client.get("/figures.json").content) == []


def test_no_cell_is_a_formula_and_numbers_stay_numbers(client, db):
    make_figure(make_group(name="=1+1"), -5, label="@SUM(A1)", note="+1")
    (row,) = table_of(client.get("/figures.csv").content)
    assert (row["group_name"], row["label"], row["note"], row["value"]) == ("'=1+1", "'@SUM(A1)", "'+1", "-5")


def test_territorial_note_has_a_column_and_the_page_a_footnote(client, db):
    note = TerritorialNote.objects.create(slug="kosovo", mark="*", text="Without prejudice.")
    TerritorialTerm.objects.create(note=note, term="Kosovo")
    group = make_group("list", slug="staff")
    make_figure(group, 3, label="Kosovo")
    make_figure(group, 4, label="Serbia")
    for_kosovo, for_serbia = table_of(client.get("/figures/staff.csv").content)
    assert (for_kosovo["label"], for_kosovo["territorial_note"]) == ("Kosovo*", "Without prejudice.")
    assert for_serbia["territorial_note"] == ""
    assert client.get("/figures/staff/").content.decode().count("Without prejudice.") == 1


def test_figure_stands_on_the_page_of_its_region_and_country(client, db):
    region, country = make_region(), make_country()
    figure = make_figure(make_group(name="Staff"), 5, region=region, country=country, label="Working there")
    for address in (region.get_absolute_url(), country.get_absolute_url()):
        page = client.get(address).content.decode()
        assert f'href="{figure.get_absolute_url()}"' in page
        assert "Working there" in page
