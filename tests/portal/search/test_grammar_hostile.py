"""The query language under hostile and random text: an answer or an explained error, in time linear in the length."""

import sys
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.search.grammar import Query, QueryError, canonical, describe, lenient, parse, parser, tokens
from portal.search.grammar.fields import FIELDS
from portal.search.grammar.nodes import And, Not, Or
from portal.search.grammar.words import is_ignorable
from tests.portal.search.hostile_queries import HOSTILE

PIECES = [
    "AND", "OR", "NOT", "&&", "||", "-", "+", "!", "(", ")", "(s)", '"', "“", "”", "~3", "~", "*", ":", "..", "…", ".", ",", "'", "’", "–",
    "title:", "titre:", "year:", "2019", "2019..2021", "country:", "TR", "http://", "tilte:", "migr*", "return", "l'asile", "U.N.",
    "a", "é", "e\u0301", "\u0301", "هجرة", "\u0640", "миграция", "移民", "\u200b", "\u200c", "\ufeff", "\U0001f600", "\x00", "\t", " ",
]  # fmt: skip
# Half of it meant as queries, with blanks; half glued together.
queries = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=25).map(" ".join),
)
words = st.sampled_from(
    ["return", "l'asile", "migr*", '"voluntary return"', '"a b"~3', "هجرة", "title:visa", "year:2019..", "country:TR"]
)
# Well-formed ones, so that deep trees are tried too.
trees = st.recursive(
    words,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" OR ".join),
        st.tuples(inner, inner).map(" AND ".join),
        st.tuples(inner, inner).map(" -".join),
        inner.map("({})".format),
        st.tuples(inner, inner).map(lambda two: f"{two[0]} NOT ({two[1]})"),
    ),
    max_leaves=20,
)


def check(text):
    """The query, or None where an explained error came."""
    try:
        query = parse(text)
    except QueryError as error:
        check_error(error, text)
        return None
    assert isinstance(query, Query)
    assert describe(query)
    return query


def check_error(error, text):
    assert error.message
    assert "%(" not in error.message
    assert 0 <= error.start <= error.end <= len(text)


def check_written(query):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parser, "LONGEST_TEXT", 20_000)  # aliases are written out, so it may grow past the limit
        written = canonical(query)
        again = parse(written)
    assert again == query
    assert canonical(again) == written


def shape_holds(node, within=None):
    """Flat where it can be flat, and never only negative."""
    match node:
        case And(children) | Or(children):
            assert len(children) >= 2
            assert not any(isinstance(child, type(node)) for child in children)
            assert not all(isinstance(child, Not) for child in children)
            assert not (isinstance(node, Or) and any(isinstance(child, Not) for child in children))
            for child in children:
                shape_holds(child, node)
        case Not(child):
            assert isinstance(within, And)
            assert not isinstance(child, Not)
            shape_holds(child, node)


def test_the_corpus_is_large_and_says_nothing_twice():
    assert len(HOSTILE) == len(set(HOSTILE)) >= 300


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_text_is_read_or_explained(number):
    text = HOSTILE[number]
    if query := check(text):
        check_written(query)
        shape_holds(query.root)
    if plain := lenient(text):
        check_written(plain)


@settings(max_examples=1500, deadline=None)
@given(st.text(max_size=600))
@example("a" * 600)
@example("\ufb2c" * 64)
def test_any_text_is_read_or_explained(text):
    if query := check(text):
        check_written(query)
    if plain := lenient(text):
        check_written(plain)


@settings(max_examples=2500, deadline=None)
@given(queries)
def test_anything_made_of_the_signs_of_the_language_is_read_or_explained(text):
    if query := check(text):
        check_written(query)
        shape_holds(query.root)
    if plain := lenient(text):
        check_written(plain)


@settings(max_examples=800, deadline=None)
@given(trees)
def test_what_was_read_can_be_written_and_read_again(text):
    if query := check(text):
        check_written(query)
        shape_holds(query.root)


@settings(max_examples=500, deadline=None)
@given(queries)
def test_every_word_stands_where_it_says(text):
    query = check(text)
    for term in query.terms if query else ():
        there = "".join(char for char in text[term.start : term.end] if not is_ignorable(char))
        if hasattr(term, "text"):
            assert unicodedata.normalize("NFC", there) == term.text
        else:
            assert all(word in unicodedata.normalize("NFC", there) for word in term.words)


def steps(read, text):
    """How many lines of the grammar's own code it takes to read this text."""
    count = 0

    def trace(frame, event, _argument):
        nonlocal count
        if "grammar" not in frame.f_code.co_filename:
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        read(text)
    except QueryError:
        pass
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "unit",
    ["a ", "a", "a.", "'", '"a" ', '"', "(", ")", "a(s)", "a(", "(a) ", "-", "-a ", "- ", "!a", "+", "&&", "a||", "a:", ":", "title:a ",
     "title: ", "titlx ", "note:", "x:y ", "ab* ", "a~", "~1", "a~b", "\u0301", "a\u0301", "\ufeff", "\U0001f600", "\u200c", "AND ", "a AND ",
     "e\u0301-", "2019..", ".", "…"],
)  # fmt: skip
def test_ten_times_the_text_takes_at_most_fifteen_times_the_steps(monkeypatch, unit):
    for limit in ("MOST_TERMS", "LONGEST_WORD"):
        monkeypatch.setattr(tokens, limit, 1_000_000)
    short, long = (steps(lambda text: tokens.scan(text, FIELDS), (unit * length)[:length]) for length in (500, 5_000))
    assert long <= 15 * short


def test_text_past_the_limit_is_not_looked_at():
    assert steps(parse, "a " * 50_000) < 10
    assert steps(lenient, "a " * 50_000) < 2 * steps(lenient, "a " * 256)
