"""One change to many records: what it would do to each, all of it or nothing, and taking it back.

Every version it writes carries the same `batch`, and in `before` what it replaced: taking it back is a merge of that
into what the record says by then, and its versions say in `undoes` which batch they take back. Which records somebody
may change is asked by who calls.
"""

import uuid
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.db.models import Count, Exists, Min, OuterRef, Q
from django.db.models.fields.json import KT
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.dates import PartialDateField
from portal.models import AuditEntry, Draft, Version
from portal.rows import names_in
from portal.versions import drafts, history
from portal.versions.comparing import Difference, compare, label_of, label_of_rows
from portal.versions.content import Content, Referred, digest, put, take_all
from portal.versions.merging import merge
from portal.versions.shape import Shape, shape_of

AT_ONCE = 200  # records in one step, so that it stays one short transaction
CHANGE, UNDO = "change at once", "undo at once"  # as in the history and the audit log


@dataclass
class Change:
    """What many records are to say, in the values and keys of a content. `words` tell it to people."""

    fields: dict[str, Any] = field(default_factory=dict)
    added: dict[str, set[Any]] = field(default_factory=dict)
    removed: dict[str, set[Any]] = field(default_factory=dict)
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    def upon(self, content: Content) -> Content:
        links = {
            name: sorted((set(keys) | self.added.get(name, set())) - self.removed.get(name, set()))
            for name, keys in content["links"].items()
        }
        return content | {"fields": content["fields"] | self.fields, "links": links}


@dataclass
class Subject:
    """One of many records. `shown` is what its form shows: the open draft, else what is `live`. `wanted` is what it
    would say; `refusal` why that cannot be; `clashes` are names of fields that somebody has changed since.
    """

    record: Any
    draft: Draft | None
    live: Content
    shown: Content
    wanted: Content
    as_draft: bool = False
    refusal: str = ""
    clashes: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        return str(self.record.pk)

    @property
    def shape(self) -> Shape:
        model: type[models.Model] = type(self.record)
        return shape_of(model)

    @property
    def changes(self) -> bool:
        return any(self.touched.values())

    @cached_property
    def touched(self) -> dict[str, list[str]]:
        """Names of the fields, links and kinds of rows that it would change."""
        return {
            "fields": [name for name, value in self.wanted["fields"].items() if value != self._said("fields", name)],
            "links": [
                name for name, keys in self.wanted["links"].items() if set(keys) != set(self._said("links", name))
            ],
            "rows": [
                name for name, rows in self.wanted["rows"].items() if _by_key(rows) != _by_key(self._said("rows", name))
            ],
        }

    def _said(self, part: str, name: str) -> Any:
        return self.shown[part].get(name, None if part == "fields" else [])

    def part(self, content: Content) -> Content:
        """Of a content, what this changes."""
        return {
            part: {name: content[part][name] for name in names if name in content[part]}
            for part, names in self.touched.items()
        }

    def newly(self, name: str) -> tuple[Any, list[Any]]:
        """A model and the keys of those of it that the record would lead to and does not yet."""
        meta = type(self.record)._meta
        model = meta.get_field(name).related_model
        if name in self.wanted["links"]:
            return model, sorted(set(self.wanted["links"][name]) - set(self._said("links", name)))
        key = self.wanted["fields"].get(name)
        return model, [] if key is None or key == self._said("fields", name) else [key]

    @property
    def differences(self) -> list[Difference]:
        return compare(type(self.record), self.shown, self.wanted)

    @property
    def sign(self) -> str:
        """Of what was shown to somebody who agrees to it: what is there, what it becomes, and whether at once."""
        how = "draft" if self.as_draft else "live"
        return f"{how}-{digest(self.shown)[:20]}-{digest(self.wanted)[:20]}"


def _by_key(rows: list[Content]) -> dict[Any, Content]:
    return {row["id"]: row for row in rows}


def look(model: type[models.Model], keys: Iterable[Any], lock: bool = False) -> list[Subject]:
    """Records with their drafts and contents, in the order of their keys; with as many queries for many as for one.
    With `lock` they stay as they are until the end of the transaction.
    """
    found = model._base_manager.filter(pk__in=list(keys)).order_by("pk")
    records: list[Any] = list(history.lock_all(found) if lock else found)
    own = drafts.open_drafts(model).filter(object_id__in=[str(record.pk) for record in records])
    by_key = {draft.object_id: draft for draft in own.select_related("version", "base")}
    subjects = []
    for record, live in zip(records, take_all(records), strict=True):
        draft = by_key.get(str(record.pk))
        shown = draft.version.content if draft else live
        subjects.append(Subject(record, draft, live, shown, wanted=shown))
    return subjects


