"""A whole data-collection cycle walked by three people: reported, commented, corrected, checked, verified, closed, seen by
a visitor and compared with the cycle before.
"""

import pytest
from django.contrib.auth import get_user_model

from dialogues.models import Cycle, Domain, FocalPoint, Initiative, Instrument, Snapshot
from portal import roles
from tests.browser.hands import Hands
from tests.factories import make_country, make_dialogue, make_organisation
from tests.people import make_person

pytestmark = pytest.mark.browser


@pytest.fixture
def cast(transactional_db):
    """The three people, and a former cycle that is closed with one initiative."""
    make_country("RS", "Serbia")
    dialogue = make_dialogue(title="Valletta follow-up", slug="jvap", published=True)
    plan = Instrument.objects.create(slug="plan", title="Plan", kind="action-plan")
    plan.dialogues.add(dialogue)
    Domain.objects.create(instrument=plan, number=1, title="Root causes")
    ministry = make_organisation("Ministry of Migration", slug="ministry")
    focal = get_user_model().objects.create_user("fatou", password="a-long-pass-phrase")
    FocalPoint.objects.create(user=focal, dialogue=dialogue, organisation=ministry)
    checker, verifier = make_person("chris", roles.EDITOR), make_person("vera", roles.REVIEWER)
    former, cycle = (
        Cycle.objects.create(dialogue=dialogue, number=n, start=year) for n, year in ((1, "2018"), (2, "2020"))
    )
    one = Initiative.objects.create(cycle=former, title="Training of judges", reported_by=ministry, status="draft")
    one.submit(by=focal)
    one.check_quality(by=checker)
    one.verify(by=verifier)
    former.close(by=verifier)
    return {"focal": focal, "checker": checker, "verifier": verifier, "cycle": cycle}


def take_step(hands, label, note=""):
    """Of the one initiative that is listed."""
    page = hands.page
    hands.click("input[name=_selected_action]")
    hands.click(page.get_by_role("button", name=f"{label}…", exact=True))
    page.locator("#step_form").wait_for()
    if note:
        page.fill("#step-note", note)
    hands.click(page.get_by_role("button", name=label, exact=True))
    page.locator(".messagelist .success").wait_for()


@pytest.mark.parametrize("width", [1280, 360])
def test_three_people_walk_a_whole_cycle(cast, open_page, width):
    def fits(page):
        return page.evaluate("document.documentElement.scrollWidth") <= width

    partner = Hands(open_page(cast["focal"], width))
    page = partner.page
    page.goto("/reporting/")
    assert fits(page)
    partner.click(page.locator("summary", has_text="Report again"))
    partner.click("a[href*=continues]")
    # By keyboard alone: from the title to the button.
    page.locator("#initiative-title_en").focus()
    partner.press("End")
    partner.type(" and prosecutors")
    partner.press("Tab")
    partner.type("Forty people in four courts.")
    partner.press("Tab")
    partner.press("Space")  # the domain
    partner.press("Tab")
    partner.type("Ser")  # in the list of countries
    partner.press("Tab")
    partner.type("2020")
    for _n in range(5):
        partner.press("Tab")
    assert fits(page)
    assert page.evaluate("document.activeElement.name") == "continues"
    partner.press("Tab")
    assert page.evaluate("document.activeElement.value") == "save"
    partner.press("Tab")
    partner.press("Enter")
    page.get_by_text("Submitted: the secretariat checks it now.").wait_for()
    one = Initiative.objects.get(cycle=cast["cycle"])
    assert (one.status, one.title) == ("submitted", "Training of judges and prosecutors")
    assert (one.domains.count(), one.countries.count(), str(one.end or one.start)) == (1, 1, "2020")

    desk = Hands(open_page(cast["checker"], width))
    review = f"/admin/dialogues/cycle/{cast['cycle'].pk}/review/"
    desk.page.goto(review)
    assert desk.page.locator("del", has_text="Training of judges").count()
    assert fits(desk.page)
    take_step(desk, "Send back", "Which courts?")

    partner.page.goto("/reporting/")
    partner.click(page.get_by_role("link", name="Training of judges and prosecutors"))
    page.get_by_text("Which courts?").first.wait_for()
    page.fill("#initiative-description_en", "Forty people in the four courts of appeal.")
    page.fill("#initiative-note", "Those of appeal.")
    partner.click(page.get_by_role("button", name="Save and submit"))
    page.get_by_text("Submitted: the secretariat checks it now.").wait_for()

    desk.page.goto(review)
    desk.page.get_by_text("Those of appeal.").first.wait_for()
    take_step(desk, "Check")

    last = Hands(open_page(cast["verifier"], width))
    last.page.goto(review)
    take_step(last, "Verify")
    last.page.goto(f"/admin/dialogues/cycle/{cast['cycle'].pk}/close/")
    assert fits(last.page)
    last.click(last.page.get_by_role("button", name="Close the cycle for good"))
    last.page.locator(".messagelist .success").wait_for()
    assert Snapshot.objects.count() == 2

    page.goto("/reporting/")
    partner.click(page.get_by_role("link", name="Training of judges and prosecutors"))
    page.get_by_text("no longer changes").wait_for()
    assert page.get_by_role("button", name="Save").count() == 0

    visitor = Hands(open_page(width=width))
    seen = visitor.page
    seen.goto("/dialogues/jvap/")
    visitor.click(seen.get_by_role("link", name="Cycle 2"))
    seen.get_by_role("heading", name="Training of judges and prosecutors").wait_for()
    assert "Which courts?" not in seen.content()
    assert fits(seen)
    visitor.click(seen.get_by_role("link", name="What changed since cycle 1"))
    seen.get_by_role("heading", name="Changed (1)").wait_for()
    assert fits(seen)
    for page in (partner.page, desk.page, last.page, seen):
        assert page.complaints == []
