"""Meetings and their series."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

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
    autocomplete_fields = ("dialogue", "country", "organisers", "series")
    inlines = (AttendanceRows,)
    fieldsets = (
        (None, {"fields": ["title", "dialogue", ("type", "mode"), ("start", "end"), ("place", "country")]}),
        (_("Who held it, what came of it"), {"fields": ["hosts", "organisers", "series", "participants", "summary"]}),
        (_("Checking and address"), {"classes": ["collapse"], "fields": ["source_note", "is_listed", "slug"]}),
    )

    def get_readonly_fields(self, request, obj=None):
        return () if request.user.has_perm("dialogues.publish_dialogue") else ("is_listed",)

    def is_closed(self, request, obj):
        """A listed meeting without a dialogue is public by itself."""
        listed = obj.is_listed and not request.user.has_perm("dialogues.publish_dialogue")
        return listed or super().is_closed(request, obj)


@admin.register(models.MeetingSeries)
class MeetingSeriesAdmin(PartAdmin):
    hangs_on = ("dialogue",)
    list_display = ("name", "dialogue", "slug")
    list_select_related = ("dialogue",)
    search_fields = (*columns("name"), "slug")
    autocomplete_fields = ("dialogue",)
    fields = ("name", "slug", "dialogue")
