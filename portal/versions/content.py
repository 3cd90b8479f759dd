"""The content of a record as a document: taken from the database, compared by its digest, put in place again.

    {"fields": {"title_en": "Safe routes", "start": "2016-10", "programme": 3},
     "links":  {"countries": [12, 40]},
     "rows":   {"roles": [{"id": "…", "fields": {…}, "links": {…}, "rows": {…}}]},
     "names":  {"portal.country": {"12": "Türkiye"}}}

Values are those of JSON; keys of other rows stand as numbers or text. `names` says what others were called at the
time, for people who read the document later, and is no part of what is compared.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.versions.shape import Rows, Shape, shape_of

Content = dict[str, Any]


def take(record: models.Model) -> Content:
    """What a record says, read afresh from the database. Costs one query for each link and each kind of row."""
    fresh = type(record)._base_manager.get(pk=record.pk)
    content = _take(fresh, shape_of(type(record)))
    with override(settings.LANGUAGE_CODE):
        content["names"] = _names(content, shape_of(type(record)))
    return content


def _take(record: models.Model, shape: Shape) -> Content:
    return {
        "fields": {field.name: _plain(field, record) for field in shape.fields},
        "links": {
            many.name: sorted(
                _key(pk)
                for pk in many.remote_field.through._base_manager.filter(  # type: ignore[union-attr]
                    **{many.m2m_field_name(): record.pk}
                ).values_list(f"{many.m2m_reverse_field_name()}_id", flat=True)
            )
            for many in shape.links
        },
        "rows": {
            rows.accessor: [
                {"id": _key(row.pk), **_take(row, rows.shape)}
                for row in rows.shape.model._default_manager.filter(**{rows.owner: record.pk})
            ]
            for rows in shape.rows
        },
    }


def _plain(field: models.Field, record: models.Model) -> Any:
    value = getattr(record, field.attname)
    if value is None or isinstance(value, (bool, int, str)) or isinstance(field, models.JSONField):
        return value
    return str(value) if isinstance(field, models.ForeignKey) else field.value_to_string(record)


def _key(pk: Any) -> int | str:
    return pk if isinstance(pk, int) else str(pk)


def digest(content: Content) -> str:
    """The same for two contents that say the same, in whatever order their rows lie."""
    return hashlib.sha256(json.dumps(_bare(content), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _bare(content: Content) -> Content:
    rows = {
        accessor: sorted(({"id": row["id"], **_bare(row)} for row in found), key=lambda row: str(row["id"]))
        for accessor, found in content["rows"].items()
    }
    return {"fields": content["fields"], "links": content["links"], "rows": rows}


# Names of what a content refers to


def references(content: Content, shape: Shape) -> Iterator[tuple[type[models.Model], Any]]:
    """Every (model, key) a content leads to, in its rows too."""
    for field in shape.fields:
        if isinstance(field, models.ForeignKey) and (key := content["fields"].get(field.name)) is not None:
            yield field.related_model, key
    for many in shape.links:
        for key in content["links"].get(many.name, ()):
            yield many.related_model, key
    for rows in shape.rows:
        for row in content["rows"].get(rows.accessor, ()):
            yield from references(row, rows.shape)


def _names(content: Content, shape: Shape) -> dict[str, dict[str, str]]:
    keys: dict[type[models.Model], set[Any]] = {}
    for model, key in references(content, shape):
        keys.setdefault(model, set()).add(key)
    return {
        model._meta.label_lower: {str(pk): str(thing) for pk, thing in model._base_manager.in_bulk(found).items()}
        for model, found in keys.items()
    }


# Putting it in place


def put(record: models.Model, content: Content) -> list[str]:
    """Make a record say what a content says, through the save of each model. Returns, in words, what had to be left
    out because it is gone by now. Raises ValidationError where the content needs something that is gone or breaks a
    rule; everything or nothing is written.
    """
    lost: list[str] = []
    shape, names = shape_of(type(record)), content.get("names", {})
    with transaction.atomic(), override(settings.LANGUAGE_CODE):
        _fill(record, shape, content, names, lost)
        record.save()
        _put_parts(record, shape, content, names, lost)
    return lost


def _fill(record: models.Model, shape: Shape, content: Content, names: Any, lost: list[str]) -> set[str]:
    """Set the columns a content knows of; one that came later keeps what it has. Returns which have changed."""
    changed = set()
    for field in shape.fields:
        if field.name not in content["fields"]:
            continue
        value = content["fields"][field.name]
        if isinstance(field, models.ForeignKey) and value is not None:
            value = _present(field.related_model, [value], names, lost if field.null else None)
            value = value[0] if value else None
        if _plain(field, record) != value or record._state.adding:
            setattr(record, field.attname, field.to_python(value) if value is not None else None)
            changed.add(field.name)
    return changed


def _present(model: Any, keys: list[Any], names: Any, lost: list[str] | None) -> list[Any]:
    """Those of some keys that still lead somewhere; who was merged is followed to where it went. With no list to
    write down what is lost, it may not be.
    """
    found = model._base_manager.in_bulk(keys)
    here = {_key(pk): thing for pk, thing in found.items()}
    present = []
    for key in keys:
        if key in here:
            present.append(getattr(here[key], "merged_into_id", None) or key)
            continue
        name = names.get(model._meta.label_lower, {}).get(str(key), str(key))
        told = _("%(kind)s “%(name)s”") % {"kind": capfirst(model._meta.verbose_name), "name": name}
        if lost is None:
            raise ValidationError(_("%s does not exist any more.") % told)
        lost.append(told)
    return list(dict.fromkeys(present))


def _put_parts(record: models.Model, shape: Shape, content: Content, names: Any, lost: list[str]) -> None:
    for many in shape.links:
        if (keys := content["links"].get(many.name)) is not None:
            getattr(record, many.name).set(_present(many.related_model, keys, names, lost))
    for rows in shape.rows:
        if (found := content["rows"].get(rows.accessor)) is not None:
            _put_rows(record, rows, found, names, lost)


def _put_rows(record: models.Model, rows: Rows, wanted: list[Content], names: Any, lost: list[str]) -> None:
    """Rows keep their keys, and what hangs on them. First what goes, then what changes, then what comes: two rows that
    exchange what must be unique in between step aside for a moment.
    """
    model, shape = rows.shape.model, rows.shape
    stored = {_key(row.pk): row for row in model._base_manager.filter(**{rows.owner: record.pk})}
    keep = {content["id"] for content in wanted}
    for key in stored.keys() - keep:
        stored[key].delete()
    aside = _step_aside(stored, wanted, shape)
    for content in wanted:
        row: Any = stored.get(content["id"])
        is_new = row is None or content["id"] in aside
        if row is None:
            row = model(pk=model._meta.pk.to_python(content["id"]), **{f"{rows.owner}_id": record.pk})
        elif content["id"] in aside:
            row._state.adding = True
        try:
            if changed := _fill(row, shape, content, names, lost):
                _save_row(row, changed, force_insert=is_new)
            _put_parts(row, shape, content, names, lost)
        except ValidationError as error:
            label = capfirst(model._meta.verbose_name)
            raise ValidationError([f"{label}: {text}" for text in error.messages]) from error


def _step_aside(stored: dict[Any, models.Model], wanted: list[Content], shape: Shape) -> set[Any]:
    """Take out rows that change, to write them anew, where nothing hangs on a row of this model."""
    if shape.rows or shape.model._meta.related_objects:
        return set()
    changing = {
        content["id"]
        for content in wanted
        if content["id"] in stored and {"id": content["id"], **_take(stored[content["id"]], shape)} != content
    }
    shape.model._base_manager.filter(pk__in=changing).delete()
    return changing


def _save_row(row: Any, changed: set[str], **options: Any) -> None:
    """A model may have more to do when a row is put back: `put_back` is told what has changed."""
    getattr(row, "put_back", lambda names, **options: row.save(**options))(changed, **options)
