"""Records that hang on others and have pages of their own: who may change them follows from what they hang on."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.admin import decisions
from portal.admin.base import PortalAdmin, PortalForm, TranslatedAdmin, may_publish
from portal.editorial import EditorialModel


class PartForm(PortalForm):
    """Refuses a parent that is live or in review, at the field where it was chosen."""

    part_admin: "PartMixin"

    def clean(self):
        super().clean()
        for name in self.part_admin.hangs_on:
            for record in self.part_admin.records_behind(name, self.cleaned_data.get(name)):
                if decisions.is_closed_to(self.request.user, record):
                    told = {"title": record, "state": record.state.label.lower()}
                    why = _("“%(title)s” is %(state)s: only who may publish it may add to it or change it.") % told
                    self.add_error(name, ValidationError(why))
                    break


class PartMixin:
    """`hangs_on` names the relations that lead to records of a kind."""

    form = PartForm
    hangs_on: tuple[str, ...] = ()

    def records_behind(self, name, value) -> Iterable[EditorialModel]:
        """The records that one chosen value leads to."""
        if value is None:
            return []
        return [value] if isinstance(value, EditorialModel) else list(value)

    def is_closed(self, request, obj) -> bool:
        for name in self.hangs_on:
            value = getattr(obj, name)
            value = value.all() if hasattr(value, "all") else value
            if any(decisions.is_closed_to(request.user, record) for record in self.records_behind(name, value)):
                return True
        return False

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.part_admin = self
        return form

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or not self.is_closed(request, obj))

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or not self.is_closed(request, obj))


class PlainPartAdmin(PartMixin, PortalAdmin):
    """For models without translated columns."""


class PartAdmin(PartMixin, TranslatedAdmin):
    """For models with them."""


class OwnVocabulary:
    """A list that belongs to one app. Editors add to it; what is there stands on live pages already."""

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_publish(request.user, self.opts.app_label))

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and may_publish(request.user, self.opts.app_label)
