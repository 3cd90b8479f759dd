"""The frame of the sample content: what is new, what has changed, and what is an editor's by now.

Loading never writes a row that is as it should be, and never deletes one. A record is left alone and counted
as kept once somebody else has had a hand in it:

- a record of a kind: `changed_by` is set, it is not published, or somebody else approved it;
- any record: the audit log has an entry about it by somebody else.

Rows inside a record (roles, links, names) go with it: when it is kept, they are not looked at. A change made
past the admin and the verbs leaves no trace and would be overwritten. A record of a kind is recognised by its
slug and, when an editor has changed that, by the note of the audit entry that published it.
"""

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from enum import IntEnum
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import DatabaseError, models, transaction
from django.utils.module_loading import module_has_submodule
from django.utils.translation import override

from portal import countries, roles, thesaurus
from portal.editorial import EditorialModel, Status
from portal.models import AuditEntry, Country, Organisation, Source

ACCOUNT = "sample-content"
NOTE = "Sample content: {}"

M = TypeVar("M", bound=models.Model)
Progress = Callable[[str, int, int], None]
Links = Mapping[str, Iterable[Any]]


class Outcome(IntEnum):
    """What became of a record; of several, the greatest counts."""

    UNCHANGED = 1
    KEPT = 2
    UPDATED = 3
    CREATED = 4


class SampleError(Exception):
    """A row is wrong. The text names its file and record."""


def load_everything(progress: Progress | None = None, dry_run: bool = False) -> dict[str, Counter[Outcome]]:
    """Countries, thesaurus and every app's sample, all or nothing. Returns how many of each model had which outcome.

    `progress` is called with a file's name and how many of its records are done. Raises SampleError.
    """
    with transaction.atomic(), override(settings.MODELTRANSLATION_DEFAULT_LANGUAGE):
        sample = Sample(progress, dry_run)
        try:
            sample.place = countries.FILE.name
            for country, created, changed in countries.load():
                sample.note(country, created=created, changed=changed)
            sample.place = thesaurus.FILE.name
            for concept, created, changed, kept in thesaurus.load():
                sample.note(concept, created=created, changed=changed, kept=kept)
            for config in apps.get_app_configs():
                if config.module and module_has_submodule(config.module, "sample"):
                    import_module(f"{config.name}.sample").load(sample)
                    sample.publish_new()
        except (ValidationError, PermissionDenied, ObjectDoesNotExist, DatabaseError) as error:
            raise SampleError(f"{sample.place}: {_in_words(error)}") from error
        except (LookupError, ValueError, TypeError, AttributeError) as error:
            raise SampleError(f"{sample.place}: {type(error).__name__}: {error}") from error
        if dry_run:
            transaction.set_rollback(True)
    return sample.counts()


