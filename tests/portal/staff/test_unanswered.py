"""Queries without hits: kept so that they tell what is missing and never who asked."""

import datetime
import sqlite3
import time

import pytest
import time_machine
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.utils import load_backend

from portal.models import UnansweredQuery
from portal.staff import unanswered
from portal.staff.unanswered import note_unanswered, prune_unanswered

pytestmark = pytest.mark.django_db


def shown():
    return [(one.text, one.count) for one in UnansweredQuery.objects.shown()]


def test_query_is_kept_from_the_second_time_on():
    note_unanswered("Sea walls")
    assert shown() == []
    assert UnansweredQuery.objects.get().text == ""
    note_unanswered("sea  WALLS")
    assert shown() == [("sea walls", 2)]


def test_first_asking_leaves_nothing_that_can_be_read():
    note_unanswered("Jane Example")
    row = UnansweredQuery.objects.values().get()
    assert not any("jane" in str(value).lower() for value in row.values())


def test_nothing_but_days_and_a_number_is_kept():
    assert {field.name for field in UnansweredQuery._meta.fields} == {
        "id", "key", "text", "count", "first_day", "last_day", "is_dismissed",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "jane@example.org",
        "who is jane @ example",
        "+43 1 504 46 77",
        "case 2020/123/456",
        "1987-04-12",
        "123456",
        "٠١٢٣٤٥",
        "https://example.org/a",
        "www.example.org",
        "word " * 40,
        "",
        "   ",
        "\0",
    ],
)
def test_what_looks_personal_is_not_kept(text):
    note_unanswered(text)
    note_unanswered(text)
    assert not UnansweredQuery.objects.exists()


@pytest.mark.parametrize("text", ["year:2019..2021 return", "route 2030", "Résolution 1244", "سياسة", "возвращение"])
def test_years_and_all_scripts_are_kept(text):
    note_unanswered(text)
    note_unanswered(text)
    assert len(shown()) == 1


def test_old_queries_are_forgotten():
    with time_machine.travel("2026-01-10", tick=False):
        note_unanswered("old")
    with time_machine.travel("2026-07-08", tick=False):
        note_unanswered("new")
    assert prune_unanswered(datetime.date(2026, 7, 9)) == 0
    assert prune_unanswered(datetime.date(2026, 7, 10)) == 1
    assert UnansweredQuery.objects.get().first_day == datetime.date(2026, 7, 8)


def test_nobody_fills_the_database_by_asking(monkeypatch):
    monkeypatch.setattr(unanswered, "MOST_ROWS", 3)
    for n in range(10):
        note_unanswered(f"query {'x' * n}")
    assert UnansweredQuery.objects.count() == 3


def test_nobody_silences_the_report_by_asking_much(monkeypatch):
    monkeypatch.setattr(unanswered, "MOST_ROWS", 3)
    for _ in range(2):
        note_unanswered("sea walls")
    for n in range(10):
        note_unanswered(f"query {'x' * n}")
    for _ in range(2):
        note_unanswered("groynes")
    assert {text for text, _count in shown()} == {"sea walls", "groynes"}


def test_what_was_asked_least_makes_room_where_all_was_asked_again(monkeypatch):
    monkeypatch.setattr(unanswered, "MOST_ROWS", 2)
    for text in ["sea walls"] * 3 + ["groynes"] * 2 + ["dunes"] * 2:
        note_unanswered(text)
    assert {text for text, _count in shown()} == {"sea walls", "dunes"}


@pytest.fixture
def file_database(tmp_path):
    """A database as in production, which one writer locks: the tests' own lies in memory and has no queue."""
    usual = connections[DEFAULT_DB_ALIAS]
    wrapper = load_backend("django.db.backends.sqlite3").DatabaseWrapper(
        {**usual.settings_dict, "NAME": tmp_path / "file.sqlite3"}, DEFAULT_DB_ALIAS
    )
    connections[DEFAULT_DB_ALIAS] = wrapper
    try:
        with wrapper.schema_editor() as editor:
            editor.create_model(UnansweredQuery)
        yield tmp_path / "file.sqlite3"
    finally:
        connections[DEFAULT_DB_ALIAS] = usual
        wrapper.close()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only there one writer locks out all others")
def test_search_does_not_wait_while_somebody_else_writes(file_database):
    """By the clock, with a wide margin: the connection itself would wait for a minute."""
    with connection.cursor() as cursor:
        usual = cursor.execute("PRAGMA busy_timeout").fetchone()
    assert usual == (60_000,)
    writer = sqlite3.connect(file_database, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    note_unanswered("sea walls")
    assert time.monotonic() - began < 5
    writer.execute("ROLLBACK")
    writer.close()
    assert not UnansweredQuery.objects.exists()
    note_unanswered("sea walls")
    assert UnansweredQuery.objects.count() == 1
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == usual


def test_search_goes_on_when_it_cannot_be_noted(monkeypatch):
    def fail(text):
        raise DatabaseError("database is locked")

    monkeypatch.setattr(unanswered, "_note", fail)
    note_unanswered("anything")


def test_dismissed_query_does_not_come_back(desk):
    for _ in range(2):
        note_unanswered("sea walls")
    query = UnansweredQuery.objects.get()
    assert "sea walls" in desk.get("/staff/unanswered/").content.decode()
    assert desk.post(f"/staff/unanswered/{query.pk}/dismiss/").status_code == 302
    note_unanswered("sea walls")
    desk.get("/staff/")
    assert ">sea walls<" not in desk.get("/staff/unanswered/").content.decode()
    assert desk.post(f"/staff/unanswered/{query.pk}/dismiss/").status_code == 404


def test_search_without_hits_is_noted_and_one_with_filters_is_not(desk, shelf):
    desk.get("/staff/search/?q=zeppelin")
    desk.get("/staff/search/?q=zeppelin")
    assert shown() == [("zeppelin", 2)]
    desk.get("/staff/search/?q=lighthouse&from=1950&to=1951")
    assert UnansweredQuery.objects.count() == 1
