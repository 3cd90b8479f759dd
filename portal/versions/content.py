"""The content of a record as a document: taken from the database, compared by its digest, put in place again.

    {"fields": {"title_en": "Safe routes", "start": "2016-10", "programme": 3},
     "links":  {"countries": [12, 40]},
     "rows":   {"roles": [{"id": "…", "fields": {…}, "links": {…}, "rows": {…}}]},
     "names":  {"portal.country": {"12": "Türkiye"}}}

Values are those of JSON; keys of other rows stand as numbers or text. `names` says what others were called at the
time, for people who read the document later, and is no part of what is compared. Neither are `before`, of a change to
many records at once: the fields and links it touched, with what they said until then; and `undoes`, such a change that
it takes back.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.versions.merged import survivor, without_doubles
from portal.versions.shape import Rows, Shape, shape_of

Content = dict[str, Any]
NOTHING: Content = {"fields": {}, "links": {}, "rows": {}}


def take(record: models.Model) -> Content:
    """What a record says, read afresh from the database. Costs one query for each link and each kind of row."""
    fresh = type(record)._base_manager.get(pk=record.pk)
    return take_all([fresh])[0]


def take_all(records: Sequence[models.Model]) -> list[Content]:
    """What records of one model say, in their order and for the queries of one; their columns as they are in memory."""
    if not records:
        return []
    shape = shape_of(type(records[0]))
    contents = _take(records, shape)
    with override(settings.LANGUAGE_CODE):
        for content, names in zip(contents, _names(contents, shape), strict=True):
            content["names"] = names
    return contents


def blank(model: type[models.Model]) -> Content:
    """What a record that is new says before anything is typed."""
    shape, record = shape_of(model), model()
    return {
        "fields": {field.name: plain(field, record) for field in shape.fields},
        "links": {many.name: [] for many in shape.links},
        "rows": {rows.accessor: [] for rows in shape.rows},
        "names": {},
    }


def _take(records: Sequence[models.Model], shape: Shape) -> list[Content]:
    links = {many.name: _linked(many, records) for many in shape.links}
    rows = {rows.accessor: _rows_of(rows, records) for rows in shape.rows}
    return [
        {
            "fields": {field.name: plain(field, record) for field in shape.fields},
            "links": {name: sorted(found.get(record.pk, ())) for name, found in links.items()},
            "rows": {accessor: found.get(record.pk, []) for accessor, found in rows.items()},
        }
        for record in records
    ]


def _linked(many: models.ManyToManyField, records: Sequence[models.Model]) -> dict[Any, list[int | str]]:
    near, far = f"{many.m2m_field_name()}_id", f"{many.m2m_reverse_field_name()}_id"
    through: Any = many.remote_field.through
    found: dict[Any, list[int | str]] = {}
    for pk, key in through._base_manager.filter(**{f"{near}__in": [one.pk for one in records]}).values_list(near, far):
        found.setdefault(pk, []).append(key_of(key))
    return found


def _rows_of(rows: Rows, records: Sequence[models.Model]) -> dict[Any, list[Content]]:
    own = list(rows.shape.model._default_manager.filter(**{f"{rows.owner}__in": [one.pk for one in records]}))
    found: dict[Any, list[Content]] = {}
    for row, content in zip(own, _take(own, rows.shape), strict=True):
        found.setdefault(getattr(row, f"{rows.owner}_id"), []).append({"id": key_of(row.pk), **content})
    return found


def plain(field: models.Field, record: models.Model) -> Any:
    value = getattr(record, field.attname)
    if value is None or isinstance(value, (bool, int, str)) or isinstance(field, models.JSONField):
        return value
    return str(value) if isinstance(field, models.ForeignKey) else field.value_to_string(record)


def key_of(pk: Any) -> int | str:
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


class Referred:
    """What the contents of some records lead to beyond themselves: each model is asked for once, when it is needed
    first. What lies within a record is asked for each time: it may come and go while that is put in place.
    """

    def __init__(self, wanted: Iterable[tuple[Shape, Content]]) -> None:
        self._keys: dict[type[models.Model], set[Any]] = {}
        self._found: dict[type[models.Model], dict[Any, Any]] = {}
        self._within: set[type[models.Model]] = set()
        for shape, content in wanted:
            self._within |= set(_models_of(shape))
            for model, key in references(content, shape):
                self._keys.setdefault(model, set()).add(key)

    def of(self, model: type[models.Model], keys: Sequence[Any]) -> dict[Any, Any]:
        """By their keys, as contents have them: those that are there."""
        if model in self._within:
            return _in_bulk(model, keys)
        if model not in self._found:
            self._found[model] = _in_bulk(model, self._keys.get(model, ()))
        return {key: self._found[model][key] for key in keys if key in self._found[model]}


def _models_of(shape: Shape) -> Iterator[type[models.Model]]:
    yield shape.model
    for rows in shape.rows:
        yield from _models_of(rows.shape)


def _in_bulk(model: type[models.Model], keys: Iterable[Any]) -> dict[Any, Any]:
    return {key_of(pk): thing for pk, thing in model._base_manager.in_bulk(list(keys)).items()}


def _names(contents: list[Content], shape: Shape) -> list[dict[str, dict[str, str]]]:
    """Of each content what it refers to; asked for together."""
    wanted = [list(references(content, shape)) for content in contents]
    keys: dict[type[models.Model], set[Any]] = {}
    for model, key in chain.from_iterable(wanted):
        keys.setdefault(model, set()).add(key)
    known = {model: {key: str(thing) for key, thing in _in_bulk(model, found).items()} for model, found in keys.items()}
    named: list[dict[str, dict[str, str]]] = []
    for own in wanted:
        names: dict[str, dict[str, str]] = {model._meta.label_lower: {} for model, _pk in own}
        for model, key in own:
            if key in known[model]:
                names[model._meta.label_lower][str(key)] = known[model][key]
        named.append(names)
    return named


# Putting it in place


@dataclass
class Way:
    """Of a content that is being put in place: what others were called, what it leads to, and in words what is lost."""

    names: dict[str, dict[str, str]]
    referred: Referred
    lost: list[str]


def put(record: models.Model, content: Content, referred: Referred | None = None) -> list[str]:
    """Make a record say what a content says, through the save of each model. Returns, in words, what had to be left
    out because it is gone by now. Raises ValidationError where the content needs something that is gone or breaks a
    rule; everything or nothing is written. Links and rows that say so already cost nothing but the reading of all.
    Who puts many in place hands in what all of them lead to.
    """
    shape, has_nothing = shape_of(type(record)), record.pk is None
    way = Way(content.get("names", {}), referred or Referred([(shape, content)]), [])
    if record._state.adding:
        content = _without_nothing(content)
    with transaction.atomic(), override(settings.LANGUAGE_CODE):
        _fill(record, shape, content, way)
        record.save()
        stored = NOTHING if has_nothing else _take([record], _named_in(content, shape))[0]
        _put_parts(record, shape, stored, content, way)
    return way.lost


def _named_in(content: Content, shape: Shape) -> Shape:
    """The links and rows of a shape that a content knows of."""
    return replace(
        shape,
        fields=(),
        links=tuple(many for many in shape.links if many.name in content["links"]),
        rows=tuple(rows for rows in shape.rows if rows.accessor in content["rows"]),
    )


def _without_nothing(content: Content) -> Content:
    """A record that is new leads to nothing and has no rows yet: to say so would cost queries for each."""
    return content | {
        part: {name: found for name, found in content[part].items() if found} for part in ("links", "rows")
    }


def _fill(record: models.Model, shape: Shape, content: Content, way: Way) -> set[str]:
    """Set the columns a content knows of; one that came later keeps what it has. Returns which have changed."""
    changed = set()
    for field in shape.fields:
        if field.name not in content["fields"]:
            continue
        value = content["fields"][field.name]
        if isinstance(field, models.ForeignKey) and value is not None:
            value = _present(field.related_model, [value], way, is_needed=not field.null)
            value = value[0] if value else None
        if plain(field, record) != value or record._state.adding:
            setattr(record, field.attname, field.to_python(value) if value is not None else None)
            changed.add(field.name)
    return changed


def _present(model: Any, keys: list[Any], way: Way, is_needed: bool = False) -> list[Any]:
    """Those of some keys that still lead somewhere; who was merged is followed to where it went. What is lost is
    written down; what is needed may not be.
    """
    here = way.referred.of(model, keys)
    present = []
    for key in keys:
        if key in here:
            followed = survivor(here[key])
            present.append(key if followed is here[key] else key_of(followed.pk))
            continue
        name = way.names.get(model._meta.label_lower, {}).get(str(key), str(key))
        told = _("%(kind)s “%(name)s”") % {"kind": capfirst(model._meta.verbose_name), "name": name}
        if is_needed:
            raise ValidationError(_("%s does not exist any more.") % told)
        way.lost.append(told)
    return list(dict.fromkeys(present))


def _put_parts(record: models.Model, shape: Shape, stored: Content, content: Content, way: Way) -> None:
    """`stored` is what the database says of its links and rows."""
    for many in shape.links:
        keys, there = content["links"].get(many.name), stored["links"].get(many.name, ())
        if keys is not None and set(keys) != set(there):
            links, present = getattr(record, many.name), _present(many.related_model, keys, way)
            if there:
                links.set(present)
            else:  # nothing to compare with
                links.add(*present)
    for rows in shape.rows:
        wanted, said = content["rows"].get(rows.accessor), stored["rows"].get(rows.accessor, [])
        if wanted is not None and (wanted or said):
            _put_rows(record, rows, said, wanted, way)


def _put_rows(record: models.Model, rows: Rows, stored: list[Content], wanted: list[Content], way: Way) -> None:
    """Rows keep their keys, and what hangs on them. First what goes, then what changes, then what comes: two rows that
    exchange what must be unique in between step aside for a moment.
    """
    from portal.versions.uses import refuse_removing  # which reads the contents of drafts

    model, shape = rows.shape.model, rows.shape
    said = {content["id"]: content for content in stored}
    if _differing(said, wanted):
        wanted = without_doubles(shape, wanted, way.lost, way.referred.of)
    differing = _differing(said, wanted)
    gone = said.keys() - {content["id"] for content in wanted}
    touched = [*gone, *(content["id"] for content in differing if content["id"] in said)]
    found: dict[Any, Any] = {key_of(pk): row for pk, row in model._base_manager.in_bulk(touched).items()}
    going = [found[key] for key in said if key in gone]
    refuse_removing(going, record)
    for row in going:
        row.delete()
    aside = _step_aside(said, differing, shape)
    for content in differing:
        key = content["id"]
        row = found.get(key) or model(pk=model._meta.pk.to_python(key), **{f"{rows.owner}_id": record.pk})
        is_new = key not in found or key in aside
        row._state.adding = is_new
        try:
            if changed := _fill(row, shape, content, way):
                _save_row(row, changed, force_insert=is_new)
            _put_parts(row, shape, NOTHING if is_new else said[key], content, way)
        except ValidationError as error:
            label = capfirst(model._meta.verbose_name)
            raise ValidationError([f"{label}: {text}" for text in error.messages]) from error


def _differing(said: dict[Any, Content], wanted: list[Content]) -> list[Content]:
    return [row for row in wanted if row["id"] not in said or _bare(said[row["id"]]) != _bare(row)]


def _step_aside(said: dict[Any, Content], differing: list[Content], shape: Shape) -> set[Any]:
    """Take out rows that change, to write them anew, where nothing hangs on a row of this model."""
    if shape.rows or shape.model._meta.related_objects:
        return set()
    changing = {content["id"] for content in differing if content["id"] in said}
    if not changing:
        return set()
    shape.model._base_manager.filter(pk__in=changing).delete()
    return changing


def _save_row(row: Any, changed: set[str], **options: Any) -> None:
    """A model may have more to do when a row is put back: `put_back` is told what has changed."""
    getattr(row, "put_back", lambda names, **options: row.save(**options))(changed, **options)
