"""Which columns exist once per language. The title of a document is its own; others are its translations."""

from modeltranslation.translator import TranslationOptions, register

from publications import models


@register(models.Publication)
class PublicationOptions(TranslationOptions):
    fields = ("title", "subtitle", "abstract", "date_note")


@register(models.PublicationType)
class PublicationTypeOptions(TranslationOptions):
    fields = ("name",)


@register(models.Series)
class SeriesOptions(TranslationOptions):
    fields = ("title",)
