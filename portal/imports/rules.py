"""Whether records may say what a source says of them, by the rules of their models, their rows and the database.

New ones are tried together: checked in memory, then written in bulk and undone, so that the database has its say for a
few queries. Only what does not pass is tried alone, the way it would be written, which tells why.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DataError, IntegrityError, models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.versions import batches
from portal.versions.batches import Subject
from portal.versions.checking import check_written
from portal.versions.comparing import label_of
from portal.versions.content import Content, key_of, put, references
from portal.versions.shape import Shape


class Asked(Protocol):
    @property
    def subject(self) -> Subject: ...

    @property
    def is_new(self) -> bool: ...


@dataclass
class Trial:
    """A record as it would be written, and its rows with the column that leads to their owners, which come first."""

    record: models.Model
    rows: list[tuple[models.Model, str]] = field(default_factory=list)


def check(steps: Iterable[Asked]) -> None:
    """Say in `refusal` why a record may not say what is wanted of it; of those that change and are not refused yet."""
    asked = [step for step in steps if step.subject.changes and not step.subject.refusal]
    sound = _sound([step.subject for step in asked if step.is_new])
    for step in asked:
        if id(step.subject) not in sound:
            step.subject.refusal = why_not(step.subject, step.is_new)


def why_not(subject: Subject, is_new: bool) -> str:
    """The same of one, as it would be written. Costs a query for each of its rows and rules."""
    why = _tried(subject, is_new) if subject.touched["rows"] else batches.check(subject)
    return why and (_in_words(subject, is_new) or why)


def _tried(subject: Subject, is_new: bool) -> str:
    record = type(subject.record)() if is_new else subject.record
    try:
        with transaction.atomic(), override(settings.LANGUAGE_CODE):
            if hasattr(record, "slug") and is_new:
                record.slug = ""
            put(record, subject.wanted)
            check_written(record, None if is_new else subject.shown)
            transaction.set_rollback(True)
    except ValidationError as error:
        return " ".join(error.messages)
    except (IntegrityError, DataError):
        return _("It contradicts a rule of the database.")
    return ""


def _in_words(subject: Subject, is_new: bool) -> str:
    """What is wrong with a record that cannot be written, with the names of its columns; nothing where only the
    database knows.
    """
    with override(settings.LANGUAGE_CODE):
        try:
            trial = _trial(subject, 0)
            if not is_new:
                trial.record.pk, trial.record._state.adding = subject.record.pk, False
            _check_constraints(trial.record, set())
            there = {row["id"] for rows in subject.shown["rows"].values() for row in rows}
            said_once: set[Any] = set()
            for row, owner in trial.rows:
                row._state.adding = str(row.pk) not in there
                _check_constraints(row, {owner})
                _check_doubles(row, owner, said_once)
        except ValidationError as error:
            return " ".join(error.messages)
        except (ValueError, TypeError):
            return ""
    return ""


def _check_constraints(made: models.Model, known: set[str]) -> None:
    try:
        made.validate_constraints(exclude=known)
    except ValidationError as error:
        raise _named(made, error, bool(known)) from error


def _check_doubles(row: models.Model, owner: str, said_once: set[Any]) -> None:
    """Two rows of one record, neither of which is stored yet."""
    for one in row._meta.constraints:
        if isinstance(one, models.UniqueConstraint) and one.fields and not one.condition:
            whose = id(getattr(row, owner)) if owner in one.fields else None
            names = [name for name in one.fields if name != owner]
            columns: list[Any] = [row._meta.get_field(name) for name in names]
            values = [getattr(row, column.attname) for column in columns]
            said = (one.name, whose, *values)
            if said in said_once:
                raise _named(row, ValidationError(str(one.get_violation_error_message())), True)
            if None not in values:  # to a database, two unknowns are not the same
                said_once.add(said)


def _named(made: models.Model, error: ValidationError, is_row: bool) -> ValidationError:
    """With the names of the columns, and of the kind of row."""
    told = []
    for name, messages in (error.message_dict if hasattr(error, "error_dict") else {"": error.messages}).items():
        column: Any = made._meta.get_field(name) if name and name != NON_FIELD_ERRORS else None
        label = label_of(column) if column else ""
        told += [f"{label}: {text}" if label else text for text in messages]
    if is_row:
        told = [f"{capfirst(made._meta.verbose_name)}: {text}" for text in told]
    return ValidationError(told)


def _sound(subjects: Sequence[Subject]) -> set[int]:
    """Those of new records, by identity, that keep all rules for certain."""
    wanted = [(subject, list(references(subject.wanted, subject.shape))) for subject in subjects]
    there = _present({one for _subject, found in wanted for one in found})
    trials: list[tuple[Subject, Trial]] = []
    with override(settings.LANGUAGE_CODE):
        for number, (subject, found) in enumerate(wanted):
            if there.issuperset(found):
                try:
                    trials.append((subject, _trial(subject, number)))
                except (ValidationError, ValueError, TypeError):  # the last two from rules that ask for what is saved
                    continue
    by_model = sorted(trials, key=lambda one: one[0].shape.model._meta.label)
    sound: set[int] = set()
    for _label, own in groupby(by_model, key=lambda one: one[0].shape.model._meta.label):
        sound |= _written(list(own))
    return sound


def _present(wanted: set[tuple[type[models.Model], Any]]) -> set[tuple[type[models.Model], Any]]:
    """Those that still lead somewhere, and have not been merged into another."""
    keys: dict[type[models.Model], list[Any]] = {}
    for model, key in wanted:
        keys.setdefault(model, []).append(key)
    there = set()
    for model, own in keys.items():
        known = model._base_manager.filter(pk__in=own)
        if hasattr(model, "merged_into"):
            known = known.filter(merged_into=None)
        there |= {(model, key_of(pk)) for pk in known.values_list("pk", flat=True)}
    return there


def _trial(subject: Subject, number: int) -> Trial:
    """Raises ValidationError where a rule is broken that needs no database."""
    trial = Trial(_filled(subject.shape, subject.wanted))
    record: Any = trial.record
    if hasattr(record, "slug"):
        record.slug = record.slug or f"trial-{number}"  # one is made when it is saved
    _check(subject.shape, record, set())
    _add_rows(trial, subject.shape, subject.wanted, record)
    return trial


def _add_rows(trial: Trial, shape: Shape, content: Content, owner: models.Model) -> None:
    for kind in shape.rows:
        own = []
        for wanted in content["rows"].get(kind.accessor, ()):
            row = _filled(kind.shape, wanted, pk=wanted["id"])
            setattr(row, kind.owner, owner)
            _check(kind.shape, row, {kind.owner})
            own.append(row)
            trial.rows.append((row, kind.owner))
            _add_rows(trial, kind.shape, wanted, row)
        if own and hasattr(kind.shape.model, "check_together"):
            try:
                kind.shape.model.check_together(own)
            except ValidationError as error:
                raise _named(own[0], error, True) from error


def _filled(shape: Shape, content: Content, pk: Any = None) -> models.Model:
    made = shape.model()
    if pk is not None:
        made.pk = shape.model._meta.pk.to_python(pk)
    for one in shape.fields:
        if one.name in content["fields"]:
            value = content["fields"][one.name]
            setattr(made, one.attname, one.to_python(value) if value is not None else None)
    return made


def _check(shape: Shape, made: models.Model, known: set[str]) -> None:
    """All but what a query would tell: keys are looked up together, and constraints are the database's."""
    keys = {one.name for one in shape.fields if isinstance(one, models.ForeignKey) and getattr(made, one.attname)}
    try:
        made.clean_fields(exclude={*keys, *known})
        made.clean()
    except ValidationError as error:
        raise _named(made, error, bool(known)) from error


def _written(trials: list[tuple[Subject, Trial]]) -> set[int]:
    """Those that the database takes, told by halves where it does not take all of them. Nothing is kept."""
    if not trials:
        return set()
    try:
        with transaction.atomic():
            _write([trial for _subject, trial in trials])
            transaction.set_rollback(True)
    except (IntegrityError, DataError, ValueError):  # ValueError: a model that cannot be written in bulk
        if len(trials) == 1:
            return set()
        half = len(trials) // 2
        return _written(trials[:half]) | _written(trials[half:])
    return {id(subject) for subject, _trial in trials}


def _write(trials: list[Trial]) -> None:
    """Owners before what they own; who owns it has a key by then."""
    type(trials[0].record)._base_manager.bulk_create([trial.record for trial in trials])
    rows: dict[type[models.Model], list[models.Model]] = {}
    for trial in trials:
        for row, owner in trial.rows:
            rows.setdefault(type(row), []).append(row)
            setattr(row, owner, getattr(row, owner))  # takes over its key, which it has since it was written
    for model, own in rows.items():
        model._base_manager.bulk_create(own, batch_size=200)
