"""Which columns exist once per language."""

from modeltranslation.translator import TranslationOptions, register

from dialogues import models


@register(models.Dialogue)
class DialogueOptions(TranslationOptions):
    fields = ("title", "purpose", "description", "secretariat_note", "participants_note")


@register([models.GoverningBody, models.MeetingSeries, models.Tool])
class NameOptions(TranslationOptions):
    fields = ("name",)


@register([models.Mandate, models.Instrument, models.Activity, models.Training])
class TitleNoteOptions(TranslationOptions):
    fields = ("title", "note")


@register(models.Domain)
class DomainOptions(TranslationOptions):
    fields = ("title", "description")


@register(models.Priority)
class PriorityOptions(TranslationOptions):
    fields = ("text",)


@register(models.Meeting)
class MeetingOptions(TranslationOptions):
    fields = ("title", "summary")


@register(models.Attendance)
class AttendanceOptions(TranslationOptions):
    fields = ("sector",)


@register(models.Initiative)
class InitiativeOptions(TranslationOptions):
    fields = ("title", "description")
