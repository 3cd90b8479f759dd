"""Citations: what is known, in the order readers expect, and nothing invented."""

import pytest
import time_machine
from django.utils import translation

from publications.citations import cite
from publications.models import PublicationFile, Series
from tests.factories import make_organisation, make_publication

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def today():
    with time_machine.travel("2026-03-02 12:00", tick=False):
        yield


@pytest.fixture
def study():
    publication = make_publication(
        published=True, slug="borders", title="Borders that talk", subtitle="A field study", date="2021-06",
        place="Vienna", publisher=make_organisation("Institute of Examples"),
    )  # fmt: skip
    publication.contributors.create(family_name="Novak", given_name="Ana", position=1)
    publication.contributors.create(family_name="Haddad", given_name="Samir", position=2)
    return publication


def add_page(publication, number=12, label="xii", language="en"):
    file = PublicationFile(publication=publication, language=language, format="pdf", size=1, sha256=language * 30)
    PublicationFile.objects.bulk_create([file])
    return file.text_pages.create(number=number, label=label, text="Words.")


def test_publication_is_cited_with_all_that_is_known(study):
    study.series = Series.objects.create(slug="papers", title="Working Papers")
    study.series_number = "7"
    study.edition = "Second edition"
    study.identifiers.create(scheme="doi", value="10.1234/abc")
    assert cite(study) == (
        "Novak, Ana; Haddad, Samir (2021). Borders that talk: A field study. Second edition. Working Papers, no. 7. "
        "Vienna: Institute of Examples. https://doi.org/10.1234/abc http://127.0.0.1:8000/publications/borders/ "
        "Seen 2 March 2026."
    )


def test_page_is_cited_by_its_printed_label_and_address(study):
    assert cite(study, add_page(study)) == (
        "Novak, Ana; Haddad, Samir (2021). Borders that talk: A field study. Vienna: Institute of Examples, p. xii. "
        "http://127.0.0.1:8000/publications/borders/en/12/ Seen 2 March 2026."
    )


def test_page_without_a_label_is_cited_by_its_number(study):
    assert ", p. 3. http" in cite(study, add_page(study, number=3, label=""))


def test_page_in_another_language_is_cited_under_the_title_of_that_language(study):
    study.title_fr, study.subtitle_fr = "Frontières qui parlent", ""
    assert "(2021). Frontières qui parlent. Vienna" in cite(study, add_page(study, language="fr"))
    assert "(2021). Borders that talk: A field study. Vienna" in cite(study, add_page(study, language="sq"))


def test_what_is_not_known_is_left_out_but_for_the_year():
    publication = make_publication(published=True, slug="bare", title="Who goes there?")
    assert cite(publication) == (
        "Who goes there? (no date). http://127.0.0.1:8000/publications/bare/ Seen 2 March 2026."
    )


def test_forthcoming_publication_says_so():
    assert "Soon (forthcoming)." in cite(make_publication(title="Soon", is_forthcoming=True))


def test_editors_stand_for_missing_authors():
    publication = make_publication(title="Papers!", date="2019")
    publication.contributors.create(family_name="Okafor", given_name="Ify", role="editor")
    assert cite(publication).startswith("Okafor, Ify (editor) (2019). Papers! http")


def test_publisher_that_is_the_author_is_named_once():
    body = make_organisation("Institute of Examples")
    publication = make_publication(title="Annual report", date="2021", publisher=body, place="Vienna")
    publication.contributors.create(organisation=body)
    assert cite(publication).startswith("Institute of Examples (2021). Annual report. Vienna. http")


def test_long_list_of_authors_is_shortened():
    publication = make_publication(title="Many", date="2020")
    for number in range(7):
        publication.contributors.create(family_name=f"Name{number}", position=number)
    assert cite(publication).startswith("Name0 and others (2020).")


def test_address_is_of_the_readers_language(study):
    with translation.override("ar"):
        assert "http://127.0.0.1:8000/ar/publications/borders/en/12/" in cite(study, add_page(study))


def test_date_that_ends_in_a_full_stop_gets_no_second_one(study):
    with translation.override("ru"):
        assert cite(study).endswith("Дата обращения: 2 марта 2026 г.")
