"""Plain pages, and addresses that have moved."""

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import models
from portal.admin.base import administers
from portal.admin.forms import PortalForm
from portal.admin.versioned import PortalAdmin, TranslatedAdmin
from portal.languages import columns


@admin.register(models.Page)
class PageAdmin(TranslatedAdmin):
    list_display = ("title", "slug", "menu", "is_public", "changed_at")
    list_filter = ("is_public", "menu")
    search_fields = (*columns("title"), "slug")
    fields = ("title", "text", ("menu", "position"), "slug", "is_public")

    def get_readonly_fields(self, request, obj=None):
        return () if administers(request.user) else ("is_public",)

    def needs_draft(self, request, record):
        """Others write at once what is not public yet, and drafts of what is; an administrator makes either public."""
        return record.is_public and not administers(request.user)


def has_page(path: str) -> bool:
    """Whether visitors find something at an address without a language."""
    with override(settings.LANGUAGE_CODE):
        try:
            names = resolve(path).kwargs.values()
        except Resolver404:
            return False
        if not names:
            return True
        for model in apps.get_models():
            key = next((field.name for field in model._meta.fields if field.name in {"slug", "iso2"}), None)
            if key is None or not hasattr(model, "get_absolute_url"):
                continue
            found = model._default_manager.all()
            found = found.visible_to(AnonymousUser()) if hasattr(found, "visible_to") else found
            for record in found.filter(**{f"{key}__in": {text for name in names for text in (name, name.upper())}}):
                if getattr(record, "is_public", True) and record.get_absolute_url() == path:
                    return True
    return False


class RedirectForm(PortalForm):
    def clean_old_path(self):
        old = self.cleaned_data["old_path"]
        language = old.split("/")[1]
        if language in dict(settings.LANGUAGES):
            told = {"language": language, "path": old.removeprefix(f"/{language}") or "/"}
            raise ValidationError(_("A redirect holds in every language. Leave out /%(language)s: %(path)s") % told)
        if has_page(old):
            raise ValidationError(_("There is a page at this address, so nobody would be led elsewhere."))
        return old


@admin.register(models.Redirect)
class RedirectAdmin(PortalAdmin):
    form = RedirectForm
    list_display = ("old_path", "new_path", "created_at")
    search_fields = ("old_path", "new_path")
    date_hierarchy = "created_at"
    fields = ("old_path", "new_path")
