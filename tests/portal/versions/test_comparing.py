"""Two versions compared: in the words of the form, by words in texts, by row in what hangs on a record."""

import re

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from dialogues.models import Instrument
from portal.models import Page
from portal.versions.comparing import compare, tell
from portal.versions.content import take
from portal.versions.marking import ADDED, LEFT_OUT, REMOVED, SAME, mark
from projects.models import Project, Result
from tests.factories import make_country, make_dialogue, make_organisation, make_project


@pytest.fixture
def project(db):
    project = make_project(title="Safe routes", title_fr="Routes sûres", start="2016-10", themes_inferred=False)
    project.countries.set([make_country("TR", "Türkiye"), make_country("GE", "Georgia")])
    project.roles.create(role="donor", organisation=make_organisation("European Union"), share=50)
    return project


def changes(record, act):
    """What compare tells of an act, by label."""
    before = take(record)
    act()
    found = compare(type(record), before, take(record))
    return {difference.label: difference for difference in found}


def said(segments):
    return [(segment.kind, segment.text) for segment in segments]


def change(record, **fields):
    for name, value in fields.items():
        setattr(record, name, value)
    record.save()


def test_what_says_the_same_differs_in_nothing(project):
    assert compare(Project, take(project), take(project)) == []


def test_fields_are_called_as_in_the_form_and_languages_by_their_names(project):
    found = changes(project, lambda: change(project, title_fr="Routes", title_en="Safer routes", start="2017"))
    assert set(found) == {"Title", "Title · Français", "Start"}
    assert found["Title · Français"].language == "fr"
    assert found["Title"].path == ("fields", "title_en")


def test_values_are_told_in_words(project):
    found = changes(project, lambda: change(project, start="2021-41", themes_inferred=True))
    assert said(found["Start"].old) == [(REMOVED, "October 2016")]
    assert said(found["Start"].new) == [(ADDED, "second half of 2021")]
    inferred = next(one for one in found.values() if one.path == ("fields", "themes_inferred"))
    assert (said(inferred.old), said(inferred.new)) == ([(REMOVED, "No")], [(ADDED, "Yes")])


def test_empty_is_a_dash(project):
    found = changes(project, lambda: change(project, title_fr="", acronym="SAFE"))
    assert [segment.text for segment in found["Title · Français"].new] == ["–"]
    assert [segment.text for segment in found["Acronym"].old] == ["–"]


def test_words_are_marked_in_texts(project):
    found = changes(project, lambda: change(project, title_en="Safe routes for all"))
    assert said(found["Title"].old) == [(SAME, "Safe routes")]
    assert said(found["Title"].new) == [(SAME, "Safe routes"), (ADDED, " for all")]


def test_a_space_before_an_unchanged_word_is_unchanged():
    before, after = mark("Safe routes, south", "Safer routes; east and south")
    assert said(before) == [(REMOVED, "Safe"), (SAME, " routes"), (REMOVED, ","), (SAME, " south")]
    assert said(after) == [(ADDED, "Safer"), (SAME, " routes"), (ADDED, "; east and"), (SAME, " south")]


def test_prose_is_compared_as_text_and_links_by_where_they_lead(db):
    page = Page.objects.create(title="About", text="<p>One</p><ul><li>Two</li></ul>")
    text = '<p>One</p><ul><li>Two and <a href="https://evil.example/">three</a></li></ul>'
    found = changes(page, lambda: change(page, text_en=text))
    assert "".join(segment.text for segment in found["Text"].old) == "One\n• Two"
    assert "".join(segment.text for segment in found["Text"].new) == "One\n• Two and three (https://evil.example/)"


def test_another_address_behind_the_same_words_is_a_difference(db):
    page = Page.objects.create(title="About", text='<p><a href="https://one.example/">Here</a></p>')
    found = changes(page, lambda: change(page, text_en='<p><a href="https://two.example/">Here</a></p>'))
    assert (ADDED, "two") in said(found["Text"].new)


def test_prose_that_differs_in_its_markup_alone_says_so(db):
    page = Page.objects.create(title="About", text="<p>One</p>")
    found = changes(page, lambda: change(page, text_en="<p><strong>One</strong></p>"))
    assert found["Text"].note == "Only the formatting differs."


def test_links_are_told_by_what_came_and_went(project):
    found = changes(project, lambda: project.countries.set([make_country("TR"), make_country("RS", "Serbia")]))
    assert said(found["Countries"].old) == [(REMOVED, "Georgia")]
    assert said(found["Countries"].new) == [(ADDED, "Serbia")]
    assert found["Countries"].note == "1 other is the same."


def test_others_have_the_names_they_had(project):
    before = take(project)
    turkey = make_country("TR")
    project.countries.clear()
    change(turkey, name="Another name")
    found = compare(Project, before, take(project))
    assert said(found[0].old) == [(REMOVED, "Georgia"), (REMOVED, "Türkiye")]


def test_without_a_name_of_the_time_the_present_one_serves_and_then_the_key(project, django_assert_num_queries):
    before = take(project) | {"names": {}}
    Project.objects.get().countries.clear()
    after = take(project)
    make_country("GE").delete()
    with django_assert_num_queries(1):  # countries
        found = compare(Project, before, after)
    assert "Türkiye" in [segment.text for segment in found[0].old]
    assert any(segment.text.isdigit() for segment in found[0].old)


