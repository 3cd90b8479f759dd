"""The form that says what several records are to say: what its admin names in `bulk_fields`, each left empty."""

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.dates import PartialDate
from portal.versions.batches import Change
from portal.versions.content import key_of, plain
from portal.versions.shape import shape_of

PREFIX = "several"  # of every name it sends, so that the next page can send them again


def choosable(model_admin, request):
    """The columns and links that may be changed in many records: (fields, links)."""
    shape, fixed = shape_of(model_admin.model), model_admin.get_readonly_fields(request)
    names = [name for name in model_admin.bulk_fields if name not in fixed]
    fields = {field.name: field for field in shape.fields}
    links = {many.name: many for many in shape.links}
    return [fields[name] for name in names if name in fields], [links[name] for name in names if name in links]


class ChangeForm(forms.Form):
    """What is left empty is left as it is in every record."""

    def __init__(self, model_admin, request, data=None):
        super().__init__(data, prefix=PREFIX, label_suffix="")
        self.model = model_admin.model
        self.columns, self.links = choosable(model_admin, request)
        for column in self.columns:
            self.fields[f"set-{column.name}"] = _box(model_admin, request, column)
            if column.null or column.blank:
                label = _("Empty it in all of them")
                self.fields[f"empty-{column.name}"] = forms.BooleanField(label=label, required=False)
        for many in self.links:
            for verb, words in (("add", _("%s: add")), ("remove", _("%s: take out"))):
                box = _box(model_admin, request, many)
                box.label = words % capfirst(many.verbose_name)
                self.fields[f"{verb}-{many.name}"] = box

    @property
    def rows(self):
        """The boxes that stand on one line."""
        for column in self.columns:
            names = [f"set-{column.name}", f"empty-{column.name}"]
            yield [self[name] for name in names if name in self.fields]
        for many in self.links:
            yield [self[f"{verb}-{many.name}"] for verb in ("add", "remove")]

    @property
    def sent(self):
        """Every value as it was sent, for the page that asks whether this is meant."""
        return [(name, text) for name in self.data if name.startswith(f"{PREFIX}-") for text in self.data.getlist(name)]

    def clean(self):
        data = super().clean()
        change = Change()
        for column in self.columns:
            self._set(change, column, data)
        for many in self.links:
            self._link(change, many, data)
        self._forget_what_cannot_be_drawn()
        if not self.errors and not change.words:
            raise ValidationError(_("Choose what to change."))
        self.change = change
        return data

    def _forget_what_cannot_be_drawn(self):
        """The stock widgets ask the database for what was sent, whatever it is."""
        names = {self.add_prefix(name) for name in self.errors if hasattr(self.fields.get(name), "queryset")}
        if names:
            self.data = self.data.copy()
            for name in names:
                self.data.pop(name, None)

    def _set(self, change, column, data):
        value, empties = data.get(f"set-{column.name}"), data.get(f"empty-{column.name}")
        label = capfirst(column.verbose_name)
        is_given = value not in column.empty_values
        if empties and is_given:
            self.add_error(f"set-{column.name}", _("Either write something or empty it."))
        elif empties:
            change.fields[column.name] = None if column.null else ""
            change.words.append(_("%s: emptied") % label)
        elif is_given:
            scratch = self.model()
            setattr(scratch, column.name, value)
            change.fields[column.name] = plain(column, scratch)
            change.words.append(f"{label}: {_in_words(column, value)}")
            if isinstance(value, models.Model):
                _remember(change, [value])

    def _link(self, change, many, data):
        add, remove = (list(data.get(f"{verb}-{many.name}") or ()) for verb in ("add", "remove"))
        label = capfirst(many.verbose_name)
        if both := set(add) & set(remove):
            told = ", ".join(sorted(map(str, both)))
            self.add_error(f"remove-{many.name}", _("Both added and taken out: %s") % told)
        if add:
            change.added[many.name] = {key_of(thing.pk) for thing in add}
            change.words.append(_("%s: added %s") % (label, ", ".join(map(str, add))))
        if remove:
            change.removed[many.name] = {key_of(thing.pk) for thing in remove}
            change.words.append(_("%s: taken out %s") % (label, ", ".join(map(str, remove))))
        _remember(change, add)


def _box(model_admin, request, field):
    """The one of the record's form, without its beginning and with a way to leave it out."""
    if getattr(field, "choices", None):
        choices = [("", "---------"), *(choice for choice in field.flatchoices if choice[0] != "")]
        return forms.TypedChoiceField(
            choices=choices, coerce=field.to_python, required=False, label=capfirst(field.verbose_name)
        )
    box = model_admin.formfield_for_dbfield(field, request)
    box.required, box.initial, box.help_text = False, None, ""
    if isinstance(box.widget, RelatedFieldWidgetWrapper):
        box.widget = box.widget.widget
    return box


def _remember(change, things):
    for thing in things:
        change.names.setdefault(thing._meta.label_lower, {})[str(thing.pk)] = str(thing)


def _in_words(column, value):
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, PartialDate):
        return value.label()
    if isinstance(column, models.DateTimeField):
        return date_format(value, "DATETIME_FORMAT")
    return date_format(value, "DATE_FORMAT") if isinstance(column, models.DateField) else str(value)
