"""Files that are no IATI activities, or not quite: what is wrong is said, and nothing breaks."""

import pytest

from portal.imports.entries import Unreadable
from portal.safe_xml import parse
from projects.activities.reading import MOST_ACTIVITIES, found_in
from tests.factories import make_organisation
from tests.projects.activities.files import activity, element, file_of, told

pytestmark = pytest.mark.one_database

ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><iati-activities version="2.03">&b;</iati-activities>'

EXTERNAL = b'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><iati-activities version="2.03"/>'
PARAMETERS = b'<!DOCTYPE x [<!ENTITY % a SYSTEM "file:///etc/passwd">%a;]><iati-activities version="2.03"/>'


@pytest.mark.parametrize("version", ["2.01", "2.02", "2.03"])
def test_versions_that_are_read(read, version):
    found = read(activity(), version=version)
    assert len(found.entries) == 1
    assert not found.remarks


def test_later_version_is_read_and_told(read):
    found = read(activity(), version="2.04")
    assert len(found.entries) == 1
    assert "2.04" in found.remarks[0]


@pytest.mark.parametrize(
    "content, words",
    [
        (file_of(activity(), version="1.05"), "version 1.05"),
        (file_of(activity(), version=""), "does not say which version"),
        (file_of(activity(), version="three"), "“three”"),
        (file_of(activity(), root="iati-organisations"), "file of organisations"),
        (file_of(activity(), root="html"), "begins with “html”"),
        (b'<x:iati-activities xmlns:x="u" version="2.03"/>', "no IATI file"),
        (file_of(), "no activity"),
        (file_of(*["<iati-activity/>"] * (MOST_ACTIVITIES + 1)), "at most 10000"),
        (ENTITIES, "entities"),
        (EXTERNAL, "document type"),
        (PARAMETERS, "document type"),
        (file_of(activity())[:-5], "no well-formed XML"),
        (file_of(activity(title="\x00")), "no well-formed XML"),
        (b"", "no well-formed XML"),
        (b"\xff\xfe\x00\x00", "no well-formed XML"),
        (b"PK\x03\x04 a spreadsheet", "no well-formed XML"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "encoding"),
        (file_of("<x>" * 100 + "</x>" * 100), "nested too deeply"),
    ],
)
def test_what_cannot_be_read_says_why(problem, content, words):
    assert words in problem(content)


def test_file_in_another_encoding_is_read(db):
    text = file_of(activity(title="Füße")).decode().replace("UTF-8", "ISO-8859-1")
    assert found_in(parse(text.encode("iso-8859-1"))).entries[0].label == "Füße"


def test_activities_without_identifier_or_title_are_told_with_their_numbers(read):
    found = read(activity("A"), activity(None), activity("C", title=None), activity("D", title="  "))
    told = [(line.number, [problem.field for problem in line.problems]) for line in found.lines]
    assert told == [(2, ["iati-identifier"]), (3, ["title"]), (4, ["title"])]
    assert [entry.key for entry in found.entries] == ["A"]


def test_second_activity_with_an_identifier_is_told_which_was_first(read):
    found = read(activity("A"), activity(" A "))
    assert (found.lines[0].number, found.lines[0].problems[0].value) == (2, "A")
    assert "Activity 1 " in found.lines[0].problems[0].message


def test_identifier_that_is_too_long_is_told(read):
    [line] = read(activity("x" * 121)).lines
    assert "120" in line.problems[0].message


def test_row_keys_are_the_same_whenever_a_file_is_read(read):
    result = element("result", children=told("title", "Staff trained"))
    first, second = (read(activity("A", result)).entries[0].said["rows"] for _n in range(2))
    assert first == second
    assert first != read(activity("B", result)).entries[0].said["rows"]


@pytest.mark.parametrize("name", ["title", "description", "participating-org", "other", "narrative"])
def test_200000_characters_anywhere_are_read(read, name):
    long = told(name, "x" * 200_000, role="1", type="1")
    found = read(activity("A", long, title=None if name == "title" else "Safe Routes"))
    assert len(found.entries) == 1


def test_nothing_hostile_in_attributes_breaks_the_reading(read):
    odd = "".join(
        element(
            name,
            code="\u202e' OR 1=1",
            type="💥",
            role="\ufeff",
            ref="{}",
            percentage="∞",
            iso_date="9" * 5000,
            url="//",
        )
        for name in ("sector", "recipient-country", "recipient-region", "participating-org", "document-link", "budget")
    )
    assert read(activity("A", odd)).entries[0].remarks


def test_reference_as_long_as_a_book_makes_no_name_longer_than_one(read):
    both = "".join(told("participating-org", "Same name", role="1", ref=sign * 400) for sign in "xy")
    names = read(activity("A", participants=both)).names.known.values()
    assert len(names) == 2
    assert all(len(one["name"]) <= 255 for one in names)


def test_one_reference_is_one_organisation_whatever_it_is_called(read):
    known = make_organisation(name="Sweden Aid")
    both = "".join(told("participating-org", name, role="1", ref="SE-6") for name in ("Sweden Aid", "Sida"))
    found = read(activity("A", participants=both))
    assert [row["fields"]["organisation"] for row in found.entries[0].said["rows"]["roles"]] == [known.pk]
    assert not found.names.known


@pytest.mark.parametrize("said", ["2020-13-45", "0001-01-01", "soon", ""])
def test_file_that_does_not_say_when_states_no_stage(read, said):
    status = element("activity-status", code="2")
    [entry] = read(activity("A", status=status, dates=""), generated=said).entries
    assert "stage_as_of" not in entry.said["fields"]


def test_long_comments_and_attributes_are_read_in_one_pass(read):
    huge = "x" * 9_000_000
    assert len(read(activity("A", f"<!--{huge}-->", element("other", code=huge))).entries) == 1


def test_many_activities_cost_no_more_queries_than_one(db, django_assert_max_num_queries):
    one = activity("{n}")
    root = parse(file_of(*(one.replace("{n}", f"A-{n}") for n in range(2000))))
    with django_assert_max_num_queries(25):
        assert len(found_in(root).entries) == 2000


def test_organisation_file_of_the_admin_is_refused_not_broken(db):
    with pytest.raises(Unreadable):
        found_in(parse(b"<a/>"))
