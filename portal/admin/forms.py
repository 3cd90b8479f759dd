"""The forms of the admin: who fills them in, short names made from names, mistakes told where they were made."""

from functools import cached_property

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import prose
from portal.dates import PartialDateField
from portal.models import Redirect
from portal.rows import make_slug

MAIN = settings.MODELTRANSLATION_DEFAULT_LANGUAGE
NAMED_BY = ("acronym", "name", "title", "label")  # what a short name is made from, the first that is given


class Refusable:
    """For a form that can be refused from outside after it was valid."""

    refusal = None

    def clean(self):
        super().clean()
        if self.refusal:
            self.add_error(None, self.refusal)


class PortalForm(Refusable, forms.ModelForm):
    """A form that knows who fills it in. `money` names an amount that needs its currency."""

    request: HttpRequest
    money = ""

    def clean(self):
        super().clean()
        self._make_short_name()
        self._ask_for_currency()

    def _post_clean(self):
        super()._post_clean()
        if not self.errors:
            self._refuse_address_that_leads_elsewhere()

    def _get_validation_exclusions(self):
        """The day beside a partial date is no field of the form, and is checked with the date it belongs to."""
        excluded = super()._get_validation_exclusions()
        dates = [field for field in self._meta.model._meta.fields if isinstance(field, PartialDateField)]
        return excluded - {field.edge_name for field in dates if field.name not in excluded}

    def _update_errors(self, errors):
        """What is told at a field is not told again at the top, where a constraint says the same."""
        if hasattr(errors, "error_dict"):
            top = errors.error_dict.pop(NON_FIELD_ERRORS, [])
            told = {text for texts in errors.message_dict.values() for text in texts}
            if rest := [error for error in top if not told.issuperset(error.messages)]:
                errors.error_dict[NON_FIELD_ERRORS] = rest
        super()._update_errors(errors)

    @cached_property
    def changed_data(self):
        """Without prose that differs only in how an editor writes the same markup."""
        return [name for name in super().changed_data if not self._is_same_prose(name)]

    def _is_same_prose(self, name):
        field = next((field for field in self._meta.model._meta.fields if field.name == name), None)
        if not isinstance(field, prose.ProseField):
            return False
        before, after = self.get_initial_for_field(self.fields[name], name), self[name].data
        return prose.clean(before or "") == prose.clean(after or "")

    def _make_short_name(self):
        """For models that do not make it themselves."""
        model = self._meta.model
        slug = next((field for field in model._meta.fields if field.name == "slug"), None)
        if slug is None or slug.blank or self.cleaned_data.get("slug") != "":
            return
        names = [self.cleaned_data.get(f"{name}_{MAIN}") or self.cleaned_data.get(name) for name in NAMED_BY]
        if names := [name for name in names if name]:
            self.cleaned_data["slug"] = make_slug(*names, taken=model._default_manager.exclude(pk=self.instance.pk))

    def _ask_for_currency(self):
        if not self.money or (amount := self.cleaned_data.get(self.money)) is None:
            return
        if amount < 0:
            self.add_error(self.money, _("It cannot be negative."))
        if not self.cleaned_data.get("currency") and "currency" not in self.errors:
            self.add_error("currency", _("An amount needs its currency."))

    def _refuse_address_that_leads_elsewhere(self):
        """Where something stood before it moved: what is put there would hide the way to it."""
        if "slug" not in self.fields or self.instance.slug == self.initial.get("slug"):
            return
        if not hasattr(self.instance, "get_absolute_url"):
            return
        stored = type(self.instance)._default_manager.filter(pk=self.instance.pk).first()
        with override(settings.LANGUAGE_CODE):
            address = self.instance.get_absolute_url()
            own = stored.get_absolute_url() if stored else None
        moved = Redirect.objects.filter(old_path=address).exclude(new_path=own or "").first()
        if moved:
            told = {"new": moved.new_path}
            self.add_error("slug", ValidationError(_("This address leads to %(new)s since it moved.") % told))
