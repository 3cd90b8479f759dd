"""The thesaurus: which concepts a query names, and what else they are called."""

from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction

from portal import thesaurus
from portal.models import AuditEntry, Concept, Term
from portal.thesaurus import find

pytestmark = pytest.mark.django_db


def make_concept(slug, **terms):
    """make_concept("visa", en=["visa", "#VSA", "~vissa"]): the first is preferred, # an acronym, ~ only found."""
    concept = Concept.objects.create(slug=slug)
    kinds = {"#": Term.Kind.ACRONYM, "~": Term.Kind.HIDDEN}
    for language, labels in terms.items():
        for n, label in enumerate(labels):
            kind = kinds.get(label[0], Term.Kind.SYNONYM) if n else Term.Kind.PREFERRED
            Term.objects.create(concept=concept, language=language, label=label.lstrip("#~"), kind=kind)
    return concept


@pytest.fixture
def trafficking():
    return make_concept(
        "trafficking",
        en=["trafficking in human beings", "human trafficking", "#THB", "~traficking"],
        fr=["traite des êtres humains", "#TEH"],
        ar=["الاتجار بالبشر"],
        ru=["торговля людьми"],
    )


def named(query):
    """Concept and matched words of each match."""
    words = query.split()
    return [(match.concept, " ".join(words[match.start : match.end])) for match in find(words)]


def test_words_of_a_query_are_found_with_all_other_names(trafficking):
    (match,) = find(["victims", "of", "human", "trafficking", "in", "Nigeria"])
    assert (match.start, match.end, match.concept) == (2, 4, "trafficking")
    assert match.label == ("human trafficking", "en", "synonym")
    assert [label.text for label in match.others] == [
        "الاتجار بالبشر",
        "trafficking in human beings",
        "traite des êtres humains",
        "торговля людьми",
        "THB",
        "TEH",
        "traficking",
    ]


@pytest.mark.parametrize(
    "query",
    [
        "THB",
        "thb",
        "traite des etres humains",
        "TRAITE DES ÊTRES HUMAINS",
        "Торговля людьми",
        "الاتجار بالبشر",
        "اتجار بالبشر",
        "للإتجار بالبشر",
        "traficking",
    ],
)
def test_name_is_found_in_every_language_whatever_case_accents_and_article(trafficking, query):
    assert named(query) == [("trafficking", query)]


def test_plural_is_found_by_the_singular_and_the_other_way_round():
    make_concept("policy", en=["migration policy"])
    make_concept("visa", en=["visas"])
    assert named("migration policies") == [("policy", "migration policies")]
    assert named("visa") == [("visa", "visa")]


def test_definite_name_in_arabic_is_found_without_its_articles():
    make_concept("voluntary-return", ar=["العودة الطوعية"])
    for query in ("عودة طوعية", "العوده الطوعيه", "والعودة الطوعية", "بالعودة الطوعية"):
        assert named(query) == [("voluntary-return", query)]


def test_plural_in_arabic_is_found_in_both_its_cases():
    make_concept("minor", ar=["القاصرون غير المصحوبين"])
    for query in ("القاصرين غير المصحوبين", "للقاصرين غير المصحوبين", "قاصرون غير مصحوبين"):
        assert named(query) == [("minor", query)]


def test_longest_name_wins():
    make_concept("return", en=["return"])
    make_concept("voluntary-return", en=["voluntary return"])
    make_concept("assisted", en=["assisted voluntary return"])
    assert named("assisted voluntary return to Iraq") == [("assisted", "assisted voluntary return")]
    assert named("voluntary return or return") == [("voluntary-return", "voluntary return"), ("return", "return")]


def test_name_with_a_hyphen_is_found_with_and_without():
    make_concept("non-refoulement", en=["non-refoulement"])
    assert named("non-refoulement") == [("non-refoulement", "non-refoulement")]
    assert named("non refoulement") == [("non-refoulement", "non refoulement")]
    make_concept("return", en=["return"])
    assert named("forced-return centre") == []


def test_acronym_in_capitals_is_the_one_that_is_written_so():
    make_concept("smuggling", en=["smuggling of migrants", "#SoM"])
    make_concept("officials", en=["senior officials’ meeting", "#SOM"])
    assert named("SOM") == [("officials", "SOM")]
    assert named("SoM") == [("smuggling", "SoM")]
    assert {concept for concept, _words in named("som")} == {"smuggling", "officials"}


