"""The audit log, to read."""

from django.contrib import admin
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.models import AuditEntry


def link_to(entry: AuditEntry) -> str | None:
    """The form of what an entry speaks of, as far as it has one."""
    model = entry.content_type.model_class()
    if model is None or not admin.site.is_registered(model) or entry.verb == "delete":
        return None
    try:
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[entry.object_id])
    except NoReverseMatch:
        return None


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin):
    list_display = ("at", "by", "verb", "record", "content_type", "before", "after", "note")
    list_display_links = ("at",)
    list_filter = ("verb", "content_type", "by")
    list_select_related = ("by", "content_type")
    search_fields = ("label", "note", "by__username")
    date_hierarchy = "at"
    show_full_result_count = False
    actions = None

    @admin.display(description=_("record"))
    def record(self, entry):
        url = link_to(entry)
        return format_html('<a href="{}">{}</a>', url, entry.label) if url else entry.label

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
