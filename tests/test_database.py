"""Both engines are really used: a PostgreSQL address in the environment must not end in SQLite."""

import os

from django.db import connection


def test_suite_runs_on_the_database_it_was_given(db):
    given = os.environ.get("PORTAL_DATABASE_URL", "sqlite")
    assert connection.vendor == ("postgresql" if given.startswith("postgres") else "sqlite")


def test_sqlite_keeps_acknowledged_saves(db):
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA synchronous").fetchone()[0] == 2  # FULL
            assert cursor.execute("PRAGMA foreign_keys").fetchone()[0] == 1
