"""Records that hang on others and have pages of their own: who may change them follows from what they hang on."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.admin import decisions
from portal.admin.base import PortalAdmin, TranslatedAdmin, may_decide
from portal.admin.forms import PortalForm
from portal.editorial import EditorialModel


def part_admin_of(model: type[models.Model]) -> "PartMixin | None":
    found = admin.site._registry.get(model)
    return found if isinstance(found, PartMixin) else None


def why_closed(request: HttpRequest, thing: models.Model) -> str:
    """Why somebody may only look at a record, or at what hangs on one; empty when they may write."""
    if isinstance(thing, EditorialModel):
        if not decisions.is_closed_to(request.user, thing):
            return ""
        told = {"title": thing, "state": thing.state.label.lower()}
        return _("“%(title)s” is %(state)s: only who may publish it may add to it or change it.") % told
    part_admin = part_admin_of(type(thing))
    return part_admin.why_closed(request, thing) if part_admin else ""


def things(value: Any) -> Iterable[models.Model]:
    """What a relation leads to: nothing, one record, or several."""
    if value is None:
        return []
    if hasattr(value, "all"):
        return value.all()
    return [value] if isinstance(value, models.Model) else value


def refuse_closed(form: forms.ModelForm, part_admin: "PartMixin") -> None:
    """Refuses what was chosen and is live or in review, at the field where it was chosen."""
    for name in part_admin.hangs_on:
        for thing in things(form.cleaned_data.get(name)):
            if why := why_closed(form.request, thing):
                form.add_error(name, ValidationError(why))
                break


class PartForm(PortalForm):
    part_admin: "PartMixin"

    def clean(self):
        super().clean()
        refuse_closed(self, self.part_admin)


class PartMixin:
    """`hangs_on` names the relations to what a record belongs to or stands beside, `shown_by` those to what shows it
    without being chosen in its form. It is closed to whom one of these is closed.
    """

    form = PartForm
    hangs_on: tuple[str, ...] = ()
    shown_by: tuple[str, ...] = ()

    def why_closed(self, request, obj) -> str:
        """Of a saved record, by what it hangs on: what hangs on it in turn is closed as well."""
        return self._first_reason(request, obj, self.hangs_on)

    def why_not_changed(self, request, obj) -> str:
        return self.why_closed(request, obj) or self._first_reason(request, obj, self.shown_by)

    def _first_reason(self, request, obj, names) -> str:
        reasons = (why_closed(request, thing) for name in names for thing in things(getattr(obj, name)))
        return next((why for why in reasons if why), "")

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.part_admin = self
        return form

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or not self.why_not_changed(request, obj))

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or not self.why_not_changed(request, obj))


class PlainPartAdmin(PartMixin, PortalAdmin):
    """For models without translated columns."""


class PartAdmin(PartMixin, TranslatedAdmin):
    """For models with them."""


class OwnVocabulary:
    """A list that belongs to one app. Editors add to it; what is there stands on live pages already."""

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_decide(request.user, self.opts.app_label))

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and may_decide(request.user, self.opts.app_label)
