"""The measures, against cases counted by hand; and the judged set, against what the sample holds."""

import json
from io import StringIO
from math import log2

import pytest
from django.core.management import call_command

from portal import kinds
from publications.sample import DOCUMENTS
from tests.bench.ranking import answered, gain, judged, ndcg, page_exact


def test_gain_is_discounted_by_rank():
    assert gain([]) == 0
    assert gain([3]) == 7
    assert gain([0, 3]) == pytest.approx(7 / log2(3))
    assert gain([3, 2, 1]) == pytest.approx(7 + 3 / 1.5849625 + 1 / 2)


def test_best_order_is_one_and_the_reverse_is_less():
    grades = {"a": 3, "b": 2, "c": 1}
    assert ndcg(["a", "b", "c"], grades) == 1
    assert ndcg(["a", "b", "c", "x"], grades) == 1
    # 1/1 + 3/log2(3) + 7/2 over 7/1 + 3/log2(3) + 1/2
    assert ndcg(["c", "b", "a"], grades) == pytest.approx((1 + 1.8927893 + 3.5) / (7 + 1.8927893 + 0.5))


def test_what_is_not_judged_takes_a_place_and_gives_nothing():
    assert ndcg(["x", "a"], {"a": 3}) == pytest.approx(1 / log2(3))
    assert ndcg(["x", "y"], {"a": 3}) == 0
    assert ndcg([], {"a": 3}) == 0


def test_record_that_comes_twice_counts_once():
    assert ndcg(["a", "a"], {"a": 3, "b": 3}) == pytest.approx(7 / (7 + 7 / log2(3)))


def test_only_the_first_k_count():
    grades = {"a": 3, "b": 3}
    assert ndcg(["x", "a", "b"], grades, k=1) == 0
    assert ndcg(["a", "x"], grades, k=1) == 1


def test_where_nothing_is_relevant_finding_nothing_is_right():
    assert ndcg([], {}) == 1
    assert ndcg(["x"], {}) == 0


def test_query_is_answered_by_a_good_record_within_reach():
    grades = {"a": 3, "b": 1}
    assert answered([(["x", "a"], grades), (["b"], grades), ([], grades), (["a"], grades)]) == 0.5
    assert answered([(["x", "a"], grades)], k=1) == 0
    assert answered([(["b"], grades)], least=1) == 1
    assert answered([(["x"], {}), (["b"], {"b": 1})]) == 0


def test_page_is_exact_where_the_first_one_shown_is_right():
    right = ["guide/en/3", "guide/en/4", "other/fr/1"]
    assert (
        page_exact({"guide/en": ["guide/en/4", "guide/en/1"], "other/fr": ["other/fr/2", "other/fr/1"]}, right) == 0.5
    )
    assert page_exact({"guide/en": ["guide/en/1", "guide/en/3"]}, right) == 0
    assert page_exact({"guide/en": ["guide/en/1", "guide/en/3"]}, right, k=2) == 1
    assert page_exact({"guide/en": []}, right) == 0
    assert page_exact({"elsewhere/en": ["elsewhere/en/1"]}, right) is None
    assert page_exact({}, []) is None


# The judged set


def test_judged_set_holds_queries_of_every_kind_in_four_languages():
    queries = judged()
    assert len(queries) >= 70
    assert len({query.text for query in queries}) == len(queries)
    assert sum(query.kind == "sentence" for query in queries) >= 20
    assert {query.language for query in queries} == {"en", "fr", "ar", "ru"}
    assert {"acronym", "misspelt", "inflected", "across languages", "phrase"} <= {query.kind for query in queries}
    assert all(grade in (1, 2, 3) for query in queries for grade in query.relevant.values())


def test_every_record_that_is_judged_is_in_the_sample(db):
    call_command("load_sample", stdout=StringIO())
    known = {
        f"{kind.app_label}:{slug}" for kind in kinds.all() for slug in kind.model.objects.values_list("slug", flat=True)
    }
    for query in judged():
        assert not set(query.relevant) - known, query.text


def test_every_page_that_is_judged_belongs_to_a_relevant_document():
    rows = json.loads((DOCUMENTS / "documents.json").read_text(encoding="utf-8"))
    known = {f"{row['slug']}/{row['language']}/{number + 1}" for row in rows for number in range(row["pages"])}
    documents = {f"publications:{row['slug']}" for row in rows}
    for query in judged():
        assert not query.pages - known, query.text
        named = {f"publications:{page.split('/')[0]}" for page in query.pages}
        assert named <= set(query.relevant), query.text
        best = {record for record, grade in query.relevant.items() if grade == 3}
        assert (best & documents) <= named, query.text
