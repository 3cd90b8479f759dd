"""Lists and site search over the index: the same selection whoever answers it, and pages that explain themselves."""

import datetime

import pytest
from django.http import QueryDict

from portal import kinds
from portal.models import UnansweredQuery
from portal.search import store
from tests.factories import make_country, make_project, make_publication, make_theme, publisher
from tests.pdfs import make_pdf


def selection(kind, query, reader):
    kind = kinds.get(kind)
    return kind.filterset(QueryDict(query), kind.visible_to(reader), reader)


def attach(publication, *pages, language="en"):
    from django.core.files.base import ContentFile

    from publications.extraction import extract
    from publications.models import PublicationFile

    file = PublicationFile(publication=publication, language=language)
    file.file = ContentFile(make_pdf(*pages), name="paper.pdf")
    file.save()
    assert extract(file.pk)
    return file


@pytest.fixture
def shelf(search_index, settings, tmp_path):
    """Forty publications about harbours, each different in some respect."""
    settings.FILES_DIR = tmp_path / "files"
    serbia, turkiye = make_country("RS", "Serbia"), make_country("TR", "Türkiye")
    visas = make_theme(slug="visas", name="Visas")
    for n in range(40):
        one = make_publication(
            title=f"Harbour paper {n:02}",
            date=str(1990 + n % 30) if n % 7 else None,
            countries=[[serbia], [turkiye], [serbia, turkiye], []][n % 4],
            published=True,
        )
        if n % 3 == 0:
            one.themes.add(visas)
    make_publication(title="Of something else", countries=[serbia], published=True)
    search_index()


SELECTIONS = [
    "", "country=RS", "country=RS&country=TR", "theme=visas", "theme=visas&country=TR", "from=2000", "to=2000",
    "from=1995&to=2005&country=RS", "type=study", "country=RS&theme=visas&from=1990&to=2019",
]  # fmt: skip


@pytest.mark.parametrize("query", SELECTIONS)
def test_index_and_database_answer_a_selection_alike(shelf, visitor, query):
    searched = selection("publication", f"q=harbour&sort=newest&{query}", visitor)
    listed = selection("publication", f"sort=newest&{query}", visitor)
    assert searched.is_valid()
    assert listed.is_valid()
    assert searched.search is not None
    expected = [one for one in listed.records if one.title.startswith("Harbour")]
    assert [one.title for one in searched.records[: searched.records.count()]] == [one.title for one in expected]
    assert [one.title for one in searched.qs] == [one.title for one in expected]


@pytest.mark.parametrize("query", SELECTIONS)
def test_index_and_database_count_facets_alike(shelf, visitor, query):
    def counts(found):
        assert found.is_valid()
        return {f.name: {c.value: c.count for c in f.choices if c.value != "none"} for f in found.facets}

    make_publication(title="Draft that nobody sees", countries=[make_country("AZ", "Azerbaijan")])
    searched = selection("publication", f"q=harbour&{query}", visitor)
    in_database = selection("publication", query, visitor)
    in_database.queryset = in_database.queryset.filter(title__startswith="Harbour")
    assert counts(searched) == counts(in_database)


def test_pages_of_a_long_list_hold_each_hit_once(shelf, client):
    seen = []
    for page in (1, 2):
        text = client.get(f"/publications/?q=harbour&page={page}").content.decode()
        seen += [n for n in range(40) if f"Harbour paper {n:02}" in text]
    assert sorted(seen) == list(range(40))
    assert client.get("/publications/?q=harbour&page=3").status_code == 404


def test_titles_can_be_sorted_among_hits(shelf, client):
    page = client.get("/publications/?q=harbour&sort=title").content.decode()
    assert page.index("Harbour paper 00") < page.index("Harbour paper 01") < page.index("Harbour paper 19")


def test_best_match_is_the_order_of_a_search_and_of_nothing_else(shelf, visitor):
    searched, listed = selection("publication", "q=harbour", visitor), selection("publication", "", visitor)
    assert searched.is_valid()
    assert listed.is_valid()
    assert (searched.sort, listed.sort) == ("best", "newest")
    assert "best" not in [value for value, _label, _used in listed.sorts]


def test_hit_leads_to_its_page_with_the_words_marked(search_index, settings, tmp_path, client):
    settings.FILES_DIR = tmp_path / "files"
    publication = make_publication(title="Report", published=True)
    attach(publication, "Nothing on this page", "The voluntary return of persons <b>")
    search_index()
    page = client.get("/publications/?q=voluntary+return").content.decode()
    assert "The <mark>voluntary</mark> <mark>return</mark> of persons &lt;b&gt;" in page
    assert f'href="/publications/{publication.slug}/en/2/?q=voluntary+return#hit-1"' in page
    arabic = client.get("/ar/publications/?q=voluntary+return").content.decode()
    assert f'href="/ar/publications/{publication.slug}/en/2/?q=voluntary+return#hit-1"' in arabic


