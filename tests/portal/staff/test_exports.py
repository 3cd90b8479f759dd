"""Exports: the same records in the same order as on the page, in cells that no program runs."""

import csv
import io
import json

import pytest

from portal.models import Basket
from portal.staff.exports import COLUMNS, Line, as_csv, as_json, safe_cell
from tests.factories import make_country, make_project, make_publication
from tests.portal.staff.test_search import page_of, titles_in

FORMULAS = [
    "=1+1", "+1+1", "-1+1", "@SUM(1,1)", "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", "＋1+1", "－1+1", "＠SUM(1,1)",
    "=cmd|' /C calc'!A0", "=HYPERLINK(\"https://evil.example\",\"x\")", "\u200b=1+1", "\ufeff=1+1", " =1+1", "\u00a0=1+1",
    "\u200e-1", "-", "=",
]  # fmt: skip


def text_of(response):
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode("utf-8")


def rows_of(response):
    text = text_of(response)
    assert text[0] == "\ufeff"
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def test_csv_has_what_the_page_shows_in_its_order(desk, shelf, settings):
    settings.SITE_URL = "https://portal.example"
    shelf["guide"].contributors.create(family_name="Ray", given_name="Ada")
    for query in ("q=lighthouse", "q=lighthouse&sort=newest", "q=lighthouse&kind=publication"):
        rows = rows_of(desk.get(f"/staff/search.csv?{query}"))
        assert tuple(rows[0]) == COLUMNS
        shown = titles_in(page_of(desk, f"/staff/search/?{query}"))
        assert list(dict.fromkeys(row["title"] for row in rows)) == shown
    guide = [row for row in rows if row["title"] == "Guide for keepers"]
    assert [row["page"] for row in guide] == ["2", "3"]
    assert guide[0] == {
        "kind": "publication",
        "title": "Guide for keepers",
        "authors": "Ada Ray",
        "year": "2019",
        "address": "https://portal.example/publications/guide/en/2/",
        "page": "2",
        "passage": "A lighthouse needs a keeper, and a keeper needs oil.",
        "language": "en",
        "note": "",
    }


def test_json_has_the_same_lines(desk, shelf):
    rows = rows_of(desk.get("/staff/search.csv?q=lighthouse"))
    assert json.loads(text_of(desk.get("/staff/search.json?q=lighthouse"))) == rows


def test_all_pages_of_results_are_exported(desk, library):
    for n in range(25):
        make_project(title=f"Pier {n}", published=True)
    library.catch_up()
    rows = rows_of(desk.get("/staff/search.csv?q=pier&page=2"))
    assert len({row["address"] for row in rows}) == 25
    shown = titles_in(page_of(desk, "/staff/search/?q=pier")) + titles_in(page_of(desk, "/staff/search/?q=pier&page=2"))
    assert [row["title"] for row in rows] == shown


def test_basket_is_exported_in_its_own_order(desk, shelf, colleague):
    basket = Basket.objects.create(owner=colleague, name="Für die Sitzung")
    ticked = [f"project:{shelf['project'].pk}", f"publication:{shelf['guide'].pk}:en:2"]
    desk.post("/staff/baskets/add/", {"item": ticked, "basket": basket.pk, "query": "q=oil"})
    first, second = basket.items.all()
    desk.post(f"/staff/baskets/{basket.pk}/change/", {"name": basket.name, "up": second.pk, f"note-{first.pk}": "Ask"})
    response = desk.get(f"/staff/baskets/{basket.pk}.csv")
    rows = rows_of(response)
    assert [(row["title"], row["page"], row["note"]) for row in rows] == [
        ("Guide for keepers", "2", ""),
        ("Lighthouse twinning", "", "Ask"),
    ]
    assert 'filename="fur-die-sitzung-' in response["Content-Disposition"]
    assert json.loads(text_of(desk.get(f"/staff/baskets/{basket.pk}.json"))) == rows


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_begins_like_a_formula(text):
    line = Line("project", text, text, "", "", passage=text, note=text)
    [_head, row] = csv.reader(io.StringIO("".join(as_csv([line]))[1:], newline=""))
    for cell in row:
        assert not cell.lstrip("\u200b\ufeff\u00a0\u200e ").startswith(tuple("=+-@\t\r\n＝＋－＠")), repr(cell)
    assert json.loads("".join(as_json([line])))[0]["title"] == text, "machines get it as it is"


@pytest.mark.parametrize("text", ["", "Sea walls", "2019", "1 - 2", "a=b", "Türkiye", "سياسة", "'quoted'"])
def test_harmless_cells_stay_as_they_are(text):
    assert safe_cell(text) == text


def test_formula_in_a_title_is_harmless_from_end_to_end(desk, library, colleague):
    publication = library.add('=HYPERLINK("https://evil.example") lantern', "-lantern")
    basket = Basket.objects.create(owner=colleague, name="=1+1")
    basket.items.create(kind="publication", record=str(publication.pk), note="@note")
    for address in ("/staff/search.csv?q=lantern", f"/staff/baskets/{basket.pk}.csv"):
        for row in rows_of(desk.get(address)):
            assert row["title"].startswith("'=HYPERLINK")
            assert all(not value.startswith(tuple("=+-@")) for value in row.values())


def test_empty_selection_is_an_empty_table(desk, shelf, colleague):
    assert rows_of(desk.get("/staff/search.csv?q=zeppelin")) == []
    assert json.loads(text_of(desk.get("/staff/search.json?q=zeppelin"))) == []
    basket = Basket.objects.create(owner=colleague, name="Empty")
    assert json.loads(text_of(desk.get(f"/staff/baskets/{basket.pk}.json"))) == []


def test_search_that_cannot_be_read_leads_to_the_page_that_says_so(desk, shelf):
    for query in ("q=lighthouse+(", "q=", "q=lighthouse&kind=nothing"):
        assert desk.get(f"/staff/search.csv?{query}")["Location"].startswith("/staff/search/?")


def test_staff_only_items_are_exported_for_staff(desk, shelf):
    assert "Internal lighthouse note" in text_of(desk.get("/staff/search.csv?q=lighthouse"))


def test_export_is_streamed(desk, library):
    make_publication(title="Pier", published=True, countries=[make_country()])
    library.catch_up()
    response = desk.get("/staff/search.csv?q=pier")
    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Disposition"].startswith("attachment")
