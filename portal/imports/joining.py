"""What a source says brought together with what its record says: what it said before, what the record says now, what it
says today. So a second reading changes only what the source has changed, and what an editor has changed since stays,
or is a conflict where both did.
"""

from collections.abc import Iterable
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
from portal.versions.merging import EMPTY, merge
from portal.versions.shape import Shape


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
    subject.wanted = subject.shown | _over(subject.shown, merged.content)
    clashing = {path[:2] for path in merged.clashes}
    if lost := lost_of(target):
        touched = {(part, name) for part, some in subject.touched.items() for name in some}
        clashing |= {path for path in touched if "" in lost or (path[0] == "rows" and _of(lost, subject, path[1]))}
    subject.clashes = _names(shape, clashing)
    return otherwise


def lost_of(target: ImportTarget) -> set[str]:
    """Keys of what was written from something that nobody knows any more."""
    return set(target.base.get("lost", ())) if target.base else set()


def _of(lost: set[str], subject: Subject, name: str) -> bool:
    """Whether a row of those would change."""
    before, after = (
        {str(row["id"]): row for row in content["rows"].get(name, [])} for content in (subject.shown, subject.wanted)
    )
    return any(before.get(key) != after.get(key) for key in lost)


def _names(shape: Shape, clashing: Iterable[tuple[str, ...]]) -> list[str]:
    told = [label_of(one) for one in shape.fields if ("fields", one.name) in clashing]
    told += [label_of(one) for one in shape.links if ("links", one.name) in clashing]
    return told + [label_of_rows(one) for one in shape.rows if ("rows", one.accessor) in clashing]


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
    return (
        all(other["fields"].get(name) == value for name, value in row["fields"].items() if name != "position")
        and all(set(keys) <= set(other["links"].get(name, ())) for name, keys in row["links"].items())
        and not any(row["rows"].values())
    )


def _as_it_was(base: Content, shown: Content, whole: Content) -> Content:
    """What the source said before, of what it speaks of today. Columns it did not speak of are as they are now; it said
    nothing of them then, so that saying nothing of them today is no change.
    """
    rows = {}
    for name in whole["rows"]:
        there = {row["id"]: row for row in shown["rows"].get(name, [])}
        given = [_completed_row(row, there.get(row["id"])) for row in base["rows"].get(name, [])]
        keys = {row["id"] for row in given}
        named = {row["id"] for row in whole["rows"][name]}
        rows[name] = [*given, *(row for key, row in there.items() if key not in keys and key in named)]
    return {
        "fields": {
            name: base["fields"].get(name, value if value in EMPTY else shown["fields"].get(name))
            for name, value in whole["fields"].items()
        },
        "links": {name: base["links"].get(name, shown["links"].get(name, [])) for name in whole["links"]},
        "rows": rows,
    }


def _completed_row(row: Content, there: Content | None) -> Content:
    return {"id": row["id"]} | (_over(there, _completed(row, there, None)) if there else row)


def _over(shown: Content, said: Content) -> Content:
    return {part: shown[part] | said[part] for part in ("fields", "links", "rows")}
