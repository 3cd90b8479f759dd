"""The commitment trace: chains from a domain to a publication, gaps, filters, files, and what visitors do not see."""

import csv
import io
import json
import re
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dialogues.models import Activity, Dialogue, Domain, Instrument, Meeting, Priority, ReferenceCountry
from dialogues.trace.gathering import earlier_first
from portal import kinds
from portal.models import TerritorialNote
from tests.factories import make_country, make_dialogue, make_project, make_publication, publisher
from tests.forms import complaints, send_form

PAGE, ALL = "/dialogues/jvap/trace/", "/dialogues/trace/"
COLUMNS = ["reference", "activity", "meeting", "initiative", "project", "publication"]


@pytest.fixture
def causes(jvap):
    return Domain.objects.get(number=1)


@pytest.fixture
def legal(jvap):
    return Domain.objects.get(number=2)


@pytest.fixture
def chained(jvap, causes, make_initiative):
    """Root causes with something in each column; legal migration with nothing."""
    france, chad, serbia = make_country("FR", "France"), make_country("TD", "Chad"), make_country()
    Priority.objects.create(domain=causes, number="1.1", text="Create jobs")
    ReferenceCountry.objects.create(domain=causes, country=chad, start="2019", end="2020")
    meeting = Meeting.objects.create(dialogue=jvap, title="Roundtable", start="2021-03-01", end="2021-03-02")
    activity = Activity.objects.create(
        dialogue=jvap, domain=causes, kind="labelled", title="Labelled webinar", date="2021", meeting=meeting
    )
    activity.countries.add(france)
    initiative = make_initiative("verified", title="=Fund", domains=[causes], countries=[serbia], start="2018")
    project = make_project(published=True, title="Jobs for youth", countries=[chad], start="2019", end="2022")
    project.domains.add(causes)
    project.initiatives.add(initiative)
    minutes = make_publication(published=True, title="Minutes", meeting=meeting, date="2021-03-05")
    study = make_publication(published=True, title="Study", projects=[project])
    study.activities.add(activity)
    return {"meeting": meeting, "activity": activity, "project": project, "minutes": minutes, "study": study}


class Table(HTMLParser):
    """The rows of the trace: texts of their cells, as a reader sees them."""

    def __init__(self, html):
        super().__init__()
        self.rows, self.cell, self.is_in = [], None, False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.is_in = dict(attrs).get("class") == "trace"
        elif self.is_in and tag == "tr":
            self.rows.append([])
        elif self.is_in and tag in ("th", "td"):
            self.cell = []
        elif self.is_in and self.cell is not None and tag == "li":
            self.cell.append("|")

    def handle_endtag(self, tag):
        if self.is_in and tag in ("th", "td"):
            self.rows[-1].append(" ".join("".join(self.cell).split()))
            self.cell = None
        elif tag == "table":
            self.is_in = False

    def handle_data(self, data):
        if self.cell is not None:
            self.cell.append(data)


def rows_of(client, address=PAGE, query=None):
    """Label of each row -> texts of its cells by column."""
    html = client.get(address, query or {}).content.decode()
    found = [row for row in Table(html).rows if len(row) > 1][1:]
    return {row[0]: dict(zip(COLUMNS, row[1:], strict=True)) for row in found}


def row_of(client, name, address=PAGE, query=None):
    return next(cells for label, cells in rows_of(client, address, query).items() if name in label)


def gaps_of(cells):
    return [name for name, text in cells.items() if "◇" in text]


def read(client, query, address=PAGE):
    """The files of a selection: lines of the CSV, and the JSON."""
    base = address.rstrip("/")
    text = client.get(f"{base}.csv", query).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text))), client.get(f"{base}.json", query).json()


def test_chain_stands_in_one_row(client, chained):
    cells = row_of(client, "Root causes")
    for column, text in {
        "reference": "Chad", "activity": "Labelled webinar Labelled activity, France, 2021", "meeting": "Roundtable",
        "initiative": "=Fund Ministry of Migration", "project": "Jobs for youth", "publication": "Minutes",
    }.items():  # fmt: skip
        assert text in cells[column]
    assert "by way of “Roundtable”" in cells["publication"]
    assert "Study by way of “Labelled webinar” by way of “Jobs for youth”" in cells["publication"]
    assert cells["publication"].count("|") == 2, "what is reached twice stands there once"
    assert gaps_of(cells) == []
    assert "1.1 Create jobs" in client.get(PAGE).content.decode()


