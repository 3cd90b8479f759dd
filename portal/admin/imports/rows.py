"""The rows of an import as its page shows them: what would become of each or was done, and why not."""

from django.contrib import admin
from django.db.models import Case, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.admin.imports import likeness
from portal.admin.imports.entries import entry_url
from portal.imports import planning, readers, unknown
from portal.imports.planning import CLOSED
from portal.models import Import
from portal.models.imports import Action
from portal.versions.comparing import CHANGED

MOST_COUNTED = 500  # records whose values are counted
DONE = {
    Action.CREATE: gettext_lazy("created"),
    Action.UPDATE: gettext_lazy("changed"),
    Action.SKIP: gettext_lazy("left as it was"),
    Action.CONFLICT: gettext_lazy("left out: conflict"),
    Action.REFUSE: gettext_lazy("left out: could not be read or written"),
}
FIRST = [*CLOSED, *(action for action in Action if action not in CLOSED)]  # what stops an import comes first


def in_order(lines):
    """As they are looked at: what stops the import first, what changes nothing last."""
    place = Case(When(action__in=CLOSED, then=Value(0)), When(action=Action.SKIP, then=Value(2)), default=Value(1))
    return lines.order_by(place, "number", "pk")


def label_of(imported, action):
    return DONE[action] if imported.state == Import.State.DONE else Action(action).label


def counts_of(imported, counted):
    """What becomes of how many rows: (action, in words, number)."""
    return [(action.value, label_of(imported, action), counted[action]) for action in FIRST if action in counted]


def values_in_words(imported):
    """How many values of what is there would change; nothing where that takes long to say."""
    if imported.state != Import.State.READ:
        return ""
    updating = imported.targets.filter(action=Action.UPDATE).select_related("content_type")
    targets = list(updating[: MOST_COUNTED + 1])
    if not targets or len(targets) > MOST_COUNTED:
        return ""
    n = sum(count_values(step.subject) for step in planning.steps_of(imported, targets))
    return ngettext("%s value changes.", "%s values change.", n) % n


def count_values(subject):
    """Fields and links that change, of its rows too; a row that comes or goes counts once."""
    rows = [row for one in subject.differences for row in one.rows]
    alone = sum(not one.rows for one in subject.differences)
    return alone + sum(len(row.differences) if row.kind == CHANGED else 1 for row in rows)


def reader_of(imported):
    """None for one of an app that is no longer there."""
    return next((reader for reader in readers.all() if reader.name == imported.reader), None)


def rows_of(imported, lines):
    """Lines with the differences they would make, of those on one page; the record where there is one. What is about
    all of a record stands with the first of its lines.
    """
    targets = {line.target_id: line.target for line in lines if line.target_id}
    has_look = (reader := reader_of(imported)) is not None and reader.look is not None
    steps = {}
    if imported.state == Import.State.READ:
        steps = {step.target.pk: step for step in planning.steps_of(imported, list(targets.values()))}
    told, likely = set(), likeness.records_of(targets.values())
    for line in lines:
        target, step = line.target, steps.get(line.target_id)
        is_first = line.target_id not in told
        told.add(line.target_id)
        yield {
            "line": line,
            "about": target if is_first else None,
            "names_left_out": _names_left_out(imported, target) if target and is_first else [],
            "label": target.label if target else line.label,
            "action": _("left out") if target and target.left_out else label_of(imported, line.action),
            "problems": [problem_once(problem) for problem in line.problems],
            "is_held_back": _is_held_back(line),
            "url": url_of(target) if target else "",
            "differences": step.subject.differences if step and is_first and step.subject.changes else [],
            "is_new": step.is_new if step else False,
            "entry_url": entry_url(imported, target) if has_look and target else "",
            "likely": likely.get(line.target_id) if step and is_first else None,
            "otherwise": step.otherwise if step and is_first else [],
        }


def _names_left_out(imported, target):
    """What is not brought in although nothing else stands against the record; a refusal names its own."""
    if target.left_out or target.action in CLOSED:
        return []
    return unknown.left_out(target.said, imported.names)


def problem_once(problem):
    """Without the value where the message quotes it already."""
    begins = problem["value"].removesuffix("…")
    return problem | {"value": "" if begins in problem["message"] else problem["value"]}


def _is_held_back(line):
    """Nothing is wrong with it, but with another line of its record."""
    return line.action == Action.REFUSE and not line.problems and line.target_id and not line.target.refusal


def url_of(target):
    """The form of the record, where there is one."""
    model = target.content_type.model_class()
    if not target.object_id or model is None or not admin.site.is_registered(model):
        return ""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[target.object_id])
