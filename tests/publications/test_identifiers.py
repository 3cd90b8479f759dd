"""DOI, ISBN, ISSN and ORCID: their usual notation, and the mistyped digit that is caught."""

import pytest
from django.core.exceptions import ValidationError

from publications.identifiers import check_identifier
from publications.models import Contributor, PublicationIdentifier, Series
from tests.factories import make_publication


@pytest.mark.parametrize(
    "scheme, typed, kept",
    [
        ("isbn", "978-0-306-40615-7", "9780306406157"),
        ("isbn", " 979-10-90636-07-1 ", "9791090636071"),
        ("isbn", "0-306-40615-2", "0306406152"),
        ("isbn", "0 8044 2957 x", "080442957X"),
        ("issn", "0378-5955", "0378-5955"),
        ("issn", "03785955", "0378-5955"),
        ("issn", "2434-561x", "2434-561X"),
        ("orcid", "0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("orcid", "https://orcid.org/0000-0002-1694-233X", "0000-0002-1694-233X"),
        ("orcid", "0000000151093700", "0000-0001-5109-3700"),
        ("doi", "10.1000/182", "10.1000/182"),
        ("doi", "https://doi.org/10.1000/ABC.1", "10.1000/abc.1"),
        ("doi", "http://dx.doi.org/10.1000/182", "10.1000/182"),
        ("doi", "DOI: 10.1000.10/182(1)", "10.1000.10/182(1)"),
        ("handle", " 20.1000/100 ", "20.1000/100"),
        ("report", "No. 7/2021", "No. 7/2021"),
    ],
)
def test_identifier_is_kept_in_its_usual_notation(scheme, typed, kept):
    assert check_identifier(scheme, typed, field="value") == kept


@pytest.mark.parametrize(
    "scheme, typed",
    [
        ("isbn", "978-0-306-40615-8"),
        ("isbn", "0-306-40615-3"),
        ("isbn", "0-8044-2957-1"),
        ("issn", "0378-5954"),
        ("issn", "2434-5611"),
        ("orcid", "0000-0002-1825-0098"),
        ("orcid", "0000-0002-1694-2331"),
    ],
)
def test_mistyped_digit_is_noticed(scheme, typed):
    with pytest.raises(ValidationError, match="one digit is mistyped"):
        check_identifier(scheme, typed, field="value")


@pytest.mark.parametrize(
    "scheme, number", [("isbn", "9780306406157"), ("issn", "03785955"), ("orcid", "0000000218250097")]
)
def test_every_single_wrong_digit_is_noticed(scheme, number):
    for place, digit in enumerate(number):
        for other in set("0123456789") - {digit}:
            with pytest.raises(ValidationError):
                check_identifier(scheme, number[:place] + other + number[place + 1 :], field="value")


@pytest.mark.parametrize(
    "scheme, typed",
    [
        ("isbn", "123"),
        ("isbn", "977-0-306-40615-7"),
        ("isbn", "97803064061570"),
        ("issn", "0378-59"),
        ("orcid", "0000-0002-1825"),
        ("doi", "11.1000/182"),
        ("doi", "10.1000"),
        ("doi", "10.1000/"),
        ("doi", "10.1000/a b"),
        ("doi", "https://example.org/10.1000/182"),
        ("doi", ""),
    ],
)
def test_what_cannot_be_one_is_refused_at_its_field(scheme, typed):
    with pytest.raises(ValidationError) as refused:
        check_identifier(scheme, typed, field="value")
    assert list(refused.value.message_dict) == ["value"]


@pytest.mark.django_db
def test_same_isbn_with_and_without_hyphens_is_one():
    first, second = make_publication(), make_publication()
    for publication in (first, second):
        row = PublicationIdentifier(publication=publication, scheme="isbn", value="978-0-306-40615-7")
        if publication == first:
            row.full_clean()
            row.save()
    row.value = "9780306406157"
    with pytest.raises(ValidationError, match="Another publication has this identifier"):
        row.full_clean()


@pytest.mark.django_db
def test_identifiers_are_put_in_order_where_they_are_entered():
    author = Contributor(publication=make_publication(), family_name="Doe", orcid="0000000218250097")
    author.full_clean()
    assert author.orcid == "0000-0002-1825-0097"
    series = Series(slug="papers", title="Papers", issn="03785955")
    series.full_clean()
    assert series.issn == "0378-5955"


@pytest.mark.django_db
def test_doi_links_to_its_resolver():
    assert PublicationIdentifier(scheme="doi", value="10.1000/182").url == "https://doi.org/10.1000/182"
    assert PublicationIdentifier(scheme="isbn", value="9780306406157").url == ""
