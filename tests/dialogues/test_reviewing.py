"""The checker's and the verifier's page, and closing a cycle in the admin."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dialogues.models import Correction, Initiative, Snapshot
from tests.forms import form_in, read_form


@pytest.fixture
def review_url(cycle):
    return reverse("admin:dialogues_cycle_review", args=[cycle.pk])


@pytest.fixture
def close_url(cycle):
    return reverse("admin:dialogues_cycle_close", args=[cycle.pk])


def take_step(client, address, step, *chosen, note=""):
    """Choose, look at what will happen, and agree."""
    page = client.post(address, {"step": step, "_selected_action": [one.pk for one in chosen]})
    assert page.status_code == 200, page
    sent = form_in(page, "step_form")
    return client.post(address, sent | {"note": note, "_confirmed": "1"})


def states():
    return sorted(Initiative.objects.values_list("title", "status"))


def test_several_are_checked_and_verified_after_a_page_that_shows_it(
    client, make_initiative, checker, verifier, review_url
):
    one, other = make_initiative("submitted", title="A"), make_initiative("submitted", title="B")
    client.force_login(checker)
    page = client.post(review_url, {"step": "check", "_selected_action": [one.pk, other.pk]})
    assert "2 initiatives will be: Checked" in page.content.decode()
    assert states() == [("A", "submitted"), ("B", "submitted")]
    assert take_step(client, review_url, "check", one, other, note="Good.").status_code == 302
    assert states() == [("A", "checked"), ("B", "checked")]
    assert [note.text for note in one.thread.all()] == ["Good."]
    client.force_login(verifier)
    take_step(client, review_url, "verify", one, other)
    assert states() == [("A", "verified"), ("B", "verified")]


def test_editor_neither_verifies_nor_reopens(client, make_initiative, checker, review_url):
    one = make_initiative("checked")
    client.force_login(checker)
    for step in ("verify", "reopen"):
        sent = {"step": step, "_selected_action": [one.pk], "_confirmed": "1", "note": "x"}
        assert client.post(review_url, sent).status_code == 403
    assert states() == [(one.title, "checked")]


def test_checker_is_told_why_they_do_not_verify_it(client, make_initiative, verifier, review_url, focal):
    one = make_initiative("submitted")
    one.check_quality(by=verifier)
    client.force_login(verifier)
    page = client.post(review_url, {"step": "verify", "_selected_action": [one.pk]}).content.decode()
    assert "somebody else must verify it" in page
    assert 'name="_confirmed"' not in page


def test_sending_back_asks_for_a_reason_and_keeps_what_was_chosen(client, make_initiative, checker, review_url):
    one = make_initiative("submitted")
    client.force_login(checker)
    assert "Say what should be changed" in take_step(client, review_url, "send-back", one).content.decode()
    assert states() == [(one.title, "submitted")]
    take_step(client, review_url, "send-back", one, note="Which year?")
    assert states() == [(one.title, "returned")]
    take_step(client, review_url, "submit", one)
    assert states() == [(one.title, "submitted")]


def test_nothing_happens_to_any_if_one_is_not_as_it_was_shown(client, make_initiative, checker, review_url, focal):
    one, other = make_initiative("submitted", title="A"), make_initiative("submitted", title="B")
    client.force_login(checker)
    page = client.post(review_url, {"step": "check", "_selected_action": [one.pk, other.pk]})
    Initiative.objects.get(pk=other.pk).countries.create(iso2="RS", iso3="SRB", name="Serbia")
    response = client.post(review_url, form_in(page, "step_form") | {"_confirmed": "1"})
    assert "not as it was when you looked at it" in response.content.decode()
    assert states() == [("A", "submitted"), ("B", "submitted")]


def test_initiative_of_another_cycle_is_not_reached(client, make_initiative, checker, jvap, review_url):
    one = make_initiative("submitted", cycle=jvap.cycles.get(number=1))
    client.force_login(checker)
    page = client.post(review_url, {"step": "check", "_selected_action": [one.pk, "x", "\x00"]})
    assert "open for none of these" in page.content.decode()
    for sent in ({}, {"step": "x", "_selected_action": [one.pk]}, {"step": "check"}):
        assert client.post(review_url, sent).status_code == 302
    assert client.get(review_url, {"status": "x", "q": "\x00" * 9, "p": "x"}).status_code in {200, 400}
    assert client.get("/admin/dialogues/cycle/x/review/").status_code == 404


def test_page_shows_last_cycle_beside_it_what_is_found_and_what_was_said(
    client, make_initiative, checker, jvap, review_url
):
    former = make_initiative("verified", cycle=jvap.cycles.get(number=1), title="Training of judge")
    one = make_initiative("submitted", continues=former)
    one.comment(by=checker, text="Which year?")
    client.force_login(checker)
    page = client.get(review_url).content.decode()
    for words in (
        "<del>Training of judge</del>",
        "<ins>Training of judges</ins>",
        "No domain is chosen.",
        "Which year?",
    ):
        assert words in page
    assert "Training" not in client.get(review_url, {"q": "nothing"}).content.decode().split("review_form")[1]
    assert "Training of judges" in client.get(review_url, {"q": "ministry", "status": "all"}).content.decode()


def test_review_asks_no_query_for_each_initiative(client, make_initiative, checker, jvap, review_url):
    client.force_login(checker)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(review_url).status_code == 200
        return len(queries)

    def add(n):
        former = make_initiative("draft", cycle=jvap.cycles.get(number=1), title=f"Former {n}")
        make_initiative("submitted", title=f"Now {n}", continues=former).comment(by=checker, text="Good.")

    add(0)
    before = asked()
    for n in range(1, 5):
        add(n)
    assert asked() == before


# Closing


def test_closing_says_what_is_frozen_and_what_is_left_out(client, make_initiative, verifier, close_url, cycle):
    make_initiative("verified", title="Frozen")
    make_initiative("submitted", title="Waiting")
    client.force_login(verifier)
    page = client.get(close_url).content.decode()
    assert "1 verified initiative will be frozen" in page
    assert "1 initiative waits for a decision" in page
    sent = read_form(client, close_url, "close_form").data
    assert "neither verified nor sent back" in client.post(close_url, sent | {"_close": "1"}).content.decode()
    assert not Snapshot.objects.exists()
    assert client.post(close_url, sent | {"_close": "1", "leave_out": "1"}).status_code == 302
    page = client.get(close_url).content.decode()
    assert Snapshot.objects.get().digest in page
    client.post(close_url, {"_correct": "1", "text": "It was 2020."})
    assert Correction.objects.get().by == verifier
    assert "It was 2020." in client.get(close_url).content.decode()


def test_cycle_is_not_closed_over_what_was_verified_meanwhile(client, make_initiative, verifier, close_url):
    client.force_login(verifier)
    sent = read_form(client, close_url, "close_form").data
    make_initiative("verified")
    response = client.post(close_url, sent | {"_close": "1"})
    assert "is not what it was when you looked at it" in response.content.decode()
    assert not Snapshot.objects.exists()


def test_closed_cycle_offers_no_step(client, make_initiative, cycle, verifier, review_url):
    one = make_initiative("verified")
    cycle.close(by=verifier)
    client.force_login(verifier)
    assert 'name="step"' not in client.get(review_url, {"status": "all"}).content.decode()
    response = take_step(client, review_url, "reopen", one, note="Wrong")
    assert "This cycle is closed" in response.content.decode()
    assert states() == [(one.title, "verified")]
