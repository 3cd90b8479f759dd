"""An editor's way through the history of a live project, and through the bin."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from portal.versions import drafts, history
from projects.models import Project
from tests.factories import make_country, make_organisation, make_project, publish
from tests.portal.versions.conftest import keep, url

pytestmark = pytest.mark.browser


@pytest.fixture
def project(editor):
    project = make_project(
        title="Safe routes", acronym="SAFE", summary="<p>Officials of six states were trained.</p>", changed_by=editor
    )
    project.countries.set([make_country("TR", "Türkiye"), make_country("GE", "Georgia")])
    role = project.roles.create(role="donor", organisation=make_organisation("European Union"), share=50)
    keep(project, editor)
    project.countries.remove(make_country("GE"))
    role.share = 40
    role.save()
    keep(project, editor, title_en="Safer routes for all", summary_en="<p>Officials of nine states were trained.</p>")
    return publish(project)


def check(page):
    """Nothing that assistive technology stumbles over, nothing wider than a telephone, nothing the policy refuses."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
    assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.complaints == []


@pytest.mark.parametrize("width", [360, 1280])
def test_editor_compares_and_restores_a_live_project(open_page, editor, project, width):
    page = open_page(editor, width)
    page.goto(url(project, "history"))
    check(page)
    page.get_by_role("button", name="Compare the two that are chosen").click()
    assert page.locator("del", has_text="Safe").count() >= 1
    assert page.get_by_role("rowheader", name=re.compile("changed: Donor, European Union")).is_visible()
    check(page)
    page.get_by_role("link", name="Restore version 1").click()
    page.get_by_label("Why").fill("The name was right")
    check(page)
    page.get_by_role("button", name="Restore as a draft").click()
    page.get_by_text("Open draft: draft").wait_for()
    check(page)
    assert Project.objects.get().title == "Safer routes for all"
    assert drafts.open_draft(project).version.note == "Version 1. The name was right"


@pytest.mark.parametrize("width", [360, 1280])
def test_what_was_deleted_is_found_in_the_bin_and_comes_back(open_page, administrator, width):
    swiss = make_organisation("Switzerland")
    swiss.other_names.create(name="Confoederatio Helvetica")
    history.keep(swiss, "change", administrator)
    page = open_page(administrator, width)
    page.goto(url(swiss, "delete"))
    page.get_by_role("button", name="Yes, I’m sure").click()
    page.goto("/admin/")
    page.get_by_role("link", name=re.compile("^Bin")).click()
    check(page)
    page.get_by_role("link", name="Switzerland").click()
    check(page)
    page.get_by_role("button", name="Undelete").click()
    page.get_by_text("“Switzerland” is back.").wait_for()
    assert page.locator('input[value="Confoederatio Helvetica"]').count() == 1
