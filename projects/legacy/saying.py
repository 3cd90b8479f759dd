"""What the pieces that are taken say of a project: a part of its content, as versions and imports have it."""

import re
import uuid
from collections.abc import Iterable
from typing import Any

from portal.imports.entries import Names
from portal.languages import fold
from portal.models import Country, Organisation
from projects.legacy import slots
from projects.legacy.known import NEW, Known
from projects.legacy.pieces import Kept
from projects.translation import LinkOptions, ProjectOptions, TitleOptions, TitleTextOptions

ROWS = uuid.UUID("b5d5b8f4-3f3c-4b7e-8f36-0d9b5c1f7a10")  # the space in which keys of rows are made
NEW_MODELS = {"countries": Country, "roles": Organisation}
BY_LANGUAGE = {
    "calls": TitleOptions.fields,
    "links": LinkOptions.fields,
    "results": TitleTextOptions.fields,
}
ONCE = ("kind", "number", "title", "name", "label", "url", "scheme", "value")  # columns by which rows are the same


def said(pieces: Iterable[Kept], mark: str, names: Names, known: Known) -> dict[str, Any]:
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
            if column not in fields:
                fields[column] = value
            elif field in slots.JOINED:
                fields[column] += f"{slots.JOINED[field]}{value}"
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
    once = tuple(str(columns.get(name)) for name in ONCE)
    for name in BY_LANGUAGE.get(field, ()):
        if name in columns:
            columns[f"{name}_{language}"] = columns.pop(name)
    return columns, (field, *((columns["name"],) if field == "other_names" else once))


def _identity(field: str, piece: Kept) -> str:
    """What tells a row from others whatever numbers it has: the letters it was read from."""
    letters = re.sub(r"[\W\d_]+", " ", fold(piece["words"])).strip()
    return f"{slots.slot_of(field, piece['value']).name} {letters}"
