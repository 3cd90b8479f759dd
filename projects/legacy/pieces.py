"""Pieces as an import keeps them: what was read, what a person decided about it, and what both say of a project.

    {"field": "start", "value": "2016-10", "start": 120, "end": 132, "words": "October 2016", "confidence": 0.95,
     "why": "", "taken": true, "label": "Start", "shown": "October 2016"}

One that a person has touched is `decided`, and `read` holds the field and value that were read, or is null where a
person made it from text that was not placed. `problem` says why a value was not taken; `name` is the key of a
name the portal does not know.
"""

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.imports.entries import Names
from portal.languages import CODES, fold
from portal.models import Country, Organisation
from projects.legacy import slots
from projects.legacy.known import NEW, Known
from projects.legacy.proposals import Piece
from projects.models import Project
from projects.models.project import AGEING
from projects.translation import LinkOptions, ProjectOptions, TitleOptions, TitleTextOptions

ROWS = uuid.UUID("b5d5b8f4-3f3c-4b7e-8f36-0d9b5c1f7a10")
LIKELY = 0.5  # from this confidence on a value is taken unless somebody says otherwise
NEW_MODELS = {"countries": Country, "roles": Organisation}
BY_LANGUAGE = {
    "calls": TitleOptions.fields,
    "links": LinkOptions.fields,
    "results": TitleTextOptions.fields,
}
ONCE = ("kind", "number", "title", "name", "label", "url", "scheme", "value")
Kept = dict[str, Any]


def kept(pieces: Iterable[Piece], language: str, known: Known) -> list[Kept]:
    """As they were read, with those ticked that are likely enough and do not stand in each other's way."""
    found = [
        told(piece._asdict() | {"taken": piece.confidence >= LIKELY, "language": language}, known) for piece in pieces
    ]
    dated = any(piece["field"] in ("start", "end") for piece in found)
    for piece in found:
        if piece["field"] == "stage_stated" and (dated or piece["value"] in AGEING):
            piece["taken"] = False  # the dates tell it, or nobody knows when it was said
        try:
            slots.check(piece["field"], piece["value"])
        except ValidationError as error:
            piece |= {"taken": False, "problem": " ".join(error.messages)}
    make_way(found)
    return found


def make_way(pieces: Iterable[Kept]) -> None:
    """Untick what stands in the way of another; what a person has decided stays before what was only read."""
    for piece in in_the_way(sorted(pieces, key=lambda one: not one.get("decided"))):
        piece |= {"taken": False, "problem": _("There is another value for this already.")}


def told(piece: Kept, known: Known) -> Kept:
    """With what people read: where it stands, and its value."""
    slot = slots.slot_of(piece["field"], piece["value"])
    return piece | {"label": slot.label, "shown": slots.told(piece["field"], piece["value"], known)}


def in_the_way(pieces: Iterable[Kept]) -> Iterator[Kept]:
    """Of those that are taken, the ones whose place is taken already or has no room."""
    seen: set[str] = set()
    lengths: dict[str, int] = {}
    for piece in pieces:
        field = piece["field"]
        if not piece["taken"]:
            continue
        if field in slots.COLUMNS and field not in slots.JOINED:
            if field in seen:
                yield piece
            seen.add(field)
        elif most := getattr(Project._meta.get_field(field), "max_length", None) if field in slots.JOINED else None:
            length = lengths.get(field, 0) + len(piece["value"]) + len(slots.JOINED[field])
            if length > most + len(slots.JOINED[field]):
                yield piece
            else:
                lengths[field] = length


def language_of(code: str) -> str:
    """The language of the columns a text goes into."""
    return code if code in CODES else CODES[0]


