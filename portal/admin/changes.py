"""What a save has changed, in words for the audit log."""

from django.conf import settings
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

SECRET = {"password", "password1", "password2", "usable_password"}
LONGEST = 120


def describe(form, formsets, add: bool) -> list[str]:
    """One line per changed field and per row that was added, changed or removed. Empty when nothing changed."""
    with override(settings.LANGUAGE_CODE):
        lines = [] if add else [_field(form, name) for name in form.changed_data]
        for formset in formsets:
            label = capfirst(formset.model._meta.verbose_name)
            lines += [_("%s added: %s") % (label, row) for row in formset.new_objects]
            for row, names in formset.changed_objects:
                columns = ", ".join(str(formset.form.base_fields[name].label or name) for name in names)
                lines.append(_("%s changed: %s (%s)") % (label, row, columns))
            lines += [_("%s removed: %s") % (label, row) for row in formset.deleted_objects]
    return lines


def _field(form, name: str) -> str:
    if name in SECRET or name not in form.fields or not hasattr(form, "_meta"):
        return _("%s changed") % name
    label = form.fields[name].label or name
    before = _text(form.fields[name], form.initial.get(name))
    after = _text(form.fields[name], form.cleaned_data.get(name))
    if max(len(before), len(after)) > LONGEST:
        return _("%s changed") % label
    return f"{label}: {before or '–'} → {after or '–'}"


def _text(field, value) -> str:
    if value is None:
        return ""
    queryset = getattr(field, "queryset", None)
    if queryset is not None and not isinstance(value, (models.Model, models.QuerySet, list, tuple)):
        value = queryset.filter(**{field.to_field_name or "pk": value}).first() or value
    if isinstance(value, (models.QuerySet, list, tuple)):
        return ", ".join(sorted(str(item) for item in value))
    if choices := dict(getattr(field, "choices", None) or {}) if queryset is None else {}:
        return str(choices.get(value, value))
    return str(value)
