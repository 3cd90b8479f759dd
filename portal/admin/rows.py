"""Rows in another record's form: checked together, numbered, and open to whoever may change the record."""

from functools import cached_property

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.datastructures import MultiValueDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationStackedInline, TranslationTabularInline

from portal.admin.base import OTHERS, Languages
from portal.admin.forms import MAIN, PortalForm
from portal.admin.parts import part_admin_of, refuse_closed
from portal.admin.saving import is_draft_save, struck_rows
from portal.rows import OrderedRow, names_in
from portal.versions.uses import why_not_removed


class RowForm(PortalForm):
    """A row without a number of its own comes after the others. What a row leads to besides its record, and what it
    led to before, is checked as on its own form.
    """

    def clean_position(self):
        return self.cleaned_data["position"] or 0

    def clean(self):
        super().clean()
        part_admin = part_admin_of(self._meta.model)
        if part_admin and self.has_changed():
            if why := self.why_not_changed():
                self.add_error(None, why)
            refuse_closed(self, part_admin)

    def why_not_changed(self):
        """Why the row as it was saved is closed to who fills in the form."""
        part_admin = part_admin_of(self._meta.model)
        saved = part_admin and self._meta.model._base_manager.filter(pk=self.instance.pk).first()
        by_draft = is_draft_save(self.request)
        return part_admin.why_not_changed(self.request, saved, by_draft) if saved else ""


