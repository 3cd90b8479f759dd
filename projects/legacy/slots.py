"""The places of a project where a value may stand: what each is called, how its value is shown and how it is typed.

A place is a field of a piece, with the kind of row where there are several: "start", "countries", "roles=donor".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.dates import PartialDate, read_date
from portal.prose import from_text, to_text
from projects import models as own
from projects.legacy.ground import CODE, COUNTRY, GROUP, ORGANISATION, PROGRAMME, REGION, THEME
from projects.legacy.known import NEW, Known
from projects.models import Project, Stage

LINE, TEXT, PROSE, DATE = "line", "text", "prose", "date"
MONEY, NUMBER, STAGE, THING = "money", "number", "stage", "thing"
BESIDE = ("amount", "currency", "closes", "url", "text", "note")  # columns of rows told behind the first
LONGEST = 20_000  # characters somebody may type into one place

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
    "roles": (own.ProjectRole, "role", "organisation", ("share",)),
    "calls": (own.Call, "kind", "title", ("closes", "url")),
    "links": (own.Link, "", "label", ("url",)),
    "results": (own.Result, "kind", "title", ("text",)),
    "other_names": (own.ProjectName, "kind", "name", ()),
    "identifiers": (own.ProjectIdentifier, "scheme", "value", ()),
}
LINKS = ("countries", "country_groups", "regions", "themes")


@dataclass(frozen=True)
class Slot:
    """`more` are columns of a row that are typed beside its first."""

    name: str
    field: str
    kind: str
    label: str
    shape: str
    is_single: bool = False
    more: tuple[tuple[str, str], ...] = ()


def slots() -> dict[str, Slot]:
    """All places, in the order of a project's form."""
    return {slot.name: slot for slot in _slots()}


@cache
def _names() -> tuple[tuple[str, str], ...]:
    """Every place as (field, kind of row)."""
    order = ["title", "acronym", "objective", "summary", "start", "end", *LINKS, *ROWS]
    order += [name for name in COLUMNS if name not in order]
    found: list[tuple[str, str]] = []
    for field in order:
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
            yield Slot(name, field, "", label, shape, field in COLUMNS and field not in JOINED)
            continue
        model, column, first, more = ROWS[field]
        known = dict(model._meta.get_field(column).choices) if kind else {}  # type: ignore[arg-type, union-attr]
        label = str(known.get(kind, capfirst(model._meta.verbose_name)))
        shape = THING if first == "organisation" else LINE
        told = tuple((one, capfirst(str(model._meta.get_field(one).verbose_name))) for one in more)  # type: ignore[union-attr]
        yield Slot(name, field, kind, label, shape, more=told)


def slot_of(field: str, value: Any) -> Slot:
    column = ROWS[field][1] if field in ROWS else ""
    return slots()[f"{field}={value[column]}" if column else field]


# Values as people read them


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
    return to_text(value) if shape == PROSE else str(value)


def told(field: str, value: Any, known: Known) -> str:
    """All that a value says, for reading."""
    words = shown(field, value, known)
    if field in ROWS:
        share = [f"{value['share']} %"] if value.get("share") else []
        rest = share + [str(value[name]) for name in BESIDE if value.get(name)]
        words = ", ".join([words, *rest])
    return words


# Values as people type them


def typed(slot: Slot, text: str, more: dict[str, str], before: Any, known: Known) -> Any:
    """What was typed into a place as a value of a piece. `before` is what stood there, of the same field, or None.

    Raises ValidationError.
    """
    text = text.strip()
    if not text:
        raise ValidationError(_("Write something, or untick it."))
    if len(text) > LONGEST:
        raise ValidationError(_("That is too long: at most %s characters.") % f"{LONGEST:,}")
    same = before is not None and text == shown(slot.field, before, known).strip()
    if slot.field in ROWS:
        value = _row(slot, text, more, before, same, known)
    elif same:
        value = before
    else:
        value = _thing(slot, text, known) if slot.shape == THING else _plain(slot, text)
    check(slot.field, value)
    return value


