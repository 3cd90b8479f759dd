"""The public pages in a real browser: accessible, calm at every width, silent in the console, whole without JavaScript."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from dialogues.models import MeetingSeries
from portal.models import Page, TerritorialNote
from tests.factories import (
    make_country,
    make_dialogue,
    make_organisation,
    make_project,
    make_publication,
    make_region,
    make_theme,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def addresses(transactional_db):
    note = TerritorialNote.objects.create(slug="kosovo", mark="*", text="Under resolution 1244.")
    note.terms.create(term="Kosovo")
    kosovo, serbia = make_country("XK", "Kosovo", territorial_note=note), make_country("RS", "Serbia")
    region, theme = make_region(slug="balkans"), make_theme(slug="return")
    donor = make_organisation("State Secretariat", acronym="SEM", slug="sem")
    dialogue = make_dialogue(title="Open Process", purpose="Where states talk.", published=True, start="2009")
    dialogue.chair_terms.create(country=serbia, start="2021", end="2021")
    dialogue.participations.create(country=kosovo)
    plan = dialogue.instruments.create(slug="plan", title="Action plan", kind="action-plan")
    plan.domains.create(number=2, title="Return to Kosovo").priorities.create(number="2.1", text="Count and explain")
    series = MeetingSeries.objects.create(slug="officials", name="Senior officials")
    meeting = dialogue.meetings.create(
        title="Senior officials", start="2021-10-19", end="2021-10-20", place="Vienna", participants="30", series=series
    )
    meeting.attendance.create(sector="Government", number=20)
    meeting.attendance.create(sector="Research", number=9, position=1)
    first = make_project(
        title="Authorities in Kosovo", acronym="MIMAK", slug="mimak", objective="Plan, count and explain in Kosovo.",
        summary="<p>Three strands.</p>", countries=[kosovo], regions=[region], themes=[theme], donors=[donor],
        dialogues=[dialogue], start="2016-10", end="2018-10", published=True,
    )  # fmt: skip
    make_project(title="Authorities, phase III", countries=[kosovo], stage_stated="current", stage_as_of="2021",
                 published=True).relations.create(other=first)  # fmt: skip
    domain = plan.domains.create(number=1, title="Authorities")
    domain.reference_countries.create(country=kosovo, start="2020")
    domain.activities.create(dialogue=dialogue, title="Workshop", kind="labelled", date="2021", meeting=meeting)
    first.domains.add(domain)
    publication = make_publication(title="A study of return", date="2021", published=True, projects=[first])
    Page.objects.create(slug="", title="About", text="<p>Hello.</p>", is_public=True)
    return [
        "/", "/projects/", "/projects/?country=XK&status=ended", "/projects/?country=RS&theme=return&q=nothing",
        "/projects/?country=ZZ", "/projects/mimak/", "/dialogues/", dialogue.get_absolute_url(), "/dialogues/meetings/",
        f"{dialogue.get_absolute_url()}?on=2021-06-30&since=2015", f"{dialogue.get_absolute_url()}?on=nonsense",
        f"{dialogue.get_absolute_url()}trace/", "/dialogues/trace/?year_from=2021", "/dialogues/trace/?gap=nonsense",
        "/dialogues/meetings/?month=2021-10", "/dialogues/meetings/series/officials/",
        dialogue.meetings.get().get_absolute_url(), "/publications/", publication.get_absolute_url(), "/countries/",
        "/countries/xk/", "/regions/balkans/", "/themes/return/", "/organisations/sem/", "/search/?q=kosovo", "/figures/",
        "/about/", "/no-such-page/", "/accounts/sign-in/", "/ar/projects/mimak/", "/ar/",
    ]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page, addresses, scheme):
    page = open_page()
    page.emulate_media(color_scheme=scheme)
    axe = Axe()
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    for address in addresses:
        page.goto(address)
        found = axe.run(page, options=options).response["violations"]
        assert not found, (address, [(v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found])


def test_no_page_scrolls_sideways_or_complains(open_page, addresses):
    for width in (320, 768, 1280):
        page = open_page(width=width)
        for address in addresses:
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
        assert [c for c in page.complaints if "Failed to load resource" not in c] == []


def test_pages_are_whole_without_javascript(open_page, addresses, browser, live_server):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto("/projects/")
    page.get_by_label("Kosovo").first.check()
    page.get_by_role("button", name="Apply the filters").click()
    assert page.url.endswith("country=XK") or "country=XK" in page.url
    page.get_by_role("link", name="Authorities in Kosovo").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Authorities in Kosovo")
    context.close()


def test_keyboard_reaches_the_content_first(open_page, addresses):
    page = open_page()
    page.goto("/projects/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_page_stays_within_its_budget(client, addresses):
    import gzip

    from django.contrib.staticfiles import finders

    styles = sum(
        len(gzip.compress(Path(finders.find(f"css/{name}.css")).read_bytes()))
        for name in ("tokens", "base", "layout", "components", "print")
    )
    for address in addresses:
        assert len(gzip.compress(client.get(address).content)) + styles <= 60_000, address
