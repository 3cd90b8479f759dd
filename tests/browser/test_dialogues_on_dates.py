"""Five dialogues of the sample on three dates each, in a browser: who chairs, what is in force, what is to come."""

import re
from io import StringIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command

pytestmark = pytest.mark.browser

OPEN = "the sources leave the years open"
# Dialogue, date -> what stands under each heading that day; and what does not.
DATES = {
    ("prague-process", "2015-06-30"): {
        "chair": "Not stated for this day",
        "In force": ["Prague Process action plan", "Roadmap of the Czech chairmanship", OPEN],
        "Not yet in force": ["Bratislava Ministerial Declaration"],
        "Meetings": ["To come 24–25 October 2022"],
        "Activities": ["To come Launch of the e-learning platform"],
        "banner": "Nothing that the portal knows of it is dated before 1 January 2016",
        "nowhere": ["Mandate Mandate of the Bratislava"],
    },
    ("prague-process", "2021-06-30"): {
        "chair": "Czechia, 2021",
        "mandate": "Mandate of the Bratislava Ministerial Declaration, 2016 – 2021",
        "In force": [
            "Bratislava Ministerial Declaration", "2016", "Prague Process action plan",
            "Roadmap of the Czech chairmanship",
        ],
        "Meetings": ["To come 24–25 October 2022", "4th Prague Process Ministerial Conference"],
        "Activities": ["The sources do not say on which day", "Launch of the e-learning platform"],
    },
    ("prague-process", "2022-11-01"): {
        "chair": "Not stated for this day",
        "Earlier mandates": "Mandate of the Bratislava Ministerial Declaration, 2016 – 2021",
        "In force": ["Bratislava Ministerial Declaration"],
        "Meetings": ["Past 24–25 October 2022"],
        "Activities": ["Past", "Launch of the e-learning platform"],
    },
    ("rabat-process", "2014-12-31"): {
        "chair": "Not stated for this day",
        "In force": ["Marrakesh Action Plan", OPEN],
        "Not yet in force": ["Joint Valletta Action Plan (JVAP)"],
        "Meetings": ["To come 2015 Valletta"],
        "Activities": ["To come", "Not dated Chad and Switzerland discuss a bilateral project"],
    },
    ("rabat-process", "2019-06-30"): {
        "In force": ["Joint Valletta Action Plan (JVAP)", "Valletta Summit on Migration", "Marrakesh Action Plan"],
        "Meetings": ["To come 2021 Thematic meeting", "Past 2018 Addis Ababa"],
        "Activities": ["To come", "Labelled webinar on migration and development led by France"],
    },
    ("rabat-process", "2022-01-01"): {
        "In force": ["Joint Valletta Action Plan (JVAP)", "Marrakesh Action Plan"],
        "Meetings": ["Past 2021", "2018 Addis Ababa", "2015 Valletta"],
        "Activities": ["Past", "Roundtables by Chad and Switzerland", "led by France"],
        "Who takes part": ["Europe; North Africa; Central Africa; West Africa", "Chad", "Cabo Verde", OPEN],
    },
    ("khartoum-process", "2020-12-31"): {
        "chair": "Not stated for this day",
        "In force": ["Joint Valletta Action Plan (JVAP)"],
        "Not yet in force": ["Khartoum Process 2021 Roadmap"],
        "Meetings": ["To come 2021", "Past 2018 Addis Ababa"],
    },
    ("khartoum-process", "2021-09-15"): {
        "chair": "Netherlands, 2021",
        "In force": ["Khartoum Process 2021 Roadmap", "Joint Valletta Action Plan (JVAP)"],
        "Meetings": ["The sources do not say on which day", "Return, Reintegration and Integration"],
        "Activities": ["The sources do not say on which day", "Steering Committee in person", "second half of 2021"],
        "Who takes part": ["European Union", "Countries of the Horn of Africa"],
    },
    ("khartoum-process", "2022-06-30"): {
        "chair": "Not stated for this day",
        "In force": ["Joint Valletta Action Plan (JVAP)"],
        "No longer in force": ["Khartoum Process 2021 Roadmap", "2021"],
        "Meetings": ["Past", "Trafficking in Human Beings: The 4Ps Revisited"],
    },
    ("budapest-process", "2020-06-30"): {
        "chair": "Not stated for this day",
        "In force": ["A Silk Routes Partnership for Migration", OPEN],
        "Activities": ["To come", "Priorities for 2022", "Series of virtual meetings"],
        "banner": "Nothing that the portal knows of it is dated before 1 January 2021",
    },
    ("budapest-process", "2021-11-30"): {
        "In force": ["A Silk Routes Partnership for Migration"],
        "Activities": [
            "To come Priorities for 2022", "Senior Officials endorsed the three proposals",
            "The sources do not say on which day Reference Group prepared", "Series of virtual meetings",
        ],
        "Who takes part": ["Afghanistan", "Bangladesh", "Iran", "Iraq", "Pakistan", "focus country", OPEN],
    },
    ("budapest-process", "2022-12-31"): {
        "In force": ["A Silk Routes Partnership for Migration"],
        "Activities": ["Past Priorities for 2022", "Senior Officials endorsed the three proposals"],
    },
    ("jvap-follow-up", "2014-06-30"): {
        "chair": "Not stated for this day",
        "Not yet in force": ["Joint Valletta Action Plan (JVAP)"],
        "banner": "The dialogue began only later: 2015.",
        "Meetings": ["To come 2015 Valletta"],
    },
    ("jvap-follow-up", "2018-06-30"): {
        "In force": ["Joint Valletta Action Plan (JVAP)", "Valletta Summit on Migration"],
        "Meetings": ["The sources do not say on which day 2018 Addis Ababa", "Past 2015 Valletta"],
        "Activities": ["To come", "Third data collection cycle finalised with quality checks"],
    },
    ("jvap-follow-up", "2022-01-01"): {
        "In force": ["Joint Valletta Action Plan (JVAP)"],
        "Meetings": ["Past 2021", "InfoPoint", "2018 Addis Ababa", "2015 Valletta"],
        "Activities": ["Past", "More than 25 presentations and data requests", "JVAP update exercise"],
    },
}  # fmt: skip


