"""The places of a project where a value may stand: what each is called, and how its value is shown.

A place is a field of a piece, with the kind of row where there are several: "start", "countries", "roles=donor".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from django.utils.text import capfirst

from portal.dates import PartialDate
from portal.prose import to_text
from projects import models as own
from projects.legacy.ground import CODE, COUNTRY, GROUP, ORGANISATION, PROGRAMME, REGION, THEME
from projects.legacy.known import NEW, Known
from projects.models import Project, Stage

LINE, TEXT, PROSE, DATE = "line", "text", "prose", "date"
MONEY, NUMBER, STAGE, THING = "money", "number", "stage", "thing"

COLUMNS = {
    "title": LINE,
    "acronym": LINE,
    "objective": TEXT,
    "summary": PROSE,
    "start": DATE,
    "end": DATE,
    "target_groups": LINE,
    "other_partners": LINE,
    "programme": THING,
    "phase": NUMBER,
    "budget": MONEY,
    "currency": LINE,
    "stage_stated": STAGE,
    "stage_as_of": DATE,
}
JOINED = {"objective": "\n", "summary": "", "target_groups": "; ", "other_partners": "; "}  # several make one text
THINGS = {
    "countries": frozenset({COUNTRY, CODE}),
    "country_groups": frozenset({GROUP}),
    "regions": frozenset({REGION}),
    "themes": frozenset({THEME}),
    "programme": frozenset({PROGRAMME}),
    "roles": frozenset({ORGANISATION}),
}
MAY_BE_NEW = {"countries", "roles"}
# Rows: their model, the column that tells their kind, the one that is typed first, and what is typed beside it.
ROWS: dict[str, tuple[type[models.Model], str, str, tuple[str, ...]]] = {
    "roles": (own.ProjectRole, "role", "organisation", ("share", "amount", "currency", "note")),
    "calls": (own.Call, "kind", "title", ("opens", "closes", "url")),
    "links": (own.Link, "", "label", ("url", "note")),
    "results": (own.Result, "kind", "title", ("number", "text")),
    "other_names": (own.ProjectName, "kind", "name", ()),
    "identifiers": (own.ProjectIdentifier, "scheme", "value", ()),
}
DAYS, NUMBERS = {"opens", "closes"}, {"share", "amount"}  # columns of rows that are no text
LINKS = ("countries", "country_groups", "regions", "themes")


@dataclass(frozen=True)
class Slot:
    """`group` is what its kind of rows is called. `more` are columns of a row that are typed beside its first."""

    name: str
    field: str
    kind: str
    label: str
    shape: str
    group: str = ""
    more: tuple[tuple[str, str], ...] = ()


def slots() -> dict[str, Slot]:
    """All places, in the order of a project's form."""
    return {slot.name: slot for slot in _slots()}


@cache
def _names() -> tuple[tuple[str, str], ...]:
    """Every place as (field, kind of row)."""
    order = ["title", "acronym", "objective", "summary", "start", "end", *LINKS]
    order += [name for name in COLUMNS if name not in order]
    found: list[tuple[str, str]] = []
    for field in [*order, *ROWS]:
        kinds = _kinds(field)
        found += [(field, kind) for kind in kinds] if kinds else [(field, "")]
    return tuple(found)


def _kinds(field: str) -> list[str]:
    if field not in ROWS or not (column := ROWS[field][1]):
        return []
    return [str(value) for value, _label in ROWS[field][0]._meta.get_field(column).choices]  # type: ignore[union-attr]


def _slots() -> Iterator[Slot]:
    for field, kind in _names():
        name = f"{field}={kind}" if kind else field
        if field not in ROWS:
            label = capfirst(str(Project._meta.get_field(field).verbose_name))  # type: ignore[union-attr]
            shape = COLUMNS.get(field, THING)
            yield Slot(name, field, "", label, shape)
            continue
        model, column, first, more = ROWS[field]
        known = dict(model._meta.get_field(column).choices) if kind else {}  # type: ignore[arg-type, union-attr]
        label = str(known.get(kind, capfirst(model._meta.verbose_name)))
        shape = THING if first == "organisation" else LINE
        told = tuple((one, capfirst(str(model._meta.get_field(one).verbose_name))) for one in more)  # type: ignore[union-attr]
        yield Slot(name, field, kind, label, shape, group=capfirst(str(model._meta.verbose_name_plural)), more=told)


def slot_of(field: str, value: Any) -> Slot:
    column = ROWS[field][1] if field in ROWS else ""
    return slots()[f"{field}={value[column]}" if column else field]


def shown(field: str, value: Any, known: Known) -> str:
    """A value as one types it."""
    if field in ROWS:
        first = ROWS[field][2]
        if first != "organisation":
            return str(value[first])
        return str(known.label({ORGANISATION: value[first]}) if value[first] else value[NEW])
    if field in THINGS:
        return known.label(value)
    shape = COLUMNS[field]
    if shape == DATE:
        return PartialDate.parse(value).label()
    if shape == STAGE:
        return str(Stage(value).label)
    if shape == MONEY:
        return _plainly(value)
    return to_text(value) if shape == PROSE else str(value)


def shown_beside(slot: Slot, value: Any) -> dict[str, str]:
    """The columns of a row that are typed beside its first, as one types them."""
    return {name: _beside(name, value.get(name)) for name, _label in slot.more}


def _beside(name: str, said: Any) -> str:
    if not said:
        return ""
    if name in DAYS:
        return PartialDate.parse(said).label()
    return _plainly(said) if name in NUMBERS else str(said)


def _plainly(number: str) -> str:
    return number.removesuffix(".00")


def told(field: str, value: Any, known: Known) -> str:
    """All that a value says, for reading."""
    words = shown(field, value, known)
    if field in ROWS:
        beside = shown_beside(slot_of(field, value), value)
        if beside.get("share"):
            beside["share"] += " %"
        if field == "results":
            beside.pop("number")
        words = ", ".join([words, *filter(None, beside.values())])
    return words
