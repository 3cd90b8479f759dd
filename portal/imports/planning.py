"""What each entry would do to the records of the portal: said of its target and lines. Nothing else is written."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from portal.imports import likeness, readers, rules
from portal.imports.joining import join, lost_of
from portal.models import Import, ImportLine, ImportTarget, Origin
from portal.models.imports import Action
from portal.versions import batches
from portal.versions.batches import Subject
from portal.versions.content import Content, blank

AT_ONCE = 200  # records looked at together
CLOSED = (Action.CONFLICT, Action.REFUSE)


@dataclass
class Step:
    """A target with the record it is about. `judge` sets the subject's `as_draft` and `refusal`."""

    target: ImportTarget
    subject: Subject
    otherwise: list[str] = field(default_factory=list)  # what stands here stays although the source says another thing

    @property
    def is_new(self) -> bool:
        return bool(self.subject.record._state.adding)

    @property
    def sign(self) -> str:
        return f"new-{self.subject.sign}" if self.is_new else self.subject.sign


Judge = Callable[[Sequence[Subject]], object]


def in_parts(things: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(things)
    while part := list(islice(rest, size)):
        yield part


def chunks(targets: models.QuerySet[ImportTarget]) -> Iterator[list[ImportTarget]]:
    """In their order; no more of them in memory than are looked at together."""
    for keys in in_parts(list(targets.values_list("pk", flat=True)), AT_ONCE):
        found = targets.in_bulk(keys)
        yield [found[key] for key in keys]


def plan(imported: Import, judge: Judge) -> None:
    """Say of each target and each line what becomes of it. Idempotent."""
    seen: dict[tuple[int, str], ImportTarget] = {}
    for chunk in chunks(imported.targets.select_related("content_type").order_by("position")):
        _recognise_meanwhile(imported, chunk)
        labels = {target.pk: target.label for target in chunk}
        lines: dict[int, list[ImportLine]] = {}
        for line in ImportLine.objects.filter(target__in=chunk):
            lines.setdefault(line.target_id, []).append(line)  # type: ignore[arg-type]
        steps = steps_of(imported, chunk, judge)
        for step in steps:
            _refuse_second(step, seen)
            _decide(step, lines.get(step.target.pk, []))
        ImportTarget.objects.bulk_update(chunk, ["sign"])
        _write_alike(chunk, "action", "as_draft", "refusal")
        _write_alike([target for target in chunk if target.label != labels[target.pk]], "label")
        _write_alike([line for some in lines.values() for line in some], "action")


def _recognise_meanwhile(imported: Import, chunk: Sequence[ImportTarget]) -> None:
    """What another import has made since this one was read is not made again."""
    own = {(target.content_type_id, target.source, target.key): target for target in chunk if not target.object_id}
    keys = {key for _kind, _source, key in own if key}
    for origin in Origin.objects.filter(scheme=readers.get(imported.reader).scheme, key__in=keys) if keys else ():
        if target := own.get((origin.content_type_id, origin.source, origin.key)):
            target.object_id, target.base, target.likely = origin.object_id, target.base or origin.said, {}
            target.save(update_fields=["object_id", "base", "likely"])


def _write_alike(things: Sequence[Any], *names: str) -> None:
    """One statement for all that get the same values: bulk_update takes its time for each row and column."""
    alike: dict[tuple[Any, ...], list[Any]] = {}
    for thing in things:
        alike.setdefault(tuple(getattr(thing, name) for name in names), []).append(thing.pk)
    for values, keys in alike.items():
        type(things[0])._base_manager.filter(pk__in=keys).update(**dict(zip(names, values, strict=True)))


def steps_of(
    imported: Import, targets: Sequence[ImportTarget], judge: Judge | None = None, lock: bool = False
) -> list[Step]:
    """The targets with what their records say now and would say; with a judge also why they may not. With `lock` the
    records stay as they are until the end of the transaction.
    """
    steps: dict[int, Step] = {}
    for kind in {target.content_type for target in targets}:
        model: Any = kind.model_class()
        empty = blank(model)
        own = [target for target in targets if target.content_type == kind]
        keys = {target.object_id for target in own if target.object_id}
        found = {subject.key: subject for subject in batches.look(model, keys, lock)} if keys else {}
        for target in own:
            subject = found.get(target.object_id)
            steps[target.pk] = Step(target, replace(subject) if subject else _new(model, empty))
            if target.object_id and not subject:
                steps[target.pk].subject.refusal = _(
                    "The record it was made into does not exist any more. "
                    "Bring it back from the bin, or leave this out."
                )
        trial = model()
        for target in own:
            step = steps[target.pk]
            step.otherwise = join(target, step.subject, imported.names, trial)
    if judge is not None:
        judge([step.subject for step in steps.values()])
        rules.check(steps.values())
    return [steps[target.pk] for target in targets]


def _new(model: Any, empty: Content) -> Subject:
    return Subject(model(), None, empty, empty, wanted=empty)


def _refuse_second(step: Step, seen: dict[tuple[int, str], ImportTarget]) -> None:
    """Two entries about one record: which of them holds is not ours to say."""
    target = step.target
    mark = target.object_id or (f"{target.source} {target.key}" if target.key else "")
    if not mark or target.left_out:
        return
    first = seen.setdefault((target.content_type_id, mark), target)
    if first is not target:
        step.subject.refusal = _("It is about the same record as an entry before it: “%s”.") % first.label


def _decide(step: Step, lines: Sequence[ImportLine]) -> None:
    target, subject = step.target, step.subject
    target.label = target.label or Truncator(str(subject.record)).chars(300)
    target.as_draft, target.refusal, target.sign = subject.as_draft, subject.refusal, step.sign
    if subject.clashes and not subject.refusal:
        target.refusal = _clashing(target) % ", ".join(subject.clashes)
    spoilt = any(line.problems for line in lines)
    if target.left_out:
        target.action, target.refusal = Action.SKIP, _("Left out: nothing of it is written.")
    elif subject.refusal or spoilt:
        target.action = Action.REFUSE
    elif subject.clashes:
        target.action = Action.CONFLICT
    elif likeness.is_open(target):
        target.action, target.refusal = Action.CONFLICT, likeness.question(target)
    elif step.is_new:
        target.action = Action.CREATE
    else:
        target.action = Action.UPDATE if subject.changes else Action.SKIP
    for line in lines:
        refused = line.problems and not target.left_out
        line.action = Action.REFUSE if refused else _action_of_row(line, target, subject)


def _clashing(target: ImportTarget) -> str:
    if lost_of(target):
        return _(
            "Nobody knows the text this was written from, so that it cannot be told who has changed what differs: %s. "
            "Export it again and edit that, or change it in the form."
        )
    return _("Both the source and somebody here have changed: %s.")


def _action_of_row(line: ImportLine, target: ImportTarget, subject: Subject) -> str:
    """A line that is one row of its record is told apart from the others."""
    if not line.row or target.action not in {Action.UPDATE, Action.SKIP}:
        return target.action
    name, key = line.row
    before, after = (
        next((row for row in content["rows"].get(name, []) if str(row["id"]) == key), None)
        for content in (subject.shown, subject.wanted)
    )
    if before == after:  # also where neither is there: it was removed here, or another row says the same
        return Action.SKIP
    return Action.CREATE if before is None else Action.UPDATE
