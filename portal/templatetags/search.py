"""Filters for pages that show what was found."""

from django import template
from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from portal.search.passages import END, START

register = template.Library()


@register.filter
def marked(text: str) -> SafeString:
    """A passage with its hits in <mark>. Escaped first: what stands in a file is never markup here."""
    html = escape(text).replace(START, "<mark>").replace(END, "</mark>")
    return mark_safe(html)  # noqa: S308 (escaped above)


@register.filter
def here(url: str) -> str:
    """An address without a language prefix as the reader's language has it: the index knows none."""
    language = get_language() or settings.LANGUAGE_CODE
    return url if language == settings.LANGUAGE_CODE else f"/{language}{url}"
