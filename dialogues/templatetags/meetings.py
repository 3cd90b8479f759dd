"""What templates ask of meetings; {% load meetings %}."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from dialogues.calendars import feed_of
from dialogues.documents import with_documents
from dialogues.linked_data import event_of
from dialogues.models import Dialogue, Meeting
from portal.linked_data import json_ld
from portal.models import Organisation
from portal.templatetags.portal import notes_of

register = template.Library()


@register.simple_tag(takes_context=True)
def documented(context: Context, meetings: Iterable[Meeting]) -> list[Meeting]:
    """The meetings, each with `documents`: what the reader can read of it, counted by kind."""
    request: Any = getattr(context, "request", None)
    return with_documents(meetings, request.user) if request else list(meetings)


@register.simple_tag(takes_context=True)
def meeting_data(context: Context, meeting: Meeting, organisers: Iterable[Organisation]) -> SafeString:
    """The meeting for machines, with the marks of the page's territorial notes."""
    return json_ld(event_of(meeting, organisers, notes_of(context).mark_plain))


@register.inclusion_tag("dialogues/_feed.html")
def calendar_of(dialogue: Dialogue) -> dict[str, Any]:
    """Where its meetings are fetched from as a calendar; nothing while visitors do not see it."""
    return {"feed": feed_of(dialogue) if dialogue.is_public else None}
