"""The whole way of a project: an editor enters it, a reviewer publishes it, a visitor finds it."""

import pytest

from projects.models import Project, ProjectRole
from tests.browser.hands import Hands
from tests.factories import make_country, make_organisation, make_project

pytestmark = pytest.mark.browser

TITLE = "Support to migration governance along the routes"


@pytest.fixture
def ground(transactional_db):
    """What an editor chooses from, with neighbours that could be picked by mistake."""
    for iso2, name in [("RS", "Serbia"), ("LB", "Lebanon"), ("NE", "Niger"), ("NG", "Nigeria"), ("GE", "Georgia")]:
        make_country(iso2, name)
    make_organisation("European Commission", acronym="EC")
    make_organisation("Swiss State Secretariat for Migration", acronym="SEM")
    make_organisation("Swiss Agency for Development and Cooperation", acronym="SDC")


def enter_project(hands):
    """From the front page to “in review”: two donors, three countries, a call with a closing date."""
    page = hands.page
    page.goto("/admin/")
    hands.click(page.get_by_role("link", name="Add project").first)
    page.locator("#id_title_en:focus").wait_for()
    hands.type(TITLE)
    hands.click(".field-countries .select2-selection")
    for country in ("Serbia", "Lebanon", "Niger"):
        hands.pick(country)
    for row, donor in enumerate(("European Commission", "Swiss State Secretariat")):
        hands.click(f"#roles-{row} .field-organisation .select2-selection")
        hands.pick(donor)
    hands.click("#id_calls-0-title_en")
    hands.type("Experts on asylum procedures")
    hands.press("Tab")
    hands.type("2031-03-31")
    hands.click(page.get_by_role("button", name="Save and submit for review"))
    page.locator(".messagelist .success").wait_for()


def publish_project(hands):
    page = hands.page
    page.goto("/admin/")
    hands.click(page.get_by_role("link", name=TITLE).first)
    hands.click(page.get_by_role("button", name="Publish", exact=True))
    page.locator(".messagelist .success").wait_for()


def test_editor_and_reviewer_need_few_gestures_together(ground, editor, reviewer, open_page):
    entering = Hands(open_page(editor))
    enter_project(entering)
    project = Project.objects.get()
    assert project.status == "review"
    assert sorted(project.countries.values_list("iso2", flat=True)) == ["LB", "NE", "RS"]
    donors = project.roles.filter(role=ProjectRole.Role.DONOR)
    assert sorted(donors.values_list("organisation__acronym", flat=True)) == ["EC", "SEM"]
    assert str(project.calls.get().closes) == "2031-03-31"

    publishing = Hands(open_page(reviewer))
    publish_project(publishing)
    project.refresh_from_db()
    assert project.is_public

    print(f"gestures: editor {entering.gestures}, reviewer {publishing.gestures}")
    assert entering.gestures + publishing.gestures <= 14


def test_draft_is_hidden_until_it_is_published_and_then_found(ground, editor, reviewer, open_page):
    visitor = open_page()
    enter_project(Hands(open_page(editor)))
    project = Project.objects.get()
    donor = project.roles.first().organisation
    assert visitor.goto(f"/projects/{project.slug}/").status == 404

    publish_project(Hands(open_page(reviewer)))
    for query in ("country=RS", f"donor={donor.slug}", f"country=NE&donor={donor.slug}"):
        assert visitor.goto(f"/projects/?{query}").status == 200
        assert visitor.get_by_role("link", name=TITLE).count() == 1
    visitor.goto("/projects/?country=NG")
    assert visitor.get_by_role("link", name=TITLE).count() == 0
    assert visitor.goto(f"/projects/{project.slug}/").status == 200
    assert visitor.locator("h1").inner_text().startswith(TITLE)


def test_prose_editor_types_and_makes_bold_under_the_content_policy(ground, editor, open_page):
    page = open_page(editor)
    hands = Hands(page)
    page.goto("/admin/projects/project/add/")
    page.locator("#id_title_en:focus").wait_for()
    hands.type("With a summary")
    box = page.locator(".field-summary_en .tiptap")
    hands.click(box)
    hands.type("Plain")
    hands.press("Control+b")
    hands.type("bold")
    hands.click(page.get_by_role("button", name="Save draft"))
    page.locator(".messagelist .success").wait_for()
    assert Project.objects.get().summary == "<p>Plain<strong>bold</strong></p>"
    assert page.complaints == []


def test_saving_again_without_a_change_is_no_change(ground, editor, open_page):
    project = make_project(changed_by=editor, summary='<p>See <a href="https://example.org/">the page</a>.</p>')
    page = open_page(editor)
    page.goto(f"/admin/projects/project/{project.pk}/change/")
    page.locator(".field-summary_en .tiptap").wait_for()
    page.get_by_role("button", name="Save draft").click()
    page.locator(".messagelist .success").wait_for()
    before, project = project.changed_at, Project.objects.get()
    assert project.changed_at == before


def test_enter_in_a_text_box_saves_and_never_publishes(ground, editor, reviewer, open_page):
    project = make_project(changed_by=editor)
    project.submit(by=editor)
    page = open_page(reviewer)
    page.goto(f"/admin/projects/project/{project.pk}/change/")
    page.locator("#id_acronym").fill("ENTER")
    page.keyboard.press("Enter")
    page.locator(".messagelist .success").wait_for()
    project.refresh_from_db()
    assert (project.acronym, project.status) == ("ENTER", "review")


def test_typing_opens_a_choice_of_one(ground, editor, open_page):
    page = open_page(editor)
    hands = Hands(page)
    page.goto("/admin/projects/project/add/")
    page.locator("#id_roles-0-role").focus()
    hands.press("Tab")
    hands.pick("European Commission")
    assert "European Commission" in page.locator("#roles-0 .field-organisation .select2-selection").inner_text()


@pytest.mark.parametrize("width", [1280, 768, 360])
def test_forms_have_no_sideways_scroll(ground, editor, open_page, width):
    page = open_page(editor, width)
    lists = ["", "projects/project/"]
    for path in [*lists, "projects/project/add/", "dialogues/dialogue/add/", "publications/publication/add/"]:
        page.goto(f"/admin/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_buttons_are_one_jump_from_the_top_of_a_form(transactional_db, editor, open_page):
    project = make_project(title="Along the routes", changed_by=editor)
    page = open_page(editor)
    page.goto(f"/admin/projects/project/{project.pk}/change/")
    page.get_by_role("link", name="Skip to the buttons").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.innerText") == "Save draft"
    page.keyboard.press("Enter")
    page.locator(".messagelist .success").wait_for()
    assert "#" not in page.url  # the browser would carry it through the save, and scroll past the message


def test_form_with_a_mistake_begins_at_it(transactional_db, editor, reviewer, open_page):
    project = make_project(title="Along the routes", changed_by=editor)
    page = open_page(editor)
    page.goto(f"/admin/projects/project/{project.pk}/change/")
    page.locator("summary", has_text="Source and checking").click()
    page.locator("#id_slug").fill("no address!")
    page.get_by_role("button", name="Save draft").click()
    page.locator("#id_slug:focus").wait_for()
    project.submit(by=editor)
    page = open_page(reviewer)
    page.goto(f"/admin/projects/project/{project.pk}/change/")
    page.locator("summary", has_text="Send back").click()
    page.get_by_role("button", name="Send back").last.click()
    page.locator("#id_reason:focus").wait_for()
