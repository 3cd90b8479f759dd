"""Two contents of one record compared field by field, in the words people see in its form.

    for difference in compare(Project, old.content, new.content): ...

templates/admin/portal/_comparison.html draws what comes out; nothing in it is markup.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.text import Truncator, capfirst
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from portal.dates import PartialDate, PartialDateField
from portal.prose import ProseField, to_text
from portal.versions.content import Content, references
from portal.versions.marking import ADDED, NOTHING, REMOVED, SAME, Segment, Segments, mark
from portal.versions.shape import Rows, Shape, shape_of

MAIN = settings.MODELTRANSLATION_DEFAULT_LANGUAGE
LANGUAGES = dict(settings.LANGUAGES)
EMPTY = (Segment(NOTHING, "–"),)
CHANGED = "changed"


@dataclass(frozen=True)
class RowDifference:
    """A row that was ADDED, REMOVED or CHANGED, or (of one content told by itself) is there: SAME."""

    kind: str
    title: str
    differences: "tuple[Difference, ...]"
    path: tuple[str, ...]

    @property
    def kind_in_words(self) -> str:
        return {ADDED: _("added"), REMOVED: _("removed"), CHANGED: _("changed")}.get(self.kind, "")


@dataclass(frozen=True)
class Difference:
    """One field or link with what it said and says, or one kind of rows with those that differ.

    `path` is where it stands in the content, as in the clashes of portal/versions/merging.py.
    """

    label: str
    path: tuple[str, ...]
    old: Segments = ()
    new: Segments = ()
    rows: tuple[RowDifference, ...] = ()
    is_list: bool = False  # each segment is the name of something by itself
    note: str = ""
    language: str = ""  # of the texts, where the column has one

    @property
    def direction(self) -> str:
        return "rtl" if self.language and get_language_info(self.language)["bidi"] else "ltr"


def compare(model: type[models.Model], old: Content, new: Content) -> list[Difference]:
    """What differs, in the order of the model. Names are those of the time, where a content knows them."""
    shape = shape_of(model)
    return list(_compare(shape, old, new, (), _Names(shape, old, new)))


def tell(model: type[models.Model], content: Content) -> list[Difference]:
    """Everything one content says, all of it in `new`."""
    shape = shape_of(model)
    return list(_compare(shape, None, content, (), _Names(shape, content), SAME))


def _compare(
    shape: Shape, old: Content | None, new: Content | None, path: tuple[str, ...], names: "_Names", alone: str = ""
) -> Iterator[Difference]:
    """`alone` is the kind of what only one of them says, where there is only one."""
    for field in _in_order(shape):
        if alone and path and field.name == "position":
            continue  # rows that come or go stand in their order
        before, after = (side["fields"].get(field.name, UNSAID) if side else UNSAID for side in (old, new))
        if difference := _field(field, before, after, (*path, "fields", field.name), names, alone):
            yield difference
    for many in shape.links:
        one, two = (side["links"].get(many.name) if side else None for side in (old, new))
        if difference := _links(many, one, two, (*path, "links", many.name), names, alone):
            yield difference
    for rows in shape.rows:
        one, two = (side["rows"].get(rows.accessor) if side else None for side in (old, new))
        if difference := _rows(rows, one, two, (*path, "rows", rows.accessor), names, alone):
            yield difference


UNSAID = object()  # by a version that is older than the column


def _in_order(shape: Shape) -> list[models.Field]:
    """What a model says itself before what it shares with others: the title before the source."""
    shared = {
        field.name
        for base in shape.model.__mro__[1:]
        if (meta := getattr(base, "_meta", None)) and meta.abstract
        for field in meta.local_fields
    }
    return sorted(shape.fields, key=lambda field: field.name in shared)


def label_of(field: models.Field) -> str:
    """As in forms: English has no language, the others have their own names."""
    code = getattr(field, "language", "")
    label = capfirst(str(getattr(field, "translated_field", field).verbose_name))
    return label if code in {"", MAIN} else f"{label} · {LANGUAGES.get(code, code)}"


def _field(
    field: models.Field, old: Any, new: Any, path: tuple[str, ...], names: "_Names", alone: str
) -> Difference | None:
    if not alone and (old is UNSAID or new is UNSAID or old == new):
        return None
    before, after = (_text(field, value, names) if value is not UNSAID else "" for value in (old, new))
    if alone and not (before or after):
        return None
    told: dict[str, Any] = {"label": label_of(field), "path": path, "language": getattr(field, "language", "")}
    if alone:
        sides = [(Segment(alone, text),) if text else () for text in (before, after)]
        return Difference(old=sides[0], new=sides[1], **told)
    if before == after:
        if not before:
            return None  # empty in one way or another
        return Difference(
            old=(Segment(SAME, before),), new=(Segment(SAME, after),), note=_("Only the formatting differs."), **told
        )
    if _is_text(field) and before and after:
        one, two = mark(before, after)
    else:
        one, two = (Segment(REMOVED, before),), (Segment(ADDED, after),)
    return Difference(old=one if before else EMPTY, new=two if after else EMPTY, **told)


def _is_text(field: models.Field) -> bool:
    written = isinstance(field, (models.CharField, models.TextField)) and not isinstance(field, PartialDateField)
    return written and not field.choices and not isinstance(field, (models.SlugField, models.URLField))


def _text(field: models.Field, value: Any, names: "_Names") -> str:
    if field.choices and value in (chosen := dict(field.flatchoices)):
        return str(chosen[value])
    if value is None or value == "":
        return ""
    if isinstance(field, models.ForeignKey):
        return names.of(field.related_model, value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(field, ProseField):
        return _prose(value)
    if isinstance(field, models.JSONField):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    try:
        if isinstance(field, PartialDateField):
            return PartialDate.parse(str(value)).label()
        if isinstance(field, models.DateTimeField) and (moment := parse_datetime(str(value))):
            return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
        if isinstance(field, models.DateField) and (day := parse_date(str(value))):
            return date_format(day, "DATE_FORMAT")
    except ValueError:
        pass  # written before the rule that it breaks
    return str(value)


def _prose(markup: str) -> str:
    """Its blocks, one a line. Where a link leads is part of what it says."""
    shown = re.sub(
        r"""<a\b[^>]*?\bhref=["']([^"']*)["'][^>]*>(.*?)</a>""",
        lambda link: f"{link[2]} ({link[1]})",
        markup,
        flags=re.DOTALL,
    )
    return re.sub(r"[ \t]*\n\s*", "\n", to_text(shown.replace("<li>", "<li>• ")))


def _links(
    many: models.ManyToManyField,
    old: list[Any] | None,
    new: list[Any] | None,
    path: tuple[str, ...],
    names: "_Names",
    alone: str,
) -> Difference | None:
    label = capfirst(str(many.verbose_name))
    model: Any = many.related_model
    if alone:
        before, after = (_named(model, keys or (), names, alone) for keys in (old, new))
        return Difference(label, path, before, after, is_list=True) if before or after else None
    if old is None or new is None or set(old) == set(new):
        return None
    gone = _named(model, set(old) - set(new), names, REMOVED)
    come = _named(model, set(new) - set(old), names, ADDED)
    rest = set(old) & set(new)
    return Difference(
        label,
        path,
        gone or (() if rest else EMPTY),
        come or (() if rest else EMPTY),
        is_list=True,
        note=ngettext("%s other is the same.", "%s others are the same.", len(rest)) % len(rest) if rest else "",
    )


def _named(model: type[models.Model], keys: Iterable[Any], names: "_Names", kind: str) -> Segments:
    return tuple(Segment(kind, name) for name in sorted(names.of(model, key) for key in keys))


def _rows(
    rows: Rows,
    old: list[Content] | None,
    new: list[Content] | None,
    path: tuple[str, ...],
    names: "_Names",
    alone: str,
) -> Difference | None:
    if not alone and (old is None or new is None):
        return None
    before, after = ({row["id"]: row for row in side or ()} for side in (old, new))
    found = []
    for key in dict.fromkeys([*after, *before]):
        row, other = before.get(key), after.get(key)
        here = (*path, str(key))
        kind = alone or (ADDED if row is None else REMOVED if other is None else CHANGED)
        told = tuple(_compare(rows.shape, row, other, here, names, "" if kind == CHANGED else kind))
        if told or kind != CHANGED:
            found.append(RowDifference(kind, _title(rows.shape, other or row, names), told, here))
    return Difference(label_of_rows(rows), path, rows=tuple(found)) if found else None


def label_of_rows(rows: Rows) -> str:
    return capfirst(str(rows.shape.model._meta.verbose_name_plural))


def _title(shape: Shape, row: Content | None, names: "_Names") -> str:
    """A row by its first two texts, in the main language where it has one."""
    texts = []
    for field in _in_order(shape):
        is_text = field.name != "position" and getattr(field, "language", MAIN) == MAIN
        if is_text and row and field.name in row["fields"]:
            texts.append(_text(field, row["fields"][field.name], names))
    return Truncator(", ".join([text for text in texts if text][:2])).chars(90) or "–"


class _Names:
    """What the others that contents lead to were called at the time; else what they are called now; else their keys."""

    def __init__(self, shape: Shape, *contents: Content) -> None:
        self.known: dict[str, dict[str, str]] = {}
        missing: dict[type[models.Model], set[Any]] = {}
        for content in contents:
            for label, found in content.get("names", {}).items():
                self.known[label] = self.known.get(label, {}) | found
        for content in contents:
            for model, key in references(content, shape):
                if str(key) not in self.known.get(model._meta.label_lower, {}):
                    missing.setdefault(model, set()).add(key)
        for model, keys in missing.items():
            found = {str(pk): str(thing) for pk, thing in model._base_manager.in_bulk(keys).items()}
            self.known[model._meta.label_lower] = self.known.get(model._meta.label_lower, {}) | found

    def of(self, model: Any, key: Any) -> str:
        return self.known.get(model._meta.label_lower, {}).get(str(key)) or str(key)
