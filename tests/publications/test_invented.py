"""Invented publications: as the verbs would have left them, the same each time, added up to a number, taken away."""

from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command

from portal.models import AuditEntry
from portal.search import checking
from portal.search.finding import Search
from publications.invented.loading import invented
from publications.invented.prose import LANGUAGES, PAGE, Writer
from publications.models import FilePage, Publication, PublicationFile, PublicationType
from publications.text import extract_pages, tidy
from tests.factories import make_country, make_publication, make_region, make_theme


@pytest.fixture
def ground(search_index):
    make_country("RS", "Serbia", name_ru="Сербия")
    make_region()
    make_theme()
    PublicationType.objects.create(slug="study", name="Study")


def load(*args, **options):
    out = StringIO()
    call_command("load_invented", *args, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_same_seed_writes_the_same_text_and_another_seed_another(language):
    assert Writer(language, 1).page() == Writer(language, 1).page() != Writer(language, 2).page()


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_is_as_long_as_a_real_one_and_needs_no_tidying(language):
    page = Writer(language, 1).page()
    assert PAGE <= len(page.split()) <= 2 * PAGE  # a term of several words is drawn as one
    assert tidy(page) == page


def test_few_words_are_frequent_and_most_are_seldom():
    drawn = Writer("en", 1).words(20_000)
    assert drawn.count("the") > 500
    assert len(set(drawn)) > 4000


def test_invented_publications_are_public_approved_and_found(ground):
    assert "3 added" in load(3, pages=2)
    assert Publication.objects.visible_to(AnonymousUser()).count() == 3
    for publication in invented():
        publication.full_clean()
        assert publication.approved_by is not None
        assert publication.countries.count() == 1
        assert [entry.verb for entry in AuditEntry.objects.about(publication)] == ["publish"]
    assert checking.check() == []
    words = FilePage.objects.filter(file__language="en").first().text.split()
    assert Search(f'"{words[5]} {words[6]}"', AnonymousUser()).find().total >= 1


def test_stored_file_holds_the_very_pages_that_are_kept(ground):
    load(2, pages=3)
    for file in PublicationFile.objects.all():
        file.full_clean(exclude=["original_name", "format", "sha256"])
        with file.file.open("rb") as content:
            read = [page.text for page in extract_pages(content, file.format)]
        assert read == list(file.text_pages.values_list("text", flat=True))
        assert file.pages == len(read) == 3


def test_run_again_it_adds_what_is_missing_and_leaves_the_rest(ground):
    load(2, pages=1)
    invented().first().delete()
    before = dict(invented().values_list("slug", "pk"))
    assert "2 added" in load(3, pages=1)
    after = dict(invented().values_list("slug", "pk"))
    assert len(after) == 3
    assert before.items() <= after.items()
    assert "0 added" in load(3, pages=1)


def test_removing_takes_rows_and_files_and_nothing_else(ground):
    make_publication(title="Real one", published=True)
    load(2, pages=1)
    files = [file.file for file in PublicationFile.objects.all()]
    assert all(file.storage.exists(file.name) for file in files)
    assert "2 removed" in load(remove=True)
    assert [one.title for one in Publication.objects.all()] == ["Real one"]
    assert not any(file.storage.exists(file.name) for file in files)
    assert checking.check() == []


def test_number_of_queries_grows_with_batches_and_not_with_publications(ground, django_assert_max_num_queries):
    load(1, pages=1)
    with django_assert_max_num_queries(90):
        load(21, pages=2)


def test_production_refuses(ground, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        load(1)
    assert not invented().exists()


def test_nothing_to_file_under_is_said(db):
    with pytest.raises(CommandError, match="load_sample"):
        load(1)


@pytest.mark.parametrize("options", [{"count": -1}, {"pages": 0}, {"pages": 501}])
def test_senseless_numbers_are_refused(ground, options):
    with pytest.raises(CommandError, match="1 to 500 pages"):
        load(options.pop("count", 1), **options)