def test_acronym_of_two_letters_counts_only_in_capitals():
    make_concept("assistance", en=["technical assistance", "#TA"])
    assert named("TA") == [("assistance", "TA")]
    assert named("ta") == []


def test_nothing_is_found_in_nothing(trafficking):
    assert find([]) == []
    assert find(["", "–", "of", "human"]) == []


def test_change_is_found_at_once_and_without_one_the_terms_are_not_read_again(trafficking, django_assert_num_queries):
    assert named("modern slavery") == []
    Term.objects.create(concept=trafficking, label="modern slavery")
    assert named("modern slavery") == [("trafficking", "modern slavery")]
    with django_assert_num_queries(1):
        find(["THB"])
    Term.objects.get(label="modern slavery").delete()
    assert named("modern slavery") == []
    trafficking.slug = "thb"
    trafficking.save()
    assert named("THB") == [("thb", "THB")]


def test_concept_has_one_preferred_term_a_language_and_each_term_once(trafficking):
    for label, kind in (("a better name", "preferred"), ("Human  Tráfficking", "synonym"), ("–", "synonym")):
        term = Term(concept=trafficking, language="en", label=label, kind=kind)
        with pytest.raises(ValidationError):
            term.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            term.save()
    Term(concept=trafficking, language="fr", label="Human trafficking").full_clean()


# The terms the portal starts from


def run(**options):
    out = StringIO()
    call_command("load_thesaurus", stdout=out, **options)
    return out.getvalue()


def test_terms_to_start_from_are_there_in_four_languages():
    run()
    assert Concept.objects.count() > 100
    for language in ("en", "fr", "ar", "ru"):
        named = Term.objects.filter(language=language, kind="preferred")
        assert named.count() == Concept.objects.count(), language
    for query in ("AVRR", "GIF", "ВПЛ", "mineurs non accompagnés", "non-refoulement", "الإدارة المتكاملة للحدود"):
        assert len(find(query.split())) == 1, query


def test_every_term_to_start_from_finds_its_own_concept():
    run()
    for term in Term.objects.select_related("concept"):
        matches = find(term.label.split())
        assert term.concept.slug in {match.concept for match in matches}, term


def test_terms_are_loaded_again_without_effect():
    first = run()
    before = set(Term.objects.values_list("pk", "changed_at"))
    assert (
        run() == f"Concepts: 0 created, 0 updated, {first.split()[1]} unchanged, 0 kept as administrators have them.\n"
    )
    assert set(Term.objects.values_list("pk", "changed_at")) == before


def test_what_an_administrator_changed_or_deleted_stays_so(administrator):
    run()
    changed, deleted = Concept.objects.get(slug="visa"), Concept.objects.get(slug="xenophobia")
    changed.slug = "visas"
    changed.save()
    changed.terms.filter(language="ru").delete()
    AuditEntry.record(changed, "change", administrator)
    AuditEntry.record(deleted, "delete", administrator)
    deleted.delete()
    assert "0 created, 0 updated" in run()
    assert not Concept.objects.filter(slug__in=["visa", "xenophobia"]).exists()
    assert not changed.terms.filter(language="ru").exists()
    assert "1 created, 1 updated" in run(overwrite=True)


def test_correction_in_the_file_reaches_an_untouched_concept():
    run()
    Term.objects.filter(concept__slug="visa", kind="preferred", language="fr").update(label="vsa", folded="vsa")
    assert "0 created, 1 updated" in run()
    assert Concept.objects.get(slug="visa").terms.get(kind="preferred", language="fr").label == "visa"


def test_wrong_term_in_the_file_is_refused_with_all_others(tmp_path, monkeypatch):
    path = tmp_path / "thesaurus.json"
    path.write_text('[{"slug": "visa", "en": {"preferred": "visa"}}, {"slug": "x", "en": {"preferred": "–"}}]')
    monkeypatch.setattr(thesaurus, "FILE", path)
    with pytest.raises((ValidationError, IntegrityError)), transaction.atomic():
        run()
    assert not Concept.objects.exists()
