"""Lists: one selection, its facets with counts, and clean answers to filters that cannot be read."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from portal import kinds
from projects.filters import ProjectFilter
from projects.models import Programme, Project
from publications.models import Series
from tests.factories import (
    make_country,
    make_organisation,
    make_project,
    make_publication,
    make_record,
    make_region,
    make_theme,
)


def queries_of(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def fill(kind, n):
    """n more published records, each with relations of its own."""
    for _ in range(n):
        record = make_record(kind, published=True)
        if hasattr(record, "countries"):
            record.countries.set([make_country("RS", "Serbia"), make_country("TR", "Türkiye")])
        if hasattr(record, "regions"):
            record.regions.set([make_region()])
        if hasattr(record, "themes"):
            record.themes.set([make_theme()])
        if kind.name == "project":
            record.roles.create(organisation=make_organisation())
        if kind.name == "publication":
            record.contributors.create(organisation=make_organisation())
        if kind.name == "dialogue":
            record.participations.create(country=make_country("RS", "Serbia"))


@pytest.mark.parametrize("name", [kind.name for kind in kinds.all()])
@pytest.mark.parametrize("address", ["/{app}/", "/", "/countries/", "/countries/rs/", "/search/?q=e"])
def test_number_of_queries_does_not_grow_with_the_records(client, db, name, address):
    kind = kinds.get(name)
    address = address.format(app=kind.app_label)
    fill(kind, 3)
    few = queries_of(client, address)
    fill(kind, 9)
    assert queries_of(client, address) <= few


def test_project_list_stays_within_its_queries(client, db):
    fill(kinds.get("project"), 5)
    assert queries_of(client, "/projects/") <= 30


def selection(query):
    found = ProjectFilter(QueryDict(query), Project.objects.published(), AnonymousUser())
    assert found.is_valid(), found.errors
    return found


def facet(found, name):
    return {c.value: c.count for c in next(f for f in found.facets if f.name == name).choices}


def test_projects_are_found_by_country_and_by_donor(client, db):
    serbia, donor = make_country("RS", "Serbia"), make_organisation("Agency", acronym="AG")
    make_project(title="Wanted", countries=[serbia], donors=[donor], published=True)
    make_project(title="Elsewhere", countries=[make_country("TR", "Türkiye")], published=True)
    page = client.get("/projects/?country=RS&donor=ag").content.decode()
    assert "Wanted" in page
    assert "Elsewhere" not in page


def test_a_partner_is_not_found_as_a_donor(db):
    organisation = make_organisation("Partner", slug="partner")
    make_project(published=True).roles.create(organisation=organisation, role="partner")
    assert selection("donor=partner").qs.count() == 0


def test_a_partner_is_not_counted_as_a_donor(db):
    donor, partner = make_organisation("Donor", slug="donor"), make_organisation("Partner", slug="partner")
    make_project(donors=[donor], published=True).roles.create(organisation=partner, role="partner")
    assert facet(selection(""), "donor") == {"donor": 1}


def test_a_draft_is_no_choice_of_a_public_facet(client, db):
    draft, live = make_project(title="Secret draft", slug="secret"), make_project(slug="live", published=True)
    make_publication(published=True, projects=[draft, live])
    assert "Secret draft" not in client.get("/publications/").content.decode()
    assert client.get("/publications/?project=live").status_code == 200
    assert client.get("/publications/?project=secret").status_code == 400


def test_a_name_that_only_drafts_use_is_no_choice(client, db):
    make_project(donors=[make_organisation("Provisional", slug="provisional", is_established=False)])
    make_project(programme=Programme.objects.create(slug="secret", name="Secret programme"))
    make_publication(series=Series.objects.create(slug="secret", title="Secret series"))
    assert client.get("/projects/?donor=provisional").status_code == 400
    assert client.get("/projects/?programme=secret").status_code == 400
    assert client.get("/publications/?series=secret").status_code == 400


def test_a_facet_counts_without_its_own_ticks_and_with_those_of_others(db):
    serbia, turkiye = make_country("RS", "Serbia"), make_country("TR", "Türkiye")
    theme = make_theme(slug="return")
    make_project(countries=[serbia], themes=[theme], published=True)
    make_project(countries=[turkiye], themes=[theme], published=True)
    make_project(countries=[turkiye], published=True)
    found = selection("country=RS&theme=return")
    assert facet(found, "country") == {"RS": 1, "TR": 1}
    assert facet(found, "theme") == {"return": 1}


def test_every_count_beside_a_choice_is_what_the_choice_gives(db):
    serbia, turkiye = make_country("RS", "Serbia"), make_country("TR", "Türkiye")
    donor = make_organisation("Agency", slug="agency")
    make_project(countries=[serbia, turkiye], donors=[donor], start="2016", end="2018", published=True)
    make_project(countries=[turkiye], stage_stated="current", stage_as_of="2021", published=True)
    make_project(countries=[serbia], published=True)
    for one in selection("").facets:
        for choice in one.choices:
            assert selection(f"{one.name}={choice.value}").qs.count() == choice.count, (one.name, choice)


def test_projects_without_a_donor_can_be_chosen(db):
    make_project(title="Rich", donors=[make_organisation()], published=True)
    poor = make_project(title="Poor", published=True)
    assert list(selection("donor=none").qs) == [poor]


def test_drafts_are_in_no_count(db):
    make_project(countries=[make_country()], published=True)
    make_project(countries=[make_country()])
    assert facet(selection(""), "country") == {"RS": 1}


def test_years_select_projects_that_ran_in_between(db):
    early = make_project(start="2014-11", end="2016-10", published=True)
    late = make_project(start="2021", published=True)
    make_project(published=True)  # without dates: in no selection of years
    assert list(selection("to=2016").qs) == [early]
    assert list(selection("from=2017").qs) == [late]
    assert set(selection("from=2015&to=2021").qs) == {early, late}


def test_words_find_former_names_and_every_language(db):
    project = make_project(title="Diaspora platform", title_fr="Plateforme des diasporas", published=True)
    project.other_names.create(name="AEDP", kind="former")
    assert selection("q=aedp").qs.get() == project
    assert selection("q=plateforme").qs.get() == project
    assert selection("q=plateforme+aedp").qs.get() == project
    assert selection("q=plateforme+nowhere").qs.count() == 0


@pytest.mark.parametrize(
    "query",
    [
        "country=ZZ",
        "country=RS&country=XYZZY",
        "region=nowhere",
        "donor=nobody",
        "status=finished",
        "from=abc",
        "from=99999999999999999999",
        "to=-5",
        "from=2020&to=2010",
        "sort=colour",
        "q=" + "x" * 300,
        "&".join(f"theme=t{n}" for n in range(40)),
    ],
)
def test_filter_that_cannot_be_read_answers_400_and_says_why(client, db, query):
    make_country("RS", "Serbia")
    response = client.get(f"/projects/?{query}")
    assert response.status_code == 400
    assert "This selection cannot be read" in response.content.decode()


@pytest.mark.parametrize("page", ["0", "99", "-1", "abc", "1e9", "٣", "9" * 50, ""])
@pytest.mark.parametrize("address", ["/projects/", "/publications/", "/dialogues/", "/dialogues/meetings/"])
def test_page_out_of_range_is_a_clean_404(client, db, address, page):
    assert client.get(address, {"page": page}).status_code == 404


@pytest.mark.parametrize("path", ["/projects/?q=%00", "/search/?q=a%00b", "/projects/%01/", "/projects/?%00=1"])
def test_control_characters_answer_400(client, db, path):
    assert client.get(path).status_code == 400


def test_unknown_parameters_are_ignored(client, db):
    assert client.get("/projects/?utm_source=letter").status_code == 200


def test_empty_list_says_which_filter_to_drop(client, db):
    serbia = make_country("RS", "Serbia")
    make_country("TR", "Türkiye")
    make_project(title="Only one", countries=[serbia], published=True)
    page = client.get("/projects/?country=TR&q=only").content.decode()
    assert "Drop one filter" in page
    assert "/projects/?q=only" in page or "?q=only" in page


def test_chips_remove_one_filter_each(db):
    make_project(countries=[make_country("RS", "Serbia")], published=True)
    found = selection("q=project&country=RS&sort=start")
    left = {chip.label: chip.query_without for chip in found.chips}
    assert left == {"Words": "country=RS&sort=start", "Country": "q=project&sort=start"}


def test_titles_sort_in_the_readers_language_with_fallback(client, db):
    make_publication(published=True, title="Zebra", title_fr="Abeille")
    make_publication(published=True, title="Moon")
    page = client.get("/fr/publications/?sort=title").content.decode()
    assert page.index("Abeille") < page.index("Moon")
    page = client.get("/publications/?sort=title").content.decode()
    assert page.index("Moon") < page.index("Zebra")


@pytest.mark.parametrize("words", ["Türkiye", "turkiye", "Turkey", "Turquie", "border turkiye"])
def test_words_find_records_by_any_name_of_their_country(client, db, words):
    turkiye = make_country("TR", "Türkiye", name_fr="Turquie")
    turkiye.other_names.create(name="Turkey", kind="former")
    make_project(title="Border work", countries=[turkiye], published=True)
    make_project(title="Elsewhere", countries=[make_country()], published=True)
    assert selection(f"q={words}").qs.get().title == "Border work"
    page = client.get("/search/", {"q": words}).content.decode()
    assert "Border work" in page
