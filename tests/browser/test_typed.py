"""What was typed survives a closed tab, a dead server and an ended sign-in; who else has the form open is told."""

import re

import pytest
from django.contrib.sessions.models import Session

from portal.models import AuditEntry
from projects.models import Project
from tests.browser.hands import Hands
from tests.factories import make_country, make_organisation, make_project

pytestmark = pytest.mark.browser

ADD = "/admin/projects/project/add/"
TITLE = "Return with dignity"


@pytest.fixture
def ground(transactional_db):
    for iso2, name in [("RS", "Serbia"), ("LB", "Lebanon")]:
        make_country(iso2, name)
    for name in ("European Commission", "Swiss Agency", "Austrian Ministry", "Danish Ministry"):
        make_organisation(name)


def fill(page, url=ADD):
    """A title, prose, a choice found by typing, and a row more than the form has at first."""
    hands = Hands(page)
    page.goto(url)
    page.locator("#id_title_en").fill(TITLE)
    hands.click(".field-summary_en .tiptap")
    hands.type("Plain")
    hands.press("Control+b")
    hands.type("bold")
    hands.click(".field-countries .select2-selection")
    hands.pick("Lebanon")
    rows = int(page.locator("#id_roles-TOTAL_FORMS").input_value())
    hands.click("#roles-group .add-row a")
    hands.click(f"#roles-{rows} .field-organisation .select2-selection")
    hands.pick("Austrian Ministry")
    return rows


def is_kept(page, text=TITLE):
    page.wait_for_function("text => Object.values(localStorage).some(kept => kept.includes(text))", arg=text)


def count_kept(page):
    return page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('typed:')).length")


def offer(page):
    return page.locator(".typed-kept")


def put_back(page):
    offer(page).wait_for()
    page.keyboard.press("Escape")
    button = offer(page).get_by_role("button", name="Put it back")
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_text("Nothing is saved yet").wait_for()


def assert_all_is_back(page, row):
    assert page.locator("#id_title_en").input_value() == TITLE
    assert page.locator(".field-summary_en .tiptap").inner_html() == "<p>Plain<strong>bold</strong></p>"
    assert "Lebanon" in page.locator(".field-countries .select2-selection").inner_text()
    assert "Austrian Ministry" in page.locator(f"#roles-{row} .field-organisation .select2-selection").inner_text()


def save(page):
    page.get_by_role("button", name="Save draft").click()
    page.locator(".messagelist .success").wait_for()


def assert_all_is_saved():
    project = Project.objects.get()
    assert (project.title, project.summary) == (TITLE, "<p>Plain<strong>bold</strong></p>")
    assert [country.iso2 for country in project.countries.all()] == ["LB"]
    assert [role.organisation.name for role in project.roles.all()] == ["Austrian Ministry"]


def test_closed_tab_loses_nothing(ground, editor, open_page):
    page = open_page(editor)
    row = fill(page)
    is_kept(page, "Austrian Ministry")
    again = page.context.new_page()
    page.close()
    again.goto(ADD)
    offer(again).wait_for()
    assert again.locator("#id_title_en").input_value() == ""  # nothing is put back unasked
    assert re.search(r"not saved: Title, Countries, Organisation, Summary\.", offer(again).inner_text())
    put_back(again)
    assert_all_is_back(again, row)
    marked = again.locator(".put-back")
    assert marked.count() == 4
    save(again)
    assert_all_is_saved()
    again.goto(ADD)
    again.wait_for_timeout(300)
    assert offer(again).count() == 0
    assert count_kept(again) == 0
    assert page.complaints == []