class RowsFormSet(forms.BaseInlineFormSet):
    """Rows of one record: checked together, and numbered in the order they were written."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound and self.management_form.is_valid():
            self._take_what_is_not_there_as_new()

    def _take_what_is_not_there_as_new(self):
        """A form that came back because somebody else had saved shows rows that were tried and never kept. Sent again,
        they have keys that lead nowhere: they are rows to add, behind those that are there.
        """
        key, count = self.model._meta.pk.name, self.initial_form_count()
        there = {str(row.pk) for row in self.get_queryset()}
        new = [n for n in range(count) if self.data.get(f"{self.prefix}-{n}-{key}") not in there]
        if not new:
            return
        order = [*(n for n in range(count) if n not in new), *new]
        self.data, self.files = (self._renumbered(sent, order) for sent in (self.data, self.files))
        for n in range(count - len(new), count):
            self.data[f"{self.prefix}-{n}-{key}"] = ""
        self.data[f"{self.prefix}-INITIAL_FORMS"] = str(count - len(new))
        del self.management_form

    def _renumbered(self, sent, order):
        """What was sent, with the row `order[n]` as row n."""
        if not sent:
            return sent
        place = {f"{self.prefix}-{n}": f"{self.prefix}-{order.index(n)}" for n in order}
        again = MultiValueDict()
        for name, values in sent.lists():
            row, dash, column = name.rpartition("-")
            again.setlist(f"{place[row]}-{column}" if dash and row in place else name, values)
        return again

    def clean(self):
        """All mistakes at once: two that say the same, what does not fit together, what may not be removed."""
        found = []
        for check in (super().clean, self._check_together, self._check_removed):
            try:
                check()
            except ValidationError as error:
                found.append(error)
        if found:
            raise ValidationError(found)

    def rows_to_check(self):
        """Those that stay and hold no other mistake."""
        return [form.instance for form in self.forms if self._stays(form) and form.is_valid()]

    def _check_together(self):
        if (check := getattr(self.model, "check_together", None)) is not None:
            check(self.rows_to_check())

    def _check_removed(self):
        for form in self.initial_forms:
            if not self._should_delete_form(form):
                continue
            if why := form.why_not_changed():
                raise ValidationError(_("“%(row)s” cannot be removed. %(why)s") % {"row": form.instance, "why": why})
            if why := why_not_removed(form.instance, self.instance):
                raise ValidationError(why)

    def ask_for_uploads_again(self):
        """Of a form that comes back: the browser will show an empty box and send nothing."""
        for form in self.forms:
            for name in form.files and form.fields:
                if form.add_prefix(name) in form.files and name not in form.errors:
                    form.add_error(name, _("Choose the file again: a browser does not keep it."))

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = _("Delete")
            form.fields["DELETE"].initial = str(form.instance.pk) in struck_rows(form.request)

    def _stays(self, form):
        is_blank = form.empty_permitted and not form.has_changed()
        return not is_blank and not self._should_delete_form(form)

    def validate_unique(self):
        """Among the rows of this page. Django's own check leaves out constraints with conditions and expressions,
        and those on columns that are not in the form; each row against the database is checked by its own form.
        """
        rows = self.rows_to_check()
        meta = self.model._meta
        alone = [
            models.UniqueConstraint(fields=[f.name], name=f.name) for f in meta.fields if f.unique and f is not meta.pk
        ]
        for constraint in [*alone, *meta.constraints]:
            if not isinstance(constraint, models.UniqueConstraint):
                continue
            names = constraint.fields or [name for part in constraint.expressions for name in names_in(part)]
            names = [name for name in names if name != self.fk.name]  # the same for all, and unknown while adding
            seen = set()
            for row in rows:
                if constraint.condition and not constraint.condition.check(row._get_field_expression_map(meta)):
                    continue
                key = tuple(getattr(row, meta.get_field(name).attname) for name in names)
                if constraint.fields and None in key:  # to a database, two unknowns are not the same
                    continue
                if key in seen:
                    raise ValidationError(self._words_of(constraint, row), code="unique")
                seen.add(key)

    def _words_of(self, constraint, row):
        if constraint.violation_error_message != constraint.default_violation_error_message:
            return constraint.violation_error_message
        return _("Two rows say the same thing: %s") % row

    def save_new(self, form, commit=True):
        self._number(form.instance)
        return super().save_new(form, commit)

    def save_existing(self, form, obj, commit=True):
        self._number(form.instance)
        return super().save_existing(form, obj, commit)

    def _number(self, row):
        if isinstance(row, OrderedRow) and not row.position:
            self._last += 1
            row.position = self._last

    @cached_property
    def _last(self):
        return max((form.instance.position or 0 for form in self.forms if self._stays(form)), default=0)


class RowsMixin(Languages):
    """Rows in another record's form. They are part of it: who may change the record may change them."""

    formset = RowsFormSet
    form = RowForm
    extra = 0

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "position" and field is not None:
            field.required, field.initial = False, None
        return field

    def get_formset(self, request, obj=None, **kwargs):
        kwargs.setdefault("labels", self.labels())
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.request = request
        return formset

    def get_fieldsets(self, request, obj=None):
        names = self.fields or [
            field.name
            for field in [*self.opts.fields, *self.opts.many_to_many]
            if field.editable
            and not field.primary_key
            and not hasattr(field, "translated_field")
            and field.name != self._parent_field()
        ]
        return [(None, {"fields": self.in_english(names)})]

    def _may(self, request, obj):
        parent = self.admin_site.get_model_admin(self.parent_model)
        return parent.has_change_permission(request, obj) if obj else parent.has_add_permission(request)

    def has_add_permission(self, request, obj=None):
        return self._may(request, obj)

    def has_change_permission(self, request, obj=None):
        return self._may(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self._may(request, obj)

    def has_view_permission(self, request, obj=None):
        return self.admin_site.get_model_admin(self.parent_model).has_view_permission(request, obj)

    def _parent_field(self):
        if self.fk_name:
            return self.fk_name
        return next(
            field.name
            for field in self.opts.fields
            if field.is_relation and field.related_model in (self.parent_model, *self.parent_model._meta.all_parents)
        )


class Tabular(RowsMixin):
    """Each box takes the name of its column, which a table alone does not give it."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs["aria-label"] = self.labels().get(db_field.name) or capfirst(db_field.verbose_name)
        return field


class Rows(Tabular, admin.TabularInline):
    """Rows of short columns, one under the other."""


class TranslatedRows(Tabular, TranslationTabularInline):
    """The same for models with translated columns: English in the row."""


class TallRows(RowsMixin, admin.StackedInline):
    """Rows with long texts, each a small form."""


class TranslatedTallRows(RowsMixin, TranslationStackedInline):
    """The same for models with translated columns, the other languages folded away."""

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        shown = flatten_fieldsets(fieldsets)
        others = [f"{name}_{code}" for code in OTHERS for name in self.translated if f"{name}_{MAIN}" in shown]
        return [*fieldsets, (_("Other languages"), {"classes": ["collapse"], "fields": others})]
