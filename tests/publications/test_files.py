"""Files of publications: sent whole or in part, under a header's name, to whom they belong and to nobody else."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from publications.models import PublicationFile
from tests.factories import make_publication

TEXT = b"The first page.\fThe second page, with an accent: \xc3\xa9."


def attach(publication, content=TEXT, name="Report of the year.txt", language="en"):
    file = PublicationFile(publication=publication, language=language, file=SimpleUploadedFile(name, content))
    file.full_clean()
    file.save()
    return file


@pytest.fixture
def file(db):
    return attach(make_publication(published=True, slug="report"))


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_file_is_sent_under_the_address_of_its_record(client, file):
    response = client.get("/publications/report/en.txt")
    assert response.status_code == 200
    assert body(response) == TEXT
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Length"] == str(len(TEXT))
    assert response["Content-Language"] == "en"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == 'inline; filename="Report of the year.txt"'
    assert "sandbox" in response["Content-Security-Policy"]
    assert (file.pages, file.format, file.size) == (2, "txt", len(TEXT))


def test_file_is_stored_under_its_checksum_and_never_under_its_name(file):
    assert file.file.name == f"publications/{file.sha256[:2]}/{file.sha256}.txt"


def test_page_web_browsers_would_run_is_sent_as_a_download(client, db):
    attach(make_publication(published=True, slug="page"), b"<!doctype html><script>alert(1)</script>", "page.html")
    response = client.get("/publications/page/en.html")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_name_that_would_fool_a_reader_is_sent_without_its_tricks(client, db):
    attach(make_publication(published=True, slug="trick"), TEXT + b"!", "gpj.\u202etxt.txt")
    assert "\u202e" not in client.get("/publications/trick/en.txt")["Content-Disposition"]
    assert "%E2%80%AE" not in client.get("/publications/trick/en.txt")["Content-Disposition"]


@pytest.mark.parametrize(
    "asked, status, part",
    [
        ("bytes=0-3", 206, slice(0, 4)),
        ("bytes=4-", 206, slice(4, None)),
        ("bytes=-5", 206, slice(-5, None)),
        ("bytes=10-99999", 206, slice(10, None)),
        ("bytes=-99999", 206, slice(None)),
        ("bytes=99999-", 416, slice(0, 0)),
        ("bytes=-0", 416, slice(0, 0)),
        ("bytes=5-2", 200, slice(None)),
        ("bytes=0-1,4-5", 200, slice(None)),
        ("bytes=-", 200, slice(None)),
        ("pages=1-2", 200, slice(None)),
        ("bytes=" + "9" * 400 + "-", 200, slice(None)),
    ],
)
def test_part_of_a_file(client, file, asked, status, part):
    response = client.get("/publications/report/en.txt", headers={"range": asked})
    assert response.status_code == status
    assert body(response) == TEXT[part]
    if status == 206:
        first, last, _step = part.indices(len(TEXT))
        assert response["Content-Range"] == f"bytes {first}-{last - 1}/{len(TEXT)}"
    if status == 416:
        assert response["Content-Range"] == f"bytes */{len(TEXT)}"


def test_known_file_is_not_sent_again(client, file):
    etag = client.get("/publications/report/en.txt")["ETag"]
    assert etag == f'"{file.sha256}"'
    assert client.get("/publications/report/en.txt", headers={"if-none-match": etag}).status_code == 304
    changed = client.get("/publications/report/en.txt", headers={"range": "bytes=0-3", "if-range": '"other"'})
    assert changed.status_code == 200


@pytest.mark.parametrize("address", ["fr.txt", "en.pdf", "en.exe", "EN.txt"])
def test_file_that_is_not_there_is_a_404(client, file, address):
    assert client.get(f"/publications/report/{address}").status_code == 404


def test_files_of_hidden_records_are_for_those_who_may_see_the_record(client, colleague, editor):
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    hidden = {
        "draft": make_publication(slug="draft"),
        "staff": make_publication(slug="staff", published=True, audience="staff"),
        "embargo": make_publication(slug="embargo", published=True, embargo_until=tomorrow),
    }
    for name, publication in hidden.items():
        attach(publication, name.encode())
        assert client.get(f"/publications/{name}/en.txt").status_code == 404
    client.force_login(colleague)
    assert [client.get(f"/publications/{name}/en.txt").status_code for name in hidden] == [404, 200, 200]
    assert client.get("/publications/staff/en.txt")["Cache-Control"] == "private, no-store"
    client.force_login(editor)
    assert [client.get(f"/publications/{name}/en.txt").status_code for name in hidden] == [200, 200, 200]


def test_stored_files_have_no_address_of_their_own(client, file):
    for address in (
        f"/files/{file.file.name}",
        f"/media/{file.file.name}",
        f"/{file.file.name}",
        f"/static/{file.file.name}",
    ):
        assert client.get(address).status_code == 404