def test_dead_server_loses_nothing(ground, editor, open_page):
    page = open_page(editor)
    row = fill(page)
    page.route("**/add/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_url("chrome-error://**")
    page.unroute("**/add/")
    page.goto(ADD)
    put_back(page)
    assert_all_is_back(page, row)
    save(page)
    assert_all_is_saved()


def test_lost_answer_saves_once(ground, editor, open_page):
    """The server has saved; the browser never learnt it, and the page that was left is sent again."""
    page = open_page(editor)
    fill(page)
    sent = []

    def answer_is_lost(route):
        if route.request.method == "POST" and not sent:
            sent.append(route.fetch(max_redirects=0))
            route.fulfill(status=204)  # the page stays
        else:
            route.continue_()

    page.route("**/add/", answer_is_lost)
    page.get_by_role("button", name="Save draft").click()
    while not sent:
        page.wait_for_timeout(50)
    page.get_by_role("button", name="Save draft").click()
    page.get_by_text("Nothing was done twice").wait_for()
    assert_all_is_saved()
    assert count_kept(page) == 0


def test_what_is_typed_after_a_lost_answer_is_not_taken_for_saved(ground, editor, open_page):
    page = open_page(editor)
    fill(page)
    page.route("**/add/", lambda route: (route.fetch(max_redirects=0), route.fulfill(status=204)))
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_timeout(1500)
    assert_all_is_saved()
    page.locator("#id_acronym").fill("LATER")
    is_kept(page, "LATER")
    page.unroute("**/add/")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_text("This form was saved already").wait_for()
    assert page.locator("#id_acronym").input_value() == "LATER"
    assert Project.objects.count() == 1
    page.goto("/admin/")
    page.goto(ADD)
    put_back(page)
    assert page.locator("#id_acronym").input_value() == "LATER"


def test_ended_sign_in_loses_nothing(ground, editor, open_page):
    page = open_page(editor)
    row = fill(page)
    Session.objects.all().delete()
    page.get_by_role("button", name="Save draft").click()
    page.get_by_text("What you typed is not lost").wait_for()
    assert not Project.objects.exists()
    page.locator("#id_username").fill("edith")
    page.locator("#id_password").fill("a-long-pass-phrase")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Back to the form").click()
    page.locator(".field-summary_en .tiptap").wait_for()
    assert_all_is_back(page, row)
    save(page)
    assert_all_is_saved()
    page.goto(ADD)
    page.wait_for_timeout(300)
    assert count_kept(page) == offer(page).count() == 0


def test_ended_sign_in_is_made_up_for_another_day(ground, editor, open_page):
    page = open_page(editor)
    row = fill(page)
    Session.objects.all().delete()
    page.get_by_role("button", name="Save draft").click()
    page.get_by_text("What you typed is not lost").wait_for()
    page.goto("/admin/login/")
    page.locator("#id_username").fill("edith")
    page.locator("#id_password").fill("a-long-pass-phrase")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")
    page.goto(ADD)
    put_back(page)
    assert_all_is_back(page, row)
    save(page)
    page.goto(ADD)
    page.wait_for_timeout(300)
    assert count_kept(page) == offer(page).count() == 0


def test_sign_in_in_another_window_does_not_refuse_the_form(ground, editor, open_page):
    page = open_page(editor)
    fill(page)
    other = page.context.new_page()
    page.context.clear_cookies(name="sessionid")
    other.goto("/admin/login/")
    other.locator("#id_username").fill("edith")
    other.locator("#id_password").fill("a-long-pass-phrase")
    other.keyboard.press("Enter")
    other.wait_for_url("**/admin/")
    save(page)
    assert_all_is_saved()


def test_form_with_a_mistake_keeps_what_was_typed(ground, editor, open_page):
    page = open_page(editor)
    page.goto(ADD)
    page.locator("#id_acronym").fill("RWD")
    page.get_by_role("button", name="Save draft").click()
    page.locator(".errornote").wait_for()
    assert offer(page).count() == 0
    page.goto("/admin/")
    page.goto(ADD)
    put_back(page)
    assert page.locator("#id_acronym").input_value() == "RWD"


def test_what_was_typed_names_a_record_that_was_saved_since(ground, editor, open_page):
    project = make_project(title="Before", changed_by=editor)
    url = f"/admin/projects/project/{project.pk}/change/"
    page = open_page(editor)
    page.goto(url)
    page.locator("#id_acronym").fill("MINE")
    is_kept(page, "MINE")
    page.goto("/admin/")
    project.title = "After"
    project.save()
    page.goto(url)
    offer(page).wait_for()
    assert "The record was saved since" in offer(page).inner_text()
    put_back(page)
    assert page.locator("#id_acronym").input_value() == "MINE"
    assert page.locator("#id_title_en").input_value() == "After"  # only what was typed


def test_what_is_typed_beside_a_discarded_draft_is_offered(ground, editor, open_page):
    project = make_project(title="Before", changed_by=editor, published=True)
    url = f"/admin/projects/project/{project.pk}/change/"
    page = open_page(editor)
    page.goto(url)
    page.locator("#id_acronym").fill("SAVED")
    page.get_by_role("button", name="Save as a draft", exact=True).click()
    page.locator(".messagelist .success").wait_for()
    page.locator("#id_objective_en").fill("Typed since")
    page.get_by_role("button", name="Discard the draft").click()
    page.get_by_text("is discarded").wait_for()
    page.goto(url)
    put_back(page)
    assert page.locator("#id_objective_en").input_value() == "Typed since"
    assert page.locator("#id_acronym").input_value() == ""


def test_row_of_an_older_page_is_found_by_its_key(ground, editor, open_page):
    project = make_project(changed_by=editor, donors=[make_organisation("First"), make_organisation("Second")])
    url = f"/admin/projects/project/{project.pk}/change/"
    page = open_page(editor)
    page.goto(url)
    page.locator("#id_roles-1-share").fill("40")
    is_kept(page, "40")
    page.goto("/admin/")
    project.roles.order_by("position", "pk").first().delete()
    page.goto(url)
    put_back(page)
    assert page.locator("#id_roles-0-share").input_value() == "40"


def test_what_is_thrown_away_is_gone(ground, editor, open_page):
    page = open_page(editor)
    fill(page)
    page.goto("/admin/")
    page.goto(ADD)
    offer(page).get_by_role("button", name="Throw it away").click()
    assert count_kept(page) == 0
    page.goto(ADD)
    page.wait_for_timeout(300)
    assert offer(page).count() == 0


def test_signing_out_asks_and_leaves_nothing(ground, editor, open_page):
    page = open_page(editor)
    fill(page)
    page.goto("/admin/")
    asked = []
    page.on(
        "dialog", lambda dialog: (asked.append(dialog.message), dialog.accept() if len(asked) > 1 else dialog.dismiss())
    )
    page.get_by_role("button", name="Log out").click()
    assert count_kept(page) == 1
    page.get_by_role("button", name="Log out").click()
    page.locator("body.change-form").wait_for(state="detached")
    assert count_kept(page) == 0
    assert len(asked) == 2


def test_what_somebody_else_typed_is_not_offered(ground, editor, reviewer, open_page, client, live_server):
    page = open_page(editor)
    fill(page)
    is_kept(page)
    client.force_login(reviewer)
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([session])
    page.goto(ADD)
    page.locator("#user-tools", has_text="rex").wait_for()
    page.wait_for_timeout(300)
    assert offer(page).count() == 0


def test_full_store_is_told_and_breaks_nothing(ground, editor, open_page):
    page = open_page(editor)
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }")
    fill(page)
    page.locator(".typed-complaint").wait_for()
    page.wait_for_timeout(2200)
    assert page.locator(".typed-complaint").count() == 1
    save(page)
    assert_all_is_saved()


