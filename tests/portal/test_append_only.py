"""The database itself refuses to change or shorten the audit log, whoever asks."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from portal import append_only
from portal.models import AuditEntry
from tests.factories import make_project

COLUMNS = "at, verb, content_type_id, object_id, label, before, after, note, request_id"


@pytest.fixture
def entry(editor):
    make_project(title="Safe routes", changed_by=editor).submit(by=editor)
    return AuditEntry.objects.get()


def kept():
    return list(AuditEntry.objects.order_by("pk").values_list("pk", "verb", "label", "note"))


def refused(sql, *parameters):
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE portal_auditentry SET note = 'It was somebody else' WHERE id = %s",
        "UPDATE portal_auditentry SET id = id + 1000 WHERE id = %s",
        "DELETE FROM portal_auditentry WHERE id = %s",
    ],
)
def test_raw_sql_neither_changes_nor_deletes_an_entry(entry, sql):
    before = kept()
    refused(sql, entry.pk)
    assert kept() == before


def test_all_entries_are_not_deleted_at_once(entry):
    before = kept()
    refused("DELETE FROM portal_auditentry")
    if connection.vendor == "postgresql":
        connection.check_constraints()  # what is pending in the test's transaction would stand in the way first
        refused("TRUNCATE portal_auditentry")
        refused("TRUNCATE portal_auditentry CASCADE")
    assert kept() == before


def test_entry_is_not_put_in_the_place_of_another(entry):
    before = kept()
    copy = f"INTO portal_auditentry (id, {COLUMNS}) SELECT id, {COLUMNS} FROM portal_auditentry WHERE true"  # noqa: S608
    refused(f"INSERT {copy} ON CONFLICT (id) DO UPDATE SET note = 'Forged'")
    if connection.vendor == "sqlite":
        refused(f"INSERT OR REPLACE {copy}")
    assert kept() == before


def test_django_below_our_own_methods_is_refused_as_well(entry):
    before = kept()
    rows = QuerySet(AuditEntry)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.filter(pk=entry.pk).update(note="It was somebody else")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.filter(pk=entry.pk)._raw_delete(using="default")
    assert kept() == before


def test_entries_are_added_as_before(entry, editor, reviewer):
    project = entry.target
    project.send_back(by=reviewer, reason="Who pays?")
    AuditEntry.objects.bulk_create([AuditEntry(verb="note", content_type=entry.content_type, object_id="1", label="x")])
    assert [verb for _pk, verb, *_rest in kept()] == ["submit", "send back", "note"]


def test_flush_is_refused_and_empties_nothing(transactional_db, editor):
    project = make_project(changed_by=editor)
    project.submit(by=editor)
    before = kept()
    with pytest.raises(CommandError):
        call_command("flush", interactive=False, verbosity=0)
    assert kept() == before
    assert type(project).objects.filter(pk=project.pk).exists()


def test_triggers_can_be_lifted_and_come_back(entry):
    with append_only.lifted(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE portal_auditentry SET note = 'Lifted'")
    assert AuditEntry.objects.get().note == "Lifted"
    refused("UPDATE portal_auditentry SET note = 'Not any more'")


def test_every_table_that_only_grows_says_so(entry):
    """Also after a later migration has made it anew: on SQLite that loses the triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        found = {name for (name,) in cursor.fetchall()}
    names = append_only._triggers(connection)
    assert found >= {f"{table}_{name}" for table in append_only.TABLES for name in names}
