"""Several records changed at once by hand: chosen in the list, looked at, changed, taken back."""

import pytest

from projects.models import Project
from tests.browser.hands import Hands
from tests.factories import make_country, make_project

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 360])
def test_editor_adds_a_country_to_several_and_takes_it_back(transactional_db, editor, open_page, width):
    for iso2, name in [("RS", "Serbia"), ("NE", "Niger"), ("NG", "Nigeria")]:
        make_country(iso2, name)
    for n in range(3):
        make_project(title=f"Along the routes {n}", changed_by=editor, published=n == 2)
    page = open_page(editor, width)
    hands = Hands(page)

    def fits():
        return page.evaluate("document.documentElement.scrollWidth") <= width

    page.goto("/admin/projects/project/")
    hands.click("#action-toggle")
    page.select_option("select[name=action]", "change_several")
    hands.click(page.locator("button[name=index]"))
    page.locator("#several_form").wait_for()
    assert fits()
    hands.click(page.locator("#id_several-add-countries + .select2-container"))
    hands.pick("Serbia")
    hands.click(page.get_by_role("button", name="Show what will change"))
    page.get_by_role("heading", name="3 records change").wait_for()
    assert fits()
    assert not Project.objects.filter(countries__iso2="RS").exists()
    hands.click(page.get_by_role("button", name="Change 3 records"))
    page.locator(".messagelist .success").wait_for()
    assert Project.objects.filter(countries__iso2="RS").count() == 2  # the third is live: it has a draft

    hands.click(page.locator(".messagelist .success a"))
    hands.click(page.get_by_role("button", name="Take it back in 3 records"))
    page.locator(".messagelist .success").wait_for()
    assert not Project.objects.filter(countries__iso2="RS").exists()
    assert fits()
    assert page.complaints == []
    print(f"gestures: {hands.gestures}")
