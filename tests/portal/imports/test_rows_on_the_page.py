"""Rows on the page of an import: what stops it first, each reason once, and what was done when it is over."""

import re

import pytest
from django.contrib.auth.models import Permission

from portal.admin.imports import pages
from portal.imports import keeping, unknown
from portal.imports.entries import NEW, Entry, Found, Line, Problem
from portal.models import Draft, Import
from projects.models import Project
from tests.bringing import read_in
from tests.factories import make_organisation, publish

SAID = {"key": "a", "title_en": "Safe Routes", "start": "2016-10"}


def address(imported):
    return f"/admin/portal/import/{imported.pk}/change/"


def many(n, torn=()):
    rows = [SAID | {"key": str(i), "title_en": f"Project {i}"} for i in range(1, n + 1)]
    return [row | ({"problem": "Torn."} if i in torn else {}) for i, row in enumerate(rows, start=1)]


def headings(page):
    return [int(n) for n in re.findall(r"<h3><span>(\d+)", page)]


@pytest.fixture
def look(client, editor):
    client.force_login(editor)
    return lambda imported, query="": client.get(address(imported) + query).content.decode()


# Before


def test_rows_that_stop_an_import_stand_on_its_first_page(bring, look):
    imported = bring(*many(60, torn={52, 58}))
    page = look(imported)
    assert headings(page)[:4] == [52, 58, 1, 2]
    assert "2 rows stop this import. They stand first." in page
    assert re.findall(r"<a href=\"\?action=(\w+)\">", page) == ["refuse", "create"]
    assert headings(look(imported, "?p=2")) == [49, 50, 51, 53, 54, 55, 56, 57, 59, 60]


def test_rows_that_change_nothing_stand_last(bring, carry, look):
    carry(bring(*many(4)))
    rows = many(5)
    rows[3]["title_en"] = "Renamed"
    imported = bring(*rows)
    assert headings(look(imported)) == [4, 5, 1, 2, 3]
    carry(imported)
    assert headings(look(imported)) == [4, 5, 1, 2, 3]


def test_pages_keep_the_filter_and_the_filter_begins_at_its_first_page(bring, look, monkeypatch):
    monkeypatch.setattr(pages, "PER_PAGE", 2)
    page = look(bring(*many(7, torn={5, 6, 7})), "?action=refuse&p=2")
    assert headings(page) == [7]
    assert 'href="?action=refuse&amp;p=1"' in page
    assert 'href="?action=create"' in page


def test_filter_that_nothing_is_left_of_shows_all(bring, look):
    page = look(bring(*many(2)), "?action=refuse")
    assert headings(page) == [1, 2]
    assert "<strong>All</strong>" in page.replace(' aria-current="true"', "")


