from modeltranslation.translator import TranslationOptions, register

from tests.events.models import Event


@register(Event)
class EventOptions(TranslationOptions):
    fields = ("title",)