def plan(subjects: Iterable[Subject], change: Change) -> None:
    for subject in subjects:
        names = dict(subject.shown.get("names", {}))
        for label, known in change.names.items():
            names[label] = names.get(label, {}) | known
        subject.wanted = change.upon(subject.shown) | {"names": names}


def plan_undo(subjects: Iterable[Subject], versions: dict[str, Version], leave_clashes: bool = False) -> None:
    """Each record is to say again what it said before, in what the batch has changed and nowhere else. What somebody
    has changed since in the same place is a clash: it stays, if `leave_clashes`, and else nothing is done.
    """
    for subject in subjects:
        after = versions[subject.key].content
        before = {"rows": {}, "names": after.get("names", {})} | after.get("before", {"fields": {}, "links": {}})
        merged = merge(after, subject.shown, before)
        clashing = {path[1] for path in merged.clashes if path[0] == "fields"}
        row_kinds = {path[1] for path in merged.clashes if path[0] == "rows"}
        subject.clashes = [label_of(one) for one in subject.shape.fields if one.name in clashing]
        subject.clashes += [label_of_rows(one) for one in subject.shape.rows if one.accessor in row_kinds]
        fields = {name: value for name, value in merged.content["fields"].items() if name not in clashing}
        subject.wanted = subject.shown | {
            "fields": subject.shown["fields"] | fields,
            "links": subject.shown["links"] | merged.content["links"],
            "rows": subject.shown["rows"]
            | {name: rows for name, rows in merged.content["rows"].items() if name not in row_kinds},
            "names": merged.content["names"],
        }
        if subject.clashes and not leave_clashes:
            told = ", ".join(f"“{label}”" for label in subject.clashes)
            subject.refusal = _("Somebody has changed this since: %s.") % told


def check(subject: Subject) -> str:
    """Why a record may not say what it is wanted to say, by the rules of its model."""
    trial = copy(subject.record)
    for one in subject.shape.fields:
        if one.name in subject.wanted["fields"]:
            value = subject.wanted["fields"][one.name]
            setattr(trial, one.attname, one.to_python(value) if value is not None else None)
    try:
        with override(settings.LANGUAGE_CODE):
            trial.full_clean(validate_constraints=False)
            for constraint in trial._meta.constraints:
                if _concerns(constraint, subject):
                    constraint.validate(type(trial), trial)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _concerns(constraint: models.BaseConstraint, subject: Subject) -> bool:
    """Whether what changes can break a constraint. To ask costs a query for each, and the record keeps the others."""
    if isinstance(constraint, models.UniqueConstraint):
        asked = {*constraint.fields, *(name for one in constraint.expressions for name in names_in(one))}
        if constraint.condition is not None:
            asked |= {str(name) for name in constraint.condition.referenced_base_fields}
        if asked - {one.name for one in subject.shape.fields}:
            return True  # a column that follows from others
    elif isinstance(constraint, models.CheckConstraint):
        asked = {str(name) for name in constraint.condition.referenced_base_fields}  # type: ignore[union-attr]
    else:
        return True
    names = set(subject.touched["fields"])
    names |= {one.edge_name for one in subject.shape.fields if one.name in names and isinstance(one, PartialDateField)}
    return bool(names & asked)


def carry_out(
    subjects: Sequence[Subject],
    by: Any,
    note: str,
    submit: bool = False,
    undoes: uuid.UUID | None = None,
    verb: str = CHANGE,
    batch: uuid.UUID | None = None,
) -> uuid.UUID | None:
    """Write all that change, in the transaction in which they were locked; those that visitors see become drafts, which
    `submit` hands to the reviewers. `undoes` is the batch that this takes back. Raises ValidationError or
    PermissionDenied, and nothing may be kept then. None if there was nothing to write. A `batch` of an earlier call is
    gone on with.
    """
    batch, verb = batch or uuid.uuid4(), UNDO if undoes else verb
    changing = [subject for subject in subjects if subject.changes]
    at_once = [subject for subject in changing if not subject.as_draft]
    history.as_found_all([(subject.record, subject.live) for subject in at_once])
    referred = Referred((subject.shape, subject.wanted) for subject in at_once)
    for subject in changing:
        if subject.as_draft:
            _naming(subject, lambda one: _as_draft(one, by, note, verb, batch, submit, undoes))
        else:
            _naming(subject, lambda one: _put(one, by, referred))
    contents = written([subject.record for subject in at_once])
    said = [(one.record, content | _about(one, undoes)) for one, content in zip(at_once, contents, strict=True)]
    history.keep_all(said, verb, by, note, batch=batch)
    AuditEntry.objects.bulk_create(
        AuditEntry.of(one.record, verb, by, note, before=status_of(one.record), after=status_of(one.record))
        for one in at_once
    )
    return batch if changing else None


