"""Data-collection cycles and what is reported in them. A verified initiative is public, a closed cycle is frozen."""

from django.contrib import admin
from django.utils.translation import gettext as _

from dialogues import models
from portal.admin import PartAdmin, PartForm, PlainPartAdmin
from portal.languages import columns


@admin.register(models.Cycle)
class CycleAdmin(PlainPartAdmin):
    hangs_on = ("dialogue",)
    is_added_at_once = True
    list_display = ("__str__", "start", "end", "closed_at")
    list_filter = ("dialogue",)
    list_select_related = ("dialogue",)
    search_fields = (*columns("dialogue__title"), "number")
    autocomplete_fields = ("dialogue",)
    readonly_fields = ("closed_at",)
    fields = (("dialogue", "number"), ("start", "end"), "note", "closed_at")

    def why_closed(self, request, obj, by_draft=False):
        if obj.closed_at:
            return _("“%s” is closed: nobody adds to it or changes it any more.") % obj
        return super().why_closed(request, obj, by_draft)


class InitiativeForm(PartForm):
    money = "amount"


@admin.register(models.Initiative)
class InitiativeAdmin(PartAdmin):
    form = InitiativeForm
    hangs_on = ("cycle",)
    is_added_at_once = True
    list_display = ("title", "cycle", "status", "reported_by", "start", "end")
    list_filter = ("status", "cycle")
    list_select_related = ("cycle__dialogue", "reported_by")
    search_fields = columns("title")
    autocomplete_fields = ("cycle", "domains", "countries", "reported_by")
    readonly_fields = ("status",)
    bulk_fields = ("reported_by", "domains", "countries")
    fields = (
        "title",
        "cycle",
        "description",
        "countries",
        "domains",
        "reported_by",
        ("start", "end"),
        ("amount", "currency"),
        "comments",
        "status",
    )

    def why_closed(self, request, obj, by_draft=False):
        """What is verified was checked by somebody: only those who publish dialogues change it afterwards."""
        verified = obj.status == models.Initiative.Status.VERIFIED
        if verified and not request.user.has_perm("dialogues.publish_dialogue"):
            return _("“%s” is verified: only who may publish dialogues may change it.") % obj
        return super().why_closed(request, obj, by_draft)

    def save_model(self, request, obj, form, change):
        obj.submitted_by = obj.submitted_by or request.user
        super().save_model(request, obj, form, change)
