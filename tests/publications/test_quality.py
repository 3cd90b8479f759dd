"""The report on text quality: the worst first, and only what its reader may see."""

import re

import pytest

from publications.models import PublicationFile
from tests.factories import make_publication
from tests.publications.test_files import attach

State = PublicationFile.State


@pytest.fixture
def desk(client, colleague):
    client.force_login(colleague)
    return client


def file(title, published=True, state=State.DONE, quality=1.0, error="", pages=(), language="en", **fields):
    made = attach(make_publication(title=title, published=published, **fields), title.encode(), language=language)
    PublicationFile.objects.filter(pk=made.pk).update(state=state, text_quality=quality, last_error=error)
    made.text_pages.all().delete()
    for number, (repairs, gaps, page_quality) in enumerate(pages, 1):
        made.text_pages.create(number=number, text="x", repairs=repairs, gaps=gaps, quality=page_quality)
    return made


@pytest.fixture
def files(db):
    file("Sound", pages=[(0, 0, 1.0)])
    file("Worn", quality=0.7, pages=[(3, 1, 0.9), (9, 5, 0.5), (0, 0, 1.0)], language="fr", slug="worn")
    file("Failed", state=State.FAILED, quality=None, error="It is encrypted.")
    file("Waiting", state=State.WAITING, quality=None)
    file("Mended", quality=0.99, pages=[(4, 0, 0.99)])


def titles(client, query=""):
    response = client.get(f"/staff/quality/{query}")
    assert response.status_code == 200
    return [str(one.publication) for one in response.context["page"]]


def test_worst_file_stands_first(desk, files):
    assert titles(desk) == ["Failed", "Waiting", "Worn", "Mended", "Sound"]


def test_row_says_what_was_repaired_and_lost_and_where_it_is_worst(desk, files):
    page = desk.get("/staff/quality/?language=fr").content.decode()
    assert re.findall(r'<td class="n">(?:<a [^>]*>)?([^<]*)', page) == ["0.700", "3", "12", "6"]
    assert 'href="/publications/worn/fr/2/"' in page
    assert "It is encrypted." in desk.get("/staff/quality/").content.decode()


@pytest.mark.parametrize(
    "query, expected",
    [
        ("?state=failed", ["Failed"]),
        ("?language=fr", ["Worn"]),
        ("?only=poor", ["Worn"]),
        ("?only=repaired", ["Worn", "Mended"]),
        ("?only=lost", ["Worn"]),
        ("?only=error", ["Failed"]),
        ("?q=sou", ["Sound"]),
        ("?q=nothing", []),
    ],
)
def test_report_is_narrowed(desk, files, query, expected):
    assert titles(desk, query) == expected


@pytest.mark.parametrize("query", ["?state=x", "?language=xx", "?only=all", "?q=" + "x" * 300])
def test_filter_that_cannot_be_read_is_said(desk, files, query):
    response = desk.get(f"/staff/quality/{query}")
    assert response.status_code == 400
    assert "errorlist" in response.content.decode()


def test_files_of_drafts_are_for_editors(desk, client, files, editor):
    file("Draft", published=False)
    file("Internal", audience="staff")
    assert "Draft" not in titles(desk)
    assert "Internal" in titles(desk)
    client.force_login(editor)
    assert "Draft" in titles(client)


def test_desk_says_how_the_library_stands(desk, files):
    page = desk.get("/staff/").content.decode()
    assert "5 files, 1 waits to be read, 1 could not be read" in page
    assert 'href="/staff/quality/"' in page