def status_of(record: Any) -> str:
    """As in the audit log; of what has no such steps, none."""
    return record.status if hasattr(record, "record_change") else ""


def written(records: Sequence[Any]) -> list[Content]:
    """What records say by now, in their order; those of one model are asked for together."""
    found: dict[Any, Content] = {}
    for model in {type(record) for record in records}:
        own = model._base_manager.in_bulk([record.pk for record in records if type(record) is model])
        found |= {(model, pk): content for pk, content in zip(own, take_all(list(own.values())), strict=True)}
    return [found[type(record), record.pk] for record in records]


def _naming(subject: Subject, write: Callable[[Subject], None]) -> None:
    """A refusal says which record it is about."""
    try:
        write(subject)
    except (ValidationError, IntegrityError) as error:
        why = " ".join(getattr(error, "messages", [_("it contradicts a rule of the database.")]))
        raise ValidationError(_("“%(title)s”: %(why)s") % {"title": subject.record, "why": why}) from error


def _about(subject: Subject, undoes: uuid.UUID | None) -> Content:
    """What a version of a batch holds besides what its record says."""
    return {"before": subject.part(subject.shown), "undoes": str(undoes) if undoes else ""}


def _as_draft(
    subject: Subject, by: Any, note: str, verb: str, batch: uuid.UUID, submit: bool, undoes: uuid.UUID | None
) -> None:
    content = subject.wanted | _about(subject, undoes)
    draft = drafts.save(subject.record, content, by, note, verb, batch, live=subject.live)
    if undoes and digest(content) == digest(subject.live):
        drafts.discard(draft, by, note)  # it would change nothing any more
    elif submit and draft.status == Draft.Status.WRITING:
        drafts.submit(draft, by)


def _put(subject: Subject, by: Any, referred: Referred) -> None:
    record = subject.record
    if hasattr(record, "changed_by"):
        record.changed_by = by
    content = subject.part(subject.wanted) | {"names": subject.wanted.get("names", {})}
    lost = put(record, content, referred)
    if lost:
        raise ValidationError(_("It does not exist any more: %s.") % ", ".join(lost))


# What was done


def past(of: Iterable[type[models.Model]]) -> models.QuerySet[Version, Any]:
    """One row for each change of many records of some models: who, when, what in words, how many. Newest first."""
    types = ContentType.objects.get_for_models(*of).values()
    rows = Version.objects.filter(batch__isnull=False, content_type__in=types).order_by()
    told = rows.values("batch", "content_type", "by", "verb", "note").annotate(at=Min("at"), records=Count("pk"))
    return told.order_by("-at", "batch")


def versions_of(batch: uuid.UUID) -> dict[str, Version]:
    """By the key of the record."""
    found = Version.objects.filter(batch=batch).select_related("content_type", "by").order_by("pk")
    return {version.object_id: version for version in found}


def taken_back(of: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[str, Version]]:
    """By batch, and by the key of the record: the versions that took it back, without their contents. A draft that was
    to do so and was put away is none of them; one that was closed because it said what is live is.
    """
    beside = {"content_type": OuterRef("content_type"), "object_id": OuterRef("object_id")}
    put_away = Draft.objects.filter(
        **beside,
        status=Draft.Status.DISCARDED,
        base__number__lt=OuterRef("number"),
        version__number__gte=OuterRef("number"),
    ).exclude(version=OuterRef("pk"), base__digest=OuterRef("digest"))
    found = (
        Version.objects.filter(verb=UNDO, batch__isnull=False, content__undoes__in=[str(batch) for batch in of])
        .exclude(Q(is_draft=True) & Exists(put_away))
        .annotate(undoes=KT("content__undoes"))
    )
    told: dict[uuid.UUID, dict[str, Version]] = {}
    for version in found.select_related("by").defer("content").order_by("pk"):
        told.setdefault(uuid.UUID(version.undoes), {})[version.object_id] = version
    return told