def test_plan_of_thousands_costs_no_more_queries_than_of_few(bring, look, django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr(pages, "PER_PAGE", 10)
    counts = []
    for imported in (bring(*many(12, torn={11})), bring(*many(300, torn=range(100, 200)))):
        look(imported)
        with django_assert_max_num_queries(60) as told:
            look(imported, "?p=2")
        counts.append(len(told))
    assert counts[0] == counts[1]


def test_value_that_the_message_quotes_is_not_quoted_twice(look, editor):
    imported = Import.objects.create(reader="test", by=editor, state="read")
    long = "Ruritania " * 20
    problems = [
        Problem("There is no country “Ruritania”.", "countries", "Ruritania"),
        Problem(f"There is no country “{long}”.", "countries", long),
        Problem("This is no date.", "start", "31.2.2020"),
    ]
    keeping.keep(imported, Found([Entry(Project, {}, [Line(1, "One", problems=problems)], "One")]))
    page = look(imported)
    assert "There is no country “Ruritania”.</p>" in page
    assert page.count("Ruritania") == 1 + 20
    assert 'This is no date. <q dir="auto">31.2.2020</q>' in page


def test_what_is_about_a_record_is_told_with_the_first_of_its_rows(look, editor):
    imported = Import.objects.create(reader="test", by=editor, state="read")
    lines = [Line(1, "One"), Line(2, "Two", problems=[Problem("Torn.")]), Line(3, "Three")]
    keeping.keep(imported, Found([Entry(Project, {}, lines, "One", remarks=["From page 7."])]))
    imported.targets.update(action="refuse")
    page = look(imported)
    assert page.count("From page 7.") == 1
    assert page.count("Nothing is wrong with this row") == 2
    imported.targets.update(refusal="It is reviewed.")
    page = look(imported)
    assert page.count("It is reviewed.") == 1
    assert page.count("As said of its record above.") == 2


def test_row_says_which_of_its_names_stand_for_nothing_before_and_after(bring, carry, replan, look):
    imported = bring(SAID | {"donors": ["Harbour <b>", "Tides"]}, SAID | {"key": "b", "title_en": "Second"})
    words = "Left out, because it stands for nothing: “%s”."
    assert look(imported).count(words % "Harbour &lt;b&gt;”, “Tides") == 1
    unknown.choose(imported, f"{NEW}2", make_organisation("Fund of the Tides"))
    replan(imported)
    assert words % "Harbour &lt;b&gt;" in look(imported)
    carry(imported)
    assert look(imported).count(words % "Harbour &lt;b&gt;") == 1


def test_names_of_a_row_that_is_not_brought_in_are_not_told(bring, look):
    assert "stands for nothing:" not in look(bring(SAID | {"donors": ["Tides"], "problem": "Torn."}))


def test_links_of_rows_say_what_they_open(bring, carry, look):
    imported = bring(SAID)
    carry(imported)
    assert 'Open<span class="visually-hidden"> “Safe Routes”</span>' in look(imported)


# What its person may not


@pytest.fixture
def organisations():
    def do(by):
        known = make_organisation("Harbour Trust", slug="harbour-trust")
        return read_in("organisations", by, "o.csv", f"id,name_en\n{known.pk},Harbour Fund\n,New Fund\n")

    return do


def test_who_may_only_add_learns_it_before_reading_and_once_after(client, organisations, look, editor):
    words = "You may add organisations, but not change them"
    for query in ("", "?reader=organisations"):
        assert client.get(f"/admin/portal/import/add/{query}").content.decode().count(words) == 1
    assert look(organisations(editor)).count(words) == 1
    assert words not in client.get("/admin/portal/import/add/?reader=projects").content.decode()


def test_who_may_do_all_is_told_of_no_limits(client, organisations, reviewer):
    client.force_login(reviewer)
    assert "You may add" not in client.get("/admin/portal/import/add/").content.decode()
    assert "You may add" not in client.get(address(organisations(reviewer))).content.decode()


# After


def test_page_of_what_was_carried_out_says_what_was_done_with_each_row(bring, carry, replan, look):
    carry(bring(SAID, SAID | {"key": "b", "title_en": "Second"}))
    rows = [SAID, SAID | {"key": "b", "title_en": "Second Routes"}, SAID | {"key": "c", "title_en": "Third"}]
    imported = bring(*rows, SAID | {"key": "d", "title_en": "Fourth", "problem": "Torn."}, SAID | {"key": "e"})
    imported.targets.filter(key="e").update(left_out=True)
    replan(imported)
    carry(imported, leave_out=True)
    page = look(imported)
    badges = dict(zip(headings(page), re.findall(r'<span class="badge">([^<]*)', page), strict=True))
    assert badges == {
        1: "left as it was",
        2: "changed",
        3: "created",
        4: "left out: could not be read or written",
        5: "left out",
    }
    assert "Created: 1" in page
    for project in Project.objects.all():
        assert f"/admin/projects/project/{project.pk}/change/" in page
    assert "stop this import" not in page


def test_changes_are_taken_back_from_the_page_by_who_may(bring, carry, look, client, editor):
    carry(bring(SAID))
    project = publish(Project.objects.get())
    imported = bring(SAID | {"start": "2017"})
    carry(imported)
    page = look(imported)
    back = re.search(r'<a href="([^"]*)">Take back what it changed in 1 record</a>', page)[1]
    form = client.get(back).content.decode()
    shown = re.findall(r'name="_shown" value="([^"]*)"', form)
    client.post(back, {"_apply": "1", "_selected_action": [str(project.pk)], "_shown": shown})
    assert not Draft.objects.open().exists()
    page = look(imported)
    assert "Take back what it changed" not in page
    assert "Taken back" in page


def test_who_may_not_change_is_not_led_to_taking_back(bring, carry, client, colleague):
    carry(bring(SAID))
    imported = bring(SAID | {"start": "2017"})
    carry(imported)
    colleague.user_permissions.add(Permission.objects.get(codename="view_import"))
    colleague.is_staff = True
    colleague.save()
    client.force_login(colleague)
    page = client.get(address(imported)).content.decode()
    assert "changed" in page
    assert "Take back what it changed" not in page


def test_import_that_only_created_has_nothing_to_take_back(bring, carry, look):
    imported = bring(SAID)
    carry(imported)
    assert "Take back what it changed" not in look(imported)


# Where imports stand


def test_front_page_leads_to_imports_once(client, editor):
    client.force_login(editor)
    page = client.get("/admin/").content.decode()
    assert page.count('"/admin/portal/import/"') == 1
    assert page.index("All imports") < page.index("Shared vocabularies")
    assert "Shared vocabularies" not in client.get("/admin/portal/import/").content.decode()


def test_history_of_an_import_is_its_page(bring, client, editor):
    client.force_login(editor)
    imported = bring(SAID)
    past = f"/admin/portal/import/{imported.pk}/history/"
    page = client.get(past).content.decode()
    assert "Begun by edith" in page
    assert "Safe Routes" in page
    assert "_carry_out" not in page
    client.post(past, {"_carry_out": "1"})
    assert not Project.objects.exists()
