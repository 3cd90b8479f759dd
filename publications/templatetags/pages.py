"""How the text of a page is shown."""

import re

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from publications.repair import GAP

register = template.Library()


@register.filter
def with_gaps(text: str) -> SafeString:
    """The text, escaped, with lost characters as a mark that says how many there were."""

    def mark(match: re.Match[str]) -> str:
        n = len(match.group(0))
        title = ngettext("%(n)s character lost", "%(n)s characters lost", n) % {"n": n}
        return format_html('<span class="gap" title="{}">{}</span>', title, match.group(0))

    return mark_safe(re.sub(f"{GAP}+", mark, escape(text)))  # noqa: S308 (escaped first)
