"""Tags and filters of every template; loaded as builtins."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.http import QueryDict
from django.template.context import Context
from django.urls import translate_url
from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, gettext

from portal import prose as prose_module
from portal.dates import PartialDate
from portal.filters.facets import Choice
from portal.kinds import Panel
from portal.models import TerritorialNote
from portal.territory import Notes

register = template.Library()


def notes_of(context: Context) -> Notes:
    """The notes of the page being rendered, kept on its request so that includes with `only` share them."""
    request = getattr(context, "request", None)
    if request is None:
        return Notes()
    if not hasattr(request, "territorial_notes"):
        request.territorial_notes = Notes()
    return request.territorial_notes


@register.simple_tag(takes_context=True)
def footnotes(context: Context) -> list[tuple[TerritorialNote, bool]]:
    """The notes that the page has come to need so far, and whether to link back; put this at its foot."""
    return list(notes_of(context))


@register.simple_tag(takes_context=True)
def noted(context: Context, text: Any) -> SafeString:
    """Text with the territorial marks it needs; their footnotes gather at the foot of the page."""
    return notes_of(context).mark("" if text is None else text)


@register.simple_tag(takes_context=True)
def choices(context: Context, name: str, shown: Iterable[Choice]) -> SafeString:
    """The boxes to tick of a facet. Made here and not in a template, which takes ten times as long: there are
    hundreds of them on a page."""
    mark = notes_of(context).mark
    return format_html_join(
        "\n",
        '<label><input type="checkbox" name="{}" value="{}"{}> <span>{}</span> <span>{}</span></label>',
        (
            (name, one.value, SafeString(" checked" if one.is_chosen else ""), mark(one.label), localize(one.count))
            for one in shown
        ),
    )


@register.simple_tag(takes_context=True)
def noted_plain(context: Context, text: Any) -> str:
    """The same where no link can stand: a page title, a description."""
    return notes_of(context).mark_plain(str(text or ""))


@register.simple_tag(takes_context=True)
def prose(context: Context, text: str | None) -> SafeString:
    """Running text with markup, cleaned, with its territorial marks."""
    return notes_of(context).mark(prose_module.to_html(text))


@register.simple_tag(takes_context=True)
def paragraphs(context: Context, text: str | None) -> SafeString:
    """Plain text whose paragraphs are parted by blank lines."""
    return notes_of(context).mark(prose_module.to_html(prose_module.from_text(text or "")))


@register.simple_tag(takes_context=True)
def linked(context: Context, things: Any, empty: str = "") -> SafeString:
    """Things with addresses of their own as links, parted by commas."""
    notes = notes_of(context)
    links = (
        format_html('<a href="{}">{}</a>{}', thing.get_absolute_url(), *_label_and_marks(notes, str(thing)))
        for thing in things
    )
    return format_html_join(gettext(", "), "{}", ((link,) for link in links)) or format_html("{}", empty)


def _label_and_marks(notes: Any, text: str) -> tuple[str, SafeString]:
    """A mark is a link and cannot stand within another: the text, and its marks to put after the link."""
    marked = notes.mark(text)
    plain = SafeString("")
    if "<sup>" in marked:
        start = marked.index("<sup>")
        plain = SafeString(marked[start : marked.index("</sup>") + len("</sup>")])
    return text, plain


@register.simple_tag(takes_context=True)
def noted_link(context: Context, thing: Any, text: str = "") -> SafeString:
    """A link to a record with the mark after it."""
    label = _label_and_marks(notes_of(context), text or str(thing))
    return format_html('<a href="{}">{}</a>{}', thing.get_absolute_url(), *label)


@register.filter
def to_text(text: str | None) -> str:
    return prose_module.to_text(text)


@register.filter
def when(value: PartialDate | datetime.date | None) -> SafeString:
    """A date in words, for people and for machines."""
    if value is None:
        return SafeString("")
    if not isinstance(value, PartialDate):
        value = PartialDate.of(value)
    return format_html('<time datetime="{}">{}</time>', value.machine, value.label())


@register.simple_tag(takes_context=True)
def other_languages(context: Context) -> list[dict[str, Any]]:
    """This page in every language: `url` with its query string for the menu, `path` without for hreflang."""
    request = context.get("request")
    full, bare = (request.get_full_path(), request.path) if request else ("/", "/")
    return [
        get_language_info(code) | {"url": translate_url(full, code), "path": translate_url(bare, code), "name": name}
        for code, name in settings.LANGUAGES
    ]


@register.simple_tag(takes_context=True)
def page_query(context: Context, page: int) -> str:
    """The query string of another page of the same selection."""
    selection = context.get("selection")
    query = selection.cleaned_query if selection else QueryDict(mutable=True)
    if page > 1:
        query["page"] = str(page)
    return f"?{query.urlencode()}" if query else context.request.path  # type: ignore[attr-defined]


@register.simple_tag
def elided(page: Page) -> Iterator[int | str]:
    """The page numbers to link to, with gaps."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)


@register.simple_tag(takes_context=True)
def marks(context: Context, text: Any) -> SafeString:
    """The marks a text needs, to put after a link that holds the text."""
    return _label_and_marks(notes_of(context), str(text or ""))[1]


@register.filter
def language_name(code: str) -> str:
    """The language's own name for itself; the code where Django does not know it."""
    try:
        return get_language_info(code)["name_local"]
    except KeyError:
        return code


@register.filter
def field_language(record: Any, field: str) -> str:
    """The language a translated field is shown in: the reader's, or the one it falls back to."""
    from portal.languages import reading_order

    return next((code for code in reading_order() if getattr(record, f"{field}_{code}", None)), "en")


@register.simple_tag(takes_context=True)
def panel(context: Context, shown: Panel) -> SafeString:
    """A section that a kind adds to a page of the portal's."""
    template_of = context.template.engine.get_template  # type: ignore[union-attr]
    return template_of(shown.template).render(context.new(dict(shown.context)))
