"""Instruments, their domains, and activities."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from dialogues import models
from portal.admin import PartAdmin, Rows, TranslatedRows, TranslatedTallRows
from portal.languages import columns


class DomainRows(TranslatedRows):
    model = models.Domain
    fields = ("number", "title", "position")
    show_change_link = True
    extra = 1


@admin.register(models.Instrument)
class InstrumentAdmin(PartAdmin):
    hangs_on = ("dialogues", "adopted_at")
    is_added_at_once = True
    shown_by = ("replaced_by", "publications")
    list_display = ("title", "kind", "adopted", "adopted_place", "start", "end")
    list_filter = ("kind", "dialogues")
    search_fields = (*columns("title"), "slug")
    ordering = ("-adopted_first", "slug")
    autocomplete_fields = ("dialogues", "adopted_at", "replaces")
    inlines = (DomainRows,)
    bulk_fields = ("kind", "dialogues")
    fieldsets = (
        (None, {"fields": ["title", "kind", "dialogues"]}),
        (_("Adopted"), {"fields": [("adopted", "adopted_place"), "adopted_at"]}),
        (_("In force"), {"fields": [("start", "end"), "replaces"]}),
        (_("Note and short name"), {"fields": ["note", "slug"]}),
    )


class PriorityRows(TranslatedTallRows):
    model = models.Priority
    fields = (("number", "position"), "text")


class ReferenceCountryRows(Rows):
    model = models.ReferenceCountry
    fields = ("country", "start", "end")
    autocomplete_fields = ("country",)
    extra = 1


@admin.register(models.Domain)
class DomainAdmin(PartAdmin):
    hangs_on = ("instrument",)
    is_added_at_once = True
    list_display = ("title", "number", "instrument")
    list_filter = ("instrument",)
    list_select_related = ("instrument",)
    search_fields = (*columns("title"), *columns("instrument__title"))
    autocomplete_fields = ("instrument",)
    inlines = (PriorityRows, ReferenceCountryRows)
    fields = ("instrument", ("number", "position"), "title", "description")


@admin.register(models.Activity)
class ActivityAdmin(PartAdmin):
    hangs_on = ("dialogue", "domain", "meeting")
    list_display = ("title", "kind", "date", "dialogue", "domain")
    list_filter = ("kind", "dialogue")
    list_select_related = ("dialogue", "domain")
    search_fields = columns("title")
    autocomplete_fields = ("dialogue", "domain", "countries", "meeting")
    bulk_fields = ("kind", "domain", "meeting", "countries")
    fields = ("title", "dialogue", ("kind", "date"), "countries", "domain", "meeting", "note")
