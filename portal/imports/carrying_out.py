"""An import from its file to its end: read, planned, agreed to, carried out."""

import hashlib
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.imports import keeping, planning, readers, unknown
from portal.imports.entries import Unreadable, check_storable
from portal.imports.planning import CLOSED, Judge, Step
from portal.models import AuditEntry, Import, ImportTarget, Origin
from portal.models.imports import Action
from portal.search import log
from portal.versions import batches, history
from portal.versions.content import Content, Referred, put

State = Import.State
VERB = "import"  # as in the history and the audit log
SAID_AGAIN = ["object_id", "said", "pieces", "unplaced", "remarks", "imported", "at"]


def begin(reader: str, by: Any, name: str = "", file: bytes | None = None, options: Any = None) -> Import:
    """An import that waits to be read."""
    return Import.objects.create(
        reader=reader,
        by=by,
        name=name[:300],
        file=file,
        sha256=hashlib.sha256(file).hexdigest() if file is not None else "",
        options=options or {},
    )


def read(imported: Import, judge: Judge) -> None:
    """Read the source and plan what it would do. What cannot be read ends as FAILED, with the reason in `problem`."""
    try:
        found = readers.get(imported.reader).read(imported)
        check_storable(found)
    except Unreadable as error:
        imported.state, imported.problem, imported.file = State.FAILED, str(error), None
        imported.save()
        return
    keeping.keep(imported, found)
    planning.plan(imported, judge)
    imported.state, imported.problem = State.READ, ""  # last: what is not planned would be carried out as nothing
    imported.save()


def stands_against(imported: Import) -> bool:
    """Whether something cannot be brought in, so that nothing is unless it may be left out."""
    return imported.lines.filter(action__in=CLOSED).exists() or imported.targets.filter(action__in=CLOSED).exists()


def carry_out(imported: Import, by: Any, judge: Judge, leave_out: bool = False) -> dict[str, int]:
    """Write all of it in one transaction, or nothing; how many were created and updated. Raises ValidationError where
    something stands against it, or is not as it was shown; PermissionDenied for somebody else's import.
    """
    with transaction.atomic():
        imported = Import.objects.select_for_update().get(pk=imported.pk)
        if imported.by_id != by.pk:
            raise PermissionDenied
        if imported.state not in {State.READ, State.AGREED}:
            raise ValidationError(_("This import is not waiting to be carried out."))
        if stands_against(imported) and not leave_out:
            raise ValidationError(_("Something in it cannot be brought in: mend it, or agree to leave it out."))
        batch, counts = uuid.uuid4(), {Action.CREATE.value: 0, Action.UPDATE.value: 0}
        wanted = imported.targets.exclude(action__in=CLOSED).filter(left_out=False).select_related("content_type")
        for chunk in planning.chunks(wanted.order_by("content_type", "object_id", "position")):
            steps = planning.steps_of(imported, chunk, judge, lock=True)
            for step in steps:
                _stop_unless_as_shown(step)
            with log.gathered():
                _write(imported, steps, by, batch)
            made = [step.target for step in steps if step.target.action == Action.CREATE]
            ImportTarget.objects.bulk_update(made, ["object_id"])
            for step in steps:
                if step.target.action in counts:
                    counts[step.target.action] += 1
        imported.state, imported.done_at, imported.batch = State.DONE, timezone.now(), batch
        imported.leaves_out, imported.file = leave_out, None
        imported.save()
        AuditEntry.record(imported, VERB, by, note=_in_words(counts))
    return counts


def _in_words(counts: dict[str, int]) -> str:
    return ", ".join(f"{action}: {n}" for action, n in counts.items())


def _stop_unless_as_shown(step: Step) -> None:
    if step.subject.refusal:
        raise ValidationError(f"“{step.target.label}”: {step.subject.refusal}")
    if step.sign != step.target.sign:
        words = _("“%s” is not as it was when you looked at it. Look again.")
        raise ValidationError(words % step.target.label)