def test_record_withdrawn_a_moment_ago_is_not_shown(shelf, client):
    from publications.models import Publication

    Publication.objects.get(title="Harbour paper 07").withdraw(by=publisher(), reason="Wrong.")
    page = client.get("/publications/?q=%22harbour+paper+07%22").content.decode()
    assert "Harbour paper 07</a>" not in page


def test_query_that_cannot_be_read_is_explained_with_a_way_on(shelf, client):
    answer = client.get("/publications/", {"q": 'harbour "paper'})
    assert answer.status_code == 400
    assert "This selection cannot be read" in answer.content.decode()
    answer = client.get("/search/", {"q": 'harbour "paper'})
    assert answer.status_code == 400
    assert "Search for the words alone: harbour paper" in answer.content.decode()


def test_words_that_stand_nowhere_together_are_loosened_and_the_page_says_so(shelf, client):
    page = client.get("/publications/?q=harbour+zzz").content.decode()
    assert "1 to 20 of 40" in page
    assert "Shown is what has some of the words" in page
    page = client.get("/publications/?q=harbour+zzz&verbatim=1").content.decode()
    assert "40 publications with at least one of the words" in page
    page = client.get('/publications/?q="harbour+zzz"').content.decode()
    assert "Drop one filter" in page


def test_misspelt_word_is_replaced_and_can_be_searched_all_the_same(shelf, client):
    page = client.get("/publications/?q=harbuor").content.decode()
    assert "Shown instead: <strong>harbour</strong>" in page
    assert "1 to 20 of 40" in page
    assert "?q=harbuor&amp;verbatim=1" in page
    assert "Shown instead" not in client.get("/publications/?q=harbuor&verbatim=1").content.decode()


def test_what_stands_nowhere_is_noted_for_the_desk(shelf, client):
    for _ in range(2):
        client.get("/publications/?q=zzzz")
    assert UnansweredQuery.objects.get().text == "zzzz"
    client.get("/publications/?q=harbour")
    assert UnansweredQuery.objects.count() == 1


def test_what_the_thesaurus_added_is_shown_and_can_be_taken_away(search_index, client):
    from tests.portal.test_thesaurus import make_concept

    make_concept("thb", en=["trafficking in human beings", "#THB"], fr=["traite des êtres humains"])
    make_publication(title="La traite des êtres humains", published=True)
    search_index()
    page = client.get("/publications/?q=THB").content.decode()
    assert "La traite des êtres humains" in page
    assert "trafficking in human beings" in page
    assert "?q=THB&amp;without=thb" in page
    assert "La traite des" not in client.get("/publications/?q=THB&without=thb").content.decode()


def test_site_search_ranks_each_kind_and_links_to_its_list(shelf, client, search_index):
    make_project(title="Harbour works", published=True)
    search_index()
    page = client.get("/search/?q=harbour").content.decode()
    assert "41 records for" in page
    assert "Harbour works" in page
    assert "/publications/?q=harbour" in page


def test_list_of_another_kind_is_searched_and_filtered_too(search_index, client):
    serbia = make_country("RS", "Serbia")
    make_project(title="Harbour works", summary="<p>Of quays</p>", countries=[serbia], published=True)
    make_project(title="Quay", published=True)
    search_index()
    page = client.get("/projects/?q=quays").content.decode()
    assert "1 to 2 of 2" in page
    assert page.index(">Quay<") < page.index("Harbour works")
    page = client.get("/projects/?q=quays&country=RS").content.decode()
    assert "1 to 1 of 1" in page


@pytest.mark.parametrize("hits", [3, 20])
def test_queries_do_not_grow_with_the_hits(search_index, client, django_assert_num_queries, hits):
    for n in range(hits):
        make_publication(title=f"Harbour {n}", countries=[make_country()], published=True)
    search_index()
    client.get("/publications/?q=harbour")
    with django_assert_num_queries(QUERIES_OF_A_SEARCH):
        client.get("/publications/?q=harbour")


QUERIES_OF_A_SEARCH = 11  # drafts that are due, hits, one per facet for labels, thesaurus, records with rows, total


def test_without_an_index_titles_are_searched_and_the_page_says_so(settings, tmp_path, client, db):
    settings.INDEX_DIR = tmp_path / "none"
    store.forget()
    make_publication(title="Harbour", date=str(datetime.date.today().year), published=True)
    for address in ("/publications/?q=harbour", "/search/?q=harbour"):
        page = client.get(address).content.decode()
        assert "Harbour" in page
        assert "The full search is not available" in page


def test_page_of_hits_costs_one_search_one_count_of_facets_and_few_queries(shelf, client, monkeypatch):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from portal.search.finding import Search

    asked = []
    for name in ("find", "count", "count_facets", "keys"):
        told = getattr(Search, name)

        def counted(self, *args, name=name, told=told, **how):
            asked.append(name)
            return told(self, *args, **how)

        monkeypatch.setattr(Search, name, counted)
    client.get("/publications/?q=harbour")
    asked.clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/publications/?q=harbour").status_code == 200
    assert sorted(asked) == ["count_facets", "find"]
    assert len(queries) <= 15
