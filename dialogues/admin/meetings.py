"""Meetings and their series."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogues import models
from portal.admin import PartAdmin, TranslatedRows
from portal.languages import columns


class AttendanceRows(TranslatedRows):
    model = models.Attendance
    fields = ("sector", "mode", "number", "position")
    extra = 1


@admin.register(models.Meeting)
class MeetingAdmin(PartAdmin):
    hangs_on = ("dialogue",)
    list_display = ("title", "type", "start", "place", "dialogue")
    list_filter = ("type", "mode", "dialogue", "is_listed")
    list_select_related = ("dialogue",)
    search_fields = (*columns("title"), "slug", "place", *columns("dialogue__title"), "dialogue__acronym")
    date_hierarchy = "start_first"
    ordering = ("-start_first", "slug")
    autocomplete_fields = ("dialogue", "country", "host_countries", "organisers", "series")
    inlines = (AttendanceRows,)
    bulk_fields = ("type", "mode", "country", "series", "host_countries", "organisers")
    fieldsets = (
        (None, {"fields": ["title", "dialogue", ("type", "mode"), ("start", "end"), ("place", "country")]}),
        (
            gettext_lazy("Who held it, what came of it"),
            {"fields": ["host_countries", "hosts", "organisers", "series", "participants", "summary"]},
        ),
        (
            gettext_lazy("Checking and address"),
            {"classes": ["collapse"], "fields": ["source_note", "is_listed", "slug"]},
        ),
    )

    def get_readonly_fields(self, request, obj=None):
        return () if request.user.has_perm("dialogues.publish_dialogue") else ("is_listed",)

    def get_form(self, request, obj=None, change=False, **kwargs):
        told = _("Only who may publish dialogues can tick or clear it.")
        kwargs["help_texts"] = {"is_listed": f"{self.opts.get_field('is_listed').help_text} {told}"}
        return super().get_form(request, obj, change=change, **kwargs)

    def is_live(self, obj):
        """A listed meeting without a dialogue is public by itself."""
        return obj.is_listed if obj.dialogue_id is None else super().is_live(obj)

    def why_closed(self, request, obj, by_draft=False):
        if obj.is_listed and not by_draft and not request.user.has_perm("dialogues.publish_dialogue"):
            return _("“%s” is listed: only who may publish it may add to it or change it.") % obj
        return super().why_closed(request, obj, by_draft)


@admin.register(models.MeetingSeries)
class MeetingSeriesAdmin(PartAdmin):
    hangs_on = ("dialogue",)
    shown_by = ("meetings",)
    is_added_at_once = True
    list_display = ("name", "dialogue", "slug")
    list_select_related = ("dialogue",)
    search_fields = (*columns("name"), "slug")
    autocomplete_fields = ("dialogue",)
    fields = ("name", "slug", "dialogue")
