"""What a search finds, in which order, and how it says so."""

import pytest
from django.contrib.auth.models import AnonymousUser

from portal.search import store
from portal.search.entries import Entry, PageEntry
from portal.search.finding import Search, Selected
from portal.search.grammar import QueryError
from portal.search.passages import END, START
from tests.factories import make_country, make_organisation, make_project, make_publication, make_theme

VISITOR = AnonymousUser()


@pytest.fixture
def library(search_index, monkeypatch):
    """Publications whose pages a test gives as {title: {language: [page, page]}}; gives back a function that searches."""
    from portal import kinds
    from publications import kinds as _registered  # noqa: F401

    def make(documents, **fields):
        pages = {}
        for title, texts in documents.items():
            publication = make_publication(title=title, published=True, **fields)
            pages[publication.pk] = [
                PageEntry(
                    f"{publication.pk}-{language}", n, str(n), language, text, f"/{publication.slug}/{language}/{n}/"
                )
                for language, own in texts.items()
                for n, text in enumerate(own, 1)
            ]
        kind = kinds.get("publication")
        told = kind.entry

        def entry(record):
            known = told(record)
            return Entry(**{**vars(known), "pages": pages.get(record.pk, ())})

        monkeypatch.setitem(kinds._registry, "publication", kind.__class__(**{**vars(kind), "entry": entry}))
        search_index()
        return lambda words, **how: Search(words, VISITOR, **how)

    return make


def titles(search, **how):
    from publications.models import Publication

    found = search.find(**how)
    by_key = {str(one.pk): one.title for one in Publication.objects.all()}
    return [by_key[hit.pk] for hit in found.hits if hit.kind == "publication"]


@pytest.mark.parametrize(
    "language, text, words",
    [
        ("en", "Migrants were returning to their villages", ["migrant", "returns", "return", "village"]),
        ("en", "Reintegration of tra\ufb03cked persons", ["trafficked", "trafficking"]),
        ("en", "the interna-\ntional framework", ["international", "international framework"]),
        (
            "en",
            "a whole-\nof-government approach; whole-of-government",
            ['"whole-of-government"', "whole of government"],
        ),
        ("en", "in Şanlıurfa and İstanbul, Türkiye", ["Sanliurfa", "istanbul", "Turkiye", "TÜRKİYE", "ŞANLIURFA"]),
        ("en", "a volume of 58,208,000 euro", ["58,208,000"]),
        ("en", "an all-of-\ngovernment approach", ["all-of-government", '"all of government"']),
        ("fr", "Les réfugiés ont été accueillis", ["refugies", "réfugié", "accueillir"]),
        ("fr", "la protection de l’asile", ["asile", "l'asile"]),
        ("es", "las migraciones internacionales", ["migración internacional"]),
        ("de", "die Rückkehr der Flüchtlinge", ["ruckkehr", "Flüchtling"]),
        ("pt", "as migrações laborais", ["migração"]),
        ("ru", "добровольное возвращение мигрантов", ["добровольного возвращения", "мигранты"]),
        ("ru", "на гра\u0301ницах стран", ["граница", "гра\u0301ница"]),
        ("tr", "göçmenlerin hakları", ["göçmen", "gocmenler"]),
        ("ar", "العودة الطوعية للمهاجرين", ["عودة طوعية", "المهاجرين", "مهاجرين"]),
        ("sq", "kthimi vullnetar i migrantëve", ["migranteve", "kthimi"]),
    ],
)
def test_word_forms_accents_and_broken_words_are_found_in_their_own_language(library, language, text, words):
    search = library({"It": {language: [text]}, "Other": {language: ["x"]}})
    assert {one: titles(search(one)) for one in words} == {one: ["It"] for one in words}


def test_words_are_required_and_may_stand_on_different_pages(library):
    search = library({"Both": {"en": ["visa rules", "labour markets"]}, "One": {"en": ["visa rules"]}})
    assert titles(search("visa labour")) == ["Both"]
    assert set(titles(search("visa OR labour"))) == {"Both", "One"}
    assert titles(search("visa -labour")) == ["One"]


