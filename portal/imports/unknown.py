"""Names that a source speaks of and the portal does not know. They are proposed; nothing is created silently."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.imports.entries import NEW
from portal.models import AuditEntry, Import
from portal.versions import history
from portal.versions.content import Content, key_of
from portal.versions.shape import Shape


def without_unknown(said: Content, names: dict[str, Any], shape: Shape) -> Content:
    """The same with the keys of what was chosen for such names. What nobody has chosen anything for is not said: a
    column is left out, a link too, and a row that needs it: by its model, or because its `needs` names the column.
    """
    foreign = {field.name for field in shape.fields if isinstance(field, models.ForeignKey)}
    fields = {}
    for name, value in said["fields"].items():
        if name in foreign and is_unknown(value):
            value = names[value]["pk"]
            if value is None:
                continue
        fields[name] = value
    links = {}
    for name, keys in said["links"].items():
        chosen = [names[key]["pk"] if is_unknown(key) else key for key in keys]
        links[name] = [key for key in chosen if key is not None]
    rows: dict[str, Any] = {}
    for kind in shape.rows:
        if kind.accessor not in said["rows"]:
            continue
        required = needed(kind.shape)
        rows[kind.accessor] = []
        for row in said["rows"][kind.accessor]:
            row = {"fields": {}, "links": {}, "rows": {}} | row
            told = without_unknown(row, names, kind.shape)
            if not ((required | set(row.get("needs", ()))) & set(row["fields"])) - set(told["fields"]):
                rows[kind.accessor].append({"id": row["id"], **told})
    return {"fields": fields, "links": links, "rows": rows}


def needed(shape: Shape) -> set[str]:
    """Columns that lead to another record and may not be empty."""
    return {field.name for field in shape.fields if isinstance(field, models.ForeignKey) and not field.null}


def wanting(said: Content, names: dict[str, Any], shape: Shape) -> list[str]:
    """Names without which the record cannot be, for which nobody has chosen anything."""
    values = [said["fields"].get(name) for name in needed(shape)]
    return [names[key]["name"] for key in values if is_unknown(key) and names[key]["pk"] is None]


def forget_unnamed(imported: Import) -> None:
    """Those that no entry speaks of any more, since one was corrected; what was chosen for a name stays chosen."""
    said = imported.targets.values_list("said", flat=True)
    named = {value for one in said for value in _values(one) if is_unknown(value)}
    imported.names = {key: one for key, one in imported.names.items() if key in named or one["pk"] is not None}
    imported.save(update_fields=["names"])


def left_out(said: Content, names: dict[str, Any]) -> list[str]:
    """Names it speaks of that stand for nothing, each once."""
    keys = [value for value in _values(said) if is_unknown(value) and value in names]
    return [names[key]["name"] for key in dict.fromkeys(keys) if names[key]["pk"] is None]


def _values(said: Content) -> Iterator[Any]:
    yield from said["fields"].values()
    for keys in said["links"].values():
        yield from keys
    for rows in said["rows"].values():
        for row in rows:
            yield from _values({"fields": {}, "links": {}, "rows": {}} | row)


def is_unknown(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(NEW)


def choose_as_before(imported: Import) -> None:
    """What was chosen for a name in an import that was carried out holds in the next one of its kind."""
    if not imported.names:
        return
    chosen: dict[tuple[str, str], Any] = {}
    done = Import.objects.filter(reader=imported.reader, state=Import.State.DONE).exclude(names={})
    for names in done.order_by("done_at").values_list("names", flat=True):
        chosen |= {(one["model"], one["name"].casefold()): one["pk"] for one in names.values() if one["pk"] is not None}
    for one in imported.names.values():
        key = chosen.get((one["model"], one["name"].casefold()))
        if key is not None and apps.get_model(one["model"])._base_manager.filter(pk=key).exists():
            one["pk"] = key


def choose(imported: Import, key: str, record: models.Model | None) -> None:
    """What a name stands for; None for nothing. Plan again afterwards. Raises KeyError for a name it has not."""
    one = imported.names[key]
    if record is not None and record._meta.label_lower != one["model"]:
        raise ValidationError(_("That is something else."))
    one["pk"] = None if record is None else key_of(record.pk)
    imported.save(update_fields=["names"])


def lacking(model: type[models.Model], told: dict[str, Any]) -> list[str]:
    """Columns, in words, that a record cannot be without and that neither its name says nor what is told with it."""
    given = {"name", "title", *told}
    return [
        str(field.verbose_name)
        for field in model._meta.concrete_fields
        if field.name not in given and not (field.primary_key or field.blank or field.null or field.has_default())
    ]


def create(imported: Import, key: str, by: Any) -> models.Model:
    """Enter a name as a record of its own. Raises PermissionDenied or ValidationError."""
    one = imported.names[key]
    model = apps.get_model(one["model"])
    if not by.has_perm(f"{model._meta.app_label}.add_{model._meta.model_name}"):
        raise PermissionDenied
    column = "name" if hasattr(model, "name") else "title"
    told = one.get("told", {})
    if missing := lacking(model, told):
        words = _("%(kind)s: a name is not enough, it needs %(columns)s. Add it first, then choose it here.")
        raise ValidationError(words % {"kind": capfirst(model._meta.verbose_name), "columns": ", ".join(missing)})
    record = model(**{column: one["name"]}, **told)
    with transaction.atomic():
        record.full_clean()
        record.save()
        note = _("From the import “%s”.") % imported
        history.keep(record, "add", by, note)
        AuditEntry.record(record, "add", by, note)
        choose(imported, key, record)
    return record
