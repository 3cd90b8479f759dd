"""The demo's own PDFs, in four languages and with a broken text layer: typed into the box, and on to the right page."""

import shutil
from pathlib import Path

import pytest
from django.core.files import File

import publications
from portal.search import store, writing
from publications.extraction import extract
from publications.models import PublicationFile
from tests.browser.hands import Hands
from tests.browser.test_search_journey import tab_to
from tests.factories import make_publication

pytestmark = pytest.mark.browser

DOCUMENTS = Path(publications.__file__).parent / "data" / "documents"
# What is typed (inflected, without accents, with digits that the text layer has lost), the file, the page, what is marked.
HITS = [
    ("ministerial declarations", "how-a-migration-dialogue-works.en.pdf", 4, "Declaration"),
    ("reintegration économiques", "retour-volontaire-vocabulaire.fr.pdf", 4, "réintégration"),
    ("المؤتمرات الوزارية", "kayfa-tamal-hiwarat-al-hijra.ar.pdf", 3, "المؤتمر"),
    ("управлении границами", "kak-chitat-dannye-o-proektakh.ru.pdf", 4, "границами"),
    ('"38.4 in 2018"', "reading-key-figures.en.pdf", 3, "38.4 in 2018"),
]


@pytest.fixture
def library(transactional_db, settings, tmp_path):
    settings.INDEX_DIR, settings.FILES_DIR = tmp_path / "index", tmp_path / "files"
    store.forget()
    for _words, name, _page, _marked in HITS:
        slug, language, _format = name.split(".")
        publication = make_publication(slug=slug, title=f"Document {name}", language=language, published=True)
        with (DOCUMENTS / name).open("rb") as pdf:
            file = PublicationFile(publication=publication, language=language)
            file.file = File(pdf, name=name)
            file.save()
        if not file.text_pages.exists():
            assert extract(file.pk)
    writing.catch_up()
    yield
    store.forget()


def test_words_in_four_languages_lead_to_their_page_by_keyboard(open_page, library):
    page = open_page()
    hands = Hands(page)
    for words, name, number, marked in HITS:
        slug, language, _format = name.split(".")
        if language == "ar" and shutil.which("pdftotext") is None:
            continue  # without Poppler Arabic words come out reversed
        page.goto("/publications/")
        page.get_by_label("Search every page of the publications").focus()
        hands.type(words)
        hands.press("Enter")
        page.wait_for_url("**/publications/?q=*")
        tab_to(hands, f"p. {number}", most=120)
        hands.press("Enter")
        page.wait_for_url(f"**/publications/{slug}/{language}/{number}/?q=*#hit-1")
        shown = page.locator("mark").all_inner_texts()
        assert any(marked.casefold() in one.casefold() for one in [*shown, " ".join(shown)]), (words, shown)
        assert page.locator("#hit-1").evaluate("e => e.matches(':target')")
    assert page.complaints == []
