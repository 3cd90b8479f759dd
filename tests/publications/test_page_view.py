"""Reading and searching inside a document: pages, hits, quotes, and what is said when there is nothing."""

import itertools
import re
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.models import Concept, Term
from portal.search import store
from publications import extraction
from publications.models import PublicationFile
from publications.templatetags.pages import with_gaps, with_marks
from tests.factories import make_publication
from tests.pdfs import make_pdf

pytestmark = pytest.mark.django_db

TEXTS = [
    "Opening words on nothing in particular.",
    "The visa office moved. A visa takes nine days & a <stamp>.",
    "Fisheries alone.",
    "Migrants asked for visas at the border. The clerk stamped them quietly and wished everybody a good journey home.",
    "Closing words.",
]


def attach(publication, texts=TEXTS, language="en", labels=()):
    name = f"{publication.slug}-{language}.txt"
    file = PublicationFile(
        publication=publication, language=language, file=SimpleUploadedFile(name, "\f".join(texts).encode())
    )
    file.save()
    for number, text in enumerate(texts, 1):
        label = labels[number - 1] if labels else ""
        file.text_pages.create(number=number, text=text, label=label)
    PublicationFile.objects.filter(pk=file.pk).update(state="done", pages=len(texts))
    return file


@pytest.fixture
def guide(index):
    publication = make_publication(published=True, slug="guide", title="A guide to borders", date="2021")
    attach(publication)
    index()
    return publication


