"""A closed cycle does not change: every route to it is tried, down to SQL, on both engines."""
# ruff: noqa: S608 (names of tables that are ours)

import hashlib
import json
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from dialogues import freezing
from dialogues.cycles import document
from dialogues.models import Comment, Correction, Cycle, Domain, Initiative, Snapshot
from portal import append_only
from portal.models import AuditEntry, Version
from portal.versions import batches, drafts, history
from portal.versions.content import put, take
from tests.factories import make_country, make_organisation


@pytest.fixture
def one(make_initiative):
    one = make_initiative(
        "verified",
        domains=Domain.objects.all()[:1],
        countries=[make_country("RS", "Serbia")],
        amount="1000.50",
        currency="EUR",
        start="2020-03",
    )
    one.comment(by=one.checked_by, text="Good.")
    return one


@pytest.fixture
def closed(cycle, one, verifier):
    cycle.close(by=verifier)
    return Cycle.objects.get(pk=cycle.pk)


TABLES = [*freezing.CYCLE_OF, *freezing.GROWING]


def everything():
    """All rows of all tables that a closed cycle stands in, as the database has them."""
    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            found[table] = cursor.fetchall()
    return found


@pytest.fixture
def stays(closed):
    """Whatever the test tries, all of it is as before."""
    closed.correct(by=closed.snapshot.by, text="It was 1,000.")
    before = everything()
    yield
    assert everything() == before


def refused(act):
    def tried():
        with transaction.atomic():
            act()
            connection.check_constraints()

    with pytest.raises((ValidationError, IntegrityError, TypeError, PermissionDenied)):
        tried()


# What is frozen


def test_snapshot_holds_what_is_verified_with_the_names_of_the_day(closed, one, partner, verifier):
    content = closed.snapshot.content
    assert content["schema"] == 1
    assert content["cycle"]["number"] == 2
    (said,) = content["initiatives"]
    assert said["title"] == {"en": "Training of judges"}
    assert (said["amount"], said["currency"], said["start"]) == ("1000.50", "EUR", "2020-03")
    assert said["partner"]["name"]["en"] == "Ministry of Migration"
    assert said["countries"][0]["iso2"] == "RS"
    assert said["domains"][0]["title"]["en"] == "Root causes"
    partner.name = "Ministry of Other Things"
    partner.save()
    Domain.objects.update(title_en="Renamed", title="Renamed")
    assert document.of(Cycle.objects.get(pk=closed.pk)) == content
    assert closed.snapshot.by == verifier


