"""An old page from the clipboard to drafts: read, corrected beside its source, carried out, and read once more."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client

from portal.models import Import, Origin, Version
from projects.models import Project
from tests.browser.hands import Hands
from tests.factories import make_country, make_organisation

pytestmark = pytest.mark.browser

ASIDE = "Kept under glass by the harbour bell."
PAGE = f"""\
Work of this house

Signals for the Night Watch (LANTERN)

Objective: Watchers of six quays agree on one set of signals.

Summary: Each watch keeps a book, and the books are compared in spring. The work is done in partnership with the Guild \
of Rope Makers.

Donor: Northern Lights Fund

Duration: March 2016 – September 2018

Countries: Albania, Montenegro

{ASIDE}

Drawings: ask for the blue folder.



Seeds for Dry Gardens (SEED)
• Aim: Gardeners swap what needs no rain.
• Donor: Northern Lights Fund
• Runs from June 2017 to 2019
• Where: Albania



Roads across the Moor (MOOR)

Objective\tCarters find the road in fog.
Donor\tNorthern Lights Fund
Duration\t2015-2017
Country\tMontenegro



Des puits pour la plaine (PUITS)

Objectif : Chaque village a de l’eau en août.

Bailleur : Northern Lights Fund

Durée : mars 2019 – juin 2020

