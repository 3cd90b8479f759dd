"""From typing in the search box to the words on a page, by keyboard alone; and the new pages under axe."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.search import store, writing
from publications.models import PublicationFile
from tests.browser.hands import Hands
from tests.factories import make_publication

pytestmark = pytest.mark.browser

TEXTS = [f"On page {n} the clerk stamps visas." if n in {2, 5, 9} else f"Page {n} is about fish." for n in range(1, 13)]


@pytest.fixture
def library(transactional_db, settings, tmp_path):
    settings.INDEX_DIR = tmp_path / "index"
    store.forget()
    guide = make_publication(published=True, slug="guide", title="A guide for consular clerks", abstract="On visas.")
    make_publication(published=True, title="Visas and clerks", abstract="On visas.")
    for language, texts in (("en", TEXTS), ("ar", ["تناقش الورقة سياسات اللجوء في المنطقة.", ""])):
        content = "\f".join(texts).encode()
        file = PublicationFile(publication=guide, language=language, file=SimpleUploadedFile("a.txt", content))
        file.save()
        file.text_pages.all().delete()
        for number, text in enumerate(texts, 1):
            file.text_pages.create(number=number, text=text)
        PublicationFile.objects.filter(pk=file.pk).update(state="done", pages=len(texts))
    writing.catch_up()
    yield guide
    store.forget()


def focused(page):
    return page.evaluate("document.activeElement.textContent || document.activeElement.id").strip()


def tab_to(hands, text, most=60):
    """Press Tab until the link or button with this text has the focus."""
    for _ in range(most):
        hands.press("Tab")
        if focused(hands.page).startswith(text):
            return
    raise AssertionError(f"Tab never reached “{text}”")


def test_reader_walks_from_hit_to_hit_by_keyboard(open_page, library):
    page = open_page()
    hands = Hands(page)
    page.goto("/publications/guide/")
    page.get_by_label("Words in this document (English)").focus()
    hands.type("visa")
    hands.press("Enter")
    page.wait_for_url("**/publications/guide/en/?q=visa")
    tab_to(hands, "p. 2")
    hands.press("Enter")
    page.wait_for_url("**/en/2/?q=visa#hit-1")
    assert page.locator("mark").all_inner_texts() == ["visas"]
    assert page.locator("#hit-1").evaluate("e => e.matches(':target')")
    for number in (5, 9):
        page.locator("h1").evaluate("e => { e.tabIndex = -1; e.focus() }")
        tab_to(hands, f"Next hit: page {number}")
        hands.press("Enter")
        page.wait_for_url(f"**/en/{number}/?q=visa#hit-1")
    assert page.get_by_text("Page 3 of 3 with hits").is_visible()
    assert page.get_by_role("link", name="Next hit").count() == 0
    assert page.complaints == []


def test_focus_goes_to_the_first_mark_and_on_from_there(open_page, library):
    page = open_page()
    hands = Hands(page)
    page.goto("/publications/guide/en/2/?q=visa")
    tab_to(hands, "To the first")
    hands.press("Enter")
    assert page.evaluate("document.activeElement.id") == "hit-1"
    hands.press("Tab")
    assert focused(page) == "Previous page"


def test_suggestions_are_a_list_under_the_box(open_page, library):
    page = open_page()
    hands = Hands(page)
    page.goto("/figures/")
    box = page.get_by_role("combobox", name="Search the site")
    box.focus()
    hands.type("consul")
    page.get_by_role("option").first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    hands.press("ArrowDown")
    first = page.get_by_role("option", selected=True)
    assert first.inner_text().startswith("A guide for consular clerks")
    assert box.get_attribute("aria-activedescendant") == first.get_attribute("id")
    assert page.evaluate("document.activeElement.id") == "site-search"
    hands.press("Escape")
    assert page.get_by_role("option").count() == 0
    assert box.input_value() == "consul"
    assert box.get_attribute("aria-expanded") == "false"
    hands.type("a")
    page.get_by_role("option").first.wait_for()
    hands.press("ArrowUp")
    assert page.get_by_role("option", selected=True).inner_text().startswith("consular")
    hands.press("ArrowDown")
    hands.press("Enter")
    page.wait_for_url("**/publications/guide/")
    assert page.complaints == []


def test_suggested_word_is_searched_for_and_leaving_the_box_closes_the_list(open_page, library):
    page = open_page()
    hands = Hands(page)
    page.goto("/figures/")
    page.get_by_role("combobox", name="Search the site").focus()
    hands.type("cler")
    page.get_by_role("option").first.wait_for()
    hands.press("Tab")
    assert page.get_by_role("option").count() == 0
    page.get_by_role("combobox", name="Search the site").focus()
    hands.type("k")
    page.get_by_role("option", name=re.compile("^clerks")).click()
    page.wait_for_url("**/search/?q=clerks")


def test_typing_before_enter_searches_what_was_typed(open_page, library):
    page = open_page()
    hands = Hands(page)
    page.goto("/figures/")
    page.get_by_role("combobox", name="Search the site").focus()
    hands.type("cler")
    page.get_by_role("option").first.wait_for()
    hands.press("Enter")
    page.wait_for_url("**/search/?q=cler")


def test_document_is_searched_without_javascript(library, browser, live_server):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto("/publications/guide/")
    page.get_by_label("Words in this document (English)").fill("visa")
    page.get_by_label("Words in this document (English)").press("Enter")
    page.get_by_role("link", name="p. 5").click()
    page.get_by_role("link", name="Next hit: page 9").click()
    assert page.locator("mark").inner_text() == "visas"
    context.close()


ADDRESSES = [
    "/publications/guide/",
    "/publications/guide/en/",
    "/publications/guide/en/?q=visa",
    "/publications/guide/en/?q=(visa",
    "/publications/guide/en/2/?q=visa",
    "/publications/guide/en/3/?q=visa",
    "/publications/guide/en/9/?quote=the+clerk+stamps+visas",
    "/publications/guide/en/99/?quote=words+that+never+stood+here",
    "/publications/guide/ar/1/?q=اللجوء",
    "/publications/guide/ar/2/",
    "/ar/publications/guide/ar/1/?q=اللجوء",
    "/ar/publications/guide/en/?q=visa",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_for_those_who_search(open_page, library, scheme):
    page = open_page()
    page.emulate_media(color_scheme=scheme)
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    for address in ADDRESSES:
        page.goto(address)
        found = Axe().run(page, options=options).response["violations"]
        assert not found, (address, [(v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found])


def test_pages_for_those_who_search_never_scroll_sideways(open_page, library):
    for width in (320, 1280):
        page = open_page(width=width)
        for address in ADDRESSES:
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
