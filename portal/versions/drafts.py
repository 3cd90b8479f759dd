"""The verbs of a draft of a live page: each takes who does it, checks that they may, and writes the draft and its audit
entry in one transaction. All raise PermissionDenied or ValidationError.
"""

import datetime
import uuid
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.models import AuditEntry, Draft
from portal.telling import tell_of_draft
from portal.versions import history, rights
from portal.versions.checking import check_written
from portal.versions.content import Content, digest, put, take
from portal.versions.merging import merge

Status = Draft.Status


class Clash(ValidationError):
    """What is live has changed since the draft was begun, in places the draft changes too."""


def open_draft(record: models.Model) -> Draft | None:
    return Draft.objects.open().about(record).select_related("version", "base").first()


def open_drafts(model: type[models.Model]) -> models.QuerySet[Draft]:
    return Draft.objects.open().filter(content_type=ContentType.objects.get_for_model(model))


def save(
    record: models.Model,
    content: Content,
    by: Any,
    note: str = "",
    verb: str = "draft",
    batch: uuid.UUID | None = None,
    live: Content | None = None,
) -> Draft:
    """Begin a draft of a live record, or write its open one anew. What is live stays as it is; who has read it under
    the record's lock already may hand it in.
    """
    with transaction.atomic():
        record = history.lock(record)
        _check_right(by, rights.may_change(by, type(record)), verb, record)
        check_live(record)
        draft = open_draft(record)
        if draft is not None and draft.status == Status.APPROVED:
            raise ValidationError(_("It is approved and waits for its time: take it back before you change it."))
        if draft is not None and draft.status == Status.REVIEW and not rights.may_publish(by, type(record)):
            raise ValidationError(_("It is being reviewed, so it cannot be changed at the moment."))
        base = draft.base if draft else history.as_found(record, live)
        before = draft.status if draft else ""
        draft = draft or Draft(
            content_type=ContentType.objects.get_for_model(record), object_id=str(record.pk), base=base
        )
        draft.version = history.keep(record, verb, by, note, content, is_draft=True, batch=batch)
        draft.label, draft.changed_by, draft.problem = str(record)[:300], by, ""
        draft.save()
        _write_down(draft, record, verb, by, note, before)
    return draft


def submit(draft: Draft, by: Any, note: str = "") -> None:
    """Hand it to those who publish."""
    with transaction.atomic():
        record = _locked(draft, {Status.WRITING})
        _check_right(by, rights.may_change(by, type(record)), "submit", record)
        draft.submitted_by, draft.submitted_at, draft.note = by, timezone.now(), note
        _move(draft, record, Status.REVIEW, "submit draft", by, note)


def send_back(draft: Draft, by: Any, reason: str) -> None:
    if not reason.strip():
        raise ValidationError(_("Say what should be changed before it is sent back."))
    with transaction.atomic():
        record = _locked(draft, {Status.REVIEW})
        _check_right(by, rights.may_publish(by, type(record)), "send back", record)
        draft.note = reason
        _move(draft, record, Status.WRITING, "send back draft", by, reason)


def publish(
    draft: Draft, by: Any, at: datetime.datetime | None = None, note: str = "", over: bool = False
) -> list[str]:
    """Put it in place now, or `at` a time to come. Somebody else must do it than who submitted it and who changed it
    last. `over`: where what is live has changed meanwhile, the draft wins; otherwise that raises Clash.

    Returns what had to be left out because it is gone.
    """
    with transaction.atomic():
        record = _locked(draft, {Status.WRITING, Status.REVIEW})
        _check_right(by, rights.may_publish(by, type(record)), "publish", record)
        if by in (draft.submitted_by, draft.changed_by):
            raise ValidationError(_("You wrote this yourself: somebody else must publish it."))
        draft.approved_by = by
        if at is None or at <= timezone.now():
            return put_in_place(draft, record, by, note, over)
        _check_fits(draft, record, over)
        draft.publish_at = at
        words = timezone.localtime(at).isoformat(timespec="minutes")
        _move(draft, record, Status.APPROVED, "schedule draft", by, " ".join([words, note]).strip())
    return []


def take_back(draft: Draft, by: Any, note: str = "") -> None:
    """Make what was approved for a time to come a draft again."""
    with transaction.atomic():
        record = _locked(draft, {Status.APPROVED}, live=False)
        _check_right(by, rights.may_publish(by, type(record)), "take back", record)
        draft.approved_by = draft.publish_at = None
        _move(draft, record, Status.WRITING, "take back draft", by, note)


def discard(draft: Draft, by: Any, note: str = "") -> None:
    """Put it away; its versions stay in the history and can be restored."""
    with transaction.atomic():
        record = _locked(draft, {Status.WRITING, Status.REVIEW}, live=False)
        may = rights.may_publish(by, type(record)) or (
            draft.status == Status.WRITING and rights.may_change(by, type(record))
        )
        _check_right(by, may, "discard", record)
        draft.closed_at = timezone.now()
        _move(draft, record, Status.DISCARDED, "discard draft", by, note)


