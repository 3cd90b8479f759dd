"""What people type into a place, as a value that it can hold."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.dates import PartialDate, read_date
from portal.prose import from_text
from projects.legacy import slots
from projects.legacy.ground import ORGANISATION
from projects.legacy.known import NEW, Known
from projects.legacy.slots import Slot, shown
from projects.models import Project, Stage

LONGEST = 20_000  # characters somebody may type into one place
LONGEST_NAME = 200  # of what the portal does not know


def typed(slot: Slot, text: str, more: dict[str, str], before: Any, known: Known) -> Any:
    """What was typed into a place as a value of a piece. `before` is what stood there, of the same field, or None.

    Raises ValidationError, whose `code` is the name of a column that is typed beside the first.
    """
    text = text.strip()
    if not text:
        raise ValidationError(_("Write something, or untick it."))
    same = before is not None and text == shown(slot.field, before, known).strip()
    if slot.field in slots.ROWS:
        value = _row(slot, text, more, before, same, known)
    elif same:
        value = before
    else:
        value = _thing(slot, text, known) if slot.shape == slots.THING else _plain(slot, text)
    check(slot.field, value)
    return value


def _row(slot: Slot, text: str, more: dict[str, str], before: Any, same: bool, known: Known) -> dict[str, Any]:
    model, column, first, _more = slots.ROWS[slot.field]
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
        try:
            value[name] = _said_beside(name, said.strip())
            _check(model, name, value[name])
        except ValidationError as error:
            raise ValidationError(" ".join(error.messages), code=name) from error
    return value


def _said_beside(name: str, text: str) -> str | None:
    if name in slots.DAYS:
        return _day(text) if text else None
    if name in slots.NUMBERS:
        return _number(text.rstrip("% ")) if text else None
    return text.upper() if name == "currency" else text


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
    if reference := known.called(text, slots.THINGS[slot.field]):
        return reference
    if slot.field in slots.MAY_BE_NEW:
        return {NEW: text}
    told = {"label": slot.label, "text": text}
    raise ValidationError(_("%(label)s: the portal knows no “%(text)s”. Take one of the list, or leave it out.") % told)


def _plain(slot: Slot, text: str) -> Any:
    if slot.shape == slots.DATE:
        return str(_date(text))
    if slot.shape == slots.MONEY:
        return _number(text)
    if slot.shape == slots.NUMBER:
        if not re.fullmatch(r"[0-9]{1,4}", text):
            raise ValidationError(_("“%s” is no number.") % text)
        return int(text)
    if slot.shape == slots.STAGE:
        for stage in Stage:
            if text.casefold() in (stage.value, str(stage.label).casefold()) and stage != Stage.UNKNOWN:
                return stage.value
        words = ", ".join(str(stage.label) for stage in Stage if stage != Stage.UNKNOWN)
        raise ValidationError(_("“%(text)s” is none of: %(words)s.") % {"text": text, "words": words})
    if slot.shape == slots.PROSE:
        return from_text(text)
    if slot.field == "currency":
        return text.upper()
    return text if slot.shape == slots.TEXT else " ".join(text.split())


def _date(text: str) -> PartialDate:
    try:
        return read_date(text)
    except ValueError:
        words = _("“%s” is no date. Write a year, a month or a day: 2016, October 2016 or 5 October 2016.")
        raise ValidationError(words % text) from None


def _day(text: str) -> str:
    date = _date(text)
    if date.day is None:
        raise ValidationError(_("“%s” is no day. Write it like 5 October 2016.") % text)
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
    if field in slots.ROWS:
        model, _column, _first, _more = slots.ROWS[field]
        for name, said in value.items():
            if name not in (NEW, "acronym", "organisation"):
                _check(model, name, said)
        if field == "roles":
            _check_new(value[NEW])
    elif field in slots.THINGS:
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
    if len(name) > LONGEST_NAME:
        raise ValidationError(_("That is too long for a name."))
