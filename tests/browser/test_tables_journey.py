"""A list taken out as a table, edited, and brought back by hand."""

import pytest

from projects.models import Project
from tests.bringing import read_in
from tests.browser.hands import Hands
from tests.factories import make_organisation, make_project
from tests.portal.sheets.conftest import edited, table

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 360])
def test_editor_takes_a_list_out_edits_a_cell_and_brings_it_back(transactional_db, editor, open_page, width, tmp_path):
    for n in range(3):
        make_project(title=f"Along the routes {n}", changed_by=editor)
    page = open_page(editor, width)
    hands = Hands(page)

    def fits():
        return page.evaluate("document.documentElement.scrollWidth") <= width

    page.goto("/admin/projects/project/?q=routes+1")
    assert fits()
    with page.expect_download() as download:
        hands.click(page.get_by_role("link", name="Export projects (CSV)"))
    file = tmp_path / "projects.csv"
    content = download.value.path().read_bytes()
    assert b"routes 1" in content
    assert b"routes 2" not in content
    file.write_bytes(edited(content, acronym=(2, "ALONG")))

    hands.click(page.get_by_role("link", name="Import projects"))
    page.set_input_files("input[name=file]", file)
    assert fits()
    hands.click(page.get_by_role("button", name="Read it"))
    page.get_by_text("1 value changes.").wait_for()
    assert fits()
    hands.click(page.get_by_role("button", name="Bring in 1 row"))
    page.locator(".messagelist .success").wait_for()
    assert Project.objects.get(acronym="ALONG").title == "Along the routes 1"


@pytest.mark.parametrize("width", [1280, 360])
def test_unknown_name_is_found_among_all_organisations_by_keyboard(transactional_db, editor, open_page, width):
    make_organisation("Quite Another Fund")
    rows = [["title_en", "donors"], ["Safe Routes", "Sweden Aid"]]
    imported = read_in("projects", editor, "projects.csv", table(*rows))
    page = open_page(editor, width)
    hands = Hands(page)
    page.goto(f"/admin/portal/import/{imported.pk}/change/")
    choice = page.get_by_label("Sweden Aid", exact=True)
    choice.focus()
    hands.press("Tab")
    hands.pick("another")
    page.wait_for_function("document.activeElement.name === 'name-new:1'")
    assert choice.evaluate("list => list.selectedOptions[0].textContent") == "Quite Another Fund"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    hands.click(page.get_by_role("button", name="Take these"))
    page.get_by_role("link", name="Open “Quite Another Fund”").wait_for()
    hands.click(page.get_by_role("button", name="Bring in 1 row"))
    page.locator(".messagelist .success").wait_for()
    assert Project.objects.get().roles.get().organisation.name == "Quite Another Fund"
    assert page.complaints == []


def test_choice_that_was_not_taken_is_shown_before_anything_is_written(transactional_db, editor, open_page):
    make_organisation("Sweden")
    rows = [["title_en", "donors"], *([f"Safe Routes {n}", "Sweden Aid"] for n in range(20))]
    imported = read_in("projects", editor, "projects.csv", table(*rows))
    page = open_page(editor)
    page.goto(f"/admin/portal/import/{imported.pk}/change/")
    bring = page.get_by_role("button", name="Bring in 20 rows")
    assert bring.evaluate("button => button.getBoundingClientRect().bottom <= window.innerHeight")
    page.get_by_label("Sweden Aid", exact=True).select_option("Sweden")
    bring.click()
    page.get_by_text("Nothing is written yet: your choices were taken.").wait_for()
    assert not Project.objects.exists()
    bring.click()
    page.locator(".messagelist .success").wait_for()
    assert Project.objects.filter(roles__organisation__name_en="Sweden").count() == 20
