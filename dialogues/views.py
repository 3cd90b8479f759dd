"""The pages of dialogues."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dialogues.asked import Unreadable
from dialogues.asked import read as asked_days
from dialogues.changes import between, turning_days
from dialogues.documents import with_documents
from dialogues.models import Dialogue
from dialogues.standing import facts_of, standing_on
from dialogues.timetable import drawing_of, lines_of
from portal import kinds
from portal.views.records import get_record, list_page
from portal.views.vocabularies import sections_about


@require_safe
def dialogue_list(request: HttpRequest) -> HttpResponse:
    return list_page(request, kinds.get("dialogue"), "dialogues/list.html")


@require_safe
def dialogue_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A dialogue as it stands, or with ?on= as it stood on a day; with ?since= also what changed until then."""
    dialogue = get_record(Dialogue, slug, request.user)
    try:
        asked = asked_days(request.GET)
    except Unreadable as error:
        return render(request, "dialogues/no_day.html", {"dialogue": dialogue, "why": str(error)}, status=400)
    today = timezone.localdate()
    facts = facts_of(dialogue, request.user)
    with_documents(facts.meetings, request.user)  # for all groups of them at once
    lines = lines_of(facts, asked.day)
    words = {"title": dialogue.title, "day": date_format(asked.day)}
    context = {
        "kind": kinds.of(dialogue),
        "dialogue": dialogue,
        "heading": _("%(title)s on %(day)s") % words if asked.is_dated else dialogue.title,
        "address": dialogue.get_absolute_url() + asked.query,
        "asked": asked,
        "standing": standing_on(facts, asked.day),
        "first_day": facts.first_day if facts.first_day and asked.day < facts.first_day else None,
        "is_to_come": asked.day > today,
        "chairs": facts.chairs,
        "names": facts.names,
        "lines": lines,
        "drawing": drawing_of(lines, asked.day, today),
        "turning_days": turning_days(facts),
        "difference": between(facts, asked.since_day, asked.day) if asked.since_day else None,
        "bodies": dialogue.bodies.all(),
        "tools": dialogue.tools.all(),
        "sections": sections_about(dialogue, request.user),
    }
    return render(request, "dialogues/detail.html", context)
