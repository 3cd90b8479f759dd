"""What records say, column by column: for reports that read through everything that readers read.

Found by what the models are, so that a new kind or a new column needs no line here. The text of files is not part
of it: what stands in a document is not ours to mend.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from portal import kinds
from portal.editorial import Reader
from portal.languages import CODES
from portal.prose import ProseField

BATCH = 500

Wanted = Callable[[models.Field], bool]


@dataclass(frozen=True)
class Source:
    """A model whose rows say something, and the way from a row to the record it belongs to ("" is the row itself)."""

    model: type[models.Model]
    kind: kinds.Kind | None
    path: str = ""

    @property
    def record_model(self) -> type[models.Model]:
        return self.kind.model if self.kind else self.model

    @property
    def anchor(self) -> str:
        """Where the record's form has the rows."""
        if not self.path:
            return ""
        relation = self.model._meta.get_field(self.path).remote_field
        return f"#{relation.get_accessor_name()}-group"  # type: ignore[union-attr]

    def rows(self, reader: Reader | None) -> Any:
        """Those of records that this reader may see and that are not archived; for nobody in particular, all such."""
        rows: Any = self.model._base_manager.order_by("pk")
        if self.kind is None:
            meta = self.model._meta
            allowed = reader is None or reader.has_perm(f"{meta.app_label}.view_{meta.model_name}")
            return rows if allowed else rows.none()
        records: Any = self.kind.visible_to(reader) if reader else self.kind.model._base_manager.all()
        seen = records.exclude(status="archived").order_by().values("pk")
        return rows.filter(**{f"{self.path or 'pk'}__in": seen})


@dataclass(frozen=True)
class Told:
    """The text of one column of one row. `key` is the record's."""

    source: Source
    key: Any
    column: str
    text: str
    beside: str = ""


def sources() -> Iterator[Source]:
    """Every kind's records and the rows that are edited with them."""
    for kind in kinds.all():
        yield Source(kind.model, kind)
        for relation in kind.model._meta.related_objects:
            model = relation.related_model
            if relation.one_to_many and model._meta.app_label == kind.app_label and _is_edited_with(relation):
                yield Source(model, kind, relation.field.name)


def _is_edited_with(relation: Any) -> bool:
    return relation.related_model is not relation.model and relation.related_name not in {None, "+"}


def ground(wanted: Wanted) -> Iterator[Source]:
    """Models of the ground that have such columns: pages, organisations, sources."""
    for model in apps.get_app_config("portal").get_models():
        if any(wanted(field) for field in model._meta.concrete_fields):
            yield Source(model, None)


def read(source: Source, wanted: Wanted, reader: Reader | None, beside: str = "") -> Iterator[Told]:
    """What stands in the wanted columns, where anything does. One query. `beside` is a column to read with each."""
    columns = [field.name for field in source.model._meta.concrete_fields if wanted(field)]
    if not columns:
        return
    rows = source.rows(reader)
    something = models.Q()
    for column in columns:
        something |= ~models.Q(**{column: ""}) & models.Q(**{f"{column}__isnull": False})
    chosen = rows.filter(something).values_list(source.path or "pk", *([beside] if beside else []), *columns)
    for key, *texts in chosen.iterator(chunk_size=BATCH):
        extra = str(texts.pop(0) or "") if beside else ""
        for column, text in zip(columns, texts, strict=True):
            if text:
                yield Told(source, key, column, str(text), extra)


def is_prose(field: models.Field) -> bool:
    return isinstance(field, ProseField) and not _has_translations(field)


def is_link(field: models.Field) -> bool:
    return isinstance(field, models.URLField)


def is_read(field: models.Field) -> bool:
    """Words for readers: what is translated, one column per language, and prose."""
    if _has_translations(field) or isinstance(field, models.URLField):
        return False
    translated = any(field.name.endswith(f"_{code}") for code in CODES) and hasattr(field, "translated_field")
    return isinstance(field, models.CharField | models.TextField) and (translated or isinstance(field, ProseField))


def _has_translations(field: models.Field) -> bool:
    """The column that stands for its translations: reading it would say one of them twice."""
    return any(one.name == f"{field.name}_{CODES[0]}" for one in field.model._meta.concrete_fields)
