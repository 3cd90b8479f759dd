"""Deleting what can be brought back: never what others use, and never without a last version."""

from django.contrib import admin
from django.db import transaction
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.admin.versions import rules
from portal.models import Draft
from portal.versions import history
from portal.versions.uses import owner_of, uses


def in_words(thing):
    """What it is and what it is called, with a link to where it is edited: of a row, to its record."""
    kind = capfirst(thing._meta.verbose_name)
    if isinstance(thing, Draft):
        thing = thing.target or thing
    owner = None if admin.site.is_registered(type(thing)) else owner_of(thing)
    url = _change_url(owner or thing)
    label = f"{owner}: {thing}" if owner else str(thing)
    return format_html('{}: <a href="{}">{}</a>', kind, url, label) if url else f"{kind}: {label}"


def _change_url(thing) -> str:
    meta = thing._meta
    if not admin.site.is_registered(type(thing)):
        return ""
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[thing.pk])


class KeepsDeleted:
    """For the base class of every admin."""

    delete_confirmation_template = "admin/portal/delete.html"

    def get_deleted_objects(self, objs, request):
        """Under a lock where it will be deleted, so that nobody begins to use it meanwhile."""
        if request.method == "POST" and transaction.get_connection().in_atomic_block:
            objs = [history.lock(obj) for obj in objs]
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        if rules.keeps_versions(self.model):
            protected = [in_words(thing) for obj in objs for thing in uses(obj)] or protected
        return deleted, counts, missing, protected

    def delete_model(self, request, obj):
        if rules.keeps_versions(self.model):
            history.keep(obj, "delete", request.user)
        super().delete_model(request, obj)

    def delete_view(self, request, object_id, extra_context=None):
        bin_hint = _("It goes to the bin, with all that is listed here, and can be brought back from there.")
        hint = {"bin_hint": bin_hint if rules.keeps_versions(self.model) else ""}
        return super().delete_view(request, object_id, hint | (extra_context or {}))
