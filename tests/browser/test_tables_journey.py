"""A list taken out as a table, edited, and brought back by hand."""

import pytest

from projects.models import Project
from tests.browser.hands import Hands
from tests.factories import make_project
from tests.portal.sheets.conftest import edited

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
