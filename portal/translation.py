"""Which columns of the ground exist once per language."""

from modeltranslation.translator import TranslationOptions, register

from portal import models


@register([models.Region, models.Theme])
class NamedOptions(TranslationOptions):
    fields = ("name", "description")


@register([models.Country, models.CountryGroup, models.Organisation, models.FigureGroup])
class NameOptions(TranslationOptions):
    fields = ("name",)


@register(models.TerritorialNote)
class TerritorialNoteOptions(TranslationOptions):
    fields = ("text",)


@register(models.KeyFigure)
class KeyFigureOptions(TranslationOptions):
    fields = ("label", "unit")


@register(models.SteeringGroupChair)
class SteeringGroupChairOptions(TranslationOptions):
    fields = ("theme",)


@register(models.Page)
class PageOptions(TranslationOptions):
    fields = ("title", "text")