def test_phrases_and_distances(library):
    search = library({"Close": {"en": ["voluntary return home"]}, "Far": {"en": ["return that is voluntary"]}})
    assert titles(search('"voluntary return"')) == ["Close"]
    assert set(titles(search('"voluntary return"~5'))) == {"Close", "Far"}


def test_beginnings_of_words(library):
    search = library({"It": {"en": ["biometrics at the border"]}})
    assert titles(search("biom*")) == titles(search("Biométr*")) == ["It"]
    assert titles(search("biox*")) == []


def test_fields(library):
    search = library({"Visa policy": {"en": ["on labour"]}, "Labour policy": {"en": ["on visas"]}}, date="2020-05")
    assert titles(search("title:visa")) == ["Visa policy"]
    assert titles(search("title:(visa OR labour) text:visas"), sort="newest")
    assert len(titles(search("policy year:2019..2021"))) == 2
    assert titles(search("policy year:2021..")) == []
    assert titles(search("policy language:fr")) == []


def test_undated_publication_lies_in_no_span_of_years(library):
    assert titles(library({"Undated policy": {"en": ["x"]}})("policy year:1990..2030")) == []


@pytest.mark.parametrize("named", ["country:RS", "country:serbia", "country:Serbie", "pays:Serbie"])
def test_country_can_be_given_by_code_or_name(search_index, named):
    make_project(title="There", countries=[make_country("RS", "Serbia", name_fr="Serbie")], published=True)
    make_project(title="Elsewhere", published=True)
    search_index()
    assert Search(named, VISITOR).find().total == 1


def test_unknown_value_is_explained_with_what_comes_near(search_index):
    make_theme(name="Remittances")
    with pytest.raises(QueryError, match="Did you mean “remittances”"):
        Search("theme:remittence", VISITOR)


def test_name_of_a_hidden_organisation_is_never_offered(search_index):
    make_organisation("Secretariat of shadows", is_established=False)
    with pytest.raises(QueryError) as told:
        Search('organisation:"secretariat of shadow"', VISITOR)
    assert "Did you mean" not in told.value.message


def test_sentence_is_answered_by_most_of_its_words_and_says_so(library):
    search = library({"It": {"en": ["support for voluntary return of migrants"]}, "Other": {"en": ["support desk"]}})
    sentence = search("what kind of support do migrants get for their voluntary return?")
    assert titles(sentence)[0] == "It"
    assert sentence.reading.is_relaxed


def test_two_words_that_never_meet_give_nothing_until_one_is_enough(library):
    search = library({"A": {"en": ["visa"]}, "B": {"en": ["labour"]}})
    assert titles(search("visa labour")) == []
    assert set(titles(search("visa labour", relaxed=True))) == {"A", "B"}


def test_title_comes_before_body_and_recent_before_old(library):
    search = library(
        {"Other": {"en": ["one remark on biometrics in a text about visas"]}, "Biometrics": {"en": ["a text"]}}
    )
    assert titles(search("biometrics")) == ["Biometrics", "Other"]


def test_newer_of_two_equals_comes_first(search_index):
    make_publication(title="Harbour report", date="1995", published=True)
    newer = make_publication(title="Harbour report", date="2021", published=True)
    search_index()
    assert Search("harbour", VISITOR).find().hits[0].pk == str(newer.pk)


def test_passages_name_the_page_and_mark_the_words(library):
    search = library({"It": {"en": ["nothing here", "the voluntary return of persons", "returning"]}})(
        "voluntary return"
    )
    hit = search.find().hits[0]
    passages = search.passages(hit.kind, hit.pk)
    assert [one.number for one in passages] == [2, 3]
    assert f"{START}voluntary{END} {START}return{END}" in passages[0].text