def read(client, address, **query):
    response = client.get(address, query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_page_shows_the_words_marked_numbered_and_escaped(client, guide):
    page = read(client, "/publications/guide/en/2/", q="visa")
    assert 'The <mark id="hit-1" tabindex="-1">visa</mark> office' in page
    assert 'A <mark id="hit-2" tabindex="-1">visa</mark> takes nine days &amp; a &lt;stamp&gt;.' in page
    assert 'href="#hit-1"' in page


def test_page_tells_its_place_among_the_pages_with_hits_and_leads_to_the_next(client, guide):
    page = read(client, "/publications/guide/en/2/", q="visa")
    assert "Page 1 of 2 with hits" in page
    assert 'href="../4/?q=visa#hit-1"' in page
    assert "Previous hit" not in page
    page = read(client, "/publications/guide/en/4/", q="visa")
    assert "Page 2 of 2 with hits" in page
    assert 'href="../2/?q=visa#hit-1"' in page
    assert "Next hit" not in page


def test_page_without_a_hit_says_so_and_leads_to_the_nearest(client, guide):
    page = read(client, "/publications/guide/en/5/", q="visa")
    assert 'This page has nothing for <strong dir="auto">visa</strong>' in page
    assert 'href="../4/?q=visa#hit-1">Nearest page with a hit: page 4' in page
    assert "<mark" not in page


def test_words_that_stand_nowhere_are_said_to(client, guide):
    for address in ("/publications/guide/en/2/", "/publications/guide/en/"):
        page = read(client, address, q="zeppelin")
        assert 'No page of this document has <strong dir="auto">zeppelin</strong>' in page


def test_neighbouring_pages_keep_the_query(client, guide):
    page = read(client, "/publications/guide/en/2/", q="visa office")
    assert 'href="../1/?q=visa+office" rel="prev"' in page
    assert 'href="../3/?q=visa+office" rel="next"' in page
    assert 'rel="prev"' not in read(client, "/publications/guide/en/1/")
    assert 'rel="next"' not in read(client, "/publications/guide/en/5/")


def test_query_that_cannot_be_read_is_explained_and_the_page_shows(client, guide):
    for address in ("/publications/guide/en/2/", "/publications/guide/en/"):
        page = read(client, address, q='(visa OR "office"')
        assert "The query cannot be read." in page
        assert "This bracket is never closed" in page
        assert "The visa office moved." in page
        assert 'href="?q=visa%20office"' in page


def test_names_that_the_thesaurus_adds_are_marked_and_can_be_taken_away(client, guide, index):
    concept = Concept.objects.create(slug="permit")
    for kind, label in (("preferred", "travel permit"), ("synonym", "visa")):
        Term.objects.create(concept=concept, language="en", label=label, kind=kind)
    page = read(client, "/publications/guide/en/", q="travel permit")
    assert '<em lang="en" dir="auto">visa</em>' in page
    assert 'href="?q=travel+permit&amp;without=permit"' in page
    assert "/publications/guide/en/2/?q=travel+permit#hit-1" in page
    without = read(client, "/publications/guide/en/", q="travel permit", without="permit")
    assert "No page of this document has" in without


def test_document_lists_its_pages_with_their_first_words(client, guide):
    page = read(client, "/publications/guide/en/")
    assert "5 pages" in page
    assert 'href="/publications/guide/en/3/" lang="en">p. 3</a> <span dir="auto">Fisheries alone.</span>' in page


def test_document_lists_its_hits_in_the_order_of_pages(client, guide):
    page = read(client, "/publications/guide/en/", q="visa")
    assert re.findall(r"/en/(\d)/\?q=visa#hit-1", page) == ["2", "4"]
    assert "2 pages of this document have any of the words" in page
    assert "A <mark>visa</mark> takes nine days &amp; a &lt;stamp&gt;." in page


def test_printed_labels_stand_for_page_numbers(client, index):
    publication = make_publication(published=True, slug="labelled")
    attach(publication, TEXTS, labels=["i", "ii", "1", "2", "3"])
    index()
    assert ">p. ii</a>" in read(client, "/publications/labelled/en/", q="office")
    assert "printed as ii" in read(client, "/publications/labelled/en/2/")
    assert ", p. ii. http" in read(client, "/publications/labelled/en/2/")


def test_language_or_page_that_is_not_there_is_a_404(client, guide):
    for address in ("fr/", "fr/1/", "en/6/", "xx-yy/", "en/0/", "en/1000000/"):
        assert client.get(f"/publications/guide/{address}").status_code == 404, address


def test_arabic_page_runs_from_right_to_left_and_its_words_are_marked(client, index):
    publication = make_publication(published=True, slug="arabic", title="Paper")
    attach(publication, ["تناقش الورقة سياسات اللجوء في المنطقة."], language="ar")
    index()
    page = read(client, "/publications/arabic/ar/1/", q="اللجوء")
    assert '<div class="page-text" lang="ar" dir="auto">' in page
    assert '<mark id="hit-1" tabindex="-1">اللجوء</mark>' in page


def test_document_is_searched_page_by_page_while_there_is_no_index(client, guide, settings, tmp_path):
    with_index = read(client, "/publications/guide/en/", q="visa")
    settings.INDEX_DIR = tmp_path / "none"
    store.forget()
    assert read(client, "/publications/guide/en/", q="visa") == with_index
    assert "Page 1 of 2 with hits" in read(client, "/publications/guide/en/2/", q="visa")
    assert "The query cannot be read." in read(client, "/publications/guide/en/2/", q="(")


def test_page_that_was_changed_since_the_index_was_made_is_counted_as_it_stands(client, guide):
    pages = guide.files.get().text_pages
    pages.filter(number=3).update(text="A visa after all.")
    pages.filter(number=2).update(text="Moved away.")
    assert "Page 2 of 3 with hits" in read(client, "/publications/guide/en/3/", q="visa")
    assert "Nearest page with a hit: page 4" in read(client, "/publications/guide/en/2/", q="visa")


def test_draft_is_searched_by_its_editors_though_no_index_knows_it(editor_client, index):
    attach(make_publication(slug="draft"))
    index()
    assert "Page 2 of 2 with hits" in read(editor_client, "/publications/draft/en/4/", q="visa")


def test_pages_of_what_is_hidden_are_not_there(client, colleague, index):
    publication = make_publication(slug="inner", published=True, audience="staff")
    attach(publication)
    index()
    assert client.get("/publications/inner/en/?q=visa").status_code == 404
    assert client.get("/publications/inner/en/2/?quote=The+visa+office+moved").status_code == 404
    client.force_login(colleague)
    assert "Page 1 of 2 with hits" in read(client, "/publications/inner/en/2/", q="visa")


# Quotes: links to a passage.


def link_to_passage(page):
    return re.search(r'href="(http://[^"]+\?quote=[^"]+)"', page).group(1)


def test_passage_found_has_a_lasting_link_that_marks_it(client, guide):
    link = urlsplit(link_to_passage(read(client, "/publications/guide/en/4/", q="clerk")))
    assert link.path == "/publications/guide/en/4/"
    assert link.fragment == "quote"
    page = client.get(f"{link.path}?{link.query}").content.decode()
    assert '<span class="quoted" id="quote" tabindex="-1">Migrants asked for visas' in page
    assert "The quoted passage is marked below." in page


def test_quote_that_moved_to_another_page_is_followed(client, guide):
    file = guide.files.get()
    file.text_pages.filter(number=4).update(number=9)
    moved = client.get("/publications/guide/en/4/", {"quote": "the clerk stamped them quietly and wished", "q": "visa"})
    assert moved.status_code == 302
    assert moved["Location"].startswith("/publications/guide/en/9/?quote=the+clerk")
    assert moved["Location"].endswith("&from=4&q=visa#quote")
    page = read(client, moved["Location"])
    assert "The passage now stands on page 9; the link was made when it stood on page 4." in page
    assert 'id="quote"' in page


def test_link_survives_a_file_that_is_read_anew_with_other_pages(client, index):
    publication = make_publication(published=True, slug="report")
    first, second = "Return was discussed at length.\nMany asked for an\nearly word with the co-\nordinator.", "End."
    file = PublicationFile(publication=publication, file=SimpleUploadedFile("a.pdf", make_pdf(first, second)))
    file.save()
    assert extraction.extract(file.pk)
    index()
    link = urlsplit(link_to_passage(read(client, "/publications/report/en/1/", q="discussed")))
    again = (
        "Foreword, new.",
        "Return was discussed\nat length. Many asked for\nan early word with the coordinator.",
        "End.",
    )
    file.file = SimpleUploadedFile("b.pdf", make_pdf(*again))
    file.save()
    assert extraction.extract(file.pk)
    moved = client.get(f"{link.path}?{link.query}", follow=True)
    assert moved.redirect_chain[0][0].startswith("/publications/report/en/2/?quote=")
    assert "The passage now stands on page 2" in moved.content.decode()
    assert ">Return was discussed\nat length. Many asked for\nan early word with</span>" in moved.content.decode()


def test_text_that_was_read_in_the_background_is_searched(client, index):
    publication = make_publication(published=True, slug="late")
    file = PublicationFile(publication=publication, file=SimpleUploadedFile("a.pdf", make_pdf("A visa.", "Nothing.")))
    file.save()
    index()
    assert extraction.extract(file.pk)
    index()
    assert "Page 1 of 1 with hits" in read(client, "/publications/late/en/1/", q="visa")


def test_quote_whose_words_were_repaired_since_is_marked_and_said_to_differ(client, guide):
    page = read(client, "/publications/guide/en/4/", quote="The clerk st▯▯ped them quietly and wished everybody a good")
    assert "Some of its words read differently today." in page
    assert 'id="quote"' in page


def test_quote_that_is_gone_is_said_to_be(client, guide):
    page = read(client, "/publications/guide/en/2/", quote="Seven ministers signed a declaration of intent")
    assert "The quoted words are no longer in this document." in page
    assert "The visa office moved." in page
    gone = client.get("/publications/guide/en/77/", {"quote": "Seven ministers signed a declaration of intent"})
    assert gone.status_code == 404
    assert "The quoted words are no longer in this document." in gone.content.decode()
    assert "Fisheries alone." in gone.content.decode()


def test_quote_and_words_are_marked_together_and_tags_stay_nested(client, guide):
    page = read(client, "/publications/guide/en/2/", quote="office moved. A visa", q='"visa office"')
    assert (
        'The <mark id="hit-1" tabindex="-1">visa </mark><span class="quoted" id="quote" tabindex="-1">'
        "<mark>office</mark> moved. A visa</span> takes" in page
    )


@pytest.mark.parametrize(
    "text, shown",
    [
        ("a\ue000b\ue001", 'a<mark id="hit-1" tabindex="-1">b</mark>'),
        ("\ue000<b>", '<mark id="hit-1" tabindex="-1">&lt;b&gt;</mark>'),
        ("\ue001\ue003x\ue001", "x"),
        ("\ue002a\ue002b", '<span class="quoted" id="quote" tabindex="-1">ab</span>'),
        ("\ue000of▯▯ce\ue001", '<mark id="hit-1" tabindex="-1">of<span class="gap" role="img" aria-label="2 characters lost" title="2 characters lost">▯▯</span>ce</mark>'),
    ],
)  # fmt: skip
def test_marks_never_unbalance_the_page(text, shown):
    assert with_marks(text) == shown


def test_gaps_of_a_passage_are_shown_and_its_marks_carry_no_number():
    assert (
        with_gaps("\ue000a\ue001 ▯")
        == '<mark>a</mark> <span class="gap" role="img" aria-label="1 character lost" title="1 character lost">▯</span>'
    )


HOSTILE = [
    "'", '"', "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "((((((((((((", "a" * 600, "\u202e\u2066",
    "\ue000\ue001\ue002\ue003", "*", "title:", "NOT NOT", "visa AND", "-visa", "page:x", "country:ZZ", "٣", "{{7*7}}", "%", "\ufffd" * 50,
    "visa " * 90, "a* b* c*", '"visa"~99', "\U0001f600",
]  # fmt: skip


def test_no_hostile_value_breaks_a_page(client, guide):
    addresses = ("/publications/guide/en/2/", "/publications/guide/en/")
    for value, address in itertools.product(HOSTILE, addresses):
        for query in (
            {"q": value},
            {"quote": value},
            {"q": "visa", "without": value},
            {"quote": "Fisheries", "from": value, "page": value},
        ):
            response = client.get(address, query, follow=True)
            # A number of a page that is none is not there; everything else is answered.
            assert response.status_code == (404 if "page" in query and address.endswith("/en/") else 200), query
            page = response.content.decode()
            assert "<script>alert" not in page
            assert "<img src=x" not in page


def test_number_of_queries_does_not_grow_with_pages_or_hits(client, index, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for slug, times in (("short", 1), ("long", 30)):
        attach(make_publication(published=True, slug=slug, title=slug), [f"{slug} {text}" for text in TEXTS] * times)
        index()
        client.get(f"/publications/{slug}/en/2/?q=visa")
        for address in (
            f"/publications/{slug}/en/2/?q=visa",
            f"/publications/{slug}/en/?q=visa",
            f"/publications/{slug}/en/",
        ):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 20