def close(draft: Draft, by: Any) -> None:
    """Its text went live by a save of somebody who may do so without a second person."""
    with transaction.atomic():
        record = _locked(draft, {Status.WRITING, Status.REVIEW}, live=False)
        _check_right(by, rights.may_change(by, type(record)), "close", record)
        draft.closed_at = timezone.now()
        _move(draft, record, Status.DISCARDED, "save live", by, "")


def take_over(record: Any, by: Any) -> None:
    """A record that has left the site goes on from its draft, if it has one: the two are one text again. Called by the
    verbs that make it a draft, under its lock. What changed on the site since the draft was begun is kept; where both
    changed the same thing it has the draft's words, because somebody reads it again before it is published. A draft
    that no longer fits is closed, and stays in the history.
    """
    draft = open_draft(record)
    if draft is None:
        return
    history.as_found(record)
    try:
        with transaction.atomic():
            put(record, merge(draft.base.content, take(record), draft.version.content).content)
        name_author(record, draft.changed_by)
        history.keep(record, "take over draft", by)
        note = ""
    except (ValidationError, IntegrityError) as error:
        note = in_words(error)
    draft.approved_by = draft.publish_at = None
    draft.closed_at = timezone.now()
    _move(draft, record, Status.DISCARDED, "take over draft", by, note)


def let_go(record: Any, by: Any) -> None:
    """Of a record that leaves the site: what was approved or waited for review beside it is a draft again."""
    draft = open_draft(record)
    if draft is not None and draft.status != Status.WRITING:
        draft.approved_by = draft.publish_at = None
        _move(draft, record, Status.WRITING, "take back draft", by, "")


def in_words(error: Exception) -> str:
    """Why something could not be put in place, without the words of a database."""
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return _("Something else has an address or another thing by now of which there is only one.")


def name_author(record: models.Model, by: Any) -> None:
    """Whose text a record of a kind has got from its draft, so that somebody else must publish it."""
    stored: Any = type(record)._base_manager.get(pk=record.pk)
    if hasattr(stored, "changed_by"):
        stored.changed_by = by
        stored.save(update_fields=["changed_by", "changed_at"])


def could_not(draft: Draft, record: Any, by: Any, why: str) -> None:
    """Of one that was due: it waits for review again, and says why."""
    draft.refresh_from_db()
    draft.problem, draft.approved_by, draft.publish_at = why, None, None
    _move(draft, record, Status.REVIEW, "could not publish draft", by, why)


def put_in_place(draft: Draft, record: Any, by: Any, note: str, over: bool) -> list[str]:
    """Make it what visitors see, under the lock of its record, and say what had to be left out."""
    merged = _check_fits(draft, record, over)
    history.as_found(record)
    live = take(record)
    lost = put(record, merged)
    check_written(record, live)
    record = type(record)._base_manager.get(pk=record.pk)
    if hasattr(record, "approved_by"):
        record.changed_by, record.submitted_by, record.approved_by = draft.changed_by, draft.submitted_by, by
        record.save(update_fields=["changed_by", "submitted_by", "approved_by", "changed_at"])
    history.keep(record, "publish draft", by, draft.note)
    draft.closed_at = timezone.now()
    _move(draft, record, Status.PUBLISHED, "publish draft", by, note)
    return lost


def _check_fits(draft: Draft, record: models.Model, over: bool) -> Content:
    """The draft together with what changed on the live record since it was begun."""
    live = take(record)
    if digest(live) == draft.base.digest:
        return draft.version.content
    merged = merge(draft.base.content, live, draft.version.content)
    if merged.clashes and not over:
        raise Clash(_("What visitors see has changed since this draft was begun, in places the draft changes too."))
    return merged.content


def _target(draft: Draft) -> Any:
    """Raises ObjectDoesNotExist."""
    return draft.content_type.model_class()._base_manager.get(pk=draft.object_id)  # type: ignore[union-attr]


def _locked(draft: Draft, allowed: set[str], live: bool = True) -> Any:
    """The record and its draft as the database has them now, so that two people cannot both move it."""
    record = history.lock(_target(draft))
    draft.refresh_from_db()
    if draft.status not in allowed:
        told = {"state": draft.get_status_display().lower()}
        raise ValidationError(_("This draft is %(state)s by now, so that step is no longer open.") % told)
    if live:
        check_live(record)
    return record


def check_live(record: Any) -> None:
    """A record of a kind has a draft beside it only while it is published: before and afterwards it is one itself."""
    from portal.editorial import EditorialModel, Status  # whose verbs call this module

    if isinstance(record, EditorialModel) and record.status != Status.PUBLISHED:
        raise ValidationError(_("“%s” is not live by now. Open its form again.") % record)


def _check_right(by: Any, may: bool, verb: str, record: models.Model) -> None:
    if not may:
        raise PermissionDenied(f"{by} may not {verb} {record._meta.verbose_name} {record.pk}")


def _move(draft: Draft, record: models.Model, target: str, verb: str, by: Any, note: str) -> None:
    before, draft.status = draft.status, target
    draft.save()
    _write_down(draft, record, verb, by, note, before)


def _write_down(draft: Draft, record: models.Model, verb: str, by: Any, note: str, before: str) -> None:
    entry = AuditEntry.record(record, verb, by, note=note, before=before, after=draft.status)
    tell_of_draft(record, draft, verb, by, note, act=f"audit:{entry.pk}")
