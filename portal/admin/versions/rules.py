"""What of an older version somebody may bring back, and how: never past what the form lets them write."""

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal import kinds
from portal.languages import columns
from portal.versions import rights
from portal.versions.comparing import label_of
from portal.versions.content import references
from portal.versions.shape import shape_of

DRAFT, AT_ONCE = "draft", "at once"


def keeps_versions(model) -> bool:
    """Not of accounts and roles: who may do what is never brought back from the past."""
    return model._meta.app_label in {"portal", *(kind.app_label for kind in kinds.all())}


def is_live(record) -> bool:
    """Whether visitors see it, by itself or on the page of what it hangs on."""
    from portal.admin import parts  # which imports the base class that imports this package

    return parts.is_live(record)


def way(model_admin, request, record) -> str:
    """How somebody may restore an older version: as a draft, at once, or (empty) not at all."""
    if not keeps_versions(model_admin.model) or not rights.may_change(request.user, model_admin.model):
        return ""
    if model_admin.has_change_permission(request, record):
        return DRAFT if model_admin.needs_draft(request, record) else AT_ONCE
    return ""


def _by_language(model_admin, names) -> set[str]:
    plain = {name if isinstance(name, str) else name.__name__ for name in names}
    translated = set(getattr(model_admin, "translated", ()))
    return {column for name in plain for column in (columns(name) if name in translated else [name])}


def open_names(model_admin, request, record) -> set[str]:
    """Columns and links that the form lets somebody write. A new record has no form yet: `record` is None."""
    shown = _by_language(model_admin, flatten_fieldsets(model_admin.get_fieldsets(request, record)))
    return shown - closed_names(model_admin, request, record)


def closed_names(model_admin, request, record) -> set[str]:
    return _by_language(model_admin, model_admin.get_readonly_fields(request, record))


def within_rights(model_admin, request, record, wanted, present=None):
    """`wanted` with what somebody may not write left as it is in `present`, or as a new record has it. Returns the
    content and the labels of what stays.
    """
    shape = shape_of(model_admin.model)
    may = open_names(model_admin, request, record)
    closed = {field.name for field in shape.fields} - may
    if present is None:
        closed -= set(getattr(model_admin.model, "own_facts", ()))  # such as who handed it in, who cannot approve it
    kept: list[str] = []
    content = wanted | {
        "fields": _without(closed, shape, wanted, present, kept),
        "links": {
            name: keys if name in may else (present["links"].get(name, keys) if present else [])
            for name, keys in wanted["links"].items()
        },
        "rows": {
            rows.accessor: _rows_within_rights(request, rows, wanted, present, kept)
            for rows in shape.rows
            if rows.accessor in wanted["rows"]
        },
    }
    return content, list(dict.fromkeys(kept))


def _rows_within_rights(request, rows, wanted, present, kept):
    """Rows with a form of their own follow its rules."""
    row_admin = admin.site._registry.get(rows.shape.model)
    now = {row["id"]: row for row in (present["rows"].get(rows.accessor, ()) if present else ())}
    stored = rows.shape.model._base_manager.in_bulk(list(now)) if row_admin and now else {}
    by_key = {str(pk): row for pk, row in stored.items()}
    content = []
    for row in wanted["rows"][rows.accessor]:
        old = now.get(row["id"])
        closed = closed_names(row_admin, request, by_key.get(str(row["id"]))) if row_admin else set()
        inner = {
            one.accessor: _rows_within_rights(request, one, row, old, kept)
            for one in rows.shape.rows
            if one.accessor in row["rows"]
        }
        content.append(row | {"fields": _without(closed, rows.shape, row, old, kept), "rows": inner})
    return content


def _without(closed, shape, wanted, present, kept):
    fields = dict(wanted["fields"])
    for field in shape.fields:
        if field.name not in closed or field.name not in fields:
            continue
        now = present["fields"].get(field.name) if present else field.get_default()
        if fields[field.name] != now:
            kept.append(label_of(field))
            fields[field.name] = now
    return fields


def complaints(model, error) -> list[str]:
    """What a ValidationError says, with the names of the fields it speaks of."""
    if not hasattr(error, "error_dict"):
        return error.messages
    labels = {field.name: label_of(field) for field in model._meta.concrete_fields}
    return [
        f"{labels[name]}: {text}" if name in labels else text
        for name, texts in error.message_dict.items()
        for text in texts
    ]


def gone(model, content) -> list[str]:
    """Others that a content leads to and that do not exist any more, in words."""
    keys: dict = {}
    for other, key in references(content, shape_of(model)):
        keys.setdefault(other, {})[str(key)] = key
    words = []
    for other, found in keys.items():
        here = {str(pk) for pk in other._base_manager.filter(pk__in=list(found.values())).values_list("pk", flat=True)}
        names = content.get("names", {}).get(other._meta.label_lower, {})
        kind = capfirst(other._meta.verbose_name)
        words += [
            _("%(kind)s “%(name)s”") % {"kind": kind, "name": names.get(key, key)} for key in found if key not in here
        ]
    return words


def why_closed_to(model_admin, request, wanted, present, by_draft=False) -> str:
    """Why somebody may not bring a content back: what it would hang on, and rows it would change, may be closed to
    them, as in the form.
    """
    shape = shape_of(model_admin.model)
    at_once = present is not None and not by_draft  # what comes back from the bin was read by two before
    return _why(model_admin, request, shape, wanted, by_draft, at_once) or _why_rows(
        request, shape, wanted, present, by_draft
    )


def _why(model_admin, request, shape, wanted, by_draft, at_once=False) -> str:
    from portal.admin.parts import PartMixin, why_closed, why_not_at_once

    if not isinstance(model_admin, PartMixin):
        return ""
    fields = {field.name: field for field in shape.fields}
    links = {many.name: many for many in shape.links}
    for name in model_admin.hangs_on:
        keys = []
        if name in fields:
            keys, model = [wanted["fields"].get(name)], fields[name].related_model
        elif name in links:
            keys, model = wanted["links"].get(name, []), links[name].related_model
        keys = [key for key in keys if key is not None]
        for thing in model._base_manager.filter(pk__in=keys) if keys else ():
            if why := why_closed(request, thing, by_draft) or (at_once and why_not_at_once(thing)):
                return why
    return ""


def _why_rows(request, shape, wanted, present, by_draft) -> str:
    reasons = (
        _why_row(request, rows, key, after.get(key), before.get(key), by_draft)
        for rows in shape.rows
        if rows.accessor in wanted["rows"]
        for after, before in [(_by_key(wanted, rows), _by_key(present, rows))]
        for key in after | before
        if after.get(key) != before.get(key)
    )
    return next((why for why in reasons if why), "")


def _by_key(content, rows) -> dict:
    return {row["id"]: row for row in (content["rows"].get(rows.accessor, ()) if content else ())}


def _why_row(request, rows, key, row, old, by_draft) -> str:
    """`row` is None where it would be removed, `old` where it would be added."""
    from portal.admin.parts import part_admin_of

    row_admin = part_admin_of(rows.shape.model)
    stored = rows.shape.model._base_manager.filter(pk=key).first() if row_admin and old else None
    if stored and (why := row_admin.why_not_changed(request, stored, by_draft)):
        return why
    if row is None:
        return ""
    why = _why(row_admin, request, rows.shape, row, by_draft, not by_draft) if row_admin else ""
    return why or _why_rows(request, rows.shape, row, old, by_draft)
