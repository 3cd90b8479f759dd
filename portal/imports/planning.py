"""What each entry would do to the records of the portal. Nothing is written but the plan itself.

Where a source was read before, three texts are brought together: what it said then, what the record says now, what it
says today. So a second reading changes only what the source has changed, and what an editor has changed since stays,
or is a conflict where both did.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from portal.imports import likeness, readers, rules, unknown
from portal.imports.entries import Entry, Found, Line, Problem
from portal.imports.normal import normal
from portal.models import Import, ImportLine, ImportTarget, Origin
from portal.models.imports import Action
from portal.versions import batches
from portal.versions.batches import Subject
from portal.versions.comparing import label_of, label_of_rows
from portal.versions.content import Content, blank
from portal.versions.merging import merge

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


# A source becomes targets and lines


def keep(imported: Import, found: Found) -> None:
    """Write down what was found, instead of what an earlier reading found. Plan it afterwards."""
    with transaction.atomic():
        imported.lines.all().delete()
        imported.targets.all().delete()
        imported.text, imported.remarks, imported.names = found.text, found.remarks, found.names.known
        unknown.choose_as_before(imported)
        known = _recognised(readers.get(imported.reader).scheme, found.entries)
        lines = [_line(imported, line, None) for line in found.lines]
        targets = []
        for position, entry in enumerate(found.entries, start=1):
            target = _target(imported, position, entry, known.get((entry.model, entry.source, entry.key)))
            targets.append(target)
            lines += [_line(imported, line, target) for line in entry.lines]
        ImportTarget.objects.bulk_create(targets, batch_size=500)
        ImportLine.objects.bulk_create(lines, batch_size=500)
        imported.save()


def _recognised(scheme: str, entries: Iterable[Entry]) -> dict[Any, Origin]:
    """By model, source and key: where such an entry went before."""
    found = {}
    asked = sorted((entry for entry in entries if entry.key), key=lambda entry: (entry.model.__name__, entry.source))
    for (model, source), own in groupby(asked, key=lambda entry: (entry.model, entry.source)):
        kind = ContentType.objects.get_for_model(model)
        for keys in in_parts((entry.key for entry in own), 500):
            for origin in Origin.objects.filter(content_type=kind, scheme=scheme, source=source, key__in=keys):
                found[model, source, origin.key] = origin
    return found


def _target(imported: Import, position: int, entry: Entry, origin: Origin | None) -> ImportTarget:
    known = str(entry.record.pk) if entry.record is not None else origin.object_id if origin else ""
    likely = {} if known else likeness.of(entry)
    said_before = origin.said if origin and origin.object_id == known else None
    return ImportTarget(
        imported=imported,
        position=position,
        content_type=ContentType.objects.get_for_model(entry.model),
        object_id=known or likeness.chosen(likely),
        label=Truncator(entry.label or str(entry.record or "")).chars(300),
        source=entry.source,
        key=entry.key,
        said={"fields": {}, "links": {}, "rows": {}} | entry.said,
        base=entry.base or said_before,
        pieces=entry.pieces,
        unplaced=entry.unplaced,
        remarks=entry.remarks,
        likely=likely,
    )


def _line(imported: Import, line: Line, target: ImportTarget | None) -> ImportLine:
    return ImportLine(
        imported=imported,
        number=line.number,
        label=Truncator(line.label).chars(300),
        target=target,
        row=list(line.row),
        problems=[_told(problem) for problem in line.problems],
    )


def _told(problem: Problem) -> dict[str, str]:
    value = Truncator(problem.value).chars(80)
    return {"field": problem.field, "value": value, "message": problem.message}


# Targets are planned


def plan(imported: Import, judge: Judge) -> None:
    """Say of each target and each line what becomes of it. Idempotent."""
    seen: dict[tuple[int, str], ImportTarget] = {}
    for chunk in in_parts(imported.targets.select_related("content_type").order_by("position"), AT_ONCE):
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
            target.object_id, target.base = origin.object_id, target.base or origin.said
            target.save(update_fields=["object_id", "base"])


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
    steps = {}
    for kind in {target.content_type for target in targets}:
        model: Any = kind.model_class()
        empty = blank(model)
        own = [target for target in targets if target.content_type == kind]
        keys = {target.object_id for target in own if target.object_id}
        found = {subject.key: subject for subject in batches.look(model, keys, lock)} if keys else {}
        for target in own:
            steps[target.pk] = Step(target, found.get(target.object_id) or _new(model, empty))
            if target.object_id and target.object_id not in found:
                steps[target.pk].subject.refusal = _("The record it was made into does not exist any more.")
    for step in steps.values():
        _want(step, imported.names)
    if judge is not None:
        judge([step.subject for step in steps.values()])
        rules.check(steps.values())
    return [steps[target.pk] for target in targets]


def _new(model: Any, empty: Content) -> Subject:
    return Subject(model(), None, empty, empty, wanted=empty)


def _want(step: Step, names: dict[str, Any]) -> None:
    target, subject = step.target, step.subject
    if step.is_new and (wanting := unknown.wanting(target.said, names, subject.shape)):
        subject.refusal = _("Choose first what this stands for: %s.") % ", ".join(f"“{name}”" for name in wanting)
        return
    said = unknown.without_unknown(target.said, names, subject.shape)
    try:
        said = normal(subject.shape, said, subject.shown, type(subject.record)())
    except ValidationError as error:
        subject.refusal = " ".join(error.messages)
        return
    base = unknown.without_unknown(target.base, names, subject.shape) if target.base and not step.is_new else None
    whole = _completed(said, subject.shown, base)
    if base is None and likeness.chosen(target.likely):
        whole, step.otherwise = likeness.filling(subject.shape, whole, subject.shown)
    if base is None:
        subject.wanted = subject.shown | _over(subject.shown, whole)
        return
    before = _as_it_was(normal(subject.shape, base, subject.shown, None), subject.shown, whole)
    merged = merge(before, subject.shown, whole)
    clashing = {path[:2] for path in merged.clashes}
    subject.wanted = subject.shown | _over(subject.shown, merged.content)
    shape = subject.shape
    subject.clashes = [label_of(one) for one in shape.fields if ("fields", one.name) in clashing]
    subject.clashes += [label_of_rows(one) for one in shape.rows if ("rows", one.accessor) in clashing]


def _completed(said: Content, shown: Content, base: Content | None) -> Content:
    """Each row that is named with all of its columns, and the rows that the source has never named. One of those that
    says what a new one would is taken for it.
    """
    rows = {}
    for name, named in said["rows"].items():
        there = {row["id"]: row for row in shown["rows"].get(name, [])}
        given = {row["id"] for row in (base or {"rows": {}})["rows"].get(name, [])}
        keys = {row["id"] for row in named}
        others = [row for key, row in there.items() if key not in keys | given]
        own = [
            _completed_row(row, there.get(row["id"]))
            for row in named
            if row["id"] in there or not any(_says_already(other, row) for other in others)
        ]
        rows[name] = [*own, *(row for key, row in there.items() if key not in keys and key not in given)]
    return {"fields": said["fields"], "links": said["links"], "rows": rows}


def _says_already(other: Content, row: Content) -> bool:
    """Somebody here has entered the very row, wherever it stands among the others."""
    return all(
        other["fields"].get(name) == value for name, value in row["fields"].items() if name != "position"
    ) and not any(row["rows"].values())


def _as_it_was(base: Content, shown: Content, whole: Content) -> Content:
    """What the source said before, of what it speaks of today; columns it did not speak of as they are now."""
    rows = {}
    for name in whole["rows"]:
        there = {row["id"]: row for row in shown["rows"].get(name, [])}
        given = [_completed_row(row, there.get(row["id"])) for row in base["rows"].get(name, [])]
        keys = {row["id"] for row in given}
        named = {row["id"] for row in whole["rows"][name]}
        rows[name] = [*given, *(row for key, row in there.items() if key not in keys and key in named)]
    return {
        "fields": {name: base["fields"].get(name, shown["fields"].get(name)) for name in whole["fields"]},
        "links": {name: base["links"].get(name, shown["links"].get(name, [])) for name in whole["links"]},
        "rows": rows,
    }


def _completed_row(row: Content, there: Content | None) -> Content:
    return {"id": row["id"]} | (_over(there, _completed(row, there, None)) if there else row)


def _over(shown: Content, said: Content) -> Content:
    return {part: shown[part] | said[part] for part in ("fields", "links", "rows")}


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
        target.refusal = _("Both the source and somebody here have changed: %s.") % ", ".join(subject.clashes)
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


def _action_of_row(line: ImportLine, target: ImportTarget, subject: Subject) -> str:
    """A line that is one row of its record is told apart from the others."""
    if not line.row or target.action not in {Action.UPDATE, Action.SKIP}:
        return target.action
    name, key = line.row
    before, after = (
        next((row for row in content["rows"].get(name, []) if str(row["id"]) == key), None)
        for content in (subject.shown, subject.wanted)
    )
    if before is None:
        return Action.CREATE
    return Action.SKIP if before == after else Action.UPDATE
