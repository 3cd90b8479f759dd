"""The thesaurus in the admin: administrators look after it, others look at it."""

import pytest
from django.urls import reverse

from portal.models import AuditEntry, Concept, Term
from tests.forms import complaints, read_form, send_form

ADD = "/admin/portal/concept/add/"
LIST = "/admin/portal/concept/"


@pytest.fixture
def visa(db):
    concept = Concept.objects.create(slug="visa")
    for language, label in (("en", "visa"), ("fr", "visa d’entrée"), ("ru", "виза")):
        Term.objects.create(concept=concept, language=language, label=label, kind="preferred")
    return concept


def rows(*terms):
    """What the rows under the form send: (language, label, kind) of each."""
    data = {"terms-TOTAL_FORMS": str(len(terms))}
    for n, (language, label, kind) in enumerate(terms):
        data |= {f"terms-{n}-language": language, f"terms-{n}-label": label, f"terms-{n}-kind": kind}
    return data


def test_administrator_adds_a_concept_with_its_terms(client, administrator):
    client.force_login(administrator)
    terms = rows(("en", "visa", "preferred"), ("en", "entry permit", "synonym"), ("fr", "visa", "preferred"))
    response = send_form(client, ADD, {"slug": "visa"} | terms, _save="1")
    assert response.status_code == 302, complaints(response)
    assert sorted(map(str, Term.objects.all())) == ["entry permit (en)", "visa (en)", "visa (fr)"]
    assert AuditEntry.objects.about(Concept.objects.get()).get().by == administrator


@pytest.mark.parametrize(
    "terms, words",
    [
        ([("en", "visa", "preferred"), ("en", "Entry permit", "preferred")], "One term of each language"),
        ([("en", "visa", "preferred"), ("en", "VISA", "synonym")], "each term once"),
        ([("en", "visa", "synonym"), ("fr", "visa", "acronym")], "Say which term is the preferred one"),
        ([("en", "–", "preferred")], "A term has letters"),
        ([("English", "visa", "preferred")], "language code"),
    ],
)
def test_terms_that_do_not_fit_together_are_refused_in_words(client, administrator, terms, words):
    client.force_login(administrator)
    response = send_form(client, ADD, {"slug": "visa"} | rows(*terms), _save="1")
    assert response.status_code == 200
    assert words in str(complaints(response))
    assert not Concept.objects.exists()


def test_editor_and_reviewer_may_look_and_not_write(client, editor, reviewer, visa):
    for person in (editor, reviewer):
        client.force_login(person)
        assert "виза" in client.get(LIST).content.decode()
        url = reverse("admin:portal_concept_change", args=[visa.pk])
        assert "terms-0-label" not in read_form(client, url, "concept_form").data
        assert client.post(url, {"slug": "other"}).status_code == 403
        assert client.get(ADD).status_code == 403


@pytest.mark.parametrize("query", ["виза", "ENTREE", "visa"])
def test_concept_is_found_by_any_of_its_terms(client, administrator, visa, query):
    client.force_login(administrator)
    Concept.objects.create(slug="other")
    page = client.get(LIST, {"q": query}).content.decode()
    assert f"/admin/portal/concept/{visa.pk}/change/" in page
    assert "1 concept" in page


def test_list_shows_which_concepts_lack_a_language(client, administrator, visa):
    client.force_login(administrator)
    page = client.get(LIST, {"without": "ar"}).content.decode()
    assert f"/admin/portal/concept/{visa.pk}/change/" in page
    assert f"/admin/portal/concept/{visa.pk}/change/" not in client.get(LIST, {"without": "ru"}).content.decode()


def test_list_costs_the_same_however_many_concepts_there_are(
    client, administrator, visa, django_assert_max_num_queries
):
    client.force_login(administrator)
    for n in range(20):
        Term.objects.create(concept=Concept.objects.create(slug=f"other-{n}"), label=f"other {n}", kind="preferred")
    with django_assert_max_num_queries(10):
        client.get(LIST)
