"""Baskets: putting in, the order, notes, lending; and what is in them that is no longer there."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal import roles
from portal.models import Basket, BasketItem
from portal.models.desk import MOST_BASKETS, MOST_ITEMS
from portal.staff import keeping
from tests.factories import make_project, publisher
from tests.people import make_person


@pytest.fixture
def basket(db, colleague):
    return Basket.objects.create(owner=colleague, name="For the meeting")


@pytest.fixture
def filled(basket):
    for n, title in enumerate(("One", "Two", "Three"), 1):
        project = make_project(title=title, published=True)
        basket.items.create(kind="project", record=str(project.pk), position=n)
    return basket


def titles(client, basket):
    response = client.get(f"/staff/baskets/{basket.pk}/")
    assert response.status_code == 200
    return [str(kept.record) if kept.kind else None for kept in response.context["contents"]]


def keys(basket):
    return {str(item.record): item.pk for item in basket.items.all()}


def change(client, basket, **fields):
    response = client.post(f"/staff/baskets/{basket.pk}/change/", {"name": basket.name, **fields})
    assert response.status_code == 302


def test_records_and_passages_are_put_in_together(desk, shelf, basket):
    guide, project = shelf["guide"], shelf["project"]
    ticked = [f"publication:{guide.pk}", f"publication:{guide.pk}:en:3", f"project:{project.pk}"]
    fields = {"item": ticked, "basket": basket.pk, "query": "q=northern", "next": "/staff/search/?q=northern"}
    response = desk.post("/staff/baskets/add/", fields)
    assert response["Location"] == "/staff/search/?q=northern"
    assert titles(desk, basket) == ["Guide for keepers", "Guide for keepers", "Lighthouse twinning"]
    passage = basket.items.get(page=3)
    assert (passage.language, passage.url) == ("en", "/publications/guide/en/3/")
    assert "lighthouse of the northern cape" in passage.passage
    assert "\ue000" not in passage.passage
    assert "/publications/guide/en/3/" in desk.get(f"/staff/baskets/{basket.pk}/").content.decode()


def test_new_basket_can_be_made_on_the_way(desk, shelf):
    desk.post("/staff/baskets/add/", {"item": f"project:{shelf['project'].pk}", "basket": "", "name": "Lamps"})
    assert titles(desk, Basket.objects.get(name="Lamps")) == ["Lighthouse twinning"]


def test_name_of_a_new_basket_says_more_than_the_menu(desk, shelf, basket):
    fields = {"item": f"project:{shelf['project'].pk}", "basket": basket.pk, "name": "Lamps"}
    desk.post("/staff/baskets/add/", fields)
    assert titles(desk, basket) == []
    assert titles(desk, Basket.objects.get(name="Lamps")) == ["Lighthouse twinning"]


def test_same_thing_is_in_a_basket_once(desk, shelf, basket):
    fields = {"item": [f"project:{shelf['project'].pk}"] * 3, "basket": basket.pk}
    for _ in range(2):
        desk.post("/staff/baskets/add/", fields)
    assert basket.items.count() == 1


@pytest.mark.parametrize(
    "item",
    [
        "", ":", "project", "project:", "nothing:1", "project:999999", "project:abc", "project:" + "9" * 40, "project:-1",
        "project:1:en", "publication:1:en:99", "publication:1:en:x", "publication:1:en:" + "9" * 30, "project:1:en:1:2",
        "project:\u0661", "project:1e5", "project:None",
    ],
)  # fmt: skip
def test_nothing_gets_in_that_is_not_there(desk, basket, item):
    assert desk.post("/staff/baskets/add/", {"item": item, "basket": basket.pk}).status_code == 302
    assert not BasketItem.objects.exists()


def test_draft_cannot_be_put_in(desk, basket):
    draft = make_project(title="Secret")
    desk.post("/staff/baskets/add/", {"item": f"project:{draft.pk}", "basket": basket.pk})
    assert not BasketItem.objects.exists()


def test_page_that_a_record_has_not_is_left_out(desk, shelf, basket):
    desk.post("/staff/baskets/add/", {"item": f"publication:{shelf['guide'].pk}:en:9", "basket": basket.pk})
    assert not BasketItem.objects.exists()


def test_basket_of_somebody_else_is_not_there(desk, shelf):
    hers = Basket.objects.create(owner=make_person("olga", roles.STAFF), name="Hers")
    for value in (hers.pk, "x", "9" * 30):
        desk.post("/staff/baskets/add/", {"item": f"project:{shelf['project'].pk}", "basket": value})
    assert not BasketItem.objects.exists()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_way_back_stays_on_this_site(desk, basket, target):
    assert desk.post("/staff/baskets/add/", {"item": "x", "next": target})["Location"] == "/staff/"


@pytest.mark.parametrize(
    "fields, expected",
    [
        ({"up": "Three"}, ["One", "Three", "Two"]),
        ({"down": "One"}, ["Two", "One", "Three"]),
        ({"up": "One"}, ["One", "Two", "Three"]),
        ({"down": "Three"}, ["One", "Two", "Three"]),
        ({"position-Three": "1"}, ["Three", "One", "Two"]),
        ({"position-One": "3"}, ["Two", "Three", "One"]),
        ({"position-One": "2"}, ["Two", "One", "Three"]),
        ({"position-One": "99"}, ["Two", "Three", "One"]),
        ({"remove-Two": "on"}, ["One", "Three"]),
        ({"remove-Two": "on", "position-Three": "1"}, ["Three", "One"]),
        ({"up": "nothing"}, ["One", "Two", "Three"]),
    ],
)
def test_order_is_changed_without_a_script(desk, filled, fields, expected):
    pks = dict(zip(("One", "Two", "Three"), filled.items.values_list("pk", flat=True), strict=True))
    sent = {}
    for name, value in fields.items():
        for title, pk in pks.items():
            name, value = name.replace(title, str(pk)), value.replace(title, str(pk))
        sent[name] = value
    change(desk, filled, **sent)
    assert titles(desk, filled) == expected
    assert list(filled.items.values_list("position", flat=True)) == list(range(1, len(expected) + 1))


@pytest.mark.parametrize("place", ["0", "-1", "x", "1.5", "99999", "٢"])
def test_place_that_is_none_is_said_and_nothing_is_lost(desk, filled, place):
    item = filled.items.first()
    response = desk.post(
        f"/staff/baskets/{filled.pk}/change/", {"name": filled.name, f"position-{item.pk}": place}, follow=True
    )
    assert "is no place in the order" in response.content.decode()
    assert titles(desk, filled) == ["One", "Two", "Three"]


def test_notes_are_kept_when_an_item_is_moved(desk, filled):
    first, second, _third = filled.items.all()
    change(desk, filled, **{f"note-{first.pk}": "Read <b>this</b>\r\nfirst", "up": second.pk})
    first.refresh_from_db()
    assert first.note == "Read <b>this</b>\nfirst"
    page = desk.get(f"/staff/baskets/{filled.pk}/").content.decode()
    assert "Read &lt;b&gt;this&lt;/b&gt;" in page
    assert titles(desk, filled) == ["Two", "One", "Three"]


def test_item_that_goes_while_the_page_is_being_saved_is_passed_over(desk, filled, monkeypatch):
    first, second, third = filled.items.all()
    rearrange = keeping.rearrange

    def lose_one_first(basket, order):
        BasketItem.objects.filter(pk=second.pk).delete()
        rearrange(basket, order)

    monkeypatch.setattr(keeping, "rearrange", lose_one_first)
    change(desk, filled, **{f"note-{first.pk}": "Bring it", f"position-{third.pk}": "1"})
    assert [(item.pk, item.position) for item in filled.items.all()] == [(third.pk, 1), (first.pk, 2)]
    assert filled.items.get(pk=first.pk).note == "Bring it"


def test_basket_is_changed_as_a_whole_or_not_at_all(desk, filled, monkeypatch):
    def fail(basket, order):
        raise RuntimeError("in the middle")

    first, second, _third = filled.items.all()
    monkeypatch.setattr(keeping, "rearrange", fail)
    with pytest.raises(RuntimeError):
        change(desk, filled, **{f"note-{first.pk}": "Bring it", "remove": second.pk})
    assert [item.note for item in filled.items.all()] == ["", "", ""]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time anyway")
def test_two_windows_change_a_basket_one_after_the_other(desk, filled):
    with CaptureQueriesContext(connection) as captured:
        change(desk, filled)
    assert any('"portal_basket"' in query["sql"] and "FOR UPDATE" in query["sql"] for query in captured)


def test_item_that_is_no_longer_there_keeps_its_place_and_not_its_title(desk, shelf, basket):
    guide = shelf["guide"]
    desk.post("/staff/baskets/add/", {"item": f"publication:{guide.pk}:en:2", "basket": basket.pk, "query": "q=oil"})
    guide.withdraw(by=publisher(), reason="Replaced.")
    page = desk.get(f"/staff/baskets/{basket.pk}/").content.decode()
    assert "No longer available" in page
    assert "Guide for keepers" not in page
    assert "keeper needs oil" not in page
    assert "/publications/guide/" not in page


def test_basket_is_lent_by_a_link_to_colleagues_alone(desk, client, filled, colleague):
    assert f"/staff/baskets/{filled.pk}/" in desk.get("/staff/").content.decode()
    desk.post(f"/staff/baskets/{filled.pk}/share/")
    filled.refresh_from_db()
    link = f"/staff/baskets/shared/{filled.token}/"
    item = filled.items.first()
    item.note = "Begin here"
    item.save()
    client.logout()
    assert client.get(link).status_code == 302
    client.force_login(make_person("olga", roles.STAFF))
    page = client.get(link).content.decode()
    assert "Begin here" in page
    assert "One" in page
    assert "<button name=" not in page
    assert client.get(f"/staff/baskets/{filled.pk}/").status_code == 404
    assert client.post(f"/staff/baskets/{filled.pk}/change/", {"name": "Mine now"}).status_code == 404
    client.force_login(colleague)
    client.post(f"/staff/baskets/{filled.pk}/share/", {"share": "no"})
    assert client.get(link).status_code == 404
    client.post(f"/staff/baskets/{filled.pk}/share/")
    assert client.get(link).status_code == 404, "the next link is another"


def test_lent_basket_shows_each_reader_what_that_reader_may_see(client, editor, colleague):
    draft = make_project(title="Not yet public")
    basket = Basket.objects.create(owner=editor, name="Drafts", token="d" * 43)
    basket.items.create(kind="project", record=str(draft.pk))
    client.force_login(editor)
    assert "Not yet public" in client.get(f"/staff/baskets/shared/{'d' * 43}/").content.decode()
    client.force_login(colleague)
    for address in (f"/staff/baskets/shared/{'d' * 43}/", f"/staff/baskets/shared/{'d' * 43}.csv"):
        response = client.get(address)
        shown = b"".join(response.streaming_content) if response.streaming else response.content
        assert "Not yet public" not in shown.decode()
        assert "No longer available" in shown.decode()


def test_baskets_and_items_are_counted(desk, shelf, colleague, basket):
    BasketItem.objects.bulk_create(
        BasketItem(basket=basket, kind="project", record=str(10_000 + n)) for n in range(MOST_ITEMS)
    )
    desk.post("/staff/baskets/add/", {"item": f"project:{shelf['project'].pk}", "basket": basket.pk})
    assert basket.items.count() == MOST_ITEMS
    Basket.objects.bulk_create(Basket(owner=colleague, name=str(n)) for n in range(MOST_BASKETS))
    assert "Delete one first" in desk.post("/staff/baskets/", {"name": "More"}, follow=True).content.decode()


def test_basket_is_deleted_by_its_owner(desk, filled):
    desk.post(f"/staff/baskets/{filled.pk}/delete/")
    assert not BasketItem.objects.exists()


def test_number_of_queries_does_not_grow_with_the_items(desk, basket):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(f"/staff/baskets/{basket.pk}/").status_code == 200
        return len(captured)

    def fill(n):
        for _ in range(n):
            basket.items.create(kind="project", record=str(make_project(published=True).pk))

    fill(2)
    few = queries()
    fill(10)
    assert queries() <= few