def _write(imported: Import, steps: list[Step], by: Any, batch: uuid.UUID) -> None:
    note = _("From the import “%s”.") % imported
    old = [step.subject for step in steps if not step.is_new]
    batches.carry_out(old, by, note, verb=VERB, batch=batch)
    new = [step for step in steps if step.is_new]
    referred = Referred((step.subject.shape, step.subject.wanted) for step in new)
    for step in new:
        _create(step, by, referred)
        step.target.object_id = str(step.subject.record.pk)
    records = [step.subject.record for step in new]
    history.keep_all(list(zip(records, batches.written(records), strict=True)), VERB, by, note)
    AuditEntry.objects.bulk_create(
        AuditEntry.of(record, VERB, by, note, after=batches.status_of(record)) for record in records
    )
    _remember(imported, [step for step in steps if step.target.key])


def _create(step: Step, by: Any, referred: Referred) -> None:
    record = step.subject.record
    try:
        if hasattr(record, "changed_by"):
            record.changed_by = by
        if lost := put(record, step.subject.wanted, referred):
            raise ValidationError(_("It does not exist any more: %s.") % ", ".join(lost))
    except (ValidationError, IntegrityError) as error:
        why = " ".join(getattr(error, "messages", [_("it contradicts a rule of the database.")]))
        raise ValidationError(f"“{step.target.label}”: {why}") from error


def _remember(imported: Import, steps: list[Step]) -> None:
    """Where each came from, and what the source said of it. A key that is there by now was another import's."""
    known = _origins(imported, steps)
    new: dict[Any, Origin] = {}
    changed: list[Origin] = []
    for step in steps:
        target = step.target
        origin = known.get(_mark(target))
        if origin is not None and target.action == Action.CREATE:
            raise _brought_in_already(target)
        if origin is None:
            origin = known[_mark(target)] = new[_mark(target)] = Origin(
                content_type=target.content_type, scheme=_scheme(imported), source=target.source, key=target.key
            )
        elif origin.pk is not None:
            changed.append(origin)
        said = unknown.without_unknown(target.said, imported.names, step.subject.shape)
        is_same = origin.object_id == str(step.subject.record.pk)
        origin.object_id = str(step.subject.record.pk)
        origin.said = _with_what_was_said(origin.said, said) if is_same else said
        origin.pieces, origin.unplaced, origin.remarks = target.pieces, target.unplaced, target.remarks
        origin.imported = imported
    if changed:
        Origin.objects.bulk_create(changed, update_conflicts=True, unique_fields=["id"], update_fields=SAID_AGAIN)
    try:
        with transaction.atomic():
            Origin.objects.bulk_create(new.values())
    except IntegrityError as error:
        there = new.keys() & _origins(imported, steps).keys()
        raise next(_brought_in_already(one.target) for one in steps if _mark(one.target) in there) from error


def _with_what_was_said(before: Content, said: Content) -> Content:
    """A source that leaves out a column and speaks of it again later has not changed it."""
    return {part: before.get(part, {}) | said[part] for part in ("fields", "links", "rows")}


def _scheme(imported: Import) -> str:
    return readers.get(imported.reader).scheme


def _mark(target: ImportTarget | Origin) -> tuple[int, str, str]:
    return target.content_type_id, target.source, target.key


def _origins(imported: Import, steps: list[Step]) -> dict[tuple[int, str, str], Origin]:
    found = Origin.objects.filter(
        scheme=_scheme(imported),
        content_type__in={step.target.content_type_id for step in steps},
        key__in=[step.target.key for step in steps],
    )
    return {_mark(origin): origin for origin in found}


def _brought_in_already(target: ImportTarget) -> ValidationError:
    words = _("“%s” was brought in by another import since this one was read. Look again.")
    return ValidationError(words % target.label)


def discard(imported: Import) -> None:
    """What was read is forgotten; nothing was written."""
    with transaction.atomic():
        imported.targets.all().delete()
        imported.lines.all().delete()
        imported.state, imported.file = State.DISCARDED, None
        imported.save()
