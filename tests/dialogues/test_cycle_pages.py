"""The public pages of data-collection cycles, their downloads, totals and differences."""

import csv
import hashlib
import io
import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dialogues.cycles import totals
from dialogues.cycles.document import of
from dialogues.cycles.entries import entries_of
from dialogues.models import Cycle, Domain, FocalPoint
from portal.models import TerritorialNote
from tests.factories import make_country, make_organisation

CYCLE = "/dialogues/jvap/cycles/2/"


@pytest.fixture
def filled(make_initiative, jvap, focal):
    causes, legal = Domain.objects.order_by("number")
    serbia, turkey = make_country("RS", "Serbia"), make_country("TR", "Türkiye")
    agency = make_organisation("Agency", slug="agency")
    FocalPoint.objects.create(user=focal, dialogue=jvap, organisation=agency)
    make_initiative(
        "verified", title="Training of judges", domains=[causes], countries=[serbia], start="2020", end="2021"
    )
    make_initiative(
        "verified", title="Visa desk", domains=[causes, legal], countries=[serbia, turkey], amount="10.50",
        currency="EUR", start="2021-03", description="Handbook for consuls",
    )  # fmt: skip
    make_initiative("verified", title="=Fund", amount="7", currency="USD", reported_by=agency)
    for status in ("draft", "submitted", "checked"):
        make_initiative(status, title=f"Hidden {status}")


def titles(page):
    return [one.title for one in page.context["page"]]


def test_visitors_see_what_is_verified(client, filled):
    for address in (
        CYCLE,
        "/dialogues/jvap/cycles/",
        "/ar/dialogues/jvap/cycles/2/",
        "/dialogues/jvap/",
        "/reporting/",
    ):
        assert "Hidden" not in client.get(address, follow=True).content.decode()
    assert titles(client.get(CYCLE)) == ["=Fund", "Training of judges", "Visa desk"]
    for name in ("csv", "json"):
        assert "Hidden" not in client.get(f"/dialogues/jvap/cycles/2.{name}").content.decode()


def test_cycles_of_a_hidden_dialogue_are_not_there(client, filled, jvap, verifier):
    jvap.withdraw(by=verifier, reason="Entered twice.")
    for end in ("", "2/", "2/changes/", "2.csv", "2.json", "2/snapshot.json"):
        assert client.get(f"/dialogues/jvap/cycles/{end}").status_code == 410


@pytest.mark.parametrize(
    "query, found",
    [
        ({"q": "consuls handbook"}, ["Visa desk"]),
        ({"q": "legal"}, ["Visa desk"]),
        ({"country": "TR"}, ["Visa desk"]),
        ({"country": "RS", "year": "2020"}, ["Training of judges"]),
        ({"year": "2021"}, ["Training of judges", "Visa desk"]),
        ({"partner": "agency"}, ["=Fund"]),
        ({"q": "nothing"}, []),
    ],
)
def test_selection_is_the_same_on_the_page_and_in_both_downloads(client, filled, query, found):
    assert titles(client.get(CYCLE, query)) == found
    text = client.get("/dialogues/jvap/cycles/2.csv", query).content.decode("utf-8-sig")
    assert [row["title"].lstrip("'") for row in csv.DictReader(io.StringIO(text))] == found
    told = client.get("/dialogues/jvap/cycles/2.json", query).json()
    assert [one["title"]["en"] for one in told["initiatives"]] == found


def test_domain_is_chosen_by_its_key(client, filled):
    domain = Domain.objects.get(number=2)
    assert titles(client.get(CYCLE, {"domain": domain.pk})) == ["Visa desk"]


@pytest.mark.parametrize("name", ["q", "domain", "country", "partner", "year", "page"])
@pytest.mark.parametrize("value", ["\x00", "x" * 10_000, "XX"])
def test_bad_selections_are_told_with_a_way_back(client, filled, name, value):
    for address in (CYCLE, "/dialogues/jvap/cycles/2.csv", "/dialogues/jvap/cycles/2.json"):
        response = client.get(address, {name: value})
        if name == "q" and value == "XX":
            assert response.status_code == 200
        elif name == "page":
            assert response.status_code in {200, 400, 404}
        else:
            assert response.status_code == 400
            assert "cannot be read" in response.content.decode()


@pytest.mark.parametrize("end", ["9/", "0/", "99999999999999999999/", "x/", "9.csv", "2.xml", "2/snapshot.json"])
def test_what_is_not_there_is_not_found(client, filled, end):
    assert client.get(f"/dialogues/jvap/cycles/{end}").status_code == 404


