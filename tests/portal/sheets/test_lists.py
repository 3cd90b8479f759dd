"""The lists of the admin lead out and in."""

import io

import openpyxl
import pytest

from portal.models import Draft, KeyFigure
from projects.models import Project
from tests.bringing import actions_of
from tests.factories import make_country, make_dialogue, make_organisation, make_project
from tests.portal.sheets.conftest import cells_of, sheet_of, table, workbook, written


def downloaded(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_list_goes_out_as_it_is_filtered_and_searched(client, editor):
    make_project(title="Safe Routes")
    make_project(title="Other")
    client.force_login(editor)
    page = client.get("/admin/projects/project/?q=routes&p=1").content.decode()
    assert 'href="/admin/projects/project/export/projects.csv?q=routes"' in page
    assert 'href="/admin/portal/import/add/?reader=projects"' in page
    rows = cells_of(downloaded(client, "/admin/projects/project/export/projects.csv?q=routes"))
    assert [row[rows[0].index("title_en")] for row in rows[1:]] == ["Safe Routes"]
    book = openpyxl.load_workbook(
        io.BytesIO(downloaded(client, "/admin/projects/project/export/projects.xlsx?q=routes"))
    )
    assert [cell.value for cell in book.active[1]] == sheet_of("projects").header()
    assert book.active.max_row == 2


def test_who_only_looks_is_offered_no_import(client, editor):
    client.force_login(editor)
    page = client.get("/admin/portal/keyfigure/").content.decode()
    assert "/admin/portal/keyfigure/export/key-figures.xlsx" in page
    assert "reader=key-figures" not in page


def test_unknown_sheet_format_and_filter_are_told_apart(client, editor):
    client.force_login(editor)
    for name in ("figures.csv", "projects.pdf", "participation.csv"):
        assert client.get(f"/admin/projects/project/export/{name}").status_code == 404
    assert client.get("/admin/projects/project/export/projects.csv?nonsense=1").status_code == 302
    assert client.post("/admin/projects/project/export/projects.csv").status_code == 405


def test_list_of_many_costs_no_more_queries_than_one_of_few(client, editor, django_assert_max_num_queries):
    country, donor = make_country("RS"), make_organisation(name="Sweden Aid")
    for n in range(40):
        make_project(title=f"Project {n}", countries=[country], donors=[donor])
    client.force_login(editor)
    with django_assert_max_num_queries(60):
        rows = cells_of(downloaded(client, "/admin/projects/project/export/projects.csv"))
    assert len(rows) == 41


def test_key_figure_of_a_table_keeps_its_decimals(bring, carry, reviewer):
    from portal.models import FigureGroup

    FigureGroup.objects.create(slug="staff", name="Staff")
    head = ["slug", "group", "label_en", "value", "year", "is_total"]
    content = workbook(head, ["offices", "staff", "Offices", 12.5, 2020, True])
    carry(bring("key-figures", content, by=reviewer))
    figure = KeyFigure.objects.get()
    assert (figure.value, figure.year, figure.is_total) == (12.5, 2020, True)
    for again in (content, written("key-figures"), written("key-figures", "xlsx")):
        assert actions_of(bring("key-figures", again, by=reviewer)) == ["skip"]


@pytest.mark.parametrize("who", ["reviewer", "editor"])
def test_import_gives_nobody_a_right_he_has_not(bring, who, request):
    make_organisation(name="Sweden Aid", slug="sweden-aid")
    content = table(["slug", "name_en", "is_established"], ["sweden-aid", "Sida", "no"], ["gone", "Gone", "yes"])
    imported = bring("organisations", content, by=request.getfixturevalue(who))
    assert actions_of(imported) == (["update", "create"] if who == "reviewer" else ["refuse", "create"])
    assert "is_established" in imported.remarks[0]


def test_draft_of_a_live_dialogue_takes_what_a_table_adds(client, bring, carry, editor):
    dialogue = make_dialogue(title="Rabat Process", published=True)
    make_country("RS")
    carry(bring("participation", table(["dialogue", "role", "country"], [dialogue.slug, "observer", "RS"])))
    assert not dialogue.participations.exists()
    rows = Draft.objects.open().about(dialogue).get().version.content["rows"]["participations"]
    assert [row["fields"]["role"] for row in rows] == ["observer"]
    client.force_login(editor)
    out = cells_of(downloaded(client, "/admin/dialogues/dialogue/export/participation.csv"))
    assert out[1][out[0].index("country")] == "RS"
    assert not Project.objects.exists()


def test_what_figures_measure_is_brought_in_and_goes_out_again(bring, carry, administrator):
    groups = table(
        ["slug", "name_en", "presentation", "measures", "note"], ["age", "Age", "parts", "staff", "Printed so."]
    )
    carry(bring("figure-groups", groups, by=administrator), by=administrator)
    header = ["slug", "group", "label_en", "value", "decimals", "year", "measures", "change_since"]
    figures = table(header, ["rise", "age", "Rise", "0.30", "2", "2021", "staff", "2020"])
    carry(bring("key-figures", figures, by=administrator), by=administrator)
    figure = KeyFigure.objects.get()
    assert (figure.decimals, figure.measures, figure.change_since, figure.number) == (2, "staff", 2020, "0.30")
    assert (figure.group.measures, figure.group.note) == ("staff", "Printed so.")
    for name in ("key-figures", "figure-groups"):
        assert actions_of(bring(name, written(name), by=administrator)) == ["skip"]
