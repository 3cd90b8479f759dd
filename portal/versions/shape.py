"""What a version of a record holds: its own columns, its links to others, and the rows that are part of it.

A model names its rows itself (`own_rows`), and the facts that no form shows but that belong to them (`own_facts`).
Steps between states, who did them and when are not part of it: restoring a text never restores a status.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from modeltranslation.translator import NotRegistered, translator


@dataclass(frozen=True)
class Rows:
    """Rows of one record: the accessor that leads to them, the column that leads back, and their own shape."""

    accessor: str
    owner: str
    shape: "Shape"


@dataclass(frozen=True)
class Shape:
    model: type[models.Model]
    fields: tuple[models.Field, ...]
    links: tuple[models.ManyToManyField, ...]
    rows: tuple[Rows, ...]


@cache
def shape_of(model: type[models.Model], owner: str = "") -> Shape:
    """`owner` is the column by which a row belongs to its record; it is no part of what the row says."""
    meta = model._meta
    by_language = _kept_by_language(model)
    facts = getattr(model, "own_facts", ())
    links: Any = meta.many_to_many
    return Shape(
        model,
        tuple(
            field
            for field in meta.concrete_fields
            if (field.editable or field.name in facts)
            and not field.primary_key
            and field.name not in {owner, *by_language}
        ),
        tuple(many for many in links if many.remote_field.through._meta.auto_created),
        tuple(_rows(model, accessor) for accessor in getattr(model, "own_rows", ())),
    )


def _rows(model: type[models.Model], accessor: str) -> Rows:
    relation: Any = next(one for one in model._meta.related_objects if one.get_accessor_name() == accessor)
    owner = relation.field.name
    return Rows(accessor, owner, shape_of(relation.related_model, owner))


def _kept_by_language(model: Any) -> set[str]:
    """Columns that repeat the one of the main language."""
    try:
        return set(translator.get_options_for_model(model).all_fields)
    except NotRegistered:
        return set()
