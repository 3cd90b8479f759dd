"""The form of a dialogue."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from dialogues import models
from portal.admin import SOURCE, EditorialAdmin, Rows, TranslatedRows


class ParticipationRows(Rows):
    model = models.Participation
    fields = ("role", "country", "organisation", "group", "start", "end", "note")
    autocomplete_fields = ("country", "organisation", "group")
    extra = 2


class ChairRows(Rows):
    model = models.ChairTerm
    fields = ("country", "organisation", "group", "start", "end", "note")
    autocomplete_fields = ("country", "organisation", "group")
    extra = 1


class MandateRows(TranslatedRows):
    model = models.Mandate
    fields = ("title", "start", "end", "note")
    classes = ("collapse",)
    extra = 1


class BodyRows(TranslatedRows):
    model = models.GoverningBody
    fields = ("name", "note", "position")
    classes = ("collapse",)
    extra = 1


class MeetingRows(TranslatedRows):
    """The short of it; the rest is on the meeting's own form."""

    model = models.Meeting
    fields = ("title", "type", "start", "end", "place")
    classes = ("collapse",)
    show_change_link = True
    view_on_site = False
    extra = 1


class ActivityRows(TranslatedRows):
    model = models.Activity
    fields = ("kind", "title", "date", "domain")
    autocomplete_fields = ("domain",)
    classes = ("collapse",)
    show_change_link = True
    extra = 1


class ToolRows(TranslatedRows):
    model = models.Tool
    fields = ("name", "url", "position")
    classes = ("collapse",)
    extra = 1


class TrainingRows(TranslatedRows):
    model = models.Training
    fields = ("title", "place", "start", "end", "participants")
    classes = ("collapse",)
    extra = 1


class NameRows(Rows):
    model = models.DialogueName
    fields = ("name", "is_former", "start", "end")
    classes = ("collapse",)
    extra = 1


@admin.register(models.Dialogue)
class DialogueAdmin(EditorialAdmin):
    list_display = ("title", "shown_state", "acronym", "stage", "start", "changed_at", "changed_by")
    list_filter = (*EditorialAdmin.list_filter, "stage", "regions")
    search_fields = (*EditorialAdmin.search_fields, "acronym", "other_names__name")
    autocomplete_fields = (*EditorialAdmin.autocomplete_fields, "regions", "themes", "secretariat")
    bulk_fields = (*EditorialAdmin.bulk_fields, "stage", "secretariat", "regions", "themes")
    layout = (
        (None, {"fields": ["title", "acronym", "purpose", ("stage", "start", "end"), "regions", "themes"]}),
        ParticipationRows,
        (
            _("Participants in words, secretariat"),
            {
                "fields": ["participants_note", "secretariat", "secretariat_note"],
            },
        ),
        ChairRows,
        (_("In full"), {"fields": ["description"]}),
        MeetingRows,
        MandateRows,
        BodyRows,
        ActivityRows,
        ToolRows,
        TrainingRows,
        NameRows,
        SOURCE,
    )
