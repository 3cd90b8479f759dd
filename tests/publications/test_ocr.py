"""Pages without a text layer: recognised where Tesseract is installed, and told of honestly where it is not."""

import io
import shutil
from random import Random

import pytest
from PIL import Image

from publications import extraction, ocr
from publications.models import PublicationFile
from publications.text import PageText
from tests.pdfs import join, make_pdf, make_scan
from tests.publications.test_text import attach

pytestmark = pytest.mark.one_database

needs_tesseract = pytest.mark.skipif(not shutil.which("tesseract"), reason="Tesseract is not installed")
SCANNED = "The ministers agreed on readmission\nand on the return of unaccompanied minors."


def read(file, **options):
    assert extraction.extract(file.pk, **options)
    file.refresh_from_db()
    return list(file.text_pages.all())


@needs_tesseract
def test_page_that_is_a_picture_of_text_is_recognised_and_marked(client, db):
    file = attach(join(make_pdf("A page with a text layer"), make_scan(SCANNED, "")), "report.pdf")
    typed, scanned, empty = read(file)
    assert (typed.text, typed.is_ocr) == ("A page with a text layer", False)
    assert (" ".join(scanned.text.split()), scanned.is_ocr) == (" ".join(SCANNED.split()), True)
    assert 0.8 < scanned.quality <= 1
    assert scanned.original_text == ""
    assert (empty.text, empty.is_ocr) == ("", False)
    assert file.last_error == ""
    told = "Read by optical character recognition"
    assert told in client.get("/publications/report/en/2/").content.decode()
    assert told not in client.get("/publications/report/en/1/").content.decode()


@needs_tesseract
def test_text_layer_that_no_one_can_read_gives_way_to_the_look_of_the_page(db, monkeypatch):
    file = attach(make_scan(SCANNED), "report.pdf")
    broken = PageText(1, "", "xq#zz§ " * 40, "xq#zz§ " * 40, quality=0.05)
    monkeypatch.setattr(extraction, "read_pages", lambda *args: [broken])
    page = read(file)[0]
    assert "readmission" in page.text
    assert page.original_text == broken.original_text


def test_usable_text_is_left_alone():
    assert not ocr.has_no_text(PageText(1, "", "Foreword", ""))
    assert not ocr.has_no_text(PageText(1, "", "x# y# z#", "", quality=0.1))  # too few to say
    assert not ocr.has_no_text(PageText(1, "", "word " * 40, "", quality=0.8))
    assert ocr.has_no_text(PageText(1, "", " – • \n", ""))


def test_scan_without_tesseract_is_a_page_without_text_and_editors_are_told(client, db, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    file = attach(make_scan(SCANNED), "report.pdf")
    page = read(file)[0]
    assert (page.text, page.is_ocr, file.state) == ("", False, PublicationFile.State.DONE)
    assert file.last_error == "1 page holds no text, and Tesseract is not installed for this language (en)."
    assert "holds no text that can be read" in client.get("/publications/report/en/1/").content.decode()


@needs_tesseract
def test_language_tesseract_has_not_learnt_is_not_read_in_another(db):
    file = attach(make_scan(SCANNED), "report.pdf", language="eo")
    assert read(file)[0].text == ""
    assert "(eo)" in file.last_error


@pytest.mark.parametrize(
    "code, there, asked",
    [
        ("en", {"eng"}, "eng"),
        ("ar", {"eng", "ara"}, "ara+eng"),
        ("ar", {"ara"}, "ara"),
        ("ar", {"eng"}, ""),
        ("pt-BR", {"por"}, "por"),
        ("sr-Latn", {"srp", "srp_latn"}, "srp_latn"),
        ("xx", {"eng"}, ""),
        ("fr", set(), ""),
    ],
)
def test_language_of_a_file_chooses_what_tesseract_is_asked_for(monkeypatch, code, there, asked):
    monkeypatch.setattr(ocr, "_installed", lambda program: frozenset(there))
    monkeypatch.setattr(ocr.shutil, "which", lambda name: name)
    assert ocr.languages_for(code) == asked


@needs_tesseract
def test_pages_that_are_not_reached_in_time_are_told_of(db):
    file = attach(make_scan(SCANNED, "Another sheet."), "report.pdf")
    assert [page.text for page in read(file, patience=-1)] == ["", ""]
    assert "2 pages hold no text and were not reached in time" in file.last_error


@needs_tesseract
def test_page_that_breaks_the_program_costs_itself_alone(db, monkeypatch):
    page = PageText(1, "", "", "")
    for limits in (ocr.sandbox.Limits(wall=0.05), ocr.sandbox.Limits(memory=1 << 24)):
        monkeypatch.setattr(ocr, "LIMITS", limits)
        assert ocr.read(io.BytesIO(make_scan(SCANNED)), page, "eng", lambda: None) is None


@needs_tesseract
def test_photograph_is_not_read_as_text(db):
    noise = Image.frombytes("L", (400, 400), Random(1).randbytes(160_000)).resize((1240, 1754))  # noqa: S311
    out = io.BytesIO()
    noise.save(out, "PDF", resolution=150)
    assert read(attach(out.getvalue(), "report.pdf"))[0].text == ""
