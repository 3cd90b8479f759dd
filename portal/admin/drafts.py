"""All open drafts of live pages in one list: whose they are, what they wait for. They are written in other forms."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.models import Draft


@admin.register(Draft)
class DraftAdmin(admin.ModelAdmin):
    list_display = (
        "record",
        "content_type",
        "status",
        "changed_by",
        "changed_at",
        "submitted_by",
        "publish_at",
        "note",
    )
    list_display_links = None
    list_filter = ("status", "content_type")
    list_select_related = ("content_type", "changed_by", "submitted_by")
    search_fields = ("label",)
    ordering = ("-changed_at",)
    show_full_result_count = False
    actions = None

    def get_queryset(self, request):
        return super().get_queryset(request).open()

    @admin.display(description=_("record"), ordering="label")
    def record(self, draft):
        model = draft.content_type.model_class()
        if model is None or not admin.site.is_registered(model):
            return draft.label
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        return format_html('<a href="{}">{}</a>', reverse(name, args=[draft.object_id]), draft.label)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
