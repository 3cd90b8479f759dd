"""Pictures of pages: drawn from the PDF, for those who may see the record, and never a reason for an error."""

import io
import shutil
from pathlib import Path

import pytest
from PIL import Image

from publications import extraction, pictures
from tests.factories import make_publication, publish
from tests.pdfs import make_pdf
from tests.publications.test_text import attach

pytestmark = pytest.mark.one_database

COVER, FIRST = "/publications/report/en/cover.jpg", "/publications/report/en/1.jpg"


@pytest.fixture(autouse=True)
def kept(settings, tmp_path):
    settings.PICTURES_DIR = tmp_path / "pictures"
    return settings.PICTURES_DIR


@pytest.fixture
def file(db):
    return attach(make_pdf("A page with words", "Another"), "report.pdf")


def image(response):
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    return Image.open(io.BytesIO(response.content))


def test_cover_and_pages_are_drawn_in_two_sizes_and_no_other(client, file):
    cover, first, second = (image(client.get(address)) for address in (COVER, FIRST, FIRST.replace("/1.", "/2.")))
    assert (cover.width, first.width, second.width) == (320, 960, 960)
    assert cover.height == pytest.approx(320 * 842 / 595, abs=1)
    assert min(first.convert("L").tobytes()) < 100 < max(first.convert("L").tobytes())  # dark letters on white paper
    assert first.tobytes() != second.tobytes()
    assert image(client.get(f"{FIRST}?width=5000")).width == 960


def test_picture_is_drawn_once_and_again_when_it_was_thrown_away(client, file, kept, monkeypatch):
    before = client.get(COVER).content
    drawn = []
    draw = pictures._draw
    monkeypatch.setattr(pictures, "_draw", lambda *args: drawn.append(args) or draw(*args))
    assert client.get(COVER).content == before
    assert not drawn
    shutil.rmtree(kept)
    assert client.get(COVER).content == before
    assert len(drawn) == 1


def test_picture_is_known_by_the_file_and_not_sent_again(client, file):
    response = client.get(COVER)
    assert response["ETag"] == f'"{file.sha256}-1-320"'
    assert response["Cache-Control"] == "public, max-age=0"
    assert "Set-Cookie" not in response
    assert client.get(COVER, headers={"if-none-match": response["ETag"]}).status_code == 304
    assert client.head(COVER).status_code == 200
    assert client.post(COVER).status_code == 405


@pytest.mark.parametrize("address", ["3.jpg", "0.jpg", "999999.jpg", "1.png", "cover.png"])
def test_page_that_is_not_there_has_no_picture(client, file, address):
    assert client.get(f"/publications/report/en/{address}").status_code == 404


def test_text_has_no_picture(client, db):
    attach(b"Only words.", "report.txt")
    assert client.get(COVER).status_code == 404


def test_pictures_of_hidden_records_are_for_those_who_may_see_the_record(client, editor):
    publication = make_publication(slug="report")
    attach(make_pdf("Not yet"), "report.pdf", publication)
    assert [client.get(address).status_code for address in (COVER, FIRST)] == [404, 404]
    client.force_login(editor)
    assert [client.get(address).status_code for address in (COVER, FIRST)] == [200, 200]
    assert client.get(COVER)["Cache-Control"] == "private, no-store"
    client.logout()
    assert client.get(COVER).status_code == 404  # also now that it is drawn
    publish(publication)
    assert client.get(COVER).status_code == 200
    publication.withdraw(by=publication.approved_by, reason="Replaced.")
    assert client.get(COVER).status_code == 410


def test_page_that_cannot_be_drawn_is_a_404_and_not_tried_at_every_request(client, file, monkeypatch):
    Path(file.file.path).write_bytes(b"%PDF-1.4 broken on the disk")
    assert client.get(COVER).status_code == 404
    monkeypatch.setattr(pictures, "_draw", lambda *args: pytest.fail("tried again"))
    assert client.get(COVER).status_code == 404
    Path(file.file.path).unlink()


def test_page_that_takes_too_long_is_a_404(client, file, monkeypatch):
    monkeypatch.setattr(pictures, "LIMITS", pictures.sandbox.Limits(wall=0.01))
    assert client.get(COVER).status_code == 404


def test_file_that_is_gone_has_no_picture_until_it_is_back(client, file):
    content = Path(file.file.path).read_bytes()
    Path(file.file.path).unlink()
    assert client.get(COVER).status_code == 404
    Path(file.file.path).write_bytes(content)
    assert client.get(COVER).status_code == 200


def test_too_many_pages_at_one_time_are_put_off(client, file, monkeypatch):
    monkeypatch.setattr(pictures, "PATIENCE", 0)
    for _n in range(2):
        pictures.AT_ONE_TIME.acquire()
    try:
        response = client.get(COVER)
    finally:
        for _n in range(2):
            pictures.AT_ONE_TIME.release()
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert client.get(COVER).status_code == 200


def test_cover_stands_on_the_page_and_on_the_shelf_once_the_file_was_read(client, file):
    assert "cover.jpg" not in client.get("/publications/report/").content.decode()
    assert extraction.extract(file.pk)
    page = client.get("/publications/report/").content.decode()
    assert f'src="{COVER}" width="320" height="453" loading="lazy" alt="First page of “' in page
    assert COVER in client.get("/").content.decode()


def test_publication_in_several_languages_shows_the_cover_of_the_original(client, db):
    publication = make_publication(published=True, slug="report", language="fr")
    for language in ("en", "fr"):
        file = attach(make_pdf(language), f"{language}.pdf", publication, language=language)
        assert extraction.extract(file.pk)
    assert publication.cover.language == "fr"
