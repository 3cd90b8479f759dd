"""Which columns exist once per language."""

from modeltranslation.translator import TranslationOptions, register

from projects import models


@register(models.Project)
class ProjectOptions(TranslationOptions):
    fields = ("title", "objective", "summary", "target_groups", "other_partners")


@register(models.Programme)
class ProgrammeOptions(TranslationOptions):
    fields = ("name", "description")


@register([models.Result, models.Update])
class TitleTextOptions(TranslationOptions):
    fields = ("title", "text")


@register([models.Call, models.Output])
class TitleOptions(TranslationOptions):
    fields = ("title",)


@register(models.Link)
class LinkOptions(TranslationOptions):
    fields = ("label",)
