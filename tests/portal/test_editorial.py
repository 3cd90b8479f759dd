"""States and verbs: what each kind's records go through, what the database refuses by itself, what is written down."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from portal import kinds, roles
from portal.editorial import State
from portal.models import AuditEntry, Redirect
from projects.models import Project
from tests.factories import make_project, make_record, publish
from tests.people import make_person

NOW = datetime.datetime(2026, 3, 10, 12, tzinfo=datetime.UTC)
KINDS = [kind.name for kind in kinds.all()]


@pytest.fixture
def project(editor):
    return make_project(changed_by=editor)


def entries(record):
    return list(AuditEntry.objects.about(record).order_by("at", "pk").values_list("verb", "before", "after", "note"))


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_goes_from_draft_to_published_and_back(name, editor, reviewer, visitor):
    kind = kinds.get(name)
    record = make_record(kind, changed_by=editor)
    assert record.state == State.DRAFT
    record.submit(by=editor)
    assert record.state == State.REVIEW
    record.publish(by=reviewer)
    assert record.state == State.PUBLISHED
    assert kind.visible_to(visitor).get() == record
    record.withdraw(by=reviewer, reason="The agreement was changed.")
    assert record.state == State.ARCHIVED
    assert not kind.visible_to(visitor).exists()
    record.reopen(by=editor)
    assert record.state == State.DRAFT
    assert [entry[0] for entry in entries(record)] == ["submit", "publish", "withdraw", "reopen"]


def test_each_step_is_written_down_with_who_and_from_where_to_where(project, editor, reviewer):
    project.submit(by=editor)
    project.send_back(by=reviewer, reason="The budget has no currency.")
    assert entries(project) == [
        ("submit", "draft", "review", ""),
        ("send back", "review", "draft", "The budget has no currency."),
    ]
    assert list(AuditEntry.objects.order_by("at").values_list("by__username", flat=True)) == ["edith", "rex"]


def test_editor_cannot_publish_send_back_or_withdraw(editor, administrator):
    project = make_project(changed_by=administrator)
    project.submit(by=administrator)
    with pytest.raises(PermissionDenied):
        project.publish(by=editor)
    with pytest.raises(PermissionDenied):
        project.send_back(by=editor, reason="No")
    publish(project)
    with pytest.raises(PermissionDenied):
        project.withdraw(by=editor, reason="No")
    assert Project.objects.get().status == "published"


def test_reader_cannot_submit_archive_or_reopen(project, colleague):
    for step in (project.submit, project.archive, project.reopen):
        with pytest.raises(PermissionDenied):
            step(by=colleague)


def test_nobody_publishes_their_own_work(reviewer):
    project = make_project(changed_by=reviewer)
    with pytest.raises(ValidationError, match="somebody else"):
        project.publish(by=reviewer)
    project.submit(by=reviewer)
    with pytest.raises(ValidationError, match="somebody else"):
        project.publish(by=reviewer)
    assert Project.objects.get().status == "review"


def test_who_changed_it_last_does_not_publish_it(project, editor, reviewer):
    project.submit(by=editor)
    Project.objects.update(changed_by=reviewer)
    with pytest.raises(ValidationError, match="The last change is yours"):
        project.publish(by=reviewer)
    project.publish(by=make_person("rita", roles.REVIEWER))
    assert project.is_public


def test_reviewer_may_publish_the_draft_of_another(project, reviewer):
    project.publish(by=reviewer)
    assert project.is_public
    assert project.submitted_by.username == "edith"


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_sending_back_and_withdrawing_need_a_reason(project, editor, reviewer, reason):
    project.submit(by=editor)
    with pytest.raises(ValidationError):
        project.send_back(by=reviewer, reason=reason)
    project.publish(by=reviewer)
    with pytest.raises(ValidationError):
        project.withdraw(by=reviewer, reason=reason)
    assert project.is_public


@pytest.mark.parametrize(
    "status, closed",
    [
        ("draft", ["send_back", "withdraw", "reopen"]),
        ("review", ["submit", "withdraw", "reopen"]),
        ("published", ["submit", "publish", "send_back", "archive", "reopen"]),
        ("archived", ["submit", "publish", "send_back", "withdraw", "archive"]),
    ],
)
def test_steps_that_are_not_open_in_a_state_are_refused(project, editor, reviewer, status, closed):
    if status == "review":
        project.submit(by=editor)
    elif status == "published":
        project.publish(by=reviewer)
    elif status == "archived":
        project.archive(by=editor)
    for verb in closed:
        told = {"reason": "Because"} if verb in {"send_back", "withdraw"} else {}
        with pytest.raises(ValidationError, match="no longer open"):
            getattr(project, verb)(by=reviewer, **told)
    assert Project.objects.get().status == status


def test_second_of_two_people_is_told_that_the_record_has_moved(project, editor, reviewer):
    mine, theirs = Project.objects.get(), Project.objects.get()
    theirs.submit(by=editor)
    theirs.publish(by=reviewer)
    with pytest.raises(ValidationError, match="published by now"):
        mine.submit(by=editor)


# Time


def test_scheduled_project_is_not_visible_until_its_time(project, reviewer, visitor):
    with time_machine.travel(NOW, tick=False):
        project.publish(by=reviewer, at=NOW + datetime.timedelta(hours=1))
        assert project.state == State.SCHEDULED
        assert not Project.objects.published().exists()
        assert Project.objects.in_state("scheduled").get() == project
    with time_machine.travel(NOW + datetime.timedelta(minutes=59, seconds=59), tick=False):
        assert not Project.objects.visible_to(visitor).exists()
    with time_machine.travel(NOW + datetime.timedelta(hours=1), tick=False):
        assert Project.objects.visible_to(visitor).get() == project
        assert project.state == State.PUBLISHED


def test_expired_project_is_gone_at_its_time(project, reviewer, visitor):
    with time_machine.travel(NOW, tick=False):
        project.publish(by=reviewer, until=NOW + datetime.timedelta(days=1))
        assert Project.objects.visible_to(visitor).exists()
    with time_machine.travel(NOW + datetime.timedelta(days=1), tick=False):
        assert not Project.objects.visible_to(visitor).exists()
        assert project.state == State.EXPIRED
        assert Project.objects.withdrawn().get() == project


def test_project_withdrawn_before_its_time_was_never_public(project, reviewer):
    project.publish(by=reviewer, at=timezone.now() + datetime.timedelta(days=1))
    project.withdraw(by=reviewer, reason="Too early")
    assert project.first_published_at is None
    assert not Project.objects.withdrawn().exists()


def test_dates_are_changed_with_an_audit_entry(project, reviewer):
    day = datetime.timedelta(days=1)
    with time_machine.travel(NOW, tick=False):
        project.publish(by=reviewer, at=NOW + day)
        project.reschedule(by=reviewer, at=NOW + 2 * day, until=NOW + 5 * day)
        assert (project.published_at, project.expires_at) == (NOW + 2 * day, NOW + 5 * day)
        assert project.first_published_at == NOW + 2 * day
        entry = entries(project)[-1]
        dates = "2026-03-11T13:00+01:00/- → 2026-03-12T13:00+01:00/2026-03-15T13:00+01:00"
        assert entry == ("reschedule", "published", "published", dates)
        with pytest.raises(ValidationError, match="expire before"):
            project.reschedule(by=reviewer, at=None, until=NOW + day)
        with pytest.raises(ValidationError, match="its dates already"):
            project.reschedule(by=reviewer, at=None, until=NOW + 5 * day)
    with time_machine.travel(NOW + 3 * day, tick=False):
        with pytest.raises(ValidationError, match="only its end"):
            project.reschedule(by=reviewer, at=NOW + 4 * day, until=None)
        with pytest.raises(ValidationError, match="That time has passed"):
            project.reschedule(by=reviewer, at=None, until=NOW + 2.5 * day)
    with time_machine.travel(NOW + 6 * day, tick=False):
        assert project.state == State.EXPIRED
        project.reschedule(by=reviewer, at=None, until=None)
        assert project.is_public


def test_scheduled_record_is_taken_back_and_was_never_public(project, reviewer):
    project.publish(by=reviewer, at=timezone.now() + datetime.timedelta(days=1))
    project.take_back(by=reviewer)
    assert (project.state, project.first_published_at, project.published_at) == (State.DRAFT, None, None)
    assert not Project.objects.withdrawn().exists()
    assert entries(project)[-1][:3] == ("take back", "published", "draft")


def test_what_visitors_have_seen_is_not_taken_back(project, reviewer):
    project.publish(by=reviewer)
    with pytest.raises(ValidationError, match="no longer open"):
        project.take_back(by=reviewer)


def test_editor_neither_reschedules_nor_takes_back(project, editor, reviewer):
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    project.publish(by=reviewer, at=tomorrow)
    with pytest.raises(PermissionDenied):
        project.reschedule(by=editor, at=timezone.now(), until=None)
    with pytest.raises(PermissionDenied):
        project.take_back(by=editor)
    assert Project.objects.get().published_at == tomorrow


def test_expiry_before_publishing_is_refused(project, reviewer):
    with pytest.raises(ValidationError, match="expire before"):
        project.publish(by=reviewer, until=timezone.now() - datetime.timedelta(days=1))


def test_every_record_is_in_exactly_one_state(project, editor, reviewer):
    for _n in range(5):
        make_project(changed_by=editor)
    records = list(Project.objects.order_by("pk"))
    records[0].submit(by=editor)
    records[1].publish(by=reviewer)
    records[2].publish(by=reviewer, at=timezone.now() + datetime.timedelta(days=1))
    records[3].archive(by=editor)
    with time_machine.travel(timezone.now() - datetime.timedelta(days=2)):
        records[4].publish(by=reviewer, until=timezone.now() + datetime.timedelta(days=1))
    found = {state: list(Project.objects.in_state(state)) for state in State.values}
    assert sum(len(records) for records in found.values()) == 6
    for state, records in found.items():
        assert [record.state for record in records] == [state] * len(records)


# What the database refuses, whoever writes to it


@pytest.mark.parametrize(
    "sql, parameters",
    [
        ("status = 'published'", []),
        ("status = 'published', published_at = %s", [NOW]),
        ("status = 'public'", []),
        ("submitted_by_id = changed_by_id, approved_by_id = changed_by_id", []),
        ("published_at = %s, expires_at = %s", [NOW, NOW - datetime.timedelta(days=1)]),
        ("slug = ''", []),
    ],
)
def test_database_refuses_a_state_no_verb_would_make(project, sql, parameters):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE projects_project SET {sql} WHERE id = %s", [*parameters, project.pk])  # noqa: S608
    assert Project.objects.get().status == "draft"


def test_database_refuses_publishing_without_approval_in_bulk(project):
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.update(status="published", published_at=NOW, first_published_at=NOW)


def test_database_refuses_an_end_before_the_start(project):
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.update(start_first=NOW, end_last=NOW - datetime.timedelta(days=1))


# The audit log only grows


def test_audit_log_cannot_be_changed_or_shortened(project, editor):
    project.submit(by=editor)
    entry = AuditEntry.objects.get()
    for attempt in (entry.save, entry.delete, AuditEntry.objects.all().delete):
        with pytest.raises(TypeError):
            attempt()
    with pytest.raises(TypeError):
        AuditEntry.objects.update(note="It was somebody else")


def test_refused_step_leaves_no_entry(project, colleague):
    with pytest.raises(PermissionDenied):
        project.publish(by=colleague)
    assert entries(project) == []


# Addresses


def test_changed_addresses_make_a_chain_of_one_step(project, reviewer):
    project.publish(by=reviewer)
    first = project.get_absolute_url()
    for slug in ("second", "third"):
        project.slug = slug
        project.save()
    last = project.get_absolute_url()
    assert set(Redirect.objects.values_list("new_path", flat=True)) == {last}
    assert Redirect.target_of(first) == last
    project.slug = "second"
    project.save()
    assert Redirect.target_of(last) == project.get_absolute_url()
    assert Redirect.target_of(project.get_absolute_url()) is None


def test_address_of_a_draft_changes_without_a_trace(project):
    project.slug = "other"
    project.save()
    assert not Redirect.objects.exists()


def test_address_is_made_from_the_acronym_or_the_title_and_is_never_taken_twice(db):
    slugs = [make_project(title="Über die Grenze", acronym=acronym).slug for acronym in ("", "", "MC2CM", "МИМАК")]
    assert slugs == ["uber-die-grenze", "uber-die-grenze-2", "mc2cm", "uber-die-grenze-3"]