def test_rows_are_added_removed_and_changed_by_key(project):
    role = project.roles.get()

    def act():
        change(role, share=40)
        project.roles.create(role="partner", organisation=make_organisation("Switzerland"), position=2)

    rows = changes(project, act)["Organisations in the project"].rows
    assert [(row.kind, row.title) for row in rows] == [
        ("changed", "Donor, European Union"),
        (ADDED, "Partner, Switzerland"),
    ]
    share = rows[0].differences[0]
    assert (said(share.old), said(share.new)) == ([(REMOVED, "50.00")], [(ADDED, "40.00")])
    assert rows[0].path == ("rows", "roles", str(role.pk))
    gone = changes(project, role.delete)["Organisations in the project"].rows
    assert [(row.kind, row.title) for row in gone] == [(REMOVED, "Donor, European Union")]


def test_rows_of_rows_are_compared_too(db):
    instrument = Instrument.objects.create(title="Declaration")
    domain = instrument.domains.create(title="Trade", number="1")
    found = changes(instrument, lambda: domain.priorities.create(text="Faster visas"))
    inner = found["Domains"].rows[0].differences[0].rows[0]
    assert (inner.kind, inner.title) == (ADDED, "Faster visas")


def test_a_column_that_came_later_is_no_difference(project):
    older = take(project)
    del older["fields"]["acronym"], older["links"]["themes"], older["rows"]["calls"]
    change(project, acronym="SAFE")
    assert compare(Project, older, take(project)) == []


def test_one_version_by_itself_is_told_whole(project):
    found = {difference.label: difference for difference in tell(Project, take(project))}
    assert said(found["Title"].new) == [(SAME, "Safe routes")]
    assert said(found["Countries"].new) == [(SAME, "Georgia"), (SAME, "Türkiye")]
    assert found["Organisations in the project"].rows[0].title == "Donor, European Union"
    assert "Acronym" not in found


def test_the_title_comes_first_and_what_all_records_share_last(project):
    labels = [difference.label for difference in tell(Project, take(project))]
    assert labels.index("Title") < labels.index("Start") < labels.index("Address")


def drawn(differences, **labels):
    told = {"differences": differences, "old_label": "Version 1", "new_label": "Version 2"} | labels
    return render_to_string("admin/portal/_comparison.html", told)


def test_hostile_text_is_drawn_as_text(project):
    before = take(project)
    change(project, title_en="<script>alert(1)</script>")
    page = drawn(compare(Project, before, take(project)))
    assert "<script>" not in page
    assert "&lt;" in page


def test_drawn_sides_hold_nothing_but_what_was_said(project):
    before = take(project)
    change(project, title_en="Safer routes", title_ar="طرق")
    page = drawn(compare(Project, before, take(project)))
    assert re.search(r'<td data-label="Version 1"[^>]*><del>Safe</del> routes</td>', page)
    assert re.search(r'lang="ar" dir="rtl"><ins>طرق</ins></td>', page)


def test_order_of_a_row_is_told_where_it_changes_and_not_where_the_row_comes(project):
    def add():
        Result.objects.create(project=project, title="Safer roads", position=3)

    (row,) = changes(project, add)["Components and results"].rows
    assert "Order" not in {one.label for one in row.differences}
    (row,) = changes(project, lambda: Result.objects.update(position=4))["Components and results"].rows
    assert [one.label for one in row.differences] == ["Order"]


def test_one_version_is_drawn_in_one_column(project):
    page = drawn(tell(Project, take(project)), old_label="")
    assert "Version 1" not in page
    assert page.count("columnheader") == 2


@given(st.text("ab \n.", max_size=60), st.text("ab \n.", max_size=60))
def test_marked_texts_are_the_texts(old, new):
    before, after = mark(old, new)
    assert "".join(segment.text for segment in before) == old
    assert "".join(segment.text for segment in after) == new
    unchanged = [[segment.text for segment in side if segment.kind == SAME] for side in (before, after)]
    assert "".join(unchanged[0]) == "".join(unchanged[1])


def test_long_text_that_is_the_same_is_cut_around_the_change():
    old = "\n".join(f"Line number {n} of a long report" for n in range(6000))
    before, after = mark(old, old.replace("number 3000", "number three thousand"))
    assert (REMOVED, "3000") in said(before)
    assert (ADDED, "three thousand") in said(after)
    assert [segment.kind for segment in before].count(LEFT_OUT) == 2
    assert sum(len(segment.text) for segment in before) < 1000


@pytest.mark.parametrize("words", [["a"], ["a", "b"], [str(n % 200) for n in range(200)], list("abcdefghij")])
def test_comparing_does_not_grow_with_the_square_of_a_text(words, monkeypatch):
    """Words compared each with each are the only work that could: they are counted, not timed."""
    from portal.versions import marking

    counted = []

    class Counting(marking.SequenceMatcher):
        def __init__(self, junk, one, two, **options):
            counted.append(len(one) * len(two))
            super().__init__(junk, one, two, **options)

    monkeypatch.setattr(marking, "SequenceMatcher", Counting)
    text = " ".join(words * (100_000 // len(words)))
    mark(text, text[::-1].replace("a", "c", 1))
    assert sum(counted) <= 100 * len(text)


def test_comparing_two_versions_of_a_dialogue_costs_no_query(db, django_assert_num_queries):
    dialogue = make_dialogue(title="Rabat Process")
    before = take(dialogue)
    dialogue.participations.create(role="member", country=make_country())
    after = take(dialogue)
    with django_assert_num_queries(0):
        assert compare(type(dialogue), before, after)