def test_passages_are_cut_at_words_and_bounded(library):
    long = "alpha " * 400 + "target word " + "omega " * 400
    search = library({"It": {"en": [long]}})("target")
    text = search.passages("publication", search.find().hits[0].pk)[0].text
    assert len(text) < 300
    assert text.startswith("…alpha")
    assert text.endswith("omega…")


def test_marks_that_a_file_holds_are_not_taken_for_ours(library):
    search = library({"It": {"en": [f"{START}<script>{END} target"]}})("target")
    assert search.passages("publication", search.find().hits[0].pk)[0].text == f"<script> {START}target{END}"


def test_pages_with_hits_come_in_their_order(library):
    search = library({"It": {"en": ["visa", "x", "visa visa visa"], "fr": ["visa"]}})("visa")
    hit = search.find().hits[0]
    document = search.passages(hit.kind, hit.pk)[0].page.document.split("-")[0] + "-en"
    assert search.pages_in(document, 10) == [1, 3]
    assert search.pages_of(hit.kind, hit.pk, 10) == [("en", 1), ("en", 3), ("fr", 1)]


def test_number_of_a_page_narrows_the_pages_and_says_nothing_alone(library):
    search = library({"It": {"en": ["visa", "visa"]}})
    found = search("visa page:2")
    hit = found.find().hits[0]
    assert [one.number for one in found.passages(hit.kind, hit.pk)] == [2]
    with pytest.raises(QueryError, match="the number of a page alone"):
        search("page:2")


def test_page_is_shown_for_what_it_has_and_not_for_what_it_lacks(library):
    search = library({"It": {"en": ["visa", "fish", "labour"]}})("visa -harbour")
    assert search.pages_of("publication", search.find().hits[0].pk, 10) == [("en", 1)]


def test_beginning_of_a_compound_stays_in_its_field(library):
    search = library({"Anti-trafficking work": {"en": ["x"]}, "Other": {"en": ["anti-trafficking"]}})
    assert titles(search("title:anti-traff*")) == ["Anti-trafficking work"]
    assert len(titles(search("anti-traff*"))) == 2


def test_facets_count_without_their_own_choice(search_index):
    serbia, turkiye = make_country("RS", "Serbia"), make_country("TR", "Türkiye")
    make_publication(title="Harbour A", countries=[serbia], published=True)
    make_publication(title="Harbour B", countries=[turkiye], published=True)
    make_publication(title="Harbour C", published=True)
    search_index()
    search = Search("harbour", VISITOR)
    chosen = search.find("publication", Selected({"country": ["RS"]}), facets=["country", "type"])
    assert chosen.total == 1
    assert chosen.facets == {"country": {"RS": 1, "TR": 1, "none": 1}, "type": {"study": 1}}


def test_thesaurus_finds_other_names_and_other_languages_and_can_be_left_out(library, django_db_blocker):
    from tests.portal.test_thesaurus import make_concept

    make_concept("voluntary-return", en=["voluntary return"], fr=["retour volontaire"], ru=["добровольное возвращение"])
    search = library({
        "English": {"en": ["on voluntary return"]},
        "French": {"fr": ["le retour volontaire des migrants"]},
        "Russian": {"ru": ["о добровольном возвращении"]},
    })  # fmt: skip
    found = search("voluntary return")
    assert titles(found)[0] == "English"
    assert set(titles(found)) == {"English", "French", "Russian"}
    assert [one.concept for one in found.reading.expansions] == ["voluntary-return"]
    assert titles(search("voluntary return", without=["voluntary-return"])) == ["English"]
    assert titles(search("voluntary return", without=["all"])) == ["English"]
    french = next(one for one in found.find().hits if found.passages(one.kind, one.pk)[0].page.language == "fr")
    assert f"{START}retour volontaire{END}" in found.passages(french.kind, french.pk)[0].text


def test_without_an_index_the_search_says_so(settings, tmp_path, db):
    settings.INDEX_DIR = tmp_path / "none"
    store.forget()
    with pytest.raises(store.IndexUnavailable):
        Search("anything", VISITOR)