def test_domain_that_nothing_points_to_says_so_in_each_column(client, chained):
    cells = row_of(client, "Legal migration")
    assert gaps_of(cells) == COLUMNS
    assert all("Nothing linked" in text for text in cells.values())


def test_initiative_leads_to_its_place_in_its_cycle(client, chained):
    _lines, told = read(client, {})
    step = next(one for path in told["rows"][0]["paths"] for one in path if one["column"] == "initiative")
    address, anchor = step["url"].removeprefix("http://testserver").split("#")
    assert f'id="{anchor}"' in client.get(address[address.index("/dialogues") :]).content.decode()


def test_summary_counts_gaps(client, chained):
    summary = client.get(PAGE).context["matrix"].summary
    assert (summary.domains, summary.with_gap, summary.bare) == (2, 1, 1)
    assert {one.column.key: one.gaps for one in summary.columns} == dict.fromkeys(COLUMNS, 1)
    html = client.get(PAGE).content.decode()
    assert "Domains: 2. With gaps: 1 of them. Nothing at all points to 1 of them." in html


def test_columns_are_those_of_the_registry(client, chained):
    assert [one.key for one in client.get(PAGE).context["matrix"].columns] == COLUMNS
    project, publication = kinds.get("project"), kinds.get("publication")
    assert earlier_first([publication, project]) == [project, publication]


def test_page_of_all_dialogues_holds_each_domain_once(client, chained, jvap):
    other = make_dialogue(published=True, title="Another process", slug="another")
    Instrument.objects.get().dialogues.add(other)
    Activity.objects.create(dialogue=other, title="Placed nowhere")
    Instrument.objects.create(slug="bare", title="Bare declaration", kind="declaration").dialogues.add(other)
    html = client.get(ALL).content.decode()
    assert html.count("Root causes</span>") == 1
    rows = rows_of(client, ALL)
    assert "Placed nowhere" in rows["Domain not stated"]["activity"]
    assert gaps_of(rows["Domain not stated"]) == []
    assert any("Its domains are not stated" in label for label in rows)
    assert "Root causes" in client.get("/dialogues/another/trace/").content.decode()


def test_domain_of_another_dialogue_shows_where_an_activity_serves_it(client, chained, causes):
    other = make_dialogue(published=True, title="Another process", slug="another")
    Activity.objects.create(dialogue=other, domain=causes, title="Joint seminar")
    rows = rows_of(client, "/dialogues/another/trace/")
    assert ["Root causes" in label for label in rows] == [True]
    assert "Joint seminar" in row_of(client, "Root causes")["activity"]


def hide_project(chained, make_initiative, legal):
    make_project(title="Canary").domains.add(legal)


def hide_withdrawn(chained, make_initiative, legal):
    project = make_project(title="Canary", published=True)
    project.domains.add(legal)
    project.withdraw(by=publisher(), reason="Entered twice.")


def hide_behind_project(chained, make_initiative, legal):
    project = make_project(title="Canary")
    project.domains.add(legal)
    make_publication(title="Canary paper", projects=[project])


def hide_initiative(chained, make_initiative, legal):
    make_initiative("checked", title="Canary", domains=[legal])


def hide_staff_only(chained, make_initiative, legal):
    make_publication(title="Canary", published=True, audience="staff").domains.add(legal)


def hide_activity(chained, make_initiative, legal):
    draft = make_dialogue(title="Canary draft")
    meeting = Meeting.objects.create(dialogue=draft, title="Canary meeting")
    Activity.objects.create(dialogue=draft, domain=legal, title="Canary", meeting=meeting)


HIDING = [hide_project, hide_withdrawn, hide_behind_project, hide_initiative, hide_staff_only, hide_activity]


