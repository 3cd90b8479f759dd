"""Tags and filters of every template; loaded as builtins."""

import datetime
from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.urls import translate_url
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info

from portal import prose as prose_module
from portal.dates import PartialDate

register = template.Library()


@register.simple_tag(takes_context=True)
def noted(context: Context, text: Any) -> SafeString:
    """Text with the territorial marks it needs; their footnotes gather at the foot of the page."""
    return context["territorial_notes"].mark("" if text is None else text)


@register.simple_tag(takes_context=True)
def noted_plain(context: Context, text: Any) -> str:
    """The same where no link can stand: a page title, a description."""
    return context["territorial_notes"].mark_plain(str(text or ""))


@register.simple_tag(takes_context=True)
def prose(context: Context, text: str | None) -> SafeString:
    """Running text with markup, cleaned, with its territorial marks."""
    return context["territorial_notes"].mark(prose_module.to_html(text))


@register.simple_tag(takes_context=True)
def paragraphs(context: Context, text: str | None) -> SafeString:
    """Plain text whose paragraphs are parted by blank lines."""
    return context["territorial_notes"].mark(prose_module.to_html(prose_module.from_text(text or "")))


@register.simple_tag(takes_context=True)
def linked(context: Context, things: Any, empty: str = "") -> SafeString:
    """Things with addresses of their own as links, parted by commas."""
    notes = context["territorial_notes"]
    links = (
        format_html('<a href="{}">{}</a>{}', thing.get_absolute_url(), *_label_and_marks(notes, str(thing)))
        for thing in things
    )
    return format_html_join(", ", "{}", ((link,) for link in links)) or format_html("{}", empty)


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
    label = _label_and_marks(context["territorial_notes"], text or str(thing))
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
    """The address of this page in every language, for the menu and for hreflang."""
    request = context.get("request")
    path = request.get_full_path() if request else "/"
    return [
        get_language_info(code) | {"url": translate_url(path, code), "name": name} for code, name in settings.LANGUAGES
    ]


@register.simple_tag(takes_context=True)
def page_query(context: Context, page: int) -> str:
    """The query string of another page of the same selection."""
    query = context["selection"].cleaned_query
    if page > 1:
        query["page"] = str(page)
    encoded = query.urlencode()
    return f"?{encoded}" if encoded else context["request"].path


@register.filter
def field_language(record: Any, field: str) -> str:
    """The language a translated field is shown in: the reader's, or the one it falls back to."""
    from portal.languages import reading_order

    return next((code for code in reading_order() if getattr(record, f"{field}_{code}", None)), "en")
