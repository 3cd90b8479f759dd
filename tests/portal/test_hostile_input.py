"""Hostile addresses: whatever a stranger puts into one, no page answers with a server error."""

import itertools
import random

import pytest
from django.test import Client

from tests.factories import make_country, make_project

STRINGS = [
    "'", '"', "\\", "%", "_", "%%", "--", ";", "'; DROP TABLE projects_project; --", "' OR 1=1 --", "${7*7}", "{{7*7}}",
    "{% debug %}", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "javascript:alert(1)", "../../etc/passwd",
    "..%2f..%2f", "a" * 199, "a" * 5000, "é" * 200, "\u202e\u2066", "\ufeff", "\U0001f600", "𝕬" * 50, "ا" * 200,
    "0", "-1", "1e309", "NaN", "Infinity", "9" * 400, "0x10", "٣", "²", "1_000", " ", "\t", "\n", "\r\nX: y", "+", "&", "=",
    "*", "?", "#", "[]", "{}", "()", "NULL", "None", "true", "NOT", "AND OR NOT", "NEAR/5", '"unbalanced', "a" + " b" * 100,
    "title:x", "^", "~", "|", "!", "@", "__class__", "pk__in", "id__gt=0",
]  # fmt: skip
NAMES = ["q", "country", "theme", "donor", "status", "from", "sort", "page", "pk__in"]
LISTS = ["/projects/", "/dialogues/", "/publications/", "/events/", "/search/", "/dialogues/meetings/"]
MEETINGS = ["q", "when", "year", "dialogue", "type", "mode", "country", "series", "month"]
TRACE = ["instrument", "domain", "country", "activity", "year_from", "year_to", "gap", "page"]


@pytest.fixture
def stranger(db):
    make_project(countries=[make_country()], published=True)
    return Client(raise_request_exception=True)


@pytest.mark.parametrize(
    "address, names",
    [
        ("/projects/", NAMES),
        *((one, ["q", "page"]) for one in LISTS[1:]),
        *((one, TRACE) for one in ("/dialogues/trace/", "/dialogues/trace.csv", "/dialogues/trace.json")),
        *((one, MEETINGS) for one in ("/dialogues/meetings/", "/dialogues/meetings.ics")),
    ],
)
def test_no_parameter_breaks_a_list(stranger, address, names):
    for name, value in itertools.product(names, STRINGS):
        response = stranger.get(address, {name: value})
        assert response.status_code in {200, 400, 404}, (name, value[:40])


def test_no_mixture_of_parameters_breaks_a_list(stranger):
    dice = random.Random(22)  # noqa: S311 (a fixed seed, so that a failure can be repeated)
    for _ in range(150):
        query = [(dice.choice(NAMES), dice.choice(STRINGS)) for _ in range(dice.randint(1, 6))]
        grouped = {}
        for name, value in query:
            grouped.setdefault(name, []).append(value)
        assert stranger.get(dice.choice(LISTS), grouped).status_code in {200, 400, 404}, query


@pytest.mark.parametrize(
    "pattern", ["/{}/", "/projects/{}/", "/countries/{}/", "/publications/{}/en.pdf", "/ar/{}", "/{}.csv"]
)
def test_no_path_breaks_the_site(stranger, pattern):
    from urllib.parse import quote

    for value in STRINGS:
        assert stranger.get(pattern.format(quote(value[:900], safe=""))).status_code in {200, 301, 400, 404}, value[:40]


@pytest.mark.parametrize(
    "query", [b"q=\xff\xfe", b"q=%ff%fe", b"%00=%00", b"q=%ed%a0%80", b"page=%80", b"=", b"&&&&", b"q"]
)
def test_broken_encoding_is_answered(stranger, query):
    for address in LISTS:
        assert stranger.get(address, QUERY_STRING=query.decode("latin-1")).status_code in {200, 400, 404}


@pytest.mark.parametrize("host", ["evil.example", "localhost:99999", "a b", "[::1", ""])
def test_foreign_host_is_refused_and_never_echoed(client, db, host, settings):
    settings.ALLOWED_HOSTS = ["portal.example"]
    response = client.get("/", headers={"host": host or "x"})
    assert response.status_code == 400
    assert host == "" or host not in response.content.decode()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_other_methods_are_refused(stranger, method):
    for address in LISTS:
        assert getattr(stranger, method)(address).status_code == 405