@pytest.mark.parametrize("hide", HIDING)
@pytest.mark.parametrize("address", [PAGE, ALL])
def test_hidden_item_closes_no_gap_and_is_not_counted(client, chained, make_initiative, legal, reviewer, hide, address):
    before = client.get(address).context["matrix"].summary
    hide(chained, make_initiative, legal)
    assert "Canary" not in client.get(address).content.decode()
    for name in ("csv", "json"):
        assert b"Canary" not in client.get(f"{address.rstrip('/')}.{name}").content
    assert client.get(address).context["matrix"].summary == before
    client.force_login(reviewer)
    page = client.get(address)
    summary = page.context["matrix"].summary
    assert (summary.domains, summary.bare) == (before.domains, before.bare)
    assert [one.gaps for one in summary.columns] == [one.gaps for one in before.columns]
    assert gaps_of(row_of(client, "Legal migration", address)) == COLUMNS
    for name in ("csv", "json"):
        assert b"Canary" not in client.get(f"{address.rstrip('/')}.{name}").content


def test_editor_sees_what_is_hidden_and_that_visitors_do_not(client, chained, legal, editor):
    make_project(title="Canary").domains.add(legal)
    client.force_login(editor)
    cells = row_of(client, "Legal migration")
    assert "Canary" in cells["project"]
    assert "Visitors do not see this." in cells["project"]
    assert "Nothing that visitors see" in cells["project"]


def test_public_paper_of_a_hidden_project_does_not_close_the_gap_of_an_editor(client, chained, legal, editor):
    project = make_project(title="Canary")
    project.domains.add(legal)
    make_publication(published=True, title="Open paper", projects=[project])
    assert gaps_of(row_of(client, "Legal migration")) == COLUMNS
    client.force_login(editor)
    cells = row_of(client, "Legal migration")
    assert "Open paper" in cells["publication"]
    assert "publication" in gaps_of(cells)


def test_trace_of_a_hidden_dialogue_is_not_there(client, chained, jvap, verifier):
    jvap.withdraw(by=verifier, reason="Entered twice.")
    for end in ("trace/", "trace.csv", "trace.json"):
        assert client.get(f"/dialogues/jvap/{end}").status_code == 410
    assert "Root causes" not in client.get(ALL).content.decode()


@pytest.mark.parametrize(
    "query, found, gaps",
    [
        ({"country": "FR"}, {"activity": "Labelled webinar"}, ["reference", "meeting", "initiative", "project"]),
        ({"country": "TD"}, {"reference": "Chad", "project": "Jobs for youth"}, ["activity", "publication"]),
        ({"activity": "reference"}, {"project": "Jobs for youth"}, ["activity", "meeting"]),
        ({"activity": "labelled"}, {"activity": "Labelled webinar", "meeting": "Roundtable"}, []),
        ({"year_from": "2021-03", "year_to": "2021-03"}, {"meeting": "Roundtable", "publication": "Minutes"}, []),
        ({"year_to": "2018"}, {"initiative": "=Fund"}, ["reference", "activity", "meeting", "project", "publication"]),
        ({"year_from": "2023"}, {"initiative": "=Fund"}, ["reference", "activity", "meeting", "project"]),
    ],
)
def test_filters_narrow_what_stands_in_a_row(client, chained, query, found, gaps):
    cells = row_of(client, "Root causes", query=query)
    for column, text in found.items():
        assert text in cells[column]
    assert set(gaps) <= set(gaps_of(cells))
    assert not set(found) & set(gaps_of(cells))
    assert client.get(PAGE, query).context["selection"].narrows_steps


def test_period_says_what_it_does_not_know(client, chained, legal):
    cells = row_of(client, "Root causes", query={"year_from": "2021-06", "year_to": "2021-08"})
    assert "2021; may lie outside of this period" in cells["activity"]
    assert "2019 – 2022" in cells["project"]
    assert "may lie" not in cells["project"]
    assert "may lie outside" in cells["initiative"], "its end is not known"
    assert "Left out because no date is known: 1" in cells["publication"]
    assert "publication" in gaps_of(cells), "what has no date closes no gap of a period"
    assert "Chad" not in cells["reference"]
    ReferenceCountry.objects.create(domain=legal, country=make_country("CH", "Switzerland"))
    cells = row_of(client, "Legal migration", query={"year_from": "2021"})
    assert "Switzerland may lie outside of this period" in cells["reference"].replace("| ", "")