Pays : Albanie
"""
ADD = "/admin/portal/import/add/?reader=legacy-page"
CHECK = "Check and correct what was read"


@pytest.fixture
def ground(transactional_db):
    for iso2, name in [("AL", "Albania"), ("ME", "Montenegro")]:
        make_country(iso2, name)
    make_organisation("Northern Lights Fund")
    return make_organisation("Rope Makers’ Guild")


def read_page(page, text=PAGE):
    page.goto(ADD)
    page.get_by_label("Or paste its text here").fill(text)
    page.get_by_label("Address or name of the page").fill("https://old.example/work")
    page.get_by_role("button", name="Read it").click()
    page.locator(".import-rows").wait_for()


def actions(page):
    return page.locator(".import-rows .badge").all_inner_texts()


def piece(page, label, value=""):
    """The group of boxes of one value, by what its field is called and what stands in it."""
    groups = page.get_by_role("group").filter(has=page.locator("legend", has_text=label))
    found = [one for one in groups.all() if value in one.get_by_label("Value", exact=False).first.input_value()]
    assert len(found) == 1, (label, value, len(found))
    return found[0]


def saved(page):
    page.locator(".messagelist .success").wait_for()


def test_editor_corrects_what_was_read_and_brings_it_in(ground, editor, open_page):
    page = open_page(editor)
    hands = Hands(page)
    read_page(page)
    assert actions(page) == ["create"] * 4
    hands.click(page.get_by_role("link", name=CHECK).first)

    # The source stands there with what was read of it marked, and leads to each value.
    source = page.get_by_role("region", name="The source")
    assert source.locator("mark.mark-taken", has_text="September 2018").count() == 1
    assert source.locator("mark.mark-read", has_text="Guild of Rope Makers").count() == 1
    assert source.locator("mark.mark-unplaced", has_text=ASIDE).count() == 1
    end = piece(page, "End")
    hands.click(source.get_by_role("link", name="End, sure"))
    assert page.evaluate("location.hash") == f"#{end.get_attribute('id')}"
    assert end.get_by_label("Value").is_visible()

    end.get_by_label("Value").fill("June 2019")  # corrected
    piece(page, "Partner").get_by_label("Take it").check()  # taken
    donor = piece(page, "Donor")
    donor.get_by_label("Field").select_option(label="Implementing organisation")  # moved
    piece(page, "Countries", "Montenegro").get_by_label("Field").select_option("")  # unplaced
    aside = piece(page, "Not placed", ASIDE.rstrip("."))
    aside.get_by_label("Field").select_option(label="Target groups")  # placed
    aside.get_by_label("Value").fill("watchers")
    hands.click(page.get_by_role("button", name="Save", exact=True))
    saved(page)
    told = page.locator(".messagelist .success")
    for label in ("End", "Partner", "Implementing organisation", "Target groups"):
        assert told.get_by_role("link", name=label).count() == 1, label
    hands.click(told.get_by_role("link", name="Target groups"))
    placed = page.locator(":target")
    assert placed.get_by_label("Value").input_value() == "watchers"
    assert placed.get_by_text("decided by a person").is_visible()

    # Nobody knows the guild: the page of the import asks, and one of the names alike is chosen.
    hands.click(piece(page, "Partner").get_by_role("link", name="Say it on the page of the import"))
    name = page.get_by_label("Guild of Rope Makers", exact=True)
    name.select_option(label="Rope Makers’ Guild")
    hands.click(page.get_by_role("button", name="Take these"))
    page.get_by_role("heading", name="Names the portal does not know").wait_for()
    assert name.locator("option:checked").inner_text() == "Rope Makers’ Guild"
    hands.click(page.get_by_role("button", name="Bring in 4 rows"))
    saved(page)

    project = Project.objects.get(acronym="LANTERN")
    assert (str(project.start), str(project.end), project.target_groups) == ("2016-03", "2019-06", "watchers")
    assert {(role.role, role.organisation.name) for role in project.roles.all()} == {
        ("implementing", "Northern Lights Fund"), ("partner", "Rope Makers’ Guild")}  # fmt: skip
    assert [country.iso2 for country in project.countries.all()] == ["AL"]
    assert set(Project.objects.values_list("status", flat=True)) == {"draft"}
    assert Project.objects.get(acronym="PUITS").title_fr == "Des puits pour la plaine"

    # The draft leads to where it came from, and to what stands in no field of it.
    hands.click(page.locator(".import-rows > li").first.get_by_role("link", name="Open"))
    hands.click(page.get_by_role("link", name="Where it came from").first)
    for words in ("Drawings: ask for the blue folder.", "Montenegro"):
        assert page.get_by_role("listitem").filter(has_text=words).is_visible(), words
    versions = Version.objects.count()
    read_page(page)
    assert actions(page) == ["skip: nothing changes"] * 4
    assert page.get_by_text("There is nothing to write").is_visible()
    assert Version.objects.count() == versions
    assert page.complaints == []
    print(f"gestures: {hands.gestures}")


def test_keyboard_alone_corrects_a_value_and_brings_the_page_in(ground, editor, open_page):
    page = open_page(editor)
    hands = Hands(page)
    read_page(page)
    page.get_by_role("link", name=CHECK).first.focus()
    hands.press("Enter")
    page.locator("#entry_form").wait_for()

    skip = page.get_by_role("link", name="Skip to what was read")
    skip.focus()
    assert skip.bounding_box()["width"] > 50  # who gets there sees it
    hands.press("Enter")
    hands.press("Tab")
    assert page.evaluate("document.activeElement.name") == "p0-taken"

    page.get_by_role("region", name="The source").get_by_role("link", name="Countries, sure").last.focus()
    hands.press("Enter")
    hands.press("Tab")  # what is led to is where the keyboard goes on
    group = page.locator(":target")
    assert group.get_by_label("Value").input_value() == "Montenegro"
    assert page.evaluate("document.activeElement.closest('fieldset') === document.querySelector(':target')")
    hands.press("Space")
    page.get_by_role("link", name="End, sure").focus()
    hands.press("Enter")
    for _n in range(3):
        hands.press("Tab")
    hands.press("Control+a")
    hands.type("next summer")
    hands.press("Enter")  # as in any form
    page.locator("[aria-invalid=true]").first.wait_for()
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
    assert page.evaluate("document.activeElement.value") == "next summer"
    hands.press("Control+a")
    hands.type("June 2019")
    hands.press("Enter")
    saved(page)
    assert page.locator(".messagelist .success").evaluate("one => one.getBoundingClientRect().top >= 0")
    assert page.url.endswith("#content-start")

    page.get_by_role("link", name="Back to what the import would do").focus()
    hands.press("Enter")
    page.get_by_role("button", name="Bring in 4 rows").focus()
    hands.press("Enter")
    saved(page)
    project = Project.objects.get(acronym="LANTERN")
    assert (str(project.end), [country.iso2 for country in project.countries.all()]) == ("2019-06", ["AL"])


def test_every_step_works_without_javascript(ground, editor, browser, live_server):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    client = Client()
    client.force_login(editor)
    session = client.cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": session.value, "url": live_server.url}])
    page = context.new_page()
    read_page(page)
    page.get_by_role("link", name=CHECK).first.click()
    piece(page, "End").get_by_label("Value").fill("June 2019")
    donor = piece(page, "Donor")
    donor.locator("summary").click()
    donor.get_by_label("Share, %").fill("40")
    aside = piece(page, "Not placed", ASIDE.rstrip("."))
    aside.get_by_label("Field").select_option("target_groups")
    added = piece(page, "Add a value")
    added.get_by_label("Field").select_option("phase")
    added.get_by_label("Value").fill("2")
    page.get_by_role("button", name="Save and see what it would do").click()
    saved(page)
    page.get_by_role("button", name="Bring in 4 rows").click()
    saved(page)
    context.close()
    project = Project.objects.get(acronym="LANTERN")
    assert (str(project.end), project.phase, project.target_groups) == ("2019-06", 2, ASIDE.rstrip("."))
    assert [str(role.share) for role in project.roles.filter(role="donor")] == ["40.00"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_an_old_page(ground, editor, open_page, scheme):
    page = open_page(editor)
    page.emulate_media(color_scheme=scheme)

    def check():
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        told = [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found.response["violations"]]
        assert told == [], page.url

    page.goto(ADD)
    check()
    read_page(page)
    check()
    page.get_by_role("link", name=CHECK).first.click()
    check()
    piece(page, "End").get_by_label("Value").fill("next summer")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator("[aria-invalid=true]").first.wait_for()
    check()
    page.locator("[aria-invalid=true]").first.fill("2019")
    page.get_by_role("button", name="Save and see what it would do").click()
    page.get_by_role("button", name="Bring in 4 rows").click()
    saved(page)
    check()
    page.goto(f"/admin/portal/import/origins/projects.project/{Origin.objects.first().object_id}/")
    check()


def test_correction_page_never_scrolls_sideways_and_shows_what_has_the_focus(ground, editor, open_page):
    read_page(open_page(editor))
    address = f"/admin/portal/import/{Import.objects.get().pk}/entry/1/"
    for width in (320, 768, 1280):
        page = open_page(editor, width)
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
        page.locator("#read").focus()
        for _n in range(40):
            page.keyboard.press("Tab")
            hidden = page.evaluate(
                """() => {
                    const box = document.activeElement.getBoundingClientRect();
                    const bar = document.querySelector(".submit-row.steps").getBoundingClientRect();
                    const inBar = document.activeElement.closest(".submit-row.steps");
                    return !inBar && box.top > bar.top - 12 && document.activeElement.name;  // its first line is covered
                }"""
            )
            assert not hidden, (width, hidden)