class Sample:
    """One run. Apps hand their facts to `save` and ask `is_kept` before they write a record's rows."""

    def __init__(self, progress: Progress | None = None, dry_run: bool = False) -> None:
        self.progress = progress
        self.is_dry_run = dry_run  # what a database cannot take back, a file in a store, is not to be done then
        self.place = "before the first file"
        self.outcomes: dict[type[models.Model], dict[Any, Outcome]] = {}
        self._known: dict[type[models.Model], dict[str, Any]] = {}
        self._touched: dict[type[models.Model], set[str]] = {}
        self._new: list[EditorialModel] = []
        self.account = _account()

    def read(self, path: Path, part: str | None = None) -> Iterator[dict[str, Any]]:
        """The records of a file, or of one part of it. The current one is what an error will name."""
        name = os.path.relpath(path, settings.BASE_DIR)
        self.place = name
        content = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        rows = content[part] if part else content
        for number, row in enumerate(rows, 1):
            self.place = f"{name}, record {number}"
            names = (row[key] for key in ("slug", "iso2", "country", "year") if row.get(key))
            if called := next(names, ""):
                self.place += f" ({called})"
            yield row
            if self.progress:
                self.progress(name, number, len(rows))

    def find(self, model: type[M], name: str) -> M | None:
        """The record of that slug or code; for a merged organisation the one it is now."""
        if model not in self._known:
            field = "iso2" if model is Country else "slug"
            self._known[model] = {getattr(record, field): record for record in model._default_manager.all()}
        known = self._known[model]
        record = known.get(name) or self._published_as(model, name)
        while isinstance(record, Organisation) and record.merged_into:
            record = known.get(record.merged_into.slug)
        return record

    def get(self, model: type[M], name: str) -> M:
        """As `find`, for what must be there. Raises SampleError."""
        if (record := self.find(model, name)) is None:
            raise SampleError(f"{self.place}: there is no {model._meta.verbose_name} called {name!r}")
        return record

    def get_if(self, model: type[M], name: str | None) -> M | None:
        return self.get(model, name) if name else None

    def get_all(self, model: type[M], names: Iterable[str]) -> list[M]:
        return [self.get(model, name) for name in names]

    def save(
        self,
        model: type[M],
        key: Mapping[str, Any],
        values: Mapping[str, Any],
        links: Links | None = None,
    ) -> M:
        """Make the record with this key hold these values and many-to-many links.

        What is as it should be is not written; what is an editor's is left alone.
        """
        name = key.get("slug") or key.get("iso2")
        record = self.find(model, name) if name else model._default_manager.filter(**key).first()
        if created := record is None:
            record = model(**key, **values)
            record.full_clean()
            record.save(force_insert=True)
            for field, others in (links or {}).items():
                getattr(record, field).set(others)
            if isinstance(record, EditorialModel):
                self._new.append(record)
            self.note(record, created)
        elif record.__dict__.get("slug") != key.get("slug") or self._is_touched(record):
            self.note(record, kept=True)  # under another slug it is renamed or merged: by an editor
        else:
            changed = self._change(record, values, links or {})
            if changed and isinstance(record, EditorialModel):
                record.record_change(self.account, f"{NOTE.format(record.slug)}: {', '.join(changed)}")
            self.note(record, changed=bool(changed))
        if created and name:
            self._known[model][name] = record
        return record

    def provenance(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Where a record's facts come from and what is doubtful about them, as every kind keeps it."""
        return {
            "source": self.get(Source, row["source"]),
            "source_locator": as_lines(row["source_lines"]),
            "editors_note": row["why"] or "",
        }

    def is_kept(self, record: models.Model) -> bool:
        return self.outcomes.get(type(record), {}).get(record.pk) == Outcome.KEPT

    def publish_new(self) -> None:
        """Publish what this run has added, with all its rows in place."""
        for record in self._new:
            self.place = f"publishing {type(record)._meta.label} {record.slug}"
            record.publish(by=self.account, note=NOTE.format(record.slug))
        self._new.clear()

    def note(self, record: models.Model, created: bool = False, changed: bool = False, kept: bool = False) -> None:
        """Remember what became of a record, for the table at the end."""
        reached = [(created, Outcome.CREATED), (changed, Outcome.UPDATED), (kept, Outcome.KEPT)]
        outcome = max((outcome for has, outcome in reached if has), default=Outcome.UNCHANGED)
        known = self.outcomes.setdefault(type(record), {})
        known[record.pk] = max(outcome, known.get(record.pk, outcome))

    def counts(self) -> dict[str, Counter[Outcome]]:
        return {model._meta.label: Counter(known.values()) for model, known in self.outcomes.items()}

    def _change(self, record: models.Model, values: Mapping[str, Any], links: Links) -> list[str]:
        """Write what differs; returns the names of the fields."""
        changed = []
        for name, value in values.items():
            field: Any = record._meta.get_field(name)
            if _stored(field, value) != _stored(field, getattr(record, field.attname)):
                setattr(record, name, value)
                changed.append(name)
        if changed:
            record.full_clean()
            record.save()
        for name, others in links.items():
            manager = getattr(record, name)
            others = list(others)
            if set(manager.values_list("pk", flat=True)) != {other.pk for other in others}:
                manager.set(others)
                changed.append(name)
        return changed

    def _published_as(self, model: type[models.Model], name: str) -> Any:
        """The record of a kind that an earlier run published under this slug, whatever its slug is now."""
        if not issubclass(model, EditorialModel):
            return None
        about = {"content_type": ContentType.objects.get_for_model(model), "note": NOTE.format(name)}
        entry = AuditEntry.objects.filter(by=self.account, verb="publish", **about).last()
        return model._default_manager.filter(pk=entry.object_id).first() if entry else None

    def _is_touched(self, record: models.Model) -> bool:
        if isinstance(record, EditorialModel) and (
            record.changed_by_id is not None
            or record.status != Status.PUBLISHED
            or record.approved_by_id != self.account.pk
        ):
            return True
        model = type(record)
        if model not in self._touched:
            content_type = ContentType.objects.get_for_model(model)
            audited = AuditEntry.objects.filter(content_type=content_type).exclude(by=self.account)
            self._touched[model] = set(audited.values_list("object_id", flat=True))
        return str(record.pk) in self._touched[model]


def as_lines(numbers: str) -> str:
    """Where in a text without pages something stands."""
    return f"{'lines' if re.search('[-,]', numbers) else 'line'} {numbers}"


def translated(field: str, texts: Mapping[str, str] | str | None) -> dict[str, str]:
    """A text, or {"en": ..., "fr": ...}, as the values of a translated field's columns."""
    if texts is None or isinstance(texts, str):
        texts = {settings.MODELTRANSLATION_DEFAULT_LANGUAGE: texts or ""}
    return {f"{field}_{code}": text for code, text in texts.items()}


def _stored(field: Any, value: Any) -> Any:
    """A value as the column holds it, to tell whether two are the same."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, (str, int, Decimal)) or value is None:
        value = field.to_python(value)
    return field.get_prep_value(value)


def _account() -> Any:
    """The account that publishes the sample: a reviewer nobody can sign in as."""
    user, created = get_user_model().objects.get_or_create(username=ACCOUNT, defaults={"is_staff": False})
    if created:
        user.set_unusable_password()
        user.save()
        user.groups.add(Group.objects.get(name=roles.REVIEWER))
    return user


def _in_words(error: Exception) -> str:
    if isinstance(error, ValidationError):
        if hasattr(error, "error_dict"):
            return "; ".join(f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items())
        return " ".join(error.messages)
    return str(error) or type(error).__name__
