"""OAI-PMH as it is spoken, and as it is when something is wrong."""

import datetime
from email.utils import format_datetime

import pytest

from portal.imports.entries import Unreadable
from publications.harvesting import client
from tests.publications.harvesting.conftest import ANSWERED, envelope, error, record


def refused(ask, *arguments, **limits):
    with pytest.raises(Unreadable) as caught:
        ask(**limits).harvest(*arguments)
    return str(caught.value)


def test_pages_are_followed_to_the_last(repository, ask):
    repository.pages = [[record("a", title="A"), record("b", deleted=True)], [record("c", title="C")]]
    found = ask().harvest()
    assert [(one.identifier, one.is_deleted) for one in found.records] == [("a", False), ("b", True), ("c", False)]
    assert (found.name, found.answered, found.is_complete) == ("Arrivals", ANSWERED, True)
    assert [one["verb"] for one in repository.asked] == ["Identify", "ListRecords", "ListRecords"]
    assert repository.asked[2] == {"verb": "ListRecords", "resumptionToken": "1"}


def test_set_and_date_are_asked_for_as_finely_as_the_repository_tells_time(repository, ask):
    repository.pages = [[record("a", title="A")]]
    ask().harvest("com:1", "2026-01-02T03:04:05Z")
    assert repository.asked[1] | {"set": "com:1", "from": "2026-01-02T03:04:05Z"} == repository.asked[1]
    repository.identity = repository.identity.replace("YYYY-MM-DDThh:mm:ssZ", "YYYY-MM-DD")
    ask().harvest("", "2026-01-02T03:04:05Z")
    assert repository.asked[3]["from"] == "2026-01-02"
    assert "set" not in repository.asked[3]


def test_nothing_that_matches_is_an_answer(repository, ask):
    found = ask().harvest("", "2026-01-02")
    assert (found.records, found.is_complete, found.answered) == ([], True, ANSWERED)


@pytest.mark.parametrize(("code", "words"), [
    ("badArgument", "look at the set and the date"), ("badResumptionToken", "no longer valid"), ("badVerb", "no OAI-PMH 2.0"),
    ("cannotDisseminateFormat", "no Dublin Core"), ("noSetHierarchy", "leave the set empty"), ("oddError", "our own words"),
])  # fmt: skip
def test_each_error_is_told_in_words(repository, ask, code, words):
    repository.script = [(200, {}, envelope(repository.identity)), (200, {}, error(code, "our own words"))]
    told = refused(ask)
    assert f"“{code}”" in told
    assert words in told


@pytest.mark.parametrize(("answer", "words"), [
    ((200, {}, b"<!DOCTYPE html><html><body>Welcome</body></html>"), "a page for people (HTML)"),
    ((200, {}, b"\xef\xbb\xbf\n<html lang='en'></html>"), "a page for people (HTML)"),
    ((200, {}, b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x" "y"><html/>'), "a page for people (HTML)"),
    ((200, {}, b"<rss/>"), "no OAI-PMH 2.0"),
    ((200, {}, b"<OAI-PMH"), "no well-formed XML"),
    ((200, {}, b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "document type or entities"),
    ((200, {"Content-Encoding": "gzip"}, b"\x1f\x8b"), "packed form"),
    ((302, {"Location": "http://127.0.0.1/elsewhere"}, b""), "leads to http://127.0.0.1/elsewhere (302)"),
    ((404, {}, b"gone"), "status 404"),
    ((403, {}, b""), "status 403"),
    ((503, {"Retry-After": "86400"}, b""), "left alone for 86400 seconds"),
    ((200, {}, envelope("<Identify><protocolVersion>1.1</protocolVersion></Identify>")), "does not say that it speaks"),
    ((200, {}, error("badVerb")), "“badVerb”"),
])  # fmt: skip
def test_answer_that_is_none_is_told(repository, ask, answer, words):
    repository.script = [answer]
    assert words in refused(ask)
    assert len(repository.asked) == 1


def test_busy_repository_is_asked_again_after_as_long_as_it_wants(repository, ask):
    repository.pages = [[record("a", title="A")]]
    later = format_datetime(datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=30), usegmt=True)
    repository.script = [(503, {"Retry-After": "7"}, b""), (429, {"Retry-After": later}, b""), (500, {}, b"")]
    own = ask()
    assert len(own.harvest().records) == 1
    assert own.slept[0] == 7
    assert 20 < own.slept[1] <= 30
    assert own.slept[2] == 8


def test_repository_that_stays_broken_is_left(repository, ask):
    repository.script = [(500, {}, b"")] * 4
    assert "status 500" in refused(ask)
    assert len(repository.asked) == 4


def test_host_that_does_not_answer_is_left_after_some_tries(repository, ask):
    repository.shutdown()
    repository.server_close()
    own = ask()
    with pytest.raises(Unreadable, match="does not answer"):
        own.harvest()
    assert own.slept == [2, 4, 8]


def test_house_is_not_harvested(repository):
    with pytest.raises(Unreadable, match="none that may be asked"):
        client.Client(repository.url).harvest()
    assert not repository.asked


def test_token_in_a_circle_is_stopped(repository, ask):
    body = envelope(f"<ListRecords>{record('a', title='A')}<resumptionToken>x</resumptionToken></ListRecords>")
    repository.script = [(200, {}, envelope(repository.identity)), (200, {}, body), (200, {}, body)]
    assert "again and again" in refused(ask)


def test_token_is_sent_back_as_it_was_given(repository, ask):
    body = envelope("<ListRecords><resumptionToken> a  b+c&amp;d=1 </resumptionToken></ListRecords>")
    repository.script = [(200, {}, envelope(repository.identity)), (200, {}, body), (200, {}, error("noRecordsMatch"))]
    refused(ask)
    assert repository.asked[-1]["resumptionToken"] == "a  b+c&d=1"


def test_page_in_the_middle_that_is_no_xml_is_told_with_the_address(repository, ask):
    repository.script = [(200, {}, envelope(repository.identity)), (200, {}, b"<OAI-PMH")]
    told = refused(ask)
    assert repository.url in told
    assert "line 1, column" in told
    assert "Harvest it again" in told


@pytest.mark.parametrize(("limit", "words"), [
    ({"pages": 2}, "more than 2 pages"), ({"records": 2}, "more than 2 records"), ({"size": 900}, "more than"),
    ({"seconds": 0}, "longer than 0 seconds"),
])  # fmt: skip
def test_limit_ends_the_harvest_and_says_so(repository, ask, limit, words):
    repository.pages = [[record(f"{n}", title="A")] for n in range(5)]
    found = ask(**limit).harvest()
    assert not found.is_complete
    assert 1 <= len(found.records) < 5
    assert words in found.remarks[0]


def test_page_that_is_too_large_is_refused(repository, ask):
    repository.pages = [[record("a", title="A" * 5000)]]
    assert "too large" in refused(ask, page_size=2000)


@pytest.mark.parametrize(
    ("value", "seconds"), [("120", 120), ("", None), ("soon", None), ("-1", None), ("Wed, 21 Oct 2015 07:28:00 GMT", 0)]
)
def test_times_to_wait(value, seconds):
    assert client.seconds_of(value) == seconds
