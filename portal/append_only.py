"""Tables that only grow, by the word of the database: rows are added, and neither changed nor deleted.

It holds against mistakes, raw SQL and `flush`, not against whoever owns the database and may drop a trigger. On SQLite
a migration that alters such a table makes it anew and loses its triggers: that migration has to install them again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("portal_auditentry", "portal_version")

# Triggers that an app has besides: what installs them and what removes them.
Guard = Callable[[BaseDatabaseWrapper], None]
guards: list[tuple[Guard, Guard]] = []


def all_tables() -> list[str]:
    """Those above, and those of models that say `only_grows`."""
    return [*TABLES, *(model._meta.db_table for model in apps.get_models() if getattr(model, "only_grows", False))]


# REPLACE deletes without asking the trigger for deletions, so an added row must not have the key of another.
SQLITE = {
    "only_grows_add": "BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)",
    "only_grows_change": "BEFORE UPDATE ON {table}",
    "only_grows_delete": "BEFORE DELETE ON {table}",
}
# Rows one by one: a statement that finds none is harmless, and Django sends such when it loads a fixture.
POSTGRESQL = {
    "only_grows": "BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW",
    "only_grows_truncate": "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT",
}
FUNCTION = """
CREATE OR REPLACE FUNCTION portal_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$
"""


def install(connection: BaseDatabaseWrapper, table: str) -> None:
    """From now on a change ends in IntegrityError. Its key must be called id. May be repeated."""
    remove(connection, table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(FUNCTION)
        for name, event in _triggers(connection).items():
            does = (
                "EXECUTE FUNCTION portal_only_grows()"
                if connection.vendor == "postgresql"
                else f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
            )
            cursor.execute(f"CREATE TRIGGER {table}_{name} {event.format(table=table)} {does}")


def remove(connection: BaseDatabaseWrapper, table: str) -> None:
    with connection.cursor() as cursor:
        for name in _triggers(connection):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}{on}")


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """For tests, which empty all tables between them. Nothing else has a reason to."""
    tables = all_tables()
    for table in tables:
        remove(connection, table)
    for _install, take_away in guards:
        take_away(connection)
    try:
        yield
    finally:
        for table in tables:
            install(connection, table)
        for put, _remove in guards:
            put(connection)


def _triggers(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Raises KeyError for an engine whose words nobody has written."""
    return {"sqlite": SQLITE, "postgresql": POSTGRESQL}[connection.vendor]
