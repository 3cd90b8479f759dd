"""RIS files: tags as different programs use them, records without an end, lines that belong to none."""

import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st

from publications.bibliographies import ris
from publications.bibliographies.references import Name
from publications.bibliographies.texts import decode

LIST = """\ufeff\r
TY  - RPRT\r
ID  - Kovac2019\r
A1  - Kovač, Ana\r
AU  - International Organization for Migration\r
A2  - Müller, Jörg\r
TI  - Return and Readmission\r
T2  - Working Papers on Mobility\r
IS  - 7\r
PY  - 2019\r
DA  - 2019/10/10/\r
PB  - Example Institute\r
CY  - Vienna\r
DO  - 10.12345/abc.7\r
SN  - 978-3-16-148410-0\r
KW  - return\r
KW  - readmission; Serbia\r
AB  - The first line\r
goes on here.\r
UR  - https://example.org/7\r
LA  - en\r
SP  - 1\r
EP  - 40\r
ER  - \r
\r
TY  - JOUR
T1  - Ports of Call
AU  - Nguyen, An
JO  - Journal of Arrivals
VL  - 12
SN  - 1234-5679
Y1  - 2020///Spring
ER  -
"""


def read(text):
    return ris.read(decode(text.encode()))


def test_tags_are_understood():
    (report, article), outside = read(LIST)
    assert not outside
    assert (report.number, report.key, report.kind, report.title) == (
        2,
        "Kovac2019",
        "report",
        "Return and Readmission",
    )
    assert report.names == [
        Name("Kovač", "Ana"),
        Name(body="International Organization for Migration"),
        Name("Müller", "Jörg", role="editor"),
    ]
    assert (report.series, report.series_number, report.date) == ("Working Papers on Mobility", "7", "2019-10-10")
    assert (report.publishers, report.place, report.language) == (["Example Institute"], "Vienna", "en")
    assert report.identifiers == [("doi", "10.12345/abc.7"), ("isbn", "9783161484100")]
    assert report.keywords == ["return", "readmission", "Serbia"]
    assert report.abstract == "The first line goes on here."
    assert {"field": "SP", "words": "1–40"} in report.unplaced
    assert (article.number, article.kind, article.date) == (26, "article-journal", "2020")
    left = {one["field"]: one["words"] for one in article.unplaced}
    assert left == {"JO": "Journal of Arrivals", "VL": "12", "Y1": "Spring"}
    assert article.identifiers == [("issn", "12345679")]


def test_same_titles_years_and_authors_as_another_program_finds():
    own, _outside = read(LIST)
    others = rispy.loads(LIST.replace("\r\n", "\n").lstrip("\ufeff\n"))
    assert [found.title for found in own] == [one.get("title") or one.get("primary_title") for one in others]
    assert [found.abstract for found in own] == [one.get("abstract", "") for one in others]


def test_record_without_an_end_is_read_and_told():
    (first, second), _outside = read("TY  - BOOK\nTI  - One\nTY  - BOOK\nTI  - Two\n")
    assert (first.title, second.title) == ("One", "Two")
    assert all("ER" in found.remarks[0] for found in (first, second))


def test_lines_before_the_first_record_are_told_once():
    found, outside = read("Dear colleagues,\nhere it is:\nTY  - BOOK\nTI  - One\nER  - \n")
    assert [one.title for one in found] == ["One"]
    assert [(line.number, line.problems[0].value) for line in outside] == [(1, "Dear colleagues,")]


def test_second_title_and_unknown_type_are_kept():
    (found,), _outside = read("TY  - WEIRD\nTI  - One\nTI  - Eins\nER  - \n")
    assert found.kind == "document"
    assert {"field": "TY", "words": "WEIRD"} in found.unplaced
    assert {"field": "TI", "words": "Eins"} in found.unplaced


def test_very_long_field_is_read():
    (found,), _outside = read(f"TY  - BOOK\nTI  - One\nAB  - {'word ' * 40_000}\nER  - \n")
    assert len(found.abstract) == 199_999


@pytest.mark.parametrize(("value", "date"), [
    ("2019/05/03/", "2019-05-03"), ("2019/05//", "2019-05"), ("2019///", "2019"), ("2019", "2019"), ("May 2019", "2019-05"),
    ("2019/13/01", ""), ("soon", ""), ("2019-05-03T10:00:00Z", "2019-05-03"),
])  # fmt: skip
def test_dates(value, date):
    (found,), _outside = read(f"TY  - BOOK\nTI  - One\nPY  - {value}\nER  - \n")
    assert found.date == date


@settings(max_examples=200, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from("TYERAUIDPS0129- \n,;/éу") | st.characters(exclude_categories=["Cs"]), max_size=150
    )
)
def test_nothing_that_is_typed_breaks_it(text):
    for wrapped in (
        text,
        f"TY  - {text}\nER  - ",
        f"TY  - RPRT\nPY  - {text}\nAU  - {text}\nSN  - {text}\nDO  - {text}",
    ):
        found, _outside = ris.read(wrapped)
        assert all(one.number for one in found)


def test_what_stands_between_and_after_entries_is_told_each_time():
    entry = "TY  - BOOK\nTI  - One\nER  - \n"
    found, outside = ris.read(f"Provider: X\nContent: text\n{entry}between\n{entry}\nafter\nall\n")
    assert len(found) == 2
    assert [(line.number, line.problems[0].value) for line in outside] == [
        (1, "Provider: X"),
        (6, "between"),
        (11, "after"),
    ]
