"""What a source says brought together with what its record says: what it said before, what the record says now, what it
says today. So a second reading changes only what the source has changed, and what an editor has changed since stays,
or is a conflict where both did.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from portal.imports import likeness, unknown
from portal.imports.normal import normal
from portal.models import ImportTarget
from portal.versions.batches import Subject
from portal.versions.comparing import label_of, label_of_rows
from portal.versions.content import Content
from portal.versions.merging import merge


def join(target: ImportTarget, subject: Subject, names: dict[str, Any], trial: models.Model) -> list[str]:
    """Say in `wanted` what the record would say, in `clashes` what both have changed, in `refusal` why it cannot be.
    Returns the names of what stands here and stays, although the source says another thing. `trial` is a record of its
    model on which values are tried.
    """
    is_new, shape = subject.record._state.adding, subject.shape
    if is_new and (wanting := unknown.wanting(target.said, names, shape)):
        subject.refusal = _("Choose first what this stands for: %s.") % ", ".join(f"“{name}”" for name in wanting)
        return []
    said = unknown.without_unknown(target.said, names, shape)
    try:
        said = normal(shape, said, subject.shown, trial)
    except ValidationError as error:
        subject.refusal = " ".join(error.messages)
        return []
    base = unknown.without_unknown(target.base, names, shape) if target.base and not is_new else None
    whole = _completed(said, subject.shown, base)
    otherwise: list[str] = []
    if base is None and likeness.chosen(target.likely):
        whole, otherwise = likeness.filling(shape, whole, subject.shown)
    if base is None:
        subject.wanted = subject.shown | _over(subject.shown, whole)
        return otherwise
    before = _as_it_was(normal(shape, base, subject.shown, None), subject.shown, whole)
    merged = merge(before, subject.shown, whole)
    clashing = {path[:2] for path in merged.clashes}
    subject.wanted = subject.shown | _over(subject.shown, merged.content)
    subject.clashes = [label_of(one) for one in shape.fields if ("fields", one.name) in clashing]
    subject.clashes += [label_of_rows(one) for one in shape.rows if ("rows", one.accessor) in clashing]
    return otherwise


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
