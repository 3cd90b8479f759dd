"""Who may do what at the desk: every route, every method, every role; and what belongs to others."""

import pytest
from django.contrib.auth.models import Group
from django.urls import get_resolver, reverse

from portal import roles
from portal.models import Basket, FigureExplanation, SavedSearch, SettledName, UnansweredQuery
from tests.people import make_person

ROLES = ["visitor", "nobody", "staff", "editor", "reviewer", "administrator"]
ARGUMENTS = {
    "search-export": {"format": "csv"},
    "feed": {"token": "t" * 43},
    "basket-export": {"pk": 7, "format": "json"},
    "basket-shared": {"token": "t" * 43},
    "basket-shared-export": {"token": "t" * 43, "format": "csv"},
    "quality": {},
    "alternatives": {},
}
# What each route takes, and what it answers to somebody with the right.
READING = {
    "desk": 200, "compose": 400, "search": 200, "help": 200, "search-export": 302, "saved": 200, "basket": 200,
    "basket-export": 200, "basket-shared": 200, "basket-shared-export": 200, "unanswered": 200, "quality": 200,
    "completeness": 200, "completeness-export": 200, "stale": 200, "names": 200, "links": 200,
    "alternatives": 200, "figures": 200,
}  # fmt: skip
CHANGING = {
    "save", "saved-change", "saved-looked", "saved-renew", "saved-delete", "baskets", "basket-add", "basket-change",
    "basket-share", "basket-delete", "dismiss", "settle", "reopen", "explain", "take-back",
}  # fmt: skip

# Of these, what is for those alone who may change records.
EDITING = {"settle", "reopen", "explain", "take-back"}


def routes():
    for pattern in get_resolver().url_patterns:
        if getattr(pattern, "namespace", None) in {"staff", "publications-desk"}:
            for one in pattern.url_patterns:
                yield pattern.namespace, one.name


def address(namespace, name):
    needs_key = name.startswith(("saved", "basket-", "dismiss", "reopen", "take-back")) or name == "basket"
    arguments = ARGUMENTS.get(name, {"pk": 7} if needs_key and name != "basket-add" else {})
    return reverse(f"{namespace}:{name}", kwargs=arguments)


@pytest.fixture
def somebody(request, db):
    def make(role):
        if role == "visitor":
            return None
        if role == "nobody":
            Group.objects.get_or_create(name="nobody")
        person = make_person("sam", role, is_staff=role not in {"staff", "nobody"})
        SavedSearch.objects.create(pk=7, owner=person, name="Mine", text="lamp")
        Basket.objects.create(pk=7, owner=person, name="Mine", token="t" * 43)
        UnansweredQuery.objects.create(pk=7, key="k", text="lamp", first_day="2026-01-01", last_day="2026-01-01")
        SettledName.objects.create(pk=7, one="lamp", other="lmap", shown="LAMP / LMAP", by=person)
        FigureExplanation.objects.create(pk=7, check_key="gone", shown="Lamps", by=person)
        return person

    return make


def test_every_route_is_in_the_table(db):
    assert {name for _namespace, name in routes()} == set(READING) | CHANGING | {"feed"}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("method", ["get", "head", "post", "put", "patch", "delete"])
def test_each_role_on_each_route_with_each_method(client, somebody, library, role, method):
    person, tried = somebody(role), []
    for namespace, name in routes():
        if name == "feed":
            continue
        tried.append(name)
        if person:
            client.force_login(person)
            Basket.objects.update_or_create(pk=7, defaults={"owner": person, "name": "Mine", "token": "t" * 43})
            SavedSearch.objects.update_or_create(pk=7, defaults={"owner": person, "name": "Mine", "text": "lamp"})
            UnansweredQuery.objects.filter(pk=7).update(is_dismissed=False)
            told = {"one": "lamp", "other": "lmap", "shown": "LAMP / LMAP", "by": person}
            SettledName.objects.update_or_create(pk=7, defaults=told)
            FigureExplanation.objects.update_or_create(pk=7, defaults={"check_key": "gone", "by": person})
        response = getattr(client, method)(address(namespace, name))
        takes = name in READING if method in {"get", "head"} else name in CHANGING and method == "post"
        if role == "visitor":
            assert response.status_code == 302, name
            assert response["Location"].startswith("/accounts/sign-in/?next=/staff/"), name
        elif role == "nobody":
            assert response.status_code == 403, name
        elif not takes:
            assert response.status_code == 405, name
        elif name in EDITING and role == "staff":
            assert response.status_code == 403, name
        else:
            assert response.status_code == READING.get(name, 302), name
            assert response["Cache-Control"] == "private, no-store", name
    assert len(tried) == len(READING) + len(CHANGING) == 34


@pytest.mark.parametrize("role", [roles.STAFF, roles.EDITOR, roles.REVIEWER, roles.ADMINISTRATOR])
def test_desk_is_linked_for_those_who_may_use_it(client, db, role):
    assert "/staff/" not in client.get("/").content.decode()
    client.force_login(make_person("sam", role))
    assert 'href="/staff/"' in client.get("/").content.decode()


def test_forms_need_their_token(db, colleague):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(colleague)
    assert strict.post("/staff/baskets/", {"name": "One"}).status_code == 403
    assert not Basket.objects.exists()


def test_what_belongs_to_others_is_not_there(desk, db):
    other = make_person("olga", roles.STAFF)
    SavedSearch.objects.create(pk=7, owner=other, name="Hers", text="lamp")
    Basket.objects.create(pk=7, owner=other, name="Hers")
    UnansweredQuery.objects.create(pk=7, key="k", text="lamp", first_day="2026-01-01", last_day="2026-01-01")
    tried = set()
    for namespace, name in routes():
        if name in {"feed", "dismiss", "reopen", "take-back", "basket-shared", "basket-shared-export"}:
            continue
        if "7" in address(namespace, name):
            method = desk.get if name in READING else desk.post
            assert method(address(namespace, name)).status_code == 404, name
            tried.add(name)
    assert tried == {
        "saved", "saved-change", "saved-looked", "saved-renew", "saved-delete", "basket", "basket-change",
        "basket-share", "basket-delete", "basket-export",
    }  # fmt: skip
    assert SavedSearch.objects.filter(name="Hers").exists()
    assert Basket.objects.filter(name="Hers", token=None).exists()
    assert "Hers" not in desk.get("/staff/").content.decode()


def test_robots_are_told_to_stay_away(client, db):
    assert "Disallow: /staff/" in client.get("/robots.txt").content.decode()