def test_selections_of_rows(client, chained, causes, legal):
    Activity.objects.create(dialogue=Dialogue.objects.get(), title="Placed nowhere")
    assert list(rows_of(client, query={"domain": str(legal.pk)})) == ["2. Legal migration"]
    assert [label[:4] for label in rows_of(client, query={"instrument": "plan"})] == ["1. R", "2. L"]
    assert list(rows_of(client, query={"gap": "any"})) == ["2. Legal migration"]
    assert list(rows_of(client, query={"gap": "publication"})) == ["2. Legal migration"]
    assert rows_of(client, query={"gap": "publication", "domain": str(causes.pk)}) == {}
    assert client.get(PAGE, {"gap": "any"}).context["matrix"].summary.domains == 2, "of which these are the gaps"


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"gap": "any"},
        {"gap": "project"},
        {"country": "TD"},
        {"country": "FR", "year_from": "2021"},
        {"activity": "labelled"},
        {"year_from": "2021-03", "year_to": "2021-04"},
        {"instrument": "plan", "activity": "other"},
    ],
)
@pytest.mark.parametrize("address", [PAGE, ALL])
def test_page_and_files_hold_the_same_in_the_same_order(client, chained, jvap, query, address):
    Activity.objects.create(dialogue=jvap, title="Placed nowhere", date="2021").countries.add(make_country("FR"))
    html = client.get(address, query).content.decode()
    shown = [row for row in Table(html).rows if len(row) > 1][1:]
    lines, told = read(client, query, address)
    assert told["columns"] == COLUMNS
    assert len(told["rows"]) == len(shown)
    flat = []
    for row, cells in zip(told["rows"], shown, strict=True):
        title = row["domain"]["title"] if row["domain"] else {"unplaced": "Domain not stated"}[row["row"]]
        assert title in cells[0]
        for column, text in zip(COLUMNS, cells[1:], strict=True):
            steps = (one for path in row["paths"] for one in path if one["column"] == column and one["in_selection"])
            titles = list(dict.fromkeys(one["title"] for one in steps))
            items = text.split("|")[1:]
            assert len(items) == len(titles)
            assert all(title in item for title, item in zip(titles, items, strict=True))
            assert ("◇" in text) == (column in row["gaps"])
        for path in row["paths"] or [[]]:
            by_column = {one["column"]: one["title"] for one in path}
            flat.append([row["domain"]["title"] if row["domain"] else "", *(by_column.get(one, "") for one in COLUMNS)])
    assert [[line["domain"], *(line[one].lstrip("'") for one in COLUMNS)] for line in lines] == flat


def test_table_has_a_line_for_each_path(client, chained):
    lines, _told = read(client, {})
    paths = [tuple(line[one].lstrip("'") for one in COLUMNS) for line in lines]
    assert paths == [
        ("Chad", "", "", "", "", ""),
        ("", "Labelled webinar", "Roundtable", "", "", "Minutes"),
        ("", "Labelled webinar", "", "", "", "Study"),
        ("", "", "", "=Fund", "Jobs for youth", "Study"),
        ("", "", "", "", "Jobs for youth", "Study"),
        ("", "", "", "", "", ""),
    ]
    assert lines[0]["priorities"] == "1.1 Create jobs"
    assert lines[-1]["gaps"] == " ".join(COLUMNS)
    assert lines[1]["activity_countries"] == "France"


def test_step_outside_of_the_selection_is_told_in_the_files(client, chained):
    lines, told = read(client, {"country": "FR", "gap": ""})
    assert [line["outside_selection"] for line in lines if line["activity"]] == [""]
    lines, told = read(client, {"year_from": "2021-03", "year_to": "2021-03"})
    chains = [line for line in lines if line["meeting"] == "Roundtable"]
    assert [line["outside_selection"] for line in chains] == [""]
    assert {one["date_is_unsure"] for path in told["rows"][0]["paths"] for one in path} == {True, False}


