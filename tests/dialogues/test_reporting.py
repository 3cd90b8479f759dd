"""A focal point's own pages: what they may see and change, and that nothing they type is lost."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from dialogues.models import Cycle, Domain, FocalPoint, Initiative
from portal import roles
from portal.models import AuditEntry, Version
from tests.factories import make_country, make_organisation
from tests.forms import form_in, read_form
from tests.people import make_person

FORM = "initiative_form"


@pytest.fixture
def desk(client, focal):
    client.force_login(focal)
    return client


@pytest.fixture
def new_url(focal, cycle):
    return reverse("reporting:new", args=[FocalPoint.objects.get(user=focal).pk, cycle.number])


def url(one):
    return reverse("reporting:initiative", args=[one.pk])


def typed(**fields):
    return {"title_en": "Training of judges", "description_en": "Forty judges."} | fields


def send(client, address, fields, verb="save"):
    return client.post(address, read_form(client, address, FORM).data | fields | {"_verb": verb})


# Who is let in


def test_every_route_is_for_focal_points_alone(client, focal, make_initiative, new_url, checker):
    one = make_initiative()
    addresses = {
        "home": reverse("reporting:home"),
        "sign-in": reverse("reporting:sign-in"),
        "new": new_url,
        "initiative": url(one),
    }
    found = next(p for p in get_resolver().url_patterns[-1].url_patterns if getattr(p, "namespace", "") == "reporting")
    assert {pattern.name for pattern in found.url_patterns} == set(addresses)
    del addresses["sign-in"]
    for address in addresses.values():
        assert client.get(address)["Location"].startswith("/accounts/sign-in/?next=/reporting/")
    others = [checker, make_person("rex", roles.REVIEWER), make_person("ada", roles.ADMINISTRATOR)]
    for person in [*others, make_person("stan", roles.STAFF, is_staff=False)]:
        client.force_login(person)
        for address in addresses.values():
            assert client.get(address).status_code == 403
            assert client.post(address, typed()).status_code == 403
    client.force_login(focal)
    for address in addresses.values():
        response = client.get(address)
        assert response.status_code == 200
        assert response["Cache-Control"] == "private, no-store"
        for method in ("put", "patch", "delete"):
            assert getattr(client, method)(address).status_code == 405
    assert Initiative.objects.get().title == "Training of judges"


def test_focal_point_reaches_neither_admin_nor_desk(desk, make_initiative):
    one = make_initiative()
    for address in ("/admin/", f"/admin/dialogues/initiative/{one.pk}/change/"):
        assert "/admin/login/" in desk.get(address)["Location"]
    assert desk.get("/staff/").status_code == 403


def test_others_see_nothing_of_it(desk, make_initiative, jvap, new_url):
    theirs = make_initiative(title="Of somebody else", reported_by=make_organisation("Other"))
    assert desk.get(url(theirs)).status_code == 404
    assert desk.post(url(theirs), typed(title_en="Mine")).status_code == 404
    assert "Of somebody else" not in desk.get(reverse("reporting:home")).content.decode()
    assert "Of somebody else" not in desk.get(new_url).content.decode()
    other = FocalPoint.objects.create(
        user=make_person("oscar", roles.STAFF, is_staff=False), dialogue=jvap, country=make_country("TR", "Türkiye")
    )
    assert desk.get(reverse("reporting:new", args=[other.pk, 2])).status_code == 404
    assert desk.post(reverse("reporting:new", args=[other.pk, 2]), typed()).status_code == 404
    assert Initiative.objects.count() == 1


def test_who_reported_until_last_year_does_so_no_more(desk, make_initiative):
    one = make_initiative()
    FocalPoint.objects.update(end="2020", end_last="2020-12-31")
    for address in (reverse("reporting:home"), url(one)):
        assert desk.get(address).status_code == 403


# Writing


def test_initiative_is_saved_as_a_draft_and_submitted(desk, new_url, focal, partner, cycle):
    country = make_country("RS", "Serbia")
    fields = typed(
        domains=[str(Domain.objects.first().pk)],
        countries=[str(country.pk)],
        start="March 2020",
        end="2020",
        amount="1000",
        currency="eur",
        links="https://example.org/a",
    )
    response = send(desk, new_url, fields)
    one = Initiative.objects.get()
    assert response["Location"] == url(one)
    assert (one.status, one.reported_by, one.cycle, one.changed_by) == ("draft", partner, cycle, focal)
    assert (str(one.start), str(one.end), str(one.amount), one.currency) == ("2020-03", "2020", "1000.00", "EUR")
    assert (one.domains.count(), one.countries.get()) == (1, country)
    assert Version.objects.about(one).get().by == focal
    send(desk, url(one), {}, verb="submit")
    one.refresh_from_db()
    assert (one.status, one.submitted_by) == ("submitted", focal)
    assert [entry.verb for entry in AuditEntry.objects.about(one)] == ["submit", "add"]


def test_mistakes_keep_what_was_typed_and_save_nothing(desk, new_url):
    wrong = typed(title_en="", start="soon", amount="10", links="javascript:alert(1)", countries=["999999"])
    response = send(desk, new_url, wrong)
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"title_en", "start", "currency", "links", "countries"}
    kept = form_in(response, FORM)
    for name in ("description_en", "start", "amount", "links"):
        assert kept[name] == wrong[name]
    assert not Initiative.objects.exists()
    assert send(desk, new_url, typed(description_en="\x00")).status_code == 200
    assert send(desk, new_url, typed(title_en="x" * 10_000)).status_code == 200
    assert desk.post(new_url, {"_key": "x", "continues": "\x00", "domains": ["x"]}).status_code == 200
    assert not Initiative.objects.exists()


def test_form_that_is_sent_twice_is_saved_once(desk, new_url):
    sent = read_form(desk, new_url, FORM).data | typed()
    first, second = desk.post(new_url, sent), desk.post(new_url, sent)
    assert first["Location"] == second["Location"]
    assert Initiative.objects.count() == 1
    third = desk.post(new_url, sent | {"title_en": "Other words"})
    assert third.status_code == 409
    assert form_in(third, FORM)["title_en"] == "Other words"
    assert Initiative.objects.get().title == "Training of judges"


def test_second_saver_sees_both_values_and_what_only_one_has_changed_is_joined(desk, make_initiative, new_url):
    send(desk, new_url, typed(currency="EUR"))
    one = Initiative.objects.get()
    opened = read_form(desk, url(one), FORM).data
    send(desk, url(one), {"title_en": "Their title", "description_en": "Their text"})
    mine = {"title_en": "My title", "currency": "USD", "_verb": "save"}
    response = desk.post(url(one), opened | mine)
    assert response.status_code == 409
    assert [(clash.label, clash.theirs) for clash in response.context["clashes"]] == [("Title", "Their title")]
    again = form_in(response, FORM)
    assert (again["title_en"], again["description_en"], again["currency"]) == ("My title", "Their text", "USD")
    one.refresh_from_db()
    assert one.title == "Their title"
    assert desk.post(url(one), again | {"_verb": "save"}).status_code == 302
    one.refresh_from_db()
    assert (one.title, one.description, one.currency) == ("My title", "Their text", "USD")


def test_ended_sign_in_carries_what_was_typed_to_the_form(desk, new_url, focal):
    sent = read_form(desk, new_url, FORM).data | typed(countries=[str(make_country("RS", "Serbia").pk)])
    desk.logout()
    asked = desk.post(new_url, sent)
    assert asked.status_code == 403
    assert not Initiative.objects.exists()
    carried = form_in(asked, "sign_in_form")
    wrong = desk.post(reverse("reporting:sign-in"), carried | {"username": "fatou", "password": "wrong"})
    assert wrong.status_code == 403
    carried = form_in(wrong, "sign_in_form")
    back = desk.post(reverse("reporting:sign-in"), carried | {"username": "fatou", "password": "a-long-pass-phrase"})
    assert back.status_code == 200
    assert not Initiative.objects.exists()
    kept = form_in(back, FORM)
    assert kept["title_en"] == "Training of judges"
    assert re.search(rf'action="{new_url}"', back.content.decode())
    assert desk.post(new_url, kept | {"_verb": "save"}).status_code == 302
    assert Initiative.objects.get().countries.get().iso2 == "RS"


def test_forms_need_their_token(focal, new_url):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(focal)
    assert strict.post(new_url, typed()).status_code == 403
    assert not Initiative.objects.exists()


@pytest.mark.parametrize("status", ["checked", "verified"])
def test_what_is_checked_or_verified_is_only_read(desk, make_initiative, status):
    one = make_initiative("submitted")
    opened = read_form(desk, url(one), FORM).data
    one = make_initiative(status, title="Settled")
    opened |= {"title_en": "Mine", "_verb": "save"}
    response = desk.post(url(one), opened)
    assert response.status_code == 403
    assert form_in(response, FORM)["title_en"] == "Mine"
    page = desk.get(url(one)).content.decode()
    assert 'name="_verb"' not in page
    assert Initiative.objects.get(pk=one.pk).title == "Settled"


def test_closed_cycle_takes_nothing_more(desk, make_initiative, cycle, verifier, new_url):
    draft = make_initiative()
    opened, sent = read_form(desk, url(draft), FORM).data, read_form(desk, new_url, FORM).data
    Cycle.objects.get(pk=cycle.pk).close(by=verifier)
    assert desk.post(url(draft), opened | {"title_en": "Mine", "_verb": "save"}).status_code == 403
    late = desk.post(new_url, sent | typed(_verb="save"))
    assert late.status_code == 403
    assert form_in(late, FORM)["title_en"] == "Training of judges"
    assert desk.get(new_url).status_code == 404
    assert Initiative.objects.get().title == "Training of judges"
    assert "Closed on" in desk.get(reverse("reporting:home")).content.decode()


def test_comments_of_the_check_are_seen_and_answered(desk, make_initiative, checker):
    one = make_initiative("submitted")
    one.send_back(by=checker, reason="Which year?")
    assert "Which year?" in desk.get(url(one)).content.decode()
    send(desk, url(one), {"note": "It was 2020.", "start": "2020"}, verb="submit")
    one.refresh_from_db()
    assert one.status == "submitted"
    assert [note.text for note in one.thread.all()] == ["Which year?", "It was 2020."]


def test_automatic_look_stands_beside_the_form_and_hinders_nobody(desk, make_initiative, cycle, jvap):
    make_initiative(title="Training of border guards in Tirana")
    double = make_initiative(title="Training of border guard in Tirana", currency="EUR", start="2023")
    hidden = make_initiative(title="Trainings of border guard in Tirana", reported_by=make_organisation("Other"))
    page = desk.get(url(double)).content.decode()
    for words in (
        "No domain is chosen.",
        "A currency is chosen, but no amount is given.",
        "It began after the time of this cycle.",
        "Probably the same as “Training of border guards in Tirana”",
    ):
        assert words in page
    assert hidden.title not in page


def test_what_was_reported_before_is_reported_again(desk, make_initiative, jvap, new_url):
    former = make_initiative("verified", cycle=jvap.cycles.get(number=1), countries=[make_country()], currency="EUR")
    assert f"?continues={former.pk}" in desk.get(reverse("reporting:home")).content.decode()
    address = f"{new_url}?continues={former.pk}"
    filled = read_form(desk, address, FORM).data
    assert (filled["title_en"], filled["continues"], filled["currency"]) == (former.title, str(former.pk), "EUR")
    send(desk, address, {})
    one = Initiative.objects.get(continues=former)
    assert one.countries.count() == 1
    assert f"?continues={former.pk}" not in desk.get(reverse("reporting:home")).content.decode()
    for wrong in ("x", "\x00", "0" * 10_000):
        assert desk.get(new_url, {"continues": wrong}).status_code in {200, 400}


def test_texts_are_written_in_the_language_of_the_page_they_were_begun_on(desk, new_url):
    send(desk, f"/fr{new_url}", {"title_fr": "Formation de juges"})
    one = Initiative.objects.get()
    assert (one.title_fr, one.title_en) == ("Formation de juges", None)
    assert read_form(desk, url(one), FORM).data["title_fr"] == "Formation de juges"


def test_home_asks_no_query_for_each_initiative(desk, make_initiative):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            desk.get(reverse("reporting:home"))
        return len(queries)

    make_initiative()
    before = asked()
    for n in range(5):
        make_initiative(title=f"Training {n}")
    assert asked() == before
