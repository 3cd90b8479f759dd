"""Two people's changes to one content brought together: what each of them changed, and where both did."""

from dataclasses import dataclass, field
from typing import Any

from portal.versions.content import Content

UNSAID = object()
EMPTY = (None, "")


@dataclass
class Merged:
    """What both have changed, together. `clashes` are the places where they changed the same thing differently: the
    path to it, such as ("rows", "roles", key, "fields", "share"). There the content has what `mine` says.
    """

    content: Content
    clashes: list[tuple[str, ...]] = field(default_factory=list)


def merge(base: Content, theirs: Content, mine: Content) -> Merged:
    """`base` is what both began with."""
    merged = Merged({})
    merged.content = _merge(base, theirs, mine, (), merged.clashes)
    names: dict[str, dict[str, str]] = {}
    for content in (base, theirs, mine):
        for label, found in content.get("names", {}).items():
            names[label] = names.get(label, {}) | found
    merged.content["names"] = names
    return merged


def with_removed(merged: Content, theirs: Content) -> tuple[Content, frozenset[str]]:
    """The rows that were removed from `theirs` are there again, and their keys: for a form, which removes a row by a
    mark on it.
    """
    struck, rows = set(), dict(merged["rows"])
    for name, others in theirs["rows"].items():
        kept = {row["id"] for row in rows.get(name, [])}
        gone = [row for row in others if row["id"] not in kept]
        rows[name] = [*rows.get(name, []), *gone]
        struck |= {str(row["id"]) for row in gone}
    return merged | {"rows": rows}, frozenset(struck)


def _merge(base: Content, theirs: Content, mine: Content, path: tuple[str, ...], clashes: list[Any]) -> Content:
    return {
        "fields": _values(base["fields"], theirs["fields"], mine["fields"], (*path, "fields"), clashes),
        "links": {
            name: _links(base["links"].get(name, []), theirs["links"].get(name, []), keys)
            for name, keys in mine["links"].items()
        },
        "rows": {
            name: _rows(base["rows"].get(name, []), theirs["rows"].get(name, []), rows, (*path, "rows", name), clashes)
            for name, rows in mine["rows"].items()
        },
    }


def _values(base: Any, theirs: Any, mine: Any, path: tuple[str, ...], clashes: list[Any]) -> dict[str, Any]:
    merged = {}
    for name, value in mine.items():
        before, other = base.get(name, UNSAID), theirs.get(name, UNSAID)
        if other is UNSAID or _same(value, before) or _same(value, other):
            merged[name] = value if other is UNSAID else other
            continue
        if not _same(other, before) and name != "position":  # the order of rows follows from how they were written
            clashes.append((*path, name))
        merged[name] = value
    return merged


def _same(one: Any, other: Any) -> bool:
    """A form writes nothing as an empty text where a new record has none: that is no change."""
    return one == other or (one in EMPTY and other in EMPTY)


def _said(row: Content) -> Content:
    rows = {name: [_said(one) for one in others] for name, others in row["rows"].items()}
    return row | {
        "fields": {name: None if value == "" else value for name, value in row["fields"].items()},
        "rows": rows,
    }


def _links(base: list[Any], theirs: list[Any], mine: list[Any]) -> list[Any]:
    added, removed = set(mine) - set(base), set(base) - set(mine)
    return sorted((set(theirs) | added) - removed)


def _rows(
    base: list[Content], theirs: list[Content], mine: list[Content], path: tuple[str, ...], clashes: list[Any]
) -> list[Content]:
    """A row that one removed is gone, unless the other has changed it meanwhile: that is a clash, and it stays."""
    before, others, own = ({row["id"]: row for row in rows} for rows in (base, theirs, mine))
    merged = []
    for key in dict.fromkeys([*(row["id"] for row in mine), *others]):
        old, other, row = before.get(key), others.get(key), own.get(key)
        here = (*path, str(key))
        if row is not None and other is not None:
            merged.append({"id": key, **_merge(old or _nothing(row), other, row, here, clashes)})
        elif (stays := row or other) is not None and (old is None or _said(stays) != _said(old)):
            if old is not None:
                clashes.append(here)
            merged.append(stays)
    return merged


def _nothing(row: Content) -> Content:
    """What a row was before both of them wrote it."""
    return {"fields": {}, "links": {name: [] for name in row["links"]}, "rows": {name: [] for name in row["rows"]}}
