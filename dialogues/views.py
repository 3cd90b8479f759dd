"""The pages of dialogues and their meetings."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dialogues.asked import Unreadable
from dialogues.asked import read as asked_days
from dialogues.changes import between, turning_days
from dialogues.models import Activity, Dialogue, Instrument, Meeting, MeetingQuerySet
from dialogues.standing import facts_of, standing_on
from dialogues.timetable import drawing_of, lines_of
from portal import kinds
from portal.models import Organisation
from portal.views.records import get_page, get_record, list_page
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


@require_safe
def meeting_list(request: HttpRequest) -> HttpResponse:
    """The calendar: what is to come, then what was held."""
    visible = Meeting.objects.visible_to(request.user).select_related("dialogue", "country")
    page = get_page(request, visible.past())
    upcoming = visible.upcoming() if page.number == 1 else visible.none()
    return render(request, "dialogues/meeting_list.html", {"upcoming": upcoming, "page": page})


@require_safe
def meeting_detail(request: HttpRequest, dialogue: str, slug: str) -> HttpResponse:
    held_by = get_record(Dialogue, dialogue, request.user)
    meeting = get_object_or_404(_meetings(request), slug=slug, dialogue=held_by)
    return _meeting_page(request, meeting)


@require_safe
def other_meeting(request: HttpRequest, slug: str) -> HttpResponse:
    """A meeting of the organisation that belongs to no dialogue."""
    return _meeting_page(request, get_object_or_404(_meetings(request), slug=slug, dialogue__isnull=True))


def _meetings(request: HttpRequest) -> MeetingQuerySet:
    return Meeting.objects.visible_to(request.user).select_related("dialogue", "country", "series")


def _meeting_page(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    attendance = list(meeting.attendance.all())
    series = _meetings(request).filter(series=meeting.series).exclude(pk=meeting.pk) if meeting.series_id else ()
    context = {
        "meeting": meeting,
        "organisers": Organisation.objects.visible_to(request.user).filter(meetings=meeting).by_name(),
        "sectors": [row for row in attendance if row.sector],
        "totals": [row for row in attendance if not row.sector],
        "sector_sum": sum(row.number for row in attendance if row.sector),
        "activities": Activity.objects.visible_to(request.user)
        .filter(meeting=meeting)
        .select_related("domain")
        .prefetch_related("countries"),
        "instruments": Instrument.objects.visible_to(request.user).filter(adopted_at=meeting),
        "series": series,
        "sections": sections_about(meeting, request.user),
    }
    return render(request, "dialogues/meeting.html", context)
