"""A closed cycle is frozen by the word of the database: triggers refuse what would change it, its initiatives, what
those lead to or their comments, by whatever route it comes. The snapshot itself only grows (portal/append_only.py).

They speak of several tables, which SQLite does not allow while one of these is made anew: so they are taken away before
migrations and put in place after each (dialogues/apps.py).
"""

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from portal import append_only

GROWING = ("dialogues_snapshot", "dialogues_correction")
# By table: which cycle a row belongs to, as SQL with the row in place of {row}.
OF_INITIATIVE = "(SELECT cycle_id FROM dialogues_initiative WHERE id = {row}.initiative_id)"
CYCLE_OF = {
    "dialogues_cycle": "{row}.id",
    "dialogues_initiative": "{row}.cycle_id",
    "dialogues_initiative_domains": OF_INITIATIVE,
    "dialogues_initiative_countries": OF_INITIATIVE,
    "dialogues_comment": OF_INITIATIVE,
}
# What REPLACE would put another row in the place of, without asking the trigger for deletions.
REPLACED = "EXISTS (SELECT 1 FROM {table} AS old WHERE old.id = NEW.id AND {frozen})"
ONE_EACH = """
CREATE TRIGGER dialogues_snapshot_frozen_again BEFORE INSERT ON dialogues_snapshot
WHEN EXISTS (SELECT 1 FROM dialogues_snapshot WHERE cycle_id = NEW.cycle_id)
BEGIN SELECT RAISE(ABORT, 'dialogues_snapshot only grows'); END
"""
ROUTES = {"add": ("INSERT", ("NEW",)), "change": ("UPDATE", ("OLD", "NEW")), "delete": ("DELETE", ("OLD",))}

# Whoever changes something of a cycle holds its row until the end, so that nobody closes it meanwhile.
FUNCTION = """
CREATE OR REPLACE FUNCTION {table}_refuse_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM 1 FROM dialogues_cycle WHERE id = {old} FOR SHARE;
        IF {old_frozen} THEN
            RAISE EXCEPTION '% is frozen', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM 1 FROM dialogues_cycle WHERE id = {new} FOR SHARE;
        IF {new_frozen} THEN
            RAISE EXCEPTION '% is frozen', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    RETURN OLD;
END
$$
"""
EMPTYING = """
CREATE OR REPLACE FUNCTION dialogues_refuse_emptying() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM dialogues_snapshot) THEN
        RAISE EXCEPTION '% holds what is frozen', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$
"""


def install(connection: BaseDatabaseWrapper) -> None:
    """From now on a change of what is closed ends in IntegrityError. May be repeated."""
    remove(connection)
    on_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(EMPTYING if on_postgresql else ONE_EACH)
        for table, cycle in CYCLE_OF.items():
            for statement in (_postgresql if on_postgresql else _sqlite)(table, cycle):
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for table in CYCLE_OF:
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_frozen ON {table}")
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_frozen_truncate ON {table}")
            else:
                for name in ROUTES:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_frozen_{name}")
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER IF EXISTS dialogues_snapshot_frozen_again")


def _frozen(cycle: str, row: str) -> str:
    return f"EXISTS (SELECT 1 FROM dialogues_snapshot WHERE cycle_id = {cycle.format(row=row)})"  # noqa: S608 (ours)


def _sqlite(table: str, cycle: str) -> list[str]:
    found = []
    for name, (event, rows) in ROUTES.items():
        when = [_frozen(cycle, row) for row in rows]
        if event == "INSERT":
            when.append(REPLACED.format(table=table, frozen=_frozen(cycle, "old")))
        does = f"BEGIN SELECT RAISE(ABORT, '{table} is frozen'); END"
        found.append(f"CREATE TRIGGER {table}_frozen_{name} BEFORE {event} ON {table} WHEN {' OR '.join(when)} {does}")
    return found


def _postgresql(table: str, cycle: str) -> list[str]:
    told = {"table": table}
    for row in ("old", "new"):
        told[row] = cycle.format(row=row.upper())
        told[f"{row}_frozen"] = _frozen(cycle, row.upper())
    return [
        FUNCTION.format(**told),
        f"CREATE TRIGGER {table}_frozen BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW "
        f"EXECUTE FUNCTION {table}_refuse_frozen()",
        f"CREATE TRIGGER {table}_frozen_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
        "EXECUTE FUNCTION dialogues_refuse_emptying()",
    ]


def before_migrating(using: str, **kwargs: Any) -> None:
    connection = connections[using]
    if _is_there(connection):
        remove(connection)


def after_migrating(using: str, **kwargs: Any) -> None:
    connection = connections[using]
    if _is_there(connection):
        install(connection)
        for table in GROWING:
            append_only.install(connection, table)


def _is_there(connection: BaseDatabaseWrapper) -> bool:
    """Not before the migration that makes the tables, nor after it was taken back."""
    with connection.cursor() as cursor:
        return {*CYCLE_OF, *GROWING} <= set(connection.introspection.table_names(cursor))
