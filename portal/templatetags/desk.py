"""How passages are shown: words that were found become <mark>."""

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from portal.search.passages import END, START

register = template.Library()


@register.filter
def with_marks(text: str) -> SafeString:
    """A text of a file, escaped; only then its marks become elements."""
    escaped = str(escape(text))
    return mark_safe(escaped.replace(START, "<mark>").replace(END, "</mark>"))  # noqa: S308 (escaped first)
