"""The pages of dialogues and their meetings."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dialogues.models import Activity, Dialogue, Domain, Instrument, Meeting, MeetingQuerySet, Participation
from portal import kinds
from portal.drawings import Span, timeline
from portal.models import Organisation
from portal.views.records import get_page, get_record, list_page
from portal.views.vocabularies import sections_about


@require_safe
def dialogue_list(request: HttpRequest) -> HttpResponse:
    return list_page(request, kinds.get("dialogue"), "dialogues/list.html")


@require_safe
def dialogue_detail(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = get_record(Dialogue, slug, request.user)
    parties = ("country", "organisation", "group")
    chairs = list(dialogue.chair_terms.select_related(*parties))
    activities = Activity.objects.visible_to(request.user)
    domains = Domain.objects.prefetch_related(
        "reference_countries__country", "priorities", Prefetch("activities", queryset=activities)
    )
    meetings = Meeting.objects.visible_to(request.user)
    instruments = list(
        dialogue.instruments.select_related("replaces").prefetch_related(
            Prefetch("domains", queryset=domains), Prefetch("adopted_at", queryset=meetings.select_related("dialogue"))
        )
    )
    spans = [
        *(Span(str(term.party), term.start, term.end, "step-5") for term in reversed(chairs)),
        *(Span(one.title, one.start or one.adopted, one.end) for one in reversed(instruments)),
        *(Span(one.title, one.start, one.end, "step-3") for one in dialogue.mandates.all()),
    ]
    participations = list(dialogue.participations.select_related(*parties))
    by_role = [(role, [row for row in participations if row.role == role]) for role in Participation.Role]
    context = {
        "kind": kinds.of(dialogue),
        "dialogue": dialogue,
        "chair": dialogue.chair_on(timezone.localdate()),
        "chairs": chairs,
        "instruments": instruments,
        "mandates": dialogue.mandates.all(),
        "drawing": timeline(spans),
        "participants": [(role, rows) for role, rows in by_role if rows],
        "bodies": dialogue.bodies.all(),
        "tools": dialogue.tools.all(),
        "names": dialogue.other_names.all(),
        "activities": dialogue.activities.select_related("domain").prefetch_related(
            "countries", Prefetch("meeting", queryset=meetings.select_related("dialogue"))
        ),
        "upcoming": dialogue.meetings.upcoming().select_related("dialogue"),
        "past": dialogue.meetings.past().select_related("dialogue"),
        "trainings": dialogue.trainings.all(),
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
