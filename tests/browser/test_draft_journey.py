"""The whole life of a change to a live page: drafted, compared, approved for tomorrow, live at its instant, restored,
withdrawn and brought back.
"""

import datetime

import pytest
import time_machine

from portal.versions import drafts
from portal.versions.content import take
from tests.factories import make_country, make_organisation, make_project, publish

pytestmark = pytest.mark.browser

NINE = "2027-03-11T09:00"  # in Vienna
AT_NINE = datetime.datetime(2027, 3, 11, 8, tzinfo=datetime.UTC)
DAY_BEFORE = datetime.datetime(2027, 3, 10, 14, tzinfo=datetime.UTC)


@pytest.fixture
def project(transactional_db, editor):
    for iso2, name in [("TR", "Türkiye"), ("GE", "Georgia")]:
        make_country(iso2, name)
    project = make_project(title="Safe routes", acronym="SAFE", changed_by=editor, countries=[make_country("TR")])
    project.roles.create(role="donor", organisation=make_organisation("European Union"), share=60)
    project.calls.create(title="Experts on asylum", closes=datetime.date(2031, 3, 31))
    make_organisation("Swiss Confederation")
    return publish(project, at=DAY_BEFORE - datetime.timedelta(days=30))


def seen(open_page, project):
    """The bytes a visitor gets, from the network and from nowhere else."""
    response = open_page().request.get(f"/projects/{project.slug}/")
    return response.status, response.body()


def form(project):
    return f"/admin/projects/project/{project.pk}/change/"


def saved(page):
    page.locator(".messagelist .success").wait_for()


def test_change_to_a_live_page_from_draft_to_its_instant_and_back(open_page, project, editor, reviewer):
    with time_machine.travel(DAY_BEFORE, tick=True):
        before = seen(open_page, project)
        assert before[0] == 200
        was = take(project)

        page = open_page(editor)
        page.goto(form(project))
        page.locator("#id_title_en").fill("Safer routes for all")
        page.locator("#id_roles-0-share").fill("55")
        page.locator("#id_calls-0-title_en").fill("Experts on asylum procedures")
        page.locator(".field-countries .select2-selection").click()
        page.keyboard.type("Georgia")
        page.locator(".select2-results__option--highlighted", has_text="Georgia").wait_for()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Save as a draft", exact=True).click()
        saved(page)
        assert page.locator("#id_title_en").input_value() == "Safer routes for all"
        assert page.get_by_text("Visitors do not see it yet").is_visible()
        assert seen(open_page, project) == before
        page.get_by_role("button", name="Save and submit for review").click()
        saved(page)
        assert seen(open_page, project) == before

        page = open_page(reviewer)
        page.goto("/admin/")
        page.locator(".desk-urgent").get_by_role("link", name="Safe routes").click()
        page.get_by_text("What this draft changes").wait_for()  # open for who decides
        changes = page.locator(".notice-draft .comparison")
        for words in ("Title", "Georgia", "55", "procedures"):
            assert changes.get_by_text(words).first.is_visible(), words
        page.get_by_text("Publish later").click()
        page.locator("#id_publish_at").fill(NINE)
        page.get_by_role("button", name="Publish the draft").click()
        saved(page)
        assert seen(open_page, project) == before

    with time_machine.travel(AT_NINE - datetime.timedelta(seconds=1), tick=False):
        status, body = seen(open_page, project)  # not quite the same bytes: it says how long a call is still open
        assert (status, b"Safer routes" in body, b"Safe routes" in body) == (200, False, True)
    with time_machine.travel(AT_NINE, tick=False):  # nothing but a reader is there to notice
        status, body = seen(open_page, project)
        assert status == 200
        for words in (b"Safer routes for all", b"Experts on asylum procedures", b"Georgia", b"55"):
            assert words in body
        listed = open_page().request.get("/projects/?country=GE").body()
        assert b"Safer routes for all" in listed
        assert drafts.open_draft(project) is None

    with time_machine.travel(AT_NINE + datetime.timedelta(hours=1), tick=True):
        page = open_page(editor)
        page.goto(f"/admin/projects/project/{project.pk}/history/")
        page.get_by_role("link", name="Restore version 1").click()
        page.get_by_label("Why").fill("The old name was right")
        page.get_by_role("button", name="Restore as a draft").click()
        page.get_by_text("Open draft: draft").wait_for()
        assert drafts.open_draft(project).version.content["fields"]["title_en"] == "Safe routes"
        assert b"Safer routes for all" in seen(open_page, project)[1]

        page = open_page(reviewer)
        page.goto(form(project))
        page.get_by_role("button", name="Publish the draft").click()
        saved(page)
        assert b"Safer routes" not in seen(open_page, project)[1]
        assert take(project) == was

        page.goto(form(project))
        page.locator("summary", has_text="Withdraw").click()
        page.locator("#id_reason").fill("The donor asked for it")
        page.get_by_role("button", name="Withdraw").last.click()
        saved(page)
        status, body = seen(open_page, project)
        assert status == 410
        assert b"The donor asked for it" in body

        page = open_page(editor)
        page.goto("/admin/bin/")
        page.get_by_role("link", name="Safe routes").first.click()
        page.get_by_role("button", name="Reopen as a draft").click()
        saved(page)
        assert take(project) == was
        page.goto(form(project))
        page.get_by_role("button", name="Save and submit for review").click()
        saved(page)
        page = open_page(reviewer)
        page.goto(form(project))
        page.get_by_role("button", name="Publish", exact=True).click()
        saved(page)
        assert seen(open_page, project)[0] == 200
