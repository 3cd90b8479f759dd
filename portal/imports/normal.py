"""What a source says, in the very values a record would hold: so that what is the same is seen to be the same."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from portal.prose import ProseField, clean
from portal.versions.comparing import label_of
from portal.versions.content import Content, key_of, plain
from portal.versions.shape import Shape


def normal(shape: Shape, said: Content, shown: Content | None, trial: models.Model | None) -> Content:
    """Raises ValidationError with the names of columns whose values cannot be. `trial` is an unsaved record of the
    model, or None where the values have been checked before.
    """
    trial = trial or shape.model()
    wrong: list[str] = []
    fields = {}
    for field in shape.fields:
        if field.name not in said["fields"]:
            continue
        value = said["fields"][field.name]
        try:
            fields[field.name] = _value(field, value, trial)
        except ValidationError as error:
            wrong.append(f"{label_of(field)}: {' '.join(error.messages)}")
    known = {rows.accessor: rows for rows in shape.rows}
    links = {many.name: _keys(many, said["links"][many.name]) for many in shape.links if many.name in said["links"]}
    rows: dict[str, Any] = {}
    for name, found in said["rows"].items():
        own, row_trial = known[name].shape, known[name].shape.model() if found else None
        rows[name] = []
        for row in found:
            try:
                row = {"fields": {}, "links": {}, "rows": {}} | row
                rows[name].append({"id": row["id"], **normal(own, row, None, row_trial)})
            except ValidationError as error:
                wrong += error.messages
    if wrong:
        raise ValidationError(wrong)
    return {"fields": fields, "links": links, "rows": rows}


def _value(field: models.Field, value: Any, trial: models.Model) -> Any:
    if value is None and not field.null:
        value = field.get_default()
    if isinstance(field, models.ForeignKey):
        return None if value is None else key_of(field.target_field.to_python(value))
    if isinstance(field, ProseField) and value:
        value = clean(value)
    value = field.to_python(value) if value is not None else None
    if isinstance(value, Decimal) and isinstance(field, models.DecimalField):
        value = _exact(value, field.decimal_places)
    setattr(trial, field.attname, value)
    return plain(field, trial)


def _exact(number: Decimal, places: int) -> Decimal:
    """With the decimals that the database keeps: 12.5 and 12.50 say the same. One with more is refused later."""
    exact = number.quantize(Decimal(1).scaleb(-places)) if number.is_finite() and number.adjusted() < 20 else number
    return exact if exact == number else number


def _keys(many: models.ManyToManyField, keys: list[Any]) -> list[Any]:
    return sorted({key_of(many.related_model._meta.pk.to_python(key)) for key in keys})  # type: ignore[union-attr]
