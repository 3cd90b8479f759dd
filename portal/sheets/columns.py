"""The columns of a sheet: each knows its place in a content. They are fields of django-import-export that read from
and write to a content instead of a record.
"""

import uuid
from typing import Any

from django.db import models
from import_export.fields import Field

from portal.sheets import values
from portal.sheets.known import Path
from portal.versions.content import Content
from portal.versions.shape import Shape

ROWS = uuid.UUID("0d6b2c3f-6a2e-5b0c-9a5d-7c1d5b7f4e21")  # from which keys of rows are made


def row_key(*parts: Any) -> str:
    """The same whenever the same is read."""
    return str(uuid.uuid5(ROWS, "\n".join(str(part).casefold() for part in parts)))


def empty() -> Content:
    return {"fields": {}, "links": {}, "rows": {}}


class Column(Field):
    """A field or link of the record itself."""

    def __init__(self, part: str, name: str, widget: values.Text) -> None:
        super().__init__(f"{part}__{name}", name, widget)
        self.part, self.name = part, name

    def save(self, instance: Content, row: dict[str, Any], is_m2m: bool = False, **kwargs: Any) -> None:
        instance[self.part][self.name] = self.clean(row, **kwargs)

    def is_in(self, content: Content) -> bool:
        return self.name in content[self.part]

    def take(self, content: Content, said: Content) -> None:
        """Put what a content says here into what is said."""
        said[self.part][self.name] = content[self.part].get(self.name, [] if self.part == "links" else None)


class RowsColumn(Field):
    """Rows of the record that are told by one of their columns alone: `RowsColumn("donors", rows, "organisation",
    {"role": "donor"})`. Their other columns stay as they are.
    """

    def __init__(self, column: str, shape: Shape, accessor: str, by: str, fixed: dict[str, Any] | None = None) -> None:
        rows = next(one for one in shape.rows if one.accessor == accessor)
        field = next(one for one in rows.shape.fields if one.name == by)
        super().__init__(f"rows__{accessor}__{column}", column, values.for_field(field))
        self.accessor, self.by, self.fixed = accessor, by, fixed or {}
        self.is_ordered = any(one.name == "position" for one in rows.shape.fields)

    def own(self, content: Content) -> list[Content]:
        found = content["rows"].get(self.accessor, [])
        return [row for row in found if self.fixed.items() <= row["fields"].items()]

    def export(self, instance: Content, **kwargs: Any) -> str:
        rows = sorted(self.own(instance), key=lambda row: row["fields"].get("position") or 0)
        return values.BETWEEN.join(self.widget.render(row["fields"][self.by], **kwargs) for row in rows)

    def save(self, instance: Content, row: dict[str, Any], is_m2m: bool = False, **kwargs: Any) -> None:
        there: dict[Any, Content] = {}
        for content in kwargs["texts"]:
            there |= {one["fields"][self.by]: one for one in self.own(content or empty())}
        rows, seen = instance["rows"].setdefault(self.accessor, []), set()
        for place, text in enumerate(values.listed(row[self.column_name])):
            value = self.widget.clean(text, **kwargs)
            if value in seen:
                continue
            seen.add(value)
            if (old := there.get(value)) is not None:
                rows.append(old)
                continue
            fields = self.fixed | {self.by: value}
            if self.is_ordered:
                fields["position"] = place
            rows.append({"id": row_key(kwargs["key"], self.accessor, *self.fixed.values(), text), "fields": fields})

    def is_in(self, content: Content) -> bool:
        return bool(self.own(content))

    def take(self, content: Content, said: Content) -> None:
        said["rows"].setdefault(self.accessor, []).extend(self.own(content))


class Told(Field):
    """What a sheet tells and does not read into a content: whose row it is, and from which text."""

    def __init__(self, column: str) -> None:
        super().__init__(column, column, readonly=True)


def of_shape(shape: Shape, without: tuple[str, ...] = (), by: dict[str, Path] | None = None) -> dict[str, Column]:
    """All fields and links of a model, by their names."""
    by = by or {}
    found: dict[str, Column] = {}
    for field in shape.fields:
        if field.name not in without and not isinstance(field, (models.JSONField, models.FileField)):
            found[field.name] = Column("fields", field.name, values.for_field(field, by.get(field.name, ())))
    for many in shape.links:
        if many.name not in without:
            found[many.name] = Column("links", many.name, values.for_field(many, by.get(many.name, ())))
    return found
