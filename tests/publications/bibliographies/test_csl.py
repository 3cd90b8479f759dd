"""CSL-JSON: items as Zotero and Crossref write them, and JSON that is none."""

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.imports.entries import Unreadable
from publications.bibliographies import csl
from publications.bibliographies.references import Name

ITEM = {
    "id": "http://zotero.org/users/1/items/ABCD",
    "type": "report",
    "title": "Return &amp; <i>Readmission</i>",
    "genre": "Policy brief",
    "author": [
        {
            "family": "Gogh",
            "given": "Vera",
            "non-dropping-particle": "van",
            "ORCID": "https://orcid.org/0000-0002-1825-0097",
        },
        {"literal": "Example Institute"},
    ],
    "editor": [{"family": "Müller", "given": "Jörg"}],
    "issued": {"date-parts": [["2019", 10]]},
    "DOI": "10.12345/ABC.7",
    "ISBN": "978-3-16-148410-0 3-16-148410-X",
    "publisher": "Example Institute",
    "publisher-place": "Vienna",
    "collection-title": "Briefs",
    "number": 7,
    "language": "en-GB",
    "abstract": "<jats:p>One.</jats:p><jats:p>Two &lt; three.</jats:p>",
    "keyword": "return, Serbia",
    "URL": "https://example.org/7",
    "page": "1-40",
    "accessed": {"date-parts": [[2020, 1, 1]]},
}


def read(*items):
    return csl.read(json.dumps(items))


def test_item_is_understood():
    (found,) = read(ITEM)
    assert (found.key, found.kind, found.genre) == (ITEM["id"], "report", "Policy brief")
    assert (found.title, found.language, found.date) == ("Return & Readmission", "en-GB", "2019-10")
    assert found.names == [
        Name("van Gogh", "Vera", orcid="https://orcid.org/0000-0002-1825-0097"),
        Name(body="Example Institute", is_sure=True),
        Name("Müller", "Jörg", role="editor"),
    ]
    assert (found.series, found.series_number, found.place) == ("Briefs", "7", "Vienna")
    assert found.abstract == "One.\n\nTwo < three."
    left = {one["field"]: one["words"] for one in found.unplaced}
    assert left["URL"] == "https://example.org/7"
    assert left["page"] == "1-40"
    assert "2020" in left["accessed"]


def test_dialect_of_crossref_is_understood():
    (found,) = read({"type": "journal-article", "title": ["Ports"], "published-print": {"date-parts": [[2020, 3, 1]]}})
    assert (found.kind, found.title, found.date) == ("article-journal", "Ports", "2020-03-01")


def test_one_item_alone_and_a_list_within_an_object():
    assert csl.read(json.dumps(ITEM))[0].kind == "report"
    assert csl.read(json.dumps({"items": [ITEM, ITEM]}))[1].number == 2


@pytest.mark.parametrize(("text", "message"), [
    ("", "no JSON: line 1"), ("[{]", "line 1, column 3"), ('"text"', "no list"), ("[" * 100_000, "nested too deeply"),
    ("[" + "9" * 5000 + "]", "number that is too long"),
])  # fmt: skip
def test_what_is_no_list_is_told(text, message):
    with pytest.raises(Unreadable, match=message):
        csl.read(text)


def test_item_that_is_none_is_named_between_the_others():
    first, bad, last = read(ITEM, "text", ITEM)
    assert bad.number == 2
    assert "no item" in bad.problems[0].message
    assert (first.title, last.number) == ("Return & Readmission", 3)


@pytest.mark.parametrize(("issued", "date"), [
    ({"date-parts": [[2019, 5, 3]]}, "2019-05-03"), ({"date-parts": [[2019], [2020]]}, "2019"), ({"raw": "May 2019"}, "2019-05"),
    ("2019-05", "2019-05"), ({"date-parts": []}, ""), ({"date-parts": [[None]]}, ""), ({"date-parts": [[2019, 55]]}, ""), (7, ""),
])  # fmt: skip
def test_dates(issued, date):
    assert read({"type": "book", "title": "A", "issued": issued})[0].date == date


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*ITEM, "family", "given", "literal", "date-parts", "raw"]), inner, max_size=5
        )
    ),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from([*ITEM, "note", "status", "ISSN", "translator"]), anything, max_size=8))
def test_no_item_breaks_it(item):
    (found,) = read(item)
    assert found.number == 1


def test_half_a_character_in_markup_is_left_out():
    assert csl.read('[{"title": "<b>A\\ud800B</b>", "abstract": "<p>\\udfff</p>"}]')[0].title == "AB"


def test_at_whatever_depth_reading_ends_it_ends_in_words():
    for depth in range(900, 1000):
        with contextlib.suppress(Unreadable):
            csl.read('[{"title": "A", "custom": ' + "[" * depth + "1" + "]" * depth + "}]")
        with contextlib.suppress(Unreadable):
            csl.read("[" * depth + "]" * depth)
