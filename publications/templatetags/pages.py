"""How the text of a page is shown: escaped first, then with its gaps, the words looked for, quoted and repaired.

And what was repaired as the rows of a table.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import count
from typing import Any, NamedTuple

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.search.passages import END, START
from publications.inside import QUOTE_END, QUOTE_START
from publications.models import FilePage
from publications.repair import GAP
from publications.repair.marks import from_json

register = template.Library()

SIGNS = re.compile(f"({GAP}+|[{START}{END}{QUOTE_START}{QUOTE_END}])")
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


class Repaired(NamedTuple):
    """A repaired word in the text of a page, and what the file holds in its place."""

    start: int
    end: int
    held: str


@register.filter
def with_gaps(text: str) -> SafeString:
    """The text, escaped, with lost characters as a mark that says how many there were, and words in <mark>."""
    return _shown(text, is_numbered=False)


@register.filter
def with_marks(text: str, page: FilePage | None = None) -> SafeString:
    """The text of a page as it was marked: marks are numbered, #hit-1, #hit-2, the words of a quote are at #quote, and
    repaired words say what the file holds."""
    return _shown(text, is_numbered=True, repaired=_repaired(page) if page else ())


def _repaired(page: FilePage) -> list[Repaired]:
    """In their order; none where the text is not the one they were found in."""
    found = []
    for token in from_json(page.tokens):
        if page.text[token.start : token.end] != token.shown:
            return []
        word = token.shown.strip()
        if word and token.decision != "refused" and token.how != "gap":
            start = token.start + token.shown.index(word)
            found.append(Repaired(start, start + len(word), token.held))
    return found


def _shown(text: str, is_numbered: bool, repaired: Sequence[Repaired] = ()) -> SafeString:
    numbers = count(1)
    open_mark = ""  # the tag of the mark that is open
    in_quote = False
    at = 0  # characters of the page so far
    parts: list[str] = []
    for part in SIGNS.split(text):
        if part == START and not open_mark:
            open_mark = f'<mark id="hit-{next(numbers)}" tabindex="-1">' if is_numbered else "<mark>"
            parts.append(open_mark)
        elif part == END and open_mark:
            parts.append("</mark>")
            open_mark = ""
        elif part in {QUOTE_START, QUOTE_END} and in_quote == (part == QUOTE_END):
            # A mark that reaches over the edge of a quote is parted, so that tags stay nested.
            in_quote = not in_quote
            tag = '<span class="quoted" id="quote" tabindex="-1">' if in_quote else "</span>"
            parts += ["</mark>", tag, "<mark>"] if open_mark else [tag]
        elif part.startswith(GAP):
            n = len(part)
            title = ngettext("%(n)s character lost", "%(n)s characters lost", n) % {"n": n}
            gap = '<span class="gap" role="img" aria-label="{}" title="{}">{}</span>'
            parts.append(format_html(gap, title, title, part))
            at += n
        elif not SIGNS.fullmatch(part):
            parts += _with_repairs(part, at, repaired)
            at += len(part)
    if open_mark:
        parts.append("</mark>")
    if in_quote:
        parts.append("</span>")
    return mark_safe("".join(parts))  # noqa: S308 (each part is escaped, or a tag of ours)


def _with_repairs(part: str, at: int, repaired: Sequence[Repaired]) -> list[str]:
    """A stretch without signs, escaped; of a repaired word that reaches beyond it, what lies in it."""
    pieces: list[str] = []
    last = 0
    for one in repaired[bisect_right(repaired, at, key=lambda one: one.end) :]:
        if one.start >= at + len(part):
            break
        start, end = max(one.start - at, 0), min(one.end - at, len(part))
        title = _("In the file: %s") % one.held
        word = format_html('<span class="repaired" title="{}">{}</span>', title, part[start:end])
        pieces += [escape(part[last:start]), word]
        last = end
    return [*pieces, escape(part[last:])]
