"""Text of files: page by page, by a program of its own under limits, whatever happens to the one who reads."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal import sandbox
from publications import extraction
from publications.models import PublicationFile
from publications.structure import recognise
from publications.text import extract_pages, tidy
from tests.factories import make_publication
from tests.pdfs import make_pdf

pytestmark = pytest.mark.one_database

State = PublicationFile.State


def docx(*paragraphs, head=""):
    body = "".join(
        '<w:p><w:r><w:br w:type="page"/></w:r></w:p>' if text is None else f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
        for text in paragraphs
    )
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"{head}<w:document {space}><w:body>{body}</w:body></w:document>")
    return packed.getvalue()


def texts(content, format):
    return [page.text for page in extract_pages(io.BytesIO(content), format)]


def attach(content, name, publication=None, **fields):
    file = PublicationFile(
        publication=publication or make_publication(published=True, slug="report"),
        file=SimpleUploadedFile(name, content),
        **fields,
    )
    file.save()
    return file


def test_pdf_gives_its_pages_in_order():
    assert texts(make_pdf("Trafficking in human beings", "Second page"), "pdf") == [
        "Trafficking in human beings",
        "Second page",
    ]


def test_printed_labels_are_kept_beside_numbers():
    pages = list(extract_pages(io.BytesIO(make_pdf("a", "b", labels=True)), "pdf"))
    assert [(page.number, page.label) for page in pages] == [(1, "i"), (2, "ii")]


def test_word_document_is_split_at_its_page_breaks():
    assert texts(docx("One", "more", None, "Two"), "docx") == ["One\nmore", "Two"]


def test_word_document_with_entities_is_refused():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    with pytest.raises(ValueError, match="entities"):
        texts(docx("&b;", head=bomb), "docx")


def test_html_gives_words_and_no_script():
    page = b"<!doctype html><title>T</title><style>p{}</style><p>One <b>two</b></p><script>three()</script><p>four &amp; five"
    assert texts(page, "html") == ["One two\n\nfour & five"]


@pytest.mark.parametrize(
    "content", [b"One\n\x0cTwo\n", b"=== page 1 ===\nOne\n=== page 2 ===\nTwo", b"\xef\xbb\xbfOne\x0cTwo"]
)
def test_plain_text_is_split_at_form_feeds_and_page_marks(content):
    assert texts(content, "txt") == ["One", "Two"]


@pytest.mark.parametrize(
    "content, labels",
    [
        (b"=== page 1 ===\nOne\n=== page 2 ===\nTwo", ["", ""]),
        (b"=== page iv ===\nOne\n=== Page 12 ===\r\nTwo", ["iv", "12"]),
        (b"Cover\n==== page 1 ====\nOne", ["", "1"]),
        (b"=== page 1 ===\nOne\n=== page 3 ===", ["", "3"]),
        (b"a === page 1 === b\nnot a mark", [""]),
    ],
)
def test_number_in_a_page_mark_becomes_the_label_where_it_differs(content, labels):
    assert [page.label for page in extract_pages(io.BytesIO(content), "txt")] == labels
    assert recognise(io.BytesIO(content)) == ("txt", len(labels) if len(labels) > 1 else None)


def test_tidy_text_reads_as_people_read_and_the_original_is_kept():
    assert tidy("o\ufb03ce traf\x02ficking\u202b e\u0301") == "office traf\u00adficking é"
    page = next(extract_pages(io.BytesIO("o\ufb03ce".encode()), "txt"))
    assert (page.text, page.original_text) == ("office", "o\ufb03ce")


def test_file_that_is_attached_is_read_once_it_is_saved(transactional_db):
    file = attach(make_pdf("Readmission agreements", "Labour migration"), "report.pdf")
    file.refresh_from_db()
    assert (file.state, file.pages, file.attempts) == (State.DONE, 2, 1)
    assert [page.text for page in file.text_pages.all()] == ["Readmission agreements", "Labour migration"]


def test_reading_again_replaces_the_pages(transactional_db):
    file = attach(make_pdf("One", "Two"), "report.pdf")
    file.text_pages.filter(number=1).update(text="Old")
    extraction.ask_for(file)
    assert [page.text for page in file.text_pages.all()] == ["One", "Two"]


@pytest.mark.parametrize(
    "content, format, message",
    [
        (b"%PDF-1.7 nothing else", "pdf", "damaged or locked"),
        (docx("x")[:200], "docx", "damaged"),
        (b"\xff\xfe", "txt", "not in UTF-8"),
    ],
)
def test_file_that_cannot_be_read_says_why_and_does_no_harm(db, content, format, message):
    file = attach(make_pdf("Good"), "good.pdf")
    name = file.file.storage.save(f"bad.{format}", SimpleUploadedFile("bad", content))
    PublicationFile.objects.filter(pk=file.pk).update(file=name, format=format)
    assert extraction.extract(file.pk) is False
    file.refresh_from_db()
    assert file.state == State.FAILED
    assert message in file.last_error
    assert extraction.extract(attach(make_pdf("Another"), "b.pdf", make_publication()).pk)  # the next one is read


def test_reader_that_eats_memory_or_time_is_stopped(db, monkeypatch):
    file = attach(make_pdf("Good"), "good.pdf")
    monkeypatch.setattr(extraction, "LIMITS", sandbox.Limits(memory=1 << 24))
    assert extraction.extract(file.pk) is False
    file.refresh_from_db()
    assert "more memory or time" in file.last_error
    monkeypatch.undo()
    monkeypatch.setattr(extraction, "LIMITS", sandbox.Limits(wall=0.001))
    PublicationFile.objects.filter(pk=file.pk).update(state=State.WAITING)
    assert extraction.extract(file.pk) is False
    file.refresh_from_db()
    assert "took too long" in file.last_error


def test_page_view_shows_the_text_and_leads_on(client, transactional_db):
    attach(make_pdf("First words", "Second <words>"), "report.pdf")
    page = client.get("/publications/report/en/2/").content.decode()
    assert "Second &lt;words&gt;" in page
    assert 'href="../1/" rel="prev"' in page
    assert 'rel="next"' not in page
    assert "/publications/report/en.pdf#page=2" in page
    assert client.get("/publications/report/en/3/").status_code == 404
    assert client.get("/publications/report/fr/1/").status_code == 404
    assert client.get("/publications/report/en/0/").status_code == 404