@pytest.fixture
def sample(transactional_db):
    call_command("load_sample", stdout=StringIO())


def words(locator):
    return " ".join(locator.inner_text().split()).replace(" ,", ",")


def under(page, heading):
    """What stands in the section, the table or the line of facts of that name."""
    if heading == "banner":
        return words(page.locator("header > .notice"))
    if heading in {"chair", "mandate", "Earlier mandates"}:
        name = re.compile(f"^{heading.capitalize()}$")
        return words(page.locator(".facts dl > div").filter(has=page.locator("dt", has_text=name)).locator("dd"))
    if "in force" in heading.casefold():
        return words(page.locator("table", has=page.locator("caption", has_text=re.compile(rf"^{heading}( on| \()"))))
    return words(page.locator("section", has=page.get_by_role("heading", name=heading, exact=True, level=2)).first)


def test_five_dialogues_stand_on_three_dates_each_as_the_facts_say(sample, open_page):
    assert len({slug for slug, _on in DATES}) == 5
    assert all(len([1 for slug, _on in DATES if slug == one]) == 3 for one, _day in DATES)
    page = open_page()
    for (slug, on), expected in DATES.items():
        # As a reader comes there: from the page of today, by typing the day.
        page.goto(f"/dialogues/{slug}/")
        page.get_by_label("Show it as of").fill(on)
        page.get_by_role("button", name="Show").click()
        assert f"on={on}" in page.url
        for heading, parts in expected.items():
            if heading == "nowhere":
                assert [part for part in parts if part in words(page.locator("main"))] == [], (slug, on)
                continue
            found = under(page, heading)
            for part in [parts] if isinstance(parts, str) else parts:
                assert part in found, (slug, on, heading, part, found)
        headings = [c.split(" (")[0] for c in page.locator("caption").all_inner_texts()]
        shown = {"In force": any(c.startswith("In force on") for c in headings)} | {
            name: name in headings for name in ("No longer in force", "Not yet in force")
        }
        assert shown == {name: name in expected for name in shown}, (slug, on)
        page.get_by_role("link", name="Go to today").click()
        assert page.url.endswith(f"/dialogues/{slug}/")
    assert page.complaints == []


def test_dated_pages_are_accessible_and_fit_every_width(sample, open_page):
    axe = Axe()
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    addresses = [
        "/dialogues/prague-process/?on=2021-06-30&since=2015", "/dialogues/budapest-process/?on=1950",
        "/ar/dialogues/khartoum-process/?on=2021-09-15", "/dialogues/rabat-process/", "/dialogues/prague-process/?on=x",
    ]  # fmt: skip
    for width, scheme in ((320, "light"), (1280, "dark")):
        page = open_page(width=width)
        page.emulate_media(color_scheme=scheme)
        for address in addresses:
            page.goto(address)
            for summary in page.locator("main details:not([open]) > summary").all():
                summary.click()
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
            found = axe.run(page, options=options).response["violations"]
            assert not found, (address, [(v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found])


def test_day_is_reached_and_left_by_keyboard_alone(sample, open_page):
    page = open_page()
    page.goto("/dialogues/prague-process/")
    page.get_by_label("Show it as of").focus()
    page.keyboard.type("06302021")
    page.keyboard.press("Enter")
    page.get_by_text("as it stood on 30 June 2021").wait_for()
    page.get_by_role("link", name="Go to today").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/dialogues/prague-process/")
    assert page.get_by_text("as it stood on").count() == 0
