"""Writing down what a record says: a version is added where it says something new."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Max, OuterRef, Subquery

from portal.logs import current_request_id
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
    [version] = keep_all([(record, content or take(record))], verb, by, note, is_draft, batch)
    return version


def keep_all(
    said: Sequence[tuple[models.Model, Content]],
    verb: str,
    by: Any,
    note: str = "",
    is_draft: bool = False,
    batch: uuid.UUID | None = None,
) -> list[Version]:
    """The same of many records with their contents, in their order, for as many statements as for one."""
    return _keep(said, [by.pk if by is not None else None] * len(said), verb, note, is_draft, batch)


def _keep(
    said: Sequence[tuple[models.Model, Content]],
    by: Sequence[Any],
    verb: str,
    note: str = "",
    is_draft: bool = False,
    batch: uuid.UUID | None = None,
) -> list[Version]:
    """`by` are keys of people, one for each record."""
    keys = [(ContentType.objects.get_for_model(record), str(record.pk)) for record, _content in said]
    about = Version.objects.filter(
        content_type__in={kind for kind, _pk in keys}, object_id__in=[pk for _kind, pk in keys]
    )
    numbers = _numbers(about)
    last = _newest(about.filter(is_draft=is_draft)) if numbers else {}
    kept, new = [], []
    for (record, content), (kind, pk), who in zip(said, keys, by, strict=True):
        version, sign = last.get((kind.pk, pk)), digest(content)
        # A change to many at once has versions of its own.
        if version is None or version.digest != sign or batch not in (None, version.batch):
            version = Version(
                content_type=kind,
                object_id=pk,
                number=numbers.get((kind.pk, pk), 0) + 1,
                by_id=who,
                verb=verb,
                note=note,
                label=str(record)[:300],
                is_draft=is_draft,
                content=content,
                digest=sign,
                batch=batch,
                request_id=current_request_id.get(),
            )
            new.append(version)
        kept.append(version)
    Version.objects.bulk_create(new)
    return kept


def _numbers(versions: models.QuerySet[Version]) -> dict[tuple[int, str], int]:
    """By record: how far its versions are counted, those of drafts too."""
    found = versions.order_by().values("content_type", "object_id").annotate(last=Max("number"))
    return {(row["content_type"], row["object_id"]): row["last"] for row in found}


def _newest(versions: models.QuerySet[Version]) -> dict[tuple[int, str], Version]:
    """By record."""
    same = versions.filter(content_type=OuterRef("content_type"), object_id=OuterRef("object_id"))
    found = versions.filter(number=Subquery(same.order_by("-number").values("number")[:1]))
    return {(version.content_type_id, version.object_id): version for version in found}


def latest(record: models.Model, is_draft: bool = False) -> Version | None:
    """Of what was live (or is yet no page), or of drafts of what is live."""
    return Version.objects.about(record).filter(is_draft=is_draft).first()


def last_number(record: models.Model) -> int:
    """Of all its versions, those of drafts too; 0 where there is none."""
    return Version.objects.about(record).aggregate(last=Max("number"))["last"] or 0


def as_found(record: models.Model, content: Content | None = None) -> Version:
    """A version of what the record says now, whoever wrote it: before somebody else changes it."""
    [version] = as_found_all([(record, content or take(record))])
    return version


def as_found_all(said: Sequence[tuple[models.Model, Content]]) -> list[Version]:
    """The same of many, with what they say."""
    return _keep(said, [getattr(record, "changed_by_id", None) for record, _content in said], "found")


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