def said(pieces: Sequence[Kept], mark: str, names: Names, known: Known) -> dict[str, Any]:
    """What the pieces that are taken say, as a part of a project's content. `mark` is the same whenever this project is
    read from this page: keys of rows are made from it and from the words a row stands in. A piece that names what the
    portal does not know is given the key of that `name`.
    """
    fields: dict[str, Any] = {}
    links: dict[str, list[Any]] = {}
    rows: dict[str, list[dict[str, Any]]] = {}
    used: dict[str, int] = {}
    there: set[tuple[Any, ...]] = set()
    for piece in sorted((one for one in pieces if one["taken"]), key=lambda one: (one["start"], one["end"])):
        field, value, language = piece["field"], piece["value"], piece["language"]
        piece.pop("name", None)
        if NEW_MODELS.get(field) and value.get(NEW):
            piece["name"] = names.new(NEW_MODELS[field], value[NEW], **_told_of(value))
        if field in slots.ROWS:
            columns, once = _columns(field, value, language, piece.get("name"))
            if once in there:
                continue
            there.add(once)
            identity = _identity(field, piece)
            used[identity] = used.get(identity, 0) + 1
            key = str(uuid.uuid5(ROWS, f"{mark}\n{identity}\n{used[identity]}"))
            own = rows.setdefault(field, [])
            if field in ("roles", "links", "results"):
                columns["position"] = len(own) + 1
            own.append({"id": key, "fields": columns})
        elif field in slots.LINKS:
            reference = piece.get("name") or known.key(value)
            own_keys = links.setdefault(field, [])
            if reference is not None and reference not in own_keys:
                own_keys.append(reference)
        elif field == "programme":
            fields[field] = known.key(value)
        else:
            column = f"{field}_{language}" if field in ProjectOptions.fields else field
            if field in slots.JOINED and column in fields:
                value = f"{fields[column]}{slots.JOINED[field]}{value}"
            fields.setdefault(column, value)
            if field in slots.JOINED:
                fields[column] = value
    return {"fields": fields, "links": links, "rows": rows}


def _told_of(value: dict[str, Any]) -> dict[str, str]:
    return {"acronym": value["acronym"][:40]} if value.get("acronym") else {}


def _columns(
    field: str, value: dict[str, Any], language: str, name: str | None
) -> tuple[dict[str, Any], tuple[Any, ...]]:
    """The columns of a row, and what no second row may say as well."""
    columns = {column: said for column, said in value.items() if field != "roles" or column not in (NEW, "acronym")}
    if field == "roles":
        columns["organisation"] = name or columns["organisation"]
        return columns, (field, columns["role"], columns["organisation"])
    once = tuple(
        str(columns.get(name)) for name in ("kind", "number", "title", "name", "label", "url", "scheme", "value")
    )
    for name in BY_LANGUAGE.get(field, ()):
        if name in columns:
            columns[f"{name}_{language}"] = columns.pop(name)
    return columns, (field, *((columns["name"],) if field == "other_names" else once))


def _identity(field: str, piece: Kept) -> str:
    """What tells a row from others whatever numbers it has: the letters it was read from."""
    letters = re.sub(r"[\W\d_]+", " ", fold(piece["words"])).strip()
    return f"{slots.slot_of(field, piece['value']).name} {letters}"


# What was decided before


def as_before(
    fresh: list[Kept], earlier: Iterable[Kept], text: str, span: tuple[int, int]
) -> tuple[list[Kept], list[str]]:
    """Pieces of a page that was read before, with what a person decided then about the same words; and remarks on what
    cannot be decided so again.
    """
    decided: dict[tuple[str, str], list[Kept]] = {}
    made: list[Kept] = []
    for old in earlier:
        if not old.get("decided"):
            continue
        if old.get("read", {}) is None:
            made.append(old)
        else:
            decided.setdefault(_words_of(old.get("read") or old, old), []).append(old)
    for n, piece in enumerate(fresh):
        if olds := decided.get(_words_of(piece, piece)):
            old = olds.pop(0)
            fresh[n] = piece | {"taken": old["taken"], "decided": True}
            if "read" in old:  # else what was read stands, with names that have become known since
                fresh[n] |= {name: old[name] for name in ("field", "value", "label", "shown")}
                fresh[n]["read"] = {"field": piece["field"], "value": piece["value"]}
            fresh[n].pop("problem", None)
    remarks = []
    for old in made:
        start = text.find(old["words"], *span)
        if start < 0:
            remarks.append(
                _("“%(words)s”, which somebody had placed in “%(label)s”, is not on the page any more.")
                % {"words": old["words"][:200], "label": old["label"]}
            )
        else:
            fresh.append(old | {"start": start, "end": start + len(old["words"])})
    make_way(fresh)
    return sorted(fresh, key=lambda one: (one["start"], one["end"])), remarks


def _words_of(read: Kept, piece: Kept) -> tuple[str, str]:
    return read["field"], " ".join(fold(piece["words"]).split())


def without(unplaced: Iterable[Kept], pieces: Iterable[Kept]) -> list[Kept]:
    """What is not placed, without what a person has placed since."""
    spans = {(piece["start"], piece["end"]) for piece in pieces if piece.get("read", {}) is None}
    return [one for one in unplaced if (one["start"], one["end"]) not in spans]