def test_double_click_makes_one_record(ground, editor, open_page):
    page = open_page(editor)
    fill(page)
    page.get_by_role("button", name="Save draft").dblclick()
    page.locator(".messagelist, .errornote").wait_for()
    assert page.locator(".errorlist").all_inner_texts() == []
    assert_all_is_saved()
    assert AuditEntry.objects.filter(verb="add").count() == 1


def test_form_is_saved_without_javascript(ground, editor, browser, live_server, client):
    client.force_login(editor)
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    context.add_cookies([session])
    page = context.new_page()
    page.goto(ADD)
    page.locator("#id_title_en").fill(TITLE)
    page.get_by_role("button", name="Save draft").click()
    page.locator(".messagelist .success").wait_for()
    assert Project.objects.get().title == TITLE
    page.locator("#id_acronym").fill("RWD")
    Session.objects.all().delete()
    page.get_by_role("button", name="Save draft").click()
    page.locator("#id_username").fill("edith")
    page.locator("#id_password").fill("a-long-pass-phrase")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Back to the form").click()
    assert page.locator("#id_acronym").input_value() == "RWD"
    page.get_by_role("button", name="Save draft").click()
    page.locator(".messagelist .success").wait_for()
    assert Project.objects.get().acronym == "RWD"
    context.close()


def test_two_at_one_form_see_each_other(ground, editor, reviewer, open_page):
    project = make_project(changed_by=editor)
    url = f"/admin/projects/project/{project.pk}/change/"
    first, second = open_page(editor), open_page(reviewer)
    first.clock.install()
    first.goto(url)
    second.goto(url)
    second.get_by_text("edith has had this form open since").wait_for()
    assert first.get_by_text("rex has had this form open").count() == 0
    first.clock.run_for(31_000)
    first.get_by_text("rex has had this form open since").wait_for()
    assert first.complaints == second.complaints == []
