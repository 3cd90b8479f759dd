"""What lies near: similar records, the spelling that was meant, how typing may go on; never beyond what one may see."""

import json
import time

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.models import Concept, Term
from portal.search import analysis, nearby, store, writing
from portal.search.finding import Search
from portal.search.nearby import did_you_mean, distance, similar
from portal.search.suggesting import suggestions
from tests.factories import make_project, make_publication, make_theme, publisher

VISITOR = AnonymousUser()


@pytest.fixture(autouse=True)
def english():
    """A page asked for in another language before leaves that language in this thread."""
    with translation.override("en"):
        yield


@pytest.fixture
def index(db, settings, tmp_path):
    settings.INDEX_DIR = tmp_path / "index"
    store.forget()
    yield writing.catch_up
    store.forget()


def titles(found):
    return [one.text for one in found]


# Similar records.


def make_library():
    """Three on returning, three on visas, and one on neither."""
    make = {
        "Coming home": "Voluntary return and reintegration of migrants, with counselling before departure.",
        "After the journey": "Reintegration grants for returned migrants, and counselling after return.",
        "Home again": "How counselling helps reintegration when return is voluntary.",
        "Stamps and stickers": "Visa policy, biometric stickers and consular queues.",
        "At the counter": "Consular queues and biometric visa procedures.",
        "Nine days": "Processing times of visa procedures at consular counters.",
        "Fisheries": "Nets, boats, herring.",
    }
    return {title: make_publication(published=True, title=title, abstract=text) for title, text in make.items()}


def test_similar_records_speak_of_the_same_and_leave_out_the_record_itself(index):
    library = make_library()
    index()
    by_pk = {str(one.pk): title for title, one in library.items()}
    found = [by_pk[hit.pk] for hit in similar(library["Coming home"], VISITOR)]
    assert set(found[:2]) == {"After the journey", "Home again"}
    assert "Coming home" not in found
    assert "Fisheries" not in found
    assert set([by_pk[hit.pk] for hit in similar(library["Nine days"], VISITOR)][:2]) == {
        "Stamps and stickers",
        "At the counter",
    }


def test_record_that_is_like_no_other_has_no_similar_ones(index):
    library = make_library()
    index()
    assert similar(library["Fisheries"], VISITOR) == []


def test_similar_records_are_of_the_same_kind_and_as_many_as_asked_for(index):
    library = make_library()
    make_project(published=True, title="Coming home", objective="Voluntary return, reintegration and counselling.")
    index()
    found = similar(library["Coming home"], VISITOR, limit=1)
    assert [hit.kind for hit in found] == ["publication"]


def test_similar_records_that_are_held_back_are_for_staff(index, colleague):
    open_one, _other = (
        make_publication(published=True, title="Reintegration counselling", abstract="Return and reintegration."),
        make_publication(published=True, title="Filler on reintegration", abstract="Return counselling."),
    )
    held = make_publication(published=True, title="Reintegration counselling", abstract="Return.", audience="staff")
    index()
    assert str(held.pk) not in [hit.pk for hit in similar(open_one, VISITOR)]
    assert str(held.pk) in [hit.pk for hit in similar(open_one, colleague)]


def test_draft_is_compared_though_no_index_holds_it(index, colleague):
    make_library()
    draft = make_publication(title="Reintegration", abstract="Reintegration counselling after return; reintegration.")
    index()
    assert similar(draft, VISITOR)


# Did you mean.


def meant(text, reader=VISITOR):
    return did_you_mean(Search(text, reader))


@pytest.fixture
def words(index):
    make_publication(
        published=True, title="Migration partnerships", abstract="Voluntary return to Türkiye. Asylum procedures."
    )
    make_publication(published=True, title="Labour migration", abstract="Mobility schemes for nurses; لجوء اللاجئين")
    index()


MISSPELT = [
    ("migratoin", "migration"),
    ("imgration", "migration"),
    ("igration", "migration"),
    ("xmigration", "migration"),
    ("Turkie", "turkiye"),
    ("asilum", "asylum"),
    ("labour migratoin", "labour migration"),
    ('"volontary retrun" OR fish', '"voluntary return" OR fish'),
    ("title:(labuor OR fish) -visa", "title:(labour OR fish) -visa"),
    ("mobilty  year:..2099 nurses", None),
    ("اللاجين", analysis.exact("اللاجئين")),
]


def test_word_that_stands_nowhere_is_replaced_and_all_else_stays_as_typed(words):
    assert [(typed, meant(typed)) for typed, _better in MISSPELT] == MISSPELT


KNOWN = ["migration", "migrations", "MIGRATION", "nurse", "zzzzzzzz", "fsh", "migr*", "migration -nursse", "2019", "a"]


def test_nothing_is_suggested_where_every_word_is_known_or_none_is_near(words):
    assert [typed for typed in KNOWN if meant(typed) is not None] == []


def test_suggested_query_finds_something(words):
    assert meant("nurses asilum") is None  # "nurses asylum" stands in no record
    assert meant("nurses OR asilum") == "nurses OR asylum"


def test_more_frequent_word_wins_among_equally_near_ones(index):
    for title in ("border", "border", "border", "birder"):
        make_publication(published=True, title=title)
    index()
    assert meant("burder") == "border"


