"""A publication's page: its files with what became of their text, how to cite it, and what is like it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.search import store
from publications.models import PublicationFile
from tests.factories import make_country, make_publication, make_theme

pytestmark = pytest.mark.django_db


def attach(publication, texts, language="en", **state):
    content = f"{publication.slug} {language} {texts}".encode()
    file = PublicationFile(publication=publication, language=language, file=SimpleUploadedFile("paper.txt", content))
    file.save()
    for number, text in enumerate(texts, 1):
        file.text_pages.create(number=number, text=text)
    PublicationFile.objects.filter(pk=file.pk).update(**{"state": "done", "pages": len(texts) or None} | state)
    return file


@pytest.fixture
def paper(index):
    return make_publication(published=True, slug="paper", title="Paper", date="2020")


def read(client, slug="paper"):
    return client.get(f"/publications/{slug}/").content.decode()


def test_each_file_shows_its_language_format_size_and_pages(client, paper):
    attach(paper, ["One.", "Two."])
    page = read(client)
    assert 'href="/publications/paper/en.txt">TXT' in page
    assert '<td class="n">2</td>' in page
    assert 'href="/publications/paper/en/">read as text' in page


@pytest.mark.parametrize(
    "texts, state, said",
    [
        ([], {"state": "waiting"}, "not read yet"),
        ([], {"state": "running"}, "not read yet"),
        ([], {"state": "failed", "last_error": "internal"}, "could not be read from the file"),
        (["One."], {"state": "waiting"}, "being read anew"),
        (["One."], {"state": "failed"}, "reading it anew failed; this is what was read before"),
        (["", ""], {}, "the pages are pictures without text"),
        (["One.", ""], {}, "1 page without text"),
        (["One."], {"text_quality": 0.5}, "some of it is damaged in the file"),
    ],
)
def test_what_became_of_a_files_text_is_said(client, paper, texts, state, said):
    attach(paper, texts, **state)
    page = read(client)
    assert said in page
    assert "internal" not in page
    assert ('id="inside-en"' in page) == any(texts)


def test_each_language_with_text_can_be_searched_by_itself(client, paper):
    attach(paper, ["One."])
    attach(paper, ["Un."], language="fr")
    attach(paper, [], language="de", state="waiting")
    page = read(client)
    assert 'action="/publications/paper/en/"' in page
    assert 'action="/publications/paper/fr/"' in page
    assert 'action="/publications/paper/de/"' not in page


def test_publication_without_a_file_says_so(client, paper):
    assert "The portal holds no file of it" in read(client)


def test_page_says_how_to_cite(client, paper):
    assert "Paper (2020). http://127.0.0.1:8000/publications/paper/ Seen " in read(client)


def test_similar_publications_say_what_is_shared(client, index):
    text = "Consular queues and biometric visa procedures."
    theme, country = make_theme(name="Visas"), make_country("RS", "Serbia")
    first = make_publication(published=True, slug="first", title="At the counter", abstract=text, countries=[country])
    second = make_publication(published=True, title="Biometric visa queues", abstract=text, countries=[country])
    make_publication(published=True, title="Visa procedures", abstract=text)
    first.themes.add(theme)
    second.themes.add(theme)
    held = make_publication(published=True, title="Visa queues inside", abstract=text, audience="staff")
    index()
    page = read(client, "first")
    similar = page[page.index("Similar publications") : page.index("How to cite")]
    assert "both about Visas, Serbia" in " ".join(similar.split())
    assert "similar words" in similar
    assert "At the counter" not in similar
    assert held.title not in similar


def test_similar_publication_withdrawn_since_the_index_was_made_is_left_out(client, index):
    text = "Consular queues and biometric visa procedures."
    for title in ("First", "Second"):
        make_publication(published=True, slug=title.lower(), title=title, abstract=text)
    index()
    assert "Similar publications" in read(client, "first")
    type(make_publication()).objects.filter(slug="second").update(status="draft")
    assert "Similar publications" not in read(client, "first")


def test_page_shows_while_there_is_no_index(client, paper, settings, tmp_path):
    settings.INDEX_DIR = tmp_path / "none"
    store.forget()
    assert "How to cite" in read(client)


def test_number_of_queries_does_not_grow_with_pages_files_or_likenesses(client, index):
    counts = []
    for times in (2, 3):  # five in all: words that nearly every record has make none alike
        for number in range(times):
            one = make_publication(
                published=True, slug=f"p{times}-{number}", title=f"Visa queues {number}", abstract="Biometric visas.",
                countries=[make_country("RS", "Serbia")],
            )  # fmt: skip
        one.themes.add(make_theme(name="Visas"))
        for language in ("en", "fr", "de")[: times - 1]:
            attach(one, ["Visas.", "Queues."] * 3**times, language=language)
        index()
        client.get(one.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            assert "Similar publications" in client.get(one.get_absolute_url()).content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 60


def test_languages_are_named_in_themselves_and_unknown_ones_by_their_code(client, paper):
    attach(paper, ["كلمات."], language="ar")
    attach(paper, ["Words."], language="qaa")
    page = read(client)
    assert '<th scope="row" lang="ar">العربيّة</th>' in page
    assert '<th scope="row" lang="qaa">qaa</th>' in page
    assert client.get("/publications/paper/qaa/1/").status_code == 200
