"""Rows 8 and 9: files in, and the index made anew, against bare PDFium and the bare engine."""

import hashlib
import io
import shutil
from pathlib import Path

import pypdfium2
from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from portal import kinds
from portal.search import store, writing
from publications.extraction import extract
from publications.invented import loading
from publications.invented.prose import Writer
from publications.models import FilePage, Publication, PublicationFile
from publications.models.files import checksum_path
from tests.bench import bare, searching
from tests.bench.measuring import Row, median, timed
from tests.pdfs import make_pdf

PDFS, PDF_PAGES = 6, 20
PIPELINE, REBUILD = 0.8, 0.5


def pipeline_row() -> Row:
    """Pages a second from stored PDFs to an index that finds them, against PDFium's text of the same pages."""
    files = _waiting_files()
    writing.catch_up()
    contents = [file.file.read() for file in files]
    ours, other = [], []
    for _round in range(3):
        for content in contents:
            other.append(timed(lambda content=content: _bare_text(content)))
        PublicationFile.objects.filter(pk__in=[file.pk for file in files]).update(state="waiting", attempts=0)
        ours.append(timed(lambda: ([extract(file.pk) for file in files], writing.catch_up())))
    pages = PDFS * PDF_PAGES
    speed, bare_speed = pages / median(ours), PDF_PAGES / median(other)
    return Row(
        "8", f"{PDFS} PDFs of {PDF_PAGES} pages: text, repair, rows, index", f"{speed:.0f} pages/s", f"{bare_speed:.0f} pages/s",
        f"{speed / bare_speed:.2f} x", f">= {PIPELINE} x", speed / bare_speed >= PIPELINE,
    )  # fmt: skip


def _waiting_files() -> list[PublicationFile]:
    there = PublicationFile.objects.filter(original_name="bench.pdf")
    if there.count() == PDFS:
        return list(there)
    there.delete()
    found = []
    for n, publication in enumerate(loading.invented()[:PDFS], 1):
        writer = Writer("en", n)
        content = make_pdf(*(writer.page().encode("ascii", "ignore").decode() for _page in range(PDF_PAGES)))
        file = PublicationFile(
            publication=publication, language="en", format="pdf", size=len(content), original_name="bench.pdf",
            sha256=hashlib.sha256(content).hexdigest(),
        )  # fmt: skip
        file.file = PublicationFile._meta.get_field("file").storage.save(checksum_path(file, ""), io.BytesIO(content))
        found.append(file)
    return PublicationFile.objects.bulk_create(found)


def _bare_text(content: bytes) -> None:
    document = pypdfium2.PdfDocument(content)
    for number in range(len(document)):
        document[number].get_textpage().get_text_bounded()
    document.close()


def rebuild_row(folder: Path) -> Row:
    """Everything from the database to an index for visitors and one for staff, against one index of the same texts."""
    kind = kinds.get("publication")
    entries = [(one.pk, kind.entry(one)) for one in kind.indexed(kind.visible_to(AnonymousUser()))]
    pages = sum(len(entry.pages) for _pk, entry in entries)
    ours, other = [], []
    for _round in range(3):
        ours.append(timed(writing.rebuild))
        other.append(timed(lambda: bare.build(folder / "bare-rebuild", entries)))
    shutil.rmtree(folder / "bare-rebuild")
    ratio = median(other) / median(ours)
    return Row(
        "9", f"index_rebuild, {len(entries):,} publications, {pages:,} pages", f"{median(ours):.1f} s", f"{median(other):.1f} s",
        f"{ratio:.2f} x", f">= {REBUILD} x", ratio >= REBUILD,
    )  # fmt: skip


def rows(folder: Path, publications: int) -> list[Row]:
    settings.INDEX_DIR = folder / "index-real"
    store.forget()
    Publication.objects.filter(slug__startswith="bench-").delete()
    loading.load(publications)
    made = [rebuild_row(folder), pipeline_row()]
    asked = [words for some in searching.queries().values() for words in some[:2]]
    return [*made, searching.passages_row(FilePage.objects.count(), "of 350 words", asked)]