def _row(slot: Slot, text: str, more: dict[str, str], before: Any, same: bool, known: Known) -> dict[str, Any]:
    _model, column, first, _more = ROWS[slot.field]
    value = dict(before or _empty(slot.field))
    if column:
        value[column] = slot.kind
    if first == "organisation" and not same:
        reference = _thing(slot, text, known)
        value |= {"organisation": reference.get(ORGANISATION), NEW: reference.get(NEW, "")}
        value.pop("acronym", None)
    elif first != "organisation":
        value[first] = " ".join(text.split())
    for name, said in more.items():
        said = said.strip()
        if name == "closes":
            value[name] = _day(said) if said else None
        elif name == "share":
            value[name] = _number(said.rstrip("% ")) if said else None
        else:
            value[name] = said
    return value


def _empty(field: str) -> dict[str, Any]:
    empty: dict[str, dict[str, Any]] = {
        "roles": {"organisation": None, NEW: "", "share": None, "amount": None, "currency": "", "note": ""},
        "calls": {"title": "", "opens": None, "closes": None, "url": ""},
        "links": {"label": "", "url": "", "note": ""},
        "results": {"number": "", "title": "", "text": ""},
        "other_names": {"name": ""},
        "identifiers": {"value": ""},
    }
    return empty[field]


def _thing(slot: Slot, text: str, known: Known) -> dict[str, Any]:
    text = " ".join(text.split())
    if reference := known.called(text, THINGS[slot.field]):
        return reference
    if slot.field in MAY_BE_NEW:
        return {NEW: text}
    told = {"label": slot.label, "text": text}
    raise ValidationError(_("%(label)s: the portal knows no “%(text)s”. Take one of the list, or leave it out.") % told)


def _plain(slot: Slot, text: str) -> Any:
    if slot.shape == DATE:
        return str(_date(text))
    if slot.shape == MONEY:
        return _number(text)
    if slot.shape == NUMBER:
        if not re.fullmatch(r"[0-9]{1,4}", text):
            raise ValidationError(_("“%s” is no number.") % text)
        return int(text)
    if slot.shape == STAGE:
        for stage in Stage:
            if text.casefold() in (stage.value, str(stage.label).casefold()) and stage != Stage.UNKNOWN:
                return stage.value
        words = ", ".join(str(stage.label) for stage in Stage if stage != Stage.UNKNOWN)
        raise ValidationError(_("“%(text)s” is none of: %(words)s.") % {"text": text, "words": words})
    if slot.shape == PROSE:
        return from_text(text)
    if slot.field == "currency":
        return text.upper()
    return text if slot.shape == TEXT else " ".join(text.split())


def _date(text: str) -> PartialDate:
    try:
        return read_date(text)
    except ValueError:
        words = _("“%s” is no date. Write a year, a month or a day: 2016, October 2016 or 5 October 2016.")
        raise ValidationError(words % text) from None


def _day(text: str) -> str:
    date = _date(text)
    if date.day is None:
        raise ValidationError(_("“%s” is no day. A call closes on one: 5 October 2016.") % text)
    return str(date)


def _number(text: str) -> str:
    try:
        number = Decimal(re.sub(r"[\s'’]|,(?=[0-9]{3}(?:\D|$))", "", text).replace(",", "."))
    except InvalidOperation:
        raise ValidationError(_("“%s” is no number. Write it like 1250000.50.") % text) from None
    if not number.is_finite() or abs(number) >= 10**12:
        raise ValidationError(_("“%s” is no number. Write it like 1250000.50.") % text)
    return str(number.quantize(Decimal("0.01")))


def check(field: str, value: Any) -> None:
    """Raises ValidationError where the columns of a project cannot hold a value."""
    if field in ROWS:
        model, _column, _first, _more = ROWS[field]
        for name, said in value.items():
            if name not in (NEW, "acronym", "organisation"):
                _check(model, name, said)
        if field == "roles":
            _check_new(value[NEW])
    elif field in THINGS:
        _check_new(value.get(NEW, ""))
    else:
        _check(Project, field, value)


def _check(model: type[models.Model], name: str, value: Any) -> None:
    column: Any = model._meta.get_field(name)
    try:
        column.clean(value, None)
    except ValidationError as error:
        raise ValidationError(f"{capfirst(str(column.verbose_name))}: {' '.join(error.messages)}") from error


def _check_new(name: str) -> None:
    if len(name) > 200:
        raise ValidationError(_("That is too long for a name."))