def test_formulas_are_texts_and_territories_have_their_note(client, make_initiative):
    note = TerritorialNote.objects.create(slug="kosovo", mark="*", text="See UNSCR 1244 (1999).")
    note.terms.create(term="Kosovo")
    make_initiative("verified", title="=HYPERLINK(1)", description="Courses in Kosovo", countries=[make_country()])
    rows = list(csv.DictReader(io.StringIO(client.get("/dialogues/jvap/cycles/2.csv").content.decode("utf-8-sig"))))
    assert rows[0]["title"] == "'=HYPERLINK(1)"
    assert rows[0]["note"] == "* See UNSCR 1244 (1999)."
    assert client.get("/dialogues/jvap/cycles/2.json").json()["initiatives"][0]["note"] == "* See UNSCR 1244 (1999)."
    page = client.get(CYCLE).content.decode()
    assert page.count('id="note-kosovo"') == 1


def test_amounts_of_several_currencies_are_not_added(filled, cycle):
    entries = entries_of(of(cycle))
    assert totals.amounts(entries) == {"EUR": Decimal("10.50"), "USD": Decimal("7.00")}
    by = {table.name: {row.label: row.count for row in table.rows} for table in totals.tables(entries)}
    assert by["domains"] == {"1. Root causes": 2, "2. Legal migration": 1, "Not stated": 1}
    assert by["countries"] == {"Serbia": 2, "Türkiye": 1, "Not stated": 1}
    assert by["years"] == {"2020": 1, "2021": 2, "Not stated": 1}


def test_closed_cycle_shows_its_snapshot_and_the_notes_beside_it(client, filled, cycle, verifier):
    cycle.close(by=verifier, leave_out=True)
    Domain.objects.filter(number=1).update(title="Renamed", title_en="Renamed")
    closed = Cycle.objects.get(pk=cycle.pk)
    closed.correct(by=verifier, text="The desk opened in May.")
    page = client.get(CYCLE).content.decode()
    assert "Root causes" in page
    assert "Renamed" not in page
    assert "The desk opened in May." in page
    file = client.get(f"{CYCLE}snapshot.json")
    assert hashlib.sha256(file.content).hexdigest() == closed.snapshot.digest
    assert closed.snapshot.digest in page
    told = client.get("/dialogues/jvap/cycles/2.json").json()
    assert told["sha256"] == closed.snapshot.digest
    assert told["corrections"][0]["text"] == "The desk opened in May."
    assert "vera" not in json.dumps(file.json())  # nobody's name to sign in with


def test_difference_names_what_came_what_went_and_what_changed(client, make_initiative, jvap, cycle):
    first = jvap.cycles.get(number=1)
    kept, _gone, changed = (make_initiative("verified", cycle=first, title=title) for title in ("Kept", "Gone", "Old"))
    make_initiative("verified", title="Kept", continues=kept)
    make_initiative("verified", title="New title", continues=changed, amount="5", currency="EUR")
    make_initiative("verified", title="Added")
    page = client.get(f"{CYCLE}changes/")
    found = page.context["difference"]
    assert [str(one) for one in found.added] == ["Added"]
    assert [str(one) for one in found.ended] == ["Gone"]
    assert [str(one) for one in found.same] == ["Kept"]
    (one,) = found.changed
    assert [(field.label, field.old, field.new) for field in one.fields] == [
        ("Title", "Old", "New title"),
        ("Amount", "", "5.00 EUR"),
    ]
    assert "Gone" in page.content.decode()
    third = Cycle.objects.create(dialogue=jvap, number=3)
    make_initiative("verified", cycle=third, title="Third", continues=cycle.initiatives.get(title="New title"))
    found = client.get("/dialogues/jvap/cycles/3/changes/?since=1").context["difference"]
    assert [one.before.title for one in found.changed] == ["Old"]


@pytest.mark.parametrize("since", ["9", "2", "x", "\x00", "x" * 10_000])
def test_unknown_cycle_to_compare_with_is_told(client, filled, since):
    response = client.get(f"{CYCLE}changes/", {"since": since})
    assert response.status_code == 400


def test_cycle_without_initiatives_says_so(client, jvap):
    page = client.get("/dialogues/jvap/cycles/1/").content.decode()
    assert "No verified initiative is loaded" in page
    assert "no earlier cycle" in client.get("/dialogues/jvap/cycles/1/changes/").content.decode()


def test_pages_ask_no_query_for_each_initiative(client, make_initiative, jvap, cycle):
    def asked(address):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    addresses = (CYCLE, "/dialogues/jvap/cycles/", f"{CYCLE}changes/", "/dialogues/jvap/cycles/2.csv")
    first = jvap.cycles.get(number=1)

    def add(n):
        former = make_initiative("verified", cycle=first, title=f"Former {n}", countries=[make_country()])
        domains = Domain.objects.all()
        make_initiative("verified", title=f"Now {n}", countries=[make_country()], domains=domains, continues=former)

    add(0)
    before = [asked(address) for address in addresses]
    for n in range(1, 4):
        add(n)
    assert [asked(address) for address in addresses] == before
