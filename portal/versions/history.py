"""Writing down what a record says: a version is added where it says something new."""

import uuid
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Max

from portal.models import Version
from portal.versions.content import Content, digest, take


def keep(
    record: models.Model,
    verb: str,
    by: Any,
    note: str = "",
    content: Content | None = None,
    is_draft: bool = False,
    batch: uuid.UUID | None = None,
) -> Version:
    """The newest version, which is a new one unless the record says what it said. Call it under the record's lock.

    `content` is taken from the database where none is given; that of a draft is not there and must be.
    """
    content = content or take(record)
    sign = digest(content)
    last = latest(record, is_draft)
    if last is not None and last.digest == sign and batch in (None, last.batch):
        return last  # a change to many at once has versions of its own
    return Version.objects.create(
        content_type=ContentType.objects.get_for_model(record),
        object_id=str(record.pk),
        number=last_number(record) + 1,
        by=by,
        verb=verb,
        note=note,
        label=str(record)[:300],
        is_draft=is_draft,
        content=content,
        digest=sign,
        batch=batch,
    )


def latest(record: models.Model, is_draft: bool = False) -> Version | None:
    """Of what was live (or is yet no page), or of drafts of what is live."""
    return Version.objects.about(record).filter(is_draft=is_draft).first()


def last_number(record: models.Model) -> int:
    """Of all its versions, those of drafts too; 0 where there is none."""
    return Version.objects.about(record).aggregate(last=Max("number"))["last"] or 0


def as_found(record: models.Model, content: Content | None = None) -> Version:
    """A version of what the record says now, whoever wrote it: before somebody else changes it."""
    return keep(record, "found", getattr(record, "changed_by", None), content=content)


def saying(record: models.Model, sign: str) -> Version | None:
    """The newest version of a record with a digest: what somebody saw when they opened a form."""
    return Version.objects.about(record).filter(digest=sign).first() if sign else None


def lock(record: models.Model) -> models.Model:
    """The row as it is in the database, locked until the end of the transaction. Raises DoesNotExist."""
    return lock_all(type(record)._base_manager.all()).get(pk=record.pk)


def lock_all(records: models.QuerySet) -> models.QuerySet:
    """The same of many. Who calls says in which order they are locked, one for all that may meet."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A lock needs a transaction.")
    # Keys never change: others may go on pointing at the row, so that two records that name each other can be saved at
    # one time.
    return records.select_for_update(no_key=True)
