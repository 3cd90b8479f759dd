"""Records that hang on others and have pages of their own: who may change them follows from what they hang on."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.admin import decisions
from portal.admin.base import may_decide
from portal.admin.forms import PortalForm
from portal.admin.saving import is_draft_save
from portal.admin.versioned import PortalAdmin, TranslatedAdmin
from portal.editorial import EditorialModel, Status
from portal.versions import history


def part_admin_of(model: type[models.Model]) -> "PartMixin | None":
    found = admin.site._registry.get(model)
    return found if isinstance(found, PartMixin) else None


def why_closed(request: HttpRequest, thing: models.Model, by_draft: bool = False) -> str:
    """Why somebody may only look at a record, or at what hangs on one; empty when they may write. `by_draft`: all
    who may write at all may write a draft of what is live.
    """
    if isinstance(thing, EditorialModel):
        if not decisions.is_closed_to(request.user, thing) or (by_draft and thing.status == Status.PUBLISHED):
            return ""
        told = {"title": thing, "state": thing.state.label.lower()}
        return _("“%(title)s” is %(state)s: only who may publish it may add to it or change it.") % told
    part_admin = part_admin_of(type(thing))
    return part_admin.why_closed(request, thing, by_draft) if part_admin else ""


def is_live(thing: models.Model) -> bool:
    """Whether visitors see a record, or what something hangs on."""
    if isinstance(thing, EditorialModel):
        return thing.status == Status.PUBLISHED
    part_admin = part_admin_of(type(thing))
    return part_admin is not None and part_admin.is_live(thing)


def things(value: Any) -> Iterable[models.Model]:
    """What a relation leads to: nothing, one record, or several."""
    if value is None:
        return []
    if hasattr(value, "all"):
        return value.all()
    return [value] if isinstance(value, models.Model) else value


def records_above(thing: models.Model) -> Iterator[EditorialModel]:
    """The records a thing hangs on, itself or through others."""
    part_admin = part_admin_of(type(thing))
    for above in (above for name in getattr(part_admin, "hangs_on", ()) for above in things(getattr(thing, name))):
        if isinstance(above, EditorialModel):
            yield above
        else:
            yield from records_above(above)


def why_not_at_once(thing: models.Model) -> str:
    """Why nobody hangs something on a thing by a save that is no draft; empty where visitors do not see it."""
    if not is_live(thing):
        return ""
    words = _(
        "Visitors see “%(title)s”, so that somebody else must read this first. Add it as a row in the form of what "
        "visitors see; or save it without “%(title)s”, then choose that in its own form and press “Save as a draft”."
    )
    return words % {"title": thing}


def refuse_closed(form: forms.ModelForm, part_admin: "PartMixin") -> None:
    """Refuses what was chosen and is live or in review, at the field where it was chosen."""
    by_draft = is_draft_save(form.request)
    may_go_live = by_draft or (part_admin.is_added_at_once and form.instance._state.adding)
    for name in part_admin.hangs_on:
        for thing in things(form.cleaned_data.get(name)):
            why = why_closed(form.request, thing, by_draft)
            if why := why or ("" if may_go_live else why_not_at_once(thing)):
                form.add_error(name, ValidationError(why))
                break


class PartForm(PortalForm):
    part_admin: "PartMixin"

    def clean(self):
        super().clean()
        refuse_closed(self, self.part_admin)


class PartMixin:
    """`hangs_on` names the relations to what a record belongs to or stands beside, `shown_by` those to what shows it
    without being chosen in its form. It is closed to whom one of these is closed. `is_added_at_once` is for what stands
    in no form as a row, so that a new one cannot be drafted with what visitors see.
    """

    form = PartForm
    hangs_on: tuple[str, ...] = ()
    shown_by: tuple[str, ...] = ()
    is_added_at_once = False

    def why_closed(self, request, obj, by_draft=False) -> str:
        """Of a saved record, by what it hangs on: what hangs on it in turn is closed as well."""
        return self._first_reason(request, obj, self.hangs_on, by_draft)

    def why_not_changed(self, request, obj, by_draft=False) -> str:
        return self.why_closed(request, obj, by_draft) or self._first_reason(request, obj, self.shown_by, by_draft)

    def _first_reason(self, request, obj, names, by_draft) -> str:
        reasons = (why_closed(request, thing, by_draft) for name in names for thing in things(getattr(obj, name)))
        return next((why for why in reasons if why), "")

    def why_not_chosen(self, request, chosen, by_draft):
        found = (thing for name in self.hangs_on for thing in chosen.get(name, ()))
        reasons = (why_closed(request, thing, by_draft) or (not by_draft and why_not_at_once(thing)) for thing in found)
        return next((why for why in reasons if why), "")

    def is_live(self, obj) -> bool:
        return any(is_live(thing) for name in self.hangs_on for thing in things(getattr(obj, name)))

    def needs_draft(self, request, record):
        """Where a page that visitors see shows it."""
        return self.is_live(record) or any(
            is_live(thing) for name in self.shown_by for thing in things(getattr(record, name))
        )

    def lock(self, record):
        """After what it hangs on: the form of a record locks its rows in this order too."""
        for above in sorted(set(records_above(record)), key=lambda above: (above._meta.label, above.pk)):
            history.lock(above)
        return super().lock(record)

    def name_author(self, record, by):
        """It is read with what it hangs on: who wrote it does not publish that either. What is live has its drafts."""
        super().name_author(record, by)
        for above in set(records_above(record)):
            if above.status != Status.PUBLISHED:
                super().name_author(above, by)

    def write_down(self, request, obj, verb, note):
        super().write_down(request, obj, verb, note)
        self.name_author(obj, request.user)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.part_admin = self
        return form

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or not self.why_not_changed(request, obj, by_draft=True))

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or not self.why_not_changed(request, obj))


class PlainPartAdmin(PartMixin, PortalAdmin):
    """For models without translated columns."""


class PartAdmin(PartMixin, TranslatedAdmin):
    """For models with them."""


class OwnVocabulary:
    """A list that belongs to one app. Editors add to it; what is there stands on live pages already, so that they
    change it by drafts.
    """

    def needs_draft(self, request, record):
        return not may_decide(request.user, self.opts.app_label)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and may_decide(request.user, self.opts.app_label)
