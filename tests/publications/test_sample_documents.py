"""The documents written for the demo: what is loaded is what was printed, and loading again reads nothing anew."""

import json
import re
from collections import Counter
from io import BytesIO, StringIO

import pypdfium2
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from portal.languages import words
from portal.sample import Sample
from publications.data.documents import make_documents
from publications.extraction import extract
from publications.models import FilePage, Publication, PublicationFile, PublicationType
from publications.sample import DATA, DOCUMENTS, attach
from publications.text import extract_pages
from tests.factories import make_publication

pytestmark = pytest.mark.one_database

ROWS = json.loads((DOCUMENTS / "documents.json").read_text(encoding="utf-8"))
HEALTHY = [row for row in ROWS if not row.get("broken")]
LARGEST_MB = 1.2
# A word of the text that no other of the languages has.
COMMON = {"en": "the", "fr": "les", "ar": "الهجرة", "ru": "проектов"}


def by_slug(row):
    return row["slug"]


def content(row):
    return (DOCUMENTS / row["file"]).read_bytes()


def without_numbering(counted):
    """Without the numbers of pages and lists, which nobody has written."""
    return Counter({word: n for word, n in counted.items() if not (word.isdecimal() and len(word) == 1)})


def printed(pdf):
    """The words of each page as PDFium draws them, without regard to their order."""
    return [Counter(words(page.text)) for page in extract_pages(BytesIO(pdf), "pdf")]


def test_documents_are_small_enough_to_be_kept_with_the_code():
    paths = list(DOCUMENTS.glob("*.pdf"))
    assert {path.name for path in paths} == {row["file"] for row in ROWS}
    assert sum(path.stat().st_size for path in paths) < LARGEST_MB * 1024 * 1024
    assert sum(row["pages"] for row in ROWS) >= 45


@pytest.mark.parametrize("row", ROWS, ids=by_slug)
def test_document_opens_and_has_its_pages_with_a_number_on_each(row):
    document = pypdfium2.PdfDocument(content(row))
    assert len(document) == row["pages"]
    if not row.get("broken"):
        for number, page in enumerate(printed(content(row)), 1):
            assert page[str(number)] >= 1, number
            assert page.total() > 25, number


@pytest.mark.parametrize("row", HEALTHY, ids=by_slug)
def test_document_says_what_its_text_says_in_its_language(row):
    body = make_documents.html_of(row).split("<body>")[1]
    written = Counter(words(re.sub(r"<[^>]+>", " ", body.replace("&amp;", "&").replace("&#x27;", "’"))))
    written = without_numbering(written)
    found = without_numbering(sum(printed(content(row)), Counter()))
    if "العودة" in body:  # Arabic is written in joined letters: signs and spaces may come out elsewhere
        assert (written & found).total() > 0.9 * written.total()
    else:
        assert found == written
    assert found[COMMON[row["language"]]] > 3


def test_text_layer_of_one_document_is_broken_says_so_and_is_repaired_with_its_digits():
    (row,) = [row for row in ROWS if row.get("broken")]
    assert "broken on purpose" in row["note"]
    pages = list(extract_pages(BytesIO(content(row)), "pdf"))
    held = {word for page in pages for word in words(page.original_text)}
    assert not {"figure", "figures", "the", "organisation"} & held
    read = {word for page in pages for word in words(page.text)}
    assert {"figure", "figures", "the", "organisation", "463", "employees"} <= read


def test_pdf_that_has_no_map_of_letters_cannot_be_broken():
    with pytest.raises(ValueError, match="no table of letters"):
        make_documents.without_letters(b"%PDF-1.4 nothing here")


@pytest.mark.browser
def test_printing_again_gives_the_same_pages():
    if make_documents.find_chromium() is None:
        pytest.skip("no Chromium on this machine")
    row = next(row for row in ROWS if row["slug"] == "factsheet-nigeria")
    pdf = make_documents.print_pdf(make_documents.html_of(row))
    assert printed(pdf) == printed(content(row))


@pytest.fixture(scope="module")
def once(django_db_setup, django_db_blocker):
    """Loaded once, the texts of the files not read; each test's own changes are rolled back to this."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_sample", stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(once, db):
    pass


def test_documents_are_publications_that_everybody_can_read(loaded, visitor):
    shown = Publication.objects.visible_to(visitor).filter(series__slug="portal-library")
    assert sorted(shown.values_list("slug", "language")) == sorted((row["slug"], row["language"]) for row in ROWS)
    for publication in shown:
        assert "sample documents" in publication.series.title
        assert all(getattr(publication, f"abstract_{code}") for code in ("en", "fr", "ar", "ru"))
        file = publication.files.get()
        assert (file.language, file.format) == (publication.language, "pdf")


def test_document_is_read_page_by_page_and_not_again_when_it_is_loaded_again(loaded):
    file = PublicationFile.objects.get(publication__slug="how-a-migration-dialogue-works")
    assert extract(file.pk)
    pages = set(FilePage.objects.filter(file=file).values_list("pk", flat=True))
    texts = list(file.text_pages.values_list("text", flat=True))
    assert len(pages) == file.pages
    assert "reference country" in texts[4]
    out = StringIO()
    call_command("load_sample", stdout=out)
    assert "Nothing has changed." in out.getvalue()
    file.refresh_from_db()
    assert file.state == "done"
    assert set(FilePage.objects.filter(file=file).values_list("pk", flat=True)) == pages


def test_document_that_was_printed_anew_takes_the_place_of_the_old_one(loaded):
    PublicationFile.objects.all().delete()
    publication = make_publication()
    sample = Sample()
    first, second = (DOCUMENTS / row["file"] for row in ROWS[:2])
    attach(sample, publication, "en", first)
    file = publication.files.get()
    PublicationFile.objects.filter(pk=file.pk).update(state="done")
    attach(sample, publication, "en", second)
    changed = publication.files.get()
    assert (changed.pk, changed.original_name, changed.state) == (file.pk, second.name, "waiting")
    assert changed.sha256 != file.sha256


def test_dry_run_stores_no_file(loaded):
    PublicationFile.objects.all().delete()
    before = set(settings.FILES_DIR.rglob("*.pdf"))
    for path in before:
        path.unlink()
    out = StringIO()
    call_command("load_sample", dry_run=True, stdout=out)
    assert not list(settings.FILES_DIR.rglob("*.pdf"))
    assert re.search(rf"PublicationFile +{len(ROWS)} ", out.getvalue())


def test_every_name_in_the_list_of_documents_is_known(loaded):
    types = set(PublicationType.objects.values_list("slug", flat=True))
    assert {row["type"] for row in ROWS} <= types
    assert (DATA / "documents" / "print.css").exists()