def test_digest_is_that_of_the_canonical_form_as_it_comes_back_from_the_database(closed):
    stored = Snapshot.objects.get()
    text = json.dumps(stored.content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert stored.digest == hashlib.sha256(text.encode()).hexdigest() == document.digest(stored.content)


def test_what_waits_stands_against_closing_unless_it_is_left_out(cycle, one, make_initiative, verifier):
    make_initiative("submitted", title="Waiting")
    make_initiative("checked", title="Checked")
    make_initiative("draft", title="Draft")
    with pytest.raises(ValidationError, match="2 initiatives"):
        cycle.close(by=verifier)
    assert not Snapshot.objects.exists()
    cycle.close(by=verifier, leave_out=True)
    assert [said["title"]["en"] for said in Snapshot.objects.get().content["initiatives"]] == ["Training of judges"]
    note = AuditEntry.objects.get(verb="close").note
    assert {"left out: Waiting (Submitted)", "left out: Checked (Checked)", "left out: Draft (Draft)"} <= set(
        note.splitlines()
    )


def test_who_may_not_publish_closes_nothing(cycle, checker, focal):
    for person in (checker, focal):
        with pytest.raises(PermissionDenied):
            cycle.close(by=person)
    assert not Snapshot.objects.exists()


def test_cycle_is_closed_once(closed, verifier):
    with pytest.raises(ValidationError, match="already"):
        closed.close(by=verifier)


# Routes of Python


def test_verbs_and_saves_are_refused(stays, closed, one, verifier, checker, focal):
    fresh = Initiative.objects.get(pk=one.pk)
    refused(lambda: fresh.reopen(by=verifier, reason="Wrong"))
    refused(lambda: fresh.send_back(by=checker, reason="Wrong"))
    refused(lambda: fresh.comment(by=checker, text="Wrong"))
    fresh.title = "Other"
    refused(fresh.save)
    refused(lambda: fresh.save(update_fields=["status", "changed_by"]))
    refused(fresh.delete)
    refused(lambda: fresh.domains.clear())
    refused(lambda: fresh.countries.add(make_country("TR", "Türkiye")))
    refused(lambda: fresh.countries.set([]))
    refused(lambda: Initiative.objects.create(cycle=closed, title="More"))
    refused(lambda: Initiative(cycle=closed, title="More").full_clean())
    closed.note = "Other"
    refused(closed.save)
    refused(closed.delete)
    refused(lambda: models.Model.save(closed))
    refused(lambda: models.Model.save(fresh))


def test_left_out_initiatives_are_frozen_too(cycle, make_initiative, verifier, focal):
    draft = make_initiative("draft", title="Draft")
    cycle.close(by=verifier, leave_out=True)
    refused(lambda: draft.submit(by=focal))
    draft.title = "Other"
    refused(draft.save)


def test_querysets_are_refused(stays, closed, one, jvap):
    other = jvap.cycles.get(number=1)
    rows = Initiative.objects.filter(pk=one.pk)
    refused(lambda: rows.update(title="Other"))
    refused(lambda: rows.update(cycle=other))
    refused(lambda: rows.update(status="submitted", verified_by=None))
    refused(rows.delete)
    refused(lambda: rows._raw_delete(using="default"))
    refused(lambda: Initiative.objects.bulk_create([Initiative(cycle=closed, title="More")]))
    refused(lambda: Initiative.objects.bulk_update([one], ["cycle"]) or Initiative.objects.all().update(links="x"))
    refused(lambda: Cycle.objects.filter(pk=closed.pk).update(number=7))
    refused(lambda: Cycle.objects.all().delete())
    refused(lambda: Comment.objects.all().update(text="Other"))
    refused(lambda: Comment.objects.all().delete())
    for model in (Snapshot, Correction):
        everyone = QuerySet(model)
        refused(lambda everyone=everyone: everyone.update(by=None))
        refused(everyone.delete)
        refused(lambda everyone=everyone: everyone._raw_delete(using="default"))
        refused(everyone.first().delete)
        refused(everyone.first().save)


def test_initiative_of_an_open_cycle_is_not_moved_into_a_closed_one(stays, closed, one, jvap):
    with transaction.atomic():
        outside = Initiative.objects.create(cycle=jvap.cycles.get(number=1), title="Outside")
        with pytest.raises(IntegrityError), transaction.atomic():
            Initiative.objects.filter(pk=outside.pk).update(cycle=closed)
        with pytest.raises(IntegrityError), transaction.atomic():
            Comment.objects.create(initiative=one, text="More")
        transaction.set_rollback(True)


def test_deleting_what_it_hangs_on_or_leads_to_is_refused(stays, closed, one, jvap, partner):
    refused(jvap.delete)
    refused(lambda: type(jvap).objects.filter(pk=jvap.pk).delete())
    refused(lambda: Domain.objects.all().delete())
    refused(one.countries.first().delete)
    refused(partner.delete)


def test_merging_the_organisation_leaves_what_is_frozen(stays, closed, one, partner, administrator):
    partner.merge_into(make_organisation("Ministry of Everything"), by=administrator)
    assert Initiative.objects.get(pk=one.pk).reported_by == partner


# Routes of SQL


@pytest.mark.parametrize("table", TABLES)
def test_raw_sql_neither_changes_nor_deletes_a_row(stays, table):
    def run(sql):
        with connection.cursor() as cursor:
            cursor.execute(sql)

    refused(lambda: run(f"UPDATE {table} SET id = id"))
    refused(lambda: run(f"DELETE FROM {table}"))
    if connection.vendor == "sqlite":
        refused(lambda: run(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"))
        refused(lambda: run(f"UPDATE OR REPLACE {table} SET id = id"))
    else:
        connection.check_constraints()
        refused(lambda: run(f"TRUNCATE {table} CASCADE"))
        refused(
            lambda: run(f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id")
        )


def test_no_second_snapshot_takes_the_place_of_the_first(stays, closed):
    columns = "cycle_id, at, by_id, schema, content, digest"
    sqls = [f"INSERT INTO dialogues_snapshot ({columns}) SELECT {columns} FROM dialogues_snapshot"]
    if connection.vendor == "sqlite":
        sqls.append(sqls[0].replace("INSERT", "INSERT OR REPLACE"))
    for sql in sqls:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    refused(
        lambda: Snapshot.objects.create(cycle=closed, at=timezone.now(), by=closed.snapshot.by, schema=1, content={})
    )


def test_initiative_of_an_open_cycle_changes_as_before(closed, make_initiative, jvap, verifier):
    outside = make_initiative("verified", cycle=jvap.cycles.get(number=1))
    outside.reopen(by=verifier, reason="Wrong")
    Initiative.objects.filter(pk=outside.pk).update(title="Other")
    outside.countries.add(make_country("TR", "Türkiye"))
    outside.delete()
    jvap.cycles.filter(number=1).delete()
    assert Cycle.objects.get() == closed


@pytest.mark.django_db
def test_every_trigger_is_there():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        found = {name for (name,) in cursor.fetchall()}
    names = append_only._triggers(connection)
    assert found >= {f"{table}_{name}" for table in freezing.GROWING for name in names}
    ends = [f"frozen_{route}" for route in freezing.ROUTES] if connection.vendor == "sqlite" else ["frozen"]
    assert found >= {f"{table}_{end}" for table in freezing.CYCLE_OF for end in ends}
    assert set(freezing.GROWING) <= set(append_only.all_tables())


# Routes of versions and drafts


def test_versions_drafts_and_changes_of_many_are_not_put_in_place(closed, one, verifier, checker):
    before = take(one)
    changed = before | {"fields": before["fields"] | {"title_en": "Other"}}
    links = before | {"links": {"countries": [], "domains": []}}
    for content in (changed, links):
        refused(lambda content=content: put(Initiative.objects.get(pk=one.pk), content))
    subjects = batches.look(Initiative, [one.pk])
    batches.plan(subjects, batches.Change(fields={"title_en": "Other"}))
    refused(lambda: batches.carry_out(subjects, verifier, ""))
    assert batches.check(subjects[0])
    new = Initiative(pk=uuid.uuid4())
    refused(lambda: put(new, changed | {"fields": changed["fields"] | {"cycle": closed.pk}}))
    assert take(one) == before


def test_draft_that_was_begun_before_the_cycle_closed_is_not_published(cycle, make_initiative, checker, verifier):
    one = make_initiative("submitted")
    said = take(one)
    draft = drafts.save(one, said | {"fields": said["fields"] | {"title_en": "Other"}}, by=checker)
    cycle.close(by=verifier, leave_out=True)
    refused(lambda: drafts.publish(draft, by=verifier))
    assert Initiative.objects.get(pk=one.pk).title == "Training of judges"


# Routes of the admin


def test_forms_of_the_admin_are_closed_to_everybody(stays, client, closed, one, django_user_model):
    version = history.as_found(one).number
    root = django_user_model.objects.create_superuser("root", password="a-long-pass-phrase")
    client.force_login(root)
    for record in (closed, one):
        name = record._meta.model_name
        change = reverse(f"admin:dialogues_{name}_change", args=[record.pk])
        for sent in ({"title_en": "X", "number": 9}, {"title_en": "X", "_draft": "1"}, {"_verb": "submit-draft"}):
            assert client.post(change, sent).status_code == 403, (name, sent)
        delete = reverse(f"admin:dialogues_{name}_delete", args=[record.pk])
        assert client.post(delete, {"post": "yes"}).status_code == 403
    restore = reverse("admin:dialogues_initiative_restore", args=[one.pk, version])
    assert client.post(restore, {"seen": "x"}).status_code == 403
    several = reverse("admin:dialogues_initiative_several")
    sent = {"_selected_action": [one.pk], "several-change-reported_by": "on", "_apply": "1"}
    client.post(several, sent)
    assert not Version.objects.about(one).filter(batch__isnull=False).exists()
    undelete = reverse("admin:undelete", args=["dialogues.initiative", one.pk])
    assert client.post(undelete, {}).status_code == 404


def test_what_was_deleted_before_the_cycle_closed_is_not_brought_back(
    client, cycle, make_initiative, verifier, reviewer
):
    one = make_initiative("submitted", title="Deleted")
    client.force_login(reviewer)
    client.post(reverse("admin:dialogues_initiative_delete", args=[one.pk]), {"post": "yes"})
    assert not Initiative.objects.exists()
    cycle.close(by=verifier)
    client.post(reverse("admin:undelete", args=["dialogues.initiative", one.pk]), {"reason": "Back"})
    assert not Initiative.objects.exists()


# Notes beside it


def test_mistake_is_noted_beside_the_snapshot(closed, verifier, checker):
    content = closed.snapshot.content
    note = closed.correct(by=verifier, text="The amount was 100.50.")
    assert (note.by, note.text) == (verifier, "The amount was 100.50.")
    assert AuditEntry.objects.filter(verb="correction note").exists()
    assert Snapshot.objects.get().content == content
    with pytest.raises(PermissionDenied):
        closed.correct(by=checker, text="More")
    with pytest.raises(ValidationError):
        closed.correct(by=verifier, text=" ")


def test_open_cycle_gets_no_correction_note(cycle, verifier):
    with pytest.raises(ValidationError, match="open"):
        cycle.correct(by=verifier, text="Wrong")
