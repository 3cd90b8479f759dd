"""How the text of a page is shown: repaired words and lost characters marked, and what was done as rows of a table."""

import re
from typing import Any, NamedTuple

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from publications.models import FilePage
from publications.repair import GAP, Token
from publications.repair.marks import from_json

register = template.Library()

RULES = {
    "font": gettext_lazy("the font itself names the letter"),
    "shift": gettext_lazy("numbers of glyphs, read as letters"),
    "ligature": gettext_lazy("a sign that stands for joined letters"),
    "gap": gettext_lazy("characters that the file has lost"),
}


class RepairRow(NamedTuple):
    """The same repair at all its places on a page."""

    key: str
    original: str
    reading: str
    how: str
    rule: str
    confidence: float
    decision: str
    checked: str
    times: int


@register.filter
def repair_rows(page: FilePage) -> list[RepairRow]:
    """In the order of the page."""
    found: dict[str, Any] = {}
    for token in from_json(page.tokens):
        first, times = found.get(token.key, (token, 0))
        found[token.key] = (first, times + 1)
    checked = {"accepted": _("accepted"), "refused": _("refused: the original is shown"), "": _("not yet")}
    return [
        RepairRow(
            key,
            token.held,
            token.reading.strip(),
            token.how,
            str(RULES.get(token.how, token.how)),
            token.confidence,
            token.decision,
            checked[token.decision],
            times,
        )
        for key, (token, times) in found.items()
    ]


@register.filter
def with_repairs(page: FilePage) -> SafeString:
    """The text, escaped; what was repaired has a mark that says what the file holds, lost characters how many."""
    out, last = [], 0
    for token in from_json(page.tokens):
        if page.text[token.start : token.end] != token.shown:
            return with_gaps(page.text)  # the text is not the one the tokens were found in
        out += [with_gaps(page.text[last : token.start]), _marked(token)]
        last = token.end
    return mark_safe("".join([*out, with_gaps(page.text[last:])]))  # noqa: S308 (each part is escaped)


def _marked(token: Token) -> SafeString:
    shown = token.shown
    if token.decision == "refused" or not shown.strip() or token.how == "gap":
        return with_gaps(shown)
    word = shown.strip()
    before, after = shown.split(word, 1)
    title = _("In the file: %s") % token.held
    return format_html('{}<span class="repaired" title="{}">{}</span>{}', before, title, with_gaps(word), after)


@register.filter
def with_gaps(text: str) -> SafeString:
    """The text, escaped, with lost characters as a mark that says how many there were."""

    def mark(match: re.Match[str]) -> str:
        n = len(match.group(0))
        title = ngettext("%(n)s character lost", "%(n)s characters lost", n) % {"n": n}
        return format_html(
            '<span class="gap" role="img" aria-label="{}" title="{}">{}</span>', title, title, match.group(0)
        )

    return mark_safe(re.sub(f"{GAP}+", mark, escape(text)))  # noqa: S308 (escaped first)
