"""Whether what was put in place keeps the rules: an older version may break one that came after it, and a draft may
have been written by a script that checked nothing.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst

from portal.versions.content import Content, take
from portal.versions.shape import Shape, shape_of


def check_written(record: models.Model, before: Content | None) -> None:
    """Raises ValidationError for the record itself, and for its rows that differ from `before`."""
    type(record)._base_manager.get(pk=record.pk).full_clean()
    _check_rows(shape_of(type(record)), before or {"rows": {}}, take(record))


def _check_rows(shape: Shape, before: Content, after: Content) -> None:
    for rows in shape.rows:
        old = {row["id"]: row for row in before["rows"].get(rows.accessor, ())}
        now = after["rows"][rows.accessor]
        changed = [row for row in now if old.get(row["id"]) != row]
        if not changed and len(now) == len(old):
            continue
        model: Any = rows.shape.model
        found = {str(row.pk): row for row in model._base_manager.filter(pk__in=[row["id"] for row in now])}
        try:
            for row in changed:
                found[str(row["id"])].full_clean()
            if hasattr(model, "check_together"):
                model.check_together(list(found.values()))
        except ValidationError as error:
            label = capfirst(model._meta.verbose_name)
            raise ValidationError([f"{label}: {text}" for text in error.messages]) from error
        for row in changed:
            _check_rows(rows.shape, old.get(row["id"], {"rows": {}}), row)