def test_words_of_what_is_hidden_are_never_suggested(index, colleague):
    make_publication(published=True, title="Common ground")
    make_publication(published=True, title="Zanzibarquux", audience="staff")
    make_publication(title="Zanzibarquux draft")
    withdrawn = make_publication(published=True, title="Hortensiaquux")
    index()
    assert meant("ground OR hortensiaquu") == "ground OR hortensiaquux"
    withdrawn.withdraw(by=publisher(), reason="Entered twice.")
    index()
    for typed in ("zanzibarquu", "ground OR zanzibarquu", "ground OR hortensiaquu"):
        assert meant(typed) is None
    for typed in ("zanzib", "hortens", "ground hort"):
        assert suggestions(typed, VISITOR) == []
    assert meant("zanzibarquu", colleague) == "zanzibarquux"
    assert "Zanzibarquux" in titles(suggestions("zanzib", colleague))


@pytest.mark.parametrize(
    "a, b, expected",
    [("visa", "visa", 0), ("visa", "vsia", 1), ("visa", "vis", 1), ("visa", "wise", 2), ("abc", "xyz", 3)],
)
def test_distance_counts_letters_put_in_taken_out_changed_and_exchanged(a, b, expected):
    assert distance(a, b, 2) == expected


@given(st.text("abcd", max_size=8), st.text("abcd", max_size=8))
def test_distance_is_the_same_both_ways_and_zero_only_for_equals(a, b):
    assert distance(a, b, 2) == distance(b, a, 2)
    assert (distance(a, b, 2) == 0) == (a == b)


# Suggestions while typing.


@pytest.fixture
def shelf(index):
    make_project(published=True, title="Policies for countries of transit", acronym="PCT", slug="pct")
    make_publication(published=True, title="Réfugiés et pays d’accueil", slug="refugies")
    make_publication(published=True, title="Annual migration report", slug="report", abstract="Return counselling.")
    concept = Concept.objects.create(slug="return")
    Term.objects.create(concept=concept, language="en", label="voluntary return", kind="preferred")
    Term.objects.create(concept=concept, language="fr", label="retour volontaire", kind="preferred")
    index()


GOES_ON = [
    ("poli", "Policies for countries of transit", "/projects/pct/"),
    ("polici", "Policies for countries of transit", "/projects/pct/"),
    ("policies", "Policies for countries of transit", "/projects/pct/"),
    ("countri", "Policies for countries of transit", "/projects/pct/"),
    ("transit pol", "Policies for countries of transit", "/projects/pct/"),
    ("pct", "Policies for countries of transit", "/projects/pct/"),
    ("refug", "Réfugiés et pays d’accueil", "/publications/refugies/"),
    ("migrati", "Annual migration report", "/publications/report/"),
    ("volun", "voluntary return", None),
    ("voluntary ret", "voluntary return", None),
    ("annual rep", "annual report", None),
    ("couns", "counselling", None),
]


def test_typing_goes_on_with_records_terms_and_words(shelf):
    for typed, text, url in GOES_ON:
        assert (text, url) in [(one.text, one.url) for one in suggestions(typed, VISITOR)], typed


def test_word_within_the_text_does_not_bring_its_record(shelf):
    assert "Annual migration report" not in titles(suggestions("counsel", VISITOR))


def test_completed_words_stand_together_in_some_record(shelf):
    assert "counselling transit" not in titles(suggestions("counselling tran", VISITOR))


NOISE = ["", " ", "a", "*", "(", '"ret', "title:ret", "^.*", "\\", "é", "\u202e", "." * 200, "[a"]


def test_nothing_or_noise_suggests_nothing(shelf):
    assert [typed for typed in NOISE if suggestions(typed, VISITOR)] == []


def test_answer_is_what_opensearch_asks_for(client, shelf):
    response = client.get("/search/suggestions/", {"q": "refug"})
    assert response["Content-Type"] == "application/x-suggestions+json"
    typed, texts, whats, urls = json.loads(response.content)
    assert typed == "refug"
    assert texts[0] == "Réfugiés et pays d’accueil"
    assert (whats[0], urls[0]) == ("publication", "/publications/refugies/")
    assert len(texts) == len(whats) == len(urls) <= 8
    assert (
        json.loads(client.get("/fr/search/suggestions/", {"q": "refug"}).content)[3][0] == "/fr/publications/refugies/"
    )


def test_too_much_typing_and_a_missing_index_are_answered_with_nothing(client, shelf, settings, tmp_path):
    assert json.loads(client.get("/search/suggestions/", {"q": "x" * 5000}).content) == ["x" * 200, [], [], []]
    settings.INDEX_DIR = tmp_path / "none"
    store.forget()
    assert json.loads(client.get("/search/suggestions/", {"q": "refug"}).content) == ["refug", [], [], []]


def test_suggestions_cost_a_few_queries_however_many_records_there_are(shelf, index, django_assert_max_num_queries):
    theme = make_theme()
    for number in range(25):
        make_publication(published=True, title=f"Migration paper {number}").themes.add(theme)
        make_project(published=True, title=f"Migration project {number}")
    index()
    with django_assert_max_num_queries(5):
        assert len(suggestions("migr", VISITOR)) == 8


def test_spelling_is_looked_for_in_bounded_time(index, monkeypatch):
    many = [(f"migr{number:x}", 1) for number in range(nearby.MOST_CANDIDATES)]
    monkeypatch.setattr(nearby.RecordIndex, "terms", lambda self, prefix, limit: many[:limit])
    make_publication(published=True, title="One")
    index()
    began = time.process_time()
    did_you_mean(Search(" ".join(f"wxyzuv{n}qqqq" for n in "abcdefghijkl"), VISITOR))
    assert time.process_time() - began < 10
