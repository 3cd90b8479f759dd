"""Search at the desk: every kind, down to the page; how a query was read; drafts stay hidden."""

import re

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from portal.models import Concept, UnansweredQuery
from portal.search import store
from portal.search.grammar import parse
from portal.staff.composing import ComposeForm
from portal.staff.front import examples
from tests.factories import make_country, make_project, make_publication, make_theme, publisher

SEARCH = "/staff/search/"


def page_of(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def titles_in(page):
    return re.findall(r'<h2><a href="[^"]+"[^>]*>([^<]+)</a>', page)


def test_records_of_all_kinds_are_found_with_their_passages(desk, shelf):
    page = page_of(desk, f"{SEARCH}?q=lighthouse")
    assert set(titles_in(page)) == {"Guide for keepers", "Internal lighthouse note", "Lighthouse twinning"}
    assert "3 records" in page
    assert "A <mark>lighthouse</mark> needs a keeper" in page
    assert 'href="/publications/guide/en/2/?q=lighthouse#hit-1"' in page
    assert 'href="/publications/guide/en/3/?q=lighthouse#hit-1"' in page
    assert "/publications/guide/en/1/" not in page


def test_staff_only_record_is_marked_as_such(desk, shelf):
    page = page_of(desk, f"{SEARCH}?q=note")
    assert titles_in(page) == ["Internal lighthouse note"]
    assert "<strong>Staff only</strong>" in page


def test_draft_is_hidden_from_staff_who_do_not_edit(desk, library, shelf):
    canary = "Quuxlight"
    draft = make_publication(title=f"{canary} lighthouse", slug="quuxlight")
    library.attach(draft, f"{canary} lighthouse on a page")
    hidden = make_project(title=f"{canary} project", slug="quuxlight-project")
    shelf["guide"].projects.add(hidden)
    gone = library.add(f"{canary} withdrawn lighthouse")
    gone.withdraw(by=publisher(), reason="Twice.")
    library.catch_up()
    for address in (
        f"{SEARCH}?q=lighthouse", "/staff/", "/staff/quality/", "/staff/search.csv?q=lighthouse",
        "/staff/search.json?q=lighthouse", f"{SEARCH}?q=keepers",
    ):  # fmt: skip
        response = desk.get(address)
        shown = b"".join(response.streaming_content) if response.streaming else response.content
        assert canary.lower() not in shown.decode().lower(), address
    assert titles_in(page_of(desk, f"{SEARCH}?q={canary}")) == []


def test_draft_cannot_be_guessed_by_filtering_for_it(desk, library, shelf):
    hidden = make_project(title="Hidden project", slug="hidden-project")
    shelf["guide"].projects.add(hidden)
    library.catch_up()
    page_of(desk, f"{SEARCH}?q=keeper&project=hidden-project", 400)
    page_of(desk, f"{SEARCH}?q=keeper&project=no-such-project", 400)
    assert "Hidden project" not in page_of(desk, "/staff/")


def test_record_that_vanished_after_it_was_indexed_is_dropped(desk, shelf):
    shelf["project"].withdraw(by=publisher(), reason="Over.")  # and the index has not heard of it
    assert "Lighthouse twinning" not in page_of(desk, f"{SEARCH}?q=lighthouse")


def test_filters_narrow_and_can_be_taken_away(desk, shelf):
    page = page_of(desk, f"{SEARCH}?q=lighthouse&kind=publication&country=tr")
    assert titles_in(page) == ["Guide for keepers"]
    assert 'href="?q=lighthouse&amp;kind=publication"' in page
    assert "Türkiye" in page
    assert titles_in(page_of(desk, f"{SEARCH}?q=lighthouse&audience=staff")) == ["Internal lighthouse note"]
    assert titles_in(page_of(desk, f"{SEARCH}?q=lighthouse&from=2020&to=2022&kind=publication")) == [
        "Internal lighthouse note"
    ]


def test_facets_count_what_each_choice_would_give(desk, shelf):
    page = page_of(desk, f"{SEARCH}?q=lighthouse&kind=publication")
    counts = dict(re.findall(r'name="kind" value="(\w+)"[^>]*> <span>[^<]*</span> <span>(\d+)</span>', page))
    assert counts == {"publication": "2", "project": "1"}
    everything = page_of(desk, f"{SEARCH}?q=lighthouse")
    languages = re.findall(r'name="language" value="(\w+)"[^>]*> <span>([^<]*)</span> <span>(\d+)</span>', everything)
    assert languages == [("en", "English", "2"), ("none", "Not stated", "1")]


def test_order_can_be_chosen(desk, shelf):
    assert titles_in(page_of(desk, f"{SEARCH}?q=lighthouse&sort=newest")) == [
        "Internal lighthouse note", "Guide for keepers", "Lighthouse twinning",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "query", ["kind=nothing", "country=XX", "from=abc", "from=2020&to=2010", "sort=worst", "theme=none-such", "type=x"]
)
def test_filter_that_cannot_be_read_is_said(desk, shelf, query):
    assert "This search cannot be read" in page_of(desk, f"{SEARCH}?q=lighthouse&{query}", 400)


def test_error_in_a_query_is_explained_at_its_place(desk, shelf):
    page = page_of(desk, f"{SEARCH}?q=lighthouse+(keeper", 400)
    assert '<code dir="auto">lighthouse <mark>(</mark>keeper</code>' in page
    assert "never closed" in page
    assert "q=lighthouse%20%28keeper&amp;plain=1" in page
    assert titles_in(page_of(desk, f"{SEARCH}?q=lighthouse+(keeper&plain=1")) == ["Guide for keepers"]


def test_name_that_is_unknown_is_explained(desk, shelf):
    make_theme(name="Harbour law", slug="harbour-law")
    assert "Did you mean" in page_of(desk, f'{SEARCH}?q=theme:"harbor+law"', 400)


def test_what_the_thesaurus_added_is_said_and_can_be_taken_away(desk, library):
    concept = Concept.objects.create(slug="lighthouse")
    concept.terms.create(language="en", label="lighthouse", kind="preferred")
    concept.terms.create(language="en", label="beacon tower")
    library.add("The beacon tower of the north")
    page = page_of(desk, f"{SEARCH}?q=lighthouse")
    assert titles_in(page) == ["The beacon tower of the north"]
    assert "beacon tower</em>" in page
    assert 'href="?q=lighthouse&amp;without=lighthouse"' in page
    left = page_of(desk, f"{SEARCH}?q=lighthouse&without=lighthouse")
    assert titles_in(left) == []
    assert "Look for them again" in left


def test_words_that_no_record_holds_together_can_be_searched_one_by_one(desk, shelf):
    page = page_of(desk, f"{SEARCH}?q=lighthouse+harbours")
    assert "Look for records with some of the words" in page
    assert len(titles_in(page_of(desk, f"{SEARCH}?q=lighthouse+harbours&relaxed=1"))) == 4


def test_text_of_a_file_can_bring_no_markup(desk, library):
    library.add("Trick", "lantern <script>alert(1)</script> <b>bold</b> & more")
    page = page_of(desk, f"{SEARCH}?q=lantern")
    assert "<mark>lantern</mark> &lt;script&gt;" in page
    assert "<script>alert" not in page


def test_without_an_index_titles_are_searched_and_it_is_said(desk, shelf, settings, tmp_path):
    settings.INDEX_DIR = tmp_path / "nowhere"
    store.forget()
    page = page_of(desk, f"{SEARCH}?q=lighthouse")
    assert "The index cannot be read at this moment" in page
    assert "Lighthouse twinning" in page
    assert "Guide for keepers" not in page
    assert desk.get("/staff/").status_code == 200
    assert desk.get("/staff/search.csv?q=lighthouse").status_code == 302


def test_results_are_paged(desk, library):
    for n in range(25):
        make_project(title=f"Pier {n}", published=True)
    library.catch_up()
    first, second = page_of(desk, f"{SEARCH}?q=pier"), page_of(desk, f"{SEARCH}?q=pier&page=2")
    assert (len(titles_in(first)), len(titles_in(second))) == (20, 5)
    assert not set(titles_in(first)) & set(titles_in(second))
    assert 'href="?q=pier&amp;page=2"' in first
    for number in ("3", "0", "-1", "x", "9" * 30, "٢"):
        page_of(desk, f"{SEARCH}?q=pier&page={number}", 404)


def test_number_of_queries_does_not_grow_with_the_results(desk, library):
    def fill(n):
        for _ in range(n):
            make_project(title="Pier", published=True, countries=[make_country("RS"), make_country("TR", "Türkiye")])
            make_publication(title="Pier", published=True, countries=[make_country("RS")])
        library.catch_up()

    def queries(address):
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(address).status_code == 200
        return len(captured)

    fill(2)
    few = queries(f"{SEARCH}?q=pier"), queries("/staff/quality/")
    fill(7)
    assert (queries(f"{SEARCH}?q=pier"), queries("/staff/quality/")) <= few
    assert few[0] <= 40


# The advanced form -------------------------------------------------------------------------------------------------


def composed(visitor, **fields):
    data = QueryDict(mutable=True)
    data.update(fields)
    form = ComposeForm(data, visitor)
    assert form.is_valid(), form.errors
    return form.cleaned_data["text"]


@pytest.mark.parametrize(
    "fields, query",
    [
        ({"all": "sea walls"}, "sea walls"),
        ({"all": "one two three four five six"}, "one AND two AND three AND four AND five AND six"),
        ({"phrase": "sea walls"}, '"sea walls"'),
        ({"any": "pier jetty"}, "pier OR jetty"),
        ({"all": "sea", "any": "pier jetty"}, "sea (pier OR jetty)"),
        ({"all": "sea", "none": "salt sand"}, "sea -salt -sand"),
        ({"title": "sea walls"}, "title:sea title:walls"),
        ({"author": "ministry"}, "author:ministry"),
        ({"all": "sea", "first": "2019", "last": "2021"}, "sea year:2019..2021"),
        ({"all": "sea", "first": "2019"}, "sea year:2019.."),
        ({"all": "sea", "kind": "project", "language": "fr"}, "sea kind:project language:fr"),
        ({"all": 'sea" OR (x:y) -z*'}, "sea x y z"),
        ({"phrase": 'the "sea" (walls)'}, '"the sea walls"'),
    ],
)
def test_fields_become_a_query(db, visitor, fields, query):
    assert composed(visitor, **fields) == query
    parse(query)


def test_form_leads_to_the_results(desk, library):
    make_country("TR", "Türkiye")
    response = desk.get("/staff/compose/?all=sea&country=TR&staff_only=on")
    assert response.status_code == 302
    assert response["Location"] == "/staff/search/?q=sea+country%3ATR&audience=staff"


@pytest.mark.parametrize(
    "query", ["", "none=salt", "kind=nothing&all=x", "first=2020&last=2010", "first=x&all=y", "all=" + "x" * 300]
)
def test_form_says_what_is_wrong(desk, library, query):
    page = page_of(desk, f"/staff/compose/?{query}", 400)
    assert "errorlist" in page
    assert '<details class="compose" open>' in page


def test_every_example_of_the_help_page_can_be_searched(desk, shelf):
    page = page_of(desk, "/staff/search/help/")
    assert len(examples()) >= 10
    for example in examples():
        parse(example.query)
        assert example.meaning.replace("'", "&#x27;") in page
        page_of(
            desk,
            f"{SEARCH}?{QueryDict(mutable=True).urlencode()}&q={example.query.replace(' ', '+').replace(chr(34), '%22')}",
        )


TEXTS = [
    "'", '"', "\\", "%", "(((((((((((((((((((((", ")" * 50, "a" * 600, "é" * 512, "\u202e\u2066", "\ufeff", "NOT", "AND OR",
    "year:99999999999999999999", "year:²", "country:", "kind:x", "page:9", "*", "a*", "~", '"a b"~999999', "title:(", "\ue000x\ue001",
    "<script>alert(1)</script>", "{{7*7}}", "x" + " y" * 200, "country:'; DROP TABLE", "𝕬" * 100, "audience:staff", "\ud800",
]  # fmt: skip
NAMES = ["kind", "country", "from", "to", "sort", "without", "page", "theme", "type", "language", "audience"]
VALUES = ["'", "\\", "9" * 400, "-1", "é" * 300, "none", "<b>", "\u202e", " ", "NaN", "٣", "x:y"]


@pytest.mark.parametrize(
    "address, name",
    [(SEARCH, "q"), ("/staff/compose/", "all"), ("/staff/search.csv", "q"), ("/staff/quality/", "q")],
)
def test_no_query_breaks_the_desk(desk, shelf, address, name):
    for text in TEXTS:
        response = desk.get(address, {name: text.encode("utf-8", "surrogatepass")})
        assert response.status_code in {200, 302, 400}, (address, text)
        if response.status_code == 200 and not response.streaming:
            assert "<script>alert" not in response.content.decode()


def test_no_filter_breaks_the_desk(desk, shelf):
    for name in NAMES:
        for value in VALUES:
            response = desk.get(SEARCH, {"q": "lighthouse", name: value})
            assert response.status_code in {200, 400, 404}, (name, value)


def test_search_leaves_no_trace_of_who_asked(desk, shelf):
    desk.get(f"{SEARCH}?q=zeppelin")
    assert not UnansweredQuery.objects.filter(text__icontains="zeppelin").exists()