def test_formulas_are_no_formulas_and_territories_have_their_note(client, chained, causes):
    kosovo = make_country("XK", "Kosovo")
    note = TerritorialNote.objects.create(slug="kosovo", mark="*", text="Without prejudice to status.")
    note.terms.create(term="Kosovo")
    ReferenceCountry.objects.create(domain=causes, country=kosovo)
    lines, told = read(client, {})
    assert {line["initiative"] for line in lines} == {"", "'=Fund"}
    noted = [line for line in lines if line["note"]]
    assert [line["reference_code"] for line in noted] == ["XK"]
    assert noted[0]["note"] == "* Without prejudice to status."
    assert told["rows"][0]["note"] == "* Without prejudice to status."
    html = client.get(PAGE).content.decode()
    assert html.count('id="note-kosovo"') == 1
    assert re.search(r"Kosovo</a><sup>", html)


@pytest.mark.parametrize(
    "query",
    [
        {"instrument": "nowhere"},
        {"domain": "1"},
        {"country": "x" * 10_000},
        {"activity": "="},
        {"gap": "everything"},
        {"year_from": "March"},
        {"year_from": "2021-13"},
        {"year_to": "9" * 10_000},
        {"year_from": "2022", "year_to": "2021"},
    ],
)
@pytest.mark.parametrize("address", [PAGE, ALL])
def test_selection_that_cannot_be_read_is_refused_with_a_way_back(client, chained, query, address):
    page = client.get(address, query)
    assert page.status_code == 400
    assert "This selection cannot be read." in page.content.decode()
    assert f'href="{address}"' in page.content.decode()
    for name in ("csv", "json"):
        response = client.get(f"{address.rstrip('/')}.{name}", query)
        assert response.status_code == 400
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        assert address in response.content.decode()


def test_page_that_is_not_there_is_not_found(client, chained):
    assert client.get(PAGE, {"page": "9"}).status_code == 404


def test_number_of_queries_does_not_grow_with_domains(client, chained, jvap):
    plan = Instrument.objects.get()

    def fill(first, last):
        for n in range(first, last):
            domain = plan.domains.create(number=n, position=n, title=f"Domain {n}")
            domain.reference_countries.create(country=make_country())
            meeting = Meeting.objects.create(dialogue=jvap, title=f"Meeting {n}", country=make_country())
            Activity.objects.create(dialogue=jvap, domain=domain, title=f"Activity {n}", meeting=meeting)
            project = make_project(published=True, countries=[make_country()], dialogues=[jvap])
            project.domains.add(domain)
            make_publication(published=True, projects=[project], meeting=meeting)

    counts = []
    for first, last in ((3, 6), (6, 51)):
        fill(first, last)
        for address in (PAGE, ALL, "/dialogues/jvap/trace.csv"):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 60


def test_dialogue_leads_to_its_trace_and_the_list_to_all(client, chained):
    assert f'href="{PAGE}"' in client.get("/dialogues/jvap/").content.decode()
    assert f'href="{ALL}"' in client.get("/dialogues/").content.decode()


def test_project_names_the_commitments_it_serves(client, chained, causes):
    draft = Instrument.objects.create(slug="secret", title="Secret plan", kind="roadmap")
    draft.dialogues.add(make_dialogue(title="Canary"))
    chained["project"].domains.add(draft.domains.create(title="Canary domain"))
    html = client.get(chained["project"].get_absolute_url()).content.decode()
    assert f'href="{ALL}?domain={causes.pk}"' in html
    assert "Canary" not in html


def test_address_of_the_trace_is_no_dialogue(editor_client):
    response = send_form(
        editor_client, reverse("admin:dialogues_dialogue_add"), {"title_en": "X", "slug": "trace"}, _continue="1"
    )
    assert "commitment trace" in str(complaints(response))


def test_json_is_read_back(client, chained):
    told = json.loads(client.get("/dialogues/jvap/trace.json", {"gap": "any"}).content)
    assert told["selection"] == {"gap": "any"}
    assert told["summary"]["gaps"] == dict.fromkeys(COLUMNS, 1)
