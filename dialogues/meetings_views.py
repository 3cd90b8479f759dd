"""The pages of meetings, and their calendars for other programs."""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dialogues import agenda, calendars
from dialogues.attendance import sums_of
from dialogues.filters import MeetingFilter
from dialogues.models import Activity, Dialogue, Instrument, Meeting, MeetingQuerySet, MeetingSeries
from portal.calendars import answer
from portal.models import Organisation
from portal.views.records import get_page, get_record
from portal.views.vocabularies import sections_about


@dataclass(frozen=True)
class Shelf:
    """What the components of lists ask of a kind."""

    label: str
    plural: str
    url: str


@require_safe
def meeting_list(request: HttpRequest) -> HttpResponse:
    """The calendar: what is to come, then what was held; or one month of it as a table of its days."""
    visible = Meeting.objects.visible_to(request.user)
    selection = MeetingFilter(request.GET, visible, request.user)
    shelf = Shelf(_("meeting"), _("meetings"), reverse("dialogues:meetings"))
    context = {"kind": shelf, "selection": selection, "total": visible.count()}
    if not selection.is_valid():
        return render(request, "dialogues/meeting_list.html", context, status=400)
    dates = selection.dates
    query = f"?{selection.unturned_query}" if selection.unturned_query else ""
    context |= {
        "feed": calendars.Feed(reverse("dialogues:calendar") + query, sum(not one.has_days for one in dates)),
        "list_query": query or reverse("dialogues:meetings"),
        "month_to_open": selection.opened or agenda.month_to_open(dates),
    }
    if selection.opened:
        context |= {"sheet": agenda.sheet_of(selection.opened, _listed(selection.qs)), "years": agenda.months_of(dates)}
        return render(request, "dialogues/meeting_month.html", context)
    page = get_page(request, agenda.in_order(dates))
    found = _listed(visible).in_bulk([one.pk for one in page.object_list])
    meetings = [found[one.pk] for one in page.object_list if one.pk in found]
    return render(request, "dialogues/meeting_list.html", context | {"page": page, "parts": agenda.parts(meetings)})


@require_safe
def meeting_calendar(request: HttpRequest) -> HttpResponse:
    """The same selection for another program, as visitors see it. 400 in words for one that cannot be read."""
    selection = MeetingFilter(request.GET, calendars.visible(), calendars.VISITOR)
    if not selection.is_valid():
        return _unreadable(selection)
    return answer(request, calendars.of_all(selection.qs, selection.cleaned_query), "meetings.ics")


def _unreadable(selection: MeetingFilter) -> HttpResponse:
    reasons = [
        f"{selection.form.fields[name].label}{_(': ')}{' '.join(errors)}" for name, errors in selection.errors.items()
    ]
    way_back = f"{settings.SITE_URL}{reverse('dialogues:meetings')}"
    text = "\n".join((_("This selection cannot be read."), *reasons, way_back, ""))
    return HttpResponse(text, content_type="text/plain; charset=utf-8", status=400)


@require_safe
def dialogue_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = get_record(Dialogue, slug, calendars.VISITOR)
    return answer(request, calendars.of_dialogue(dialogue), f"{dialogue.slug}-meetings.ics")


@require_safe
def one_calendar(request: HttpRequest, slug: str, dialogue: str = "") -> HttpResponse:
    """404 where the day is not known: nothing would stand in it."""
    if dialogue:
        held_by = get_record(Dialogue, dialogue, calendars.VISITOR)
        meeting = get_object_or_404(calendars.visible(), slug=slug, dialogue=held_by)
    else:
        meeting = get_object_or_404(calendars.visible(), slug=slug, dialogue__isnull=True)
    if not meeting.has_days:
        raise Http404
    return answer(request, calendars.of_one(meeting), f"{meeting.slug}.ics")


@require_safe
def meeting_series(request: HttpRequest, slug: str) -> HttpResponse:
    """All meetings of a series, in the order of the calendar."""
    series = get_object_or_404(MeetingSeries.objects.visible_to(request.user), slug=slug)
    meetings = list(_listed(Meeting.objects.visible_to(request.user).filter(series=series)))
    dates = agenda.in_order(agenda.Dates(one.pk, one.start, one.end) for one in meetings)
    order = {one.pk: place for place, one in enumerate(dates)}
    meetings.sort(key=lambda one: order[one.pk])
    dialogue = Dialogue.objects.visible_to(request.user).filter(pk=series.dialogue_id).first()
    context = {
        "series": series,
        "dialogue": dialogue,
        "parts": agenda.parts(meetings),
        "count": len(meetings),
        "feed": calendars.Feed(calendars.address_of_series(series), sum(not one.has_days for one in meetings)),
    }
    return render(request, "dialogues/meeting_series.html", context)


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
    return _listed(Meeting.objects.visible_to(request.user))


def _listed(meetings: MeetingQuerySet) -> MeetingQuerySet:
    return meetings.select_related("dialogue", "country", "series")


def _meeting_page(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    attendance = list(meeting.attendance.all())
    others = list(_meetings(request).filter(series=meeting.series).exclude(pk=meeting.pk)) if meeting.series_id else []
    is_in_calendar = meeting.has_days and calendars.visible().filter(pk=meeting.pk).exists()
    context = {
        "meeting": meeting,
        "organisers": Organisation.objects.visible_to(request.user).filter(meetings=meeting).by_name(),
        "sectors": [row for row in attendance if row.sector],
        "totals": [row for row in attendance if not row.sector],
        "sums": sums_of(meeting, attendance),
        "activities": Activity.objects.visible_to(request.user)
        .filter(meeting=meeting)
        .select_related("domain")
        .prefetch_related("countries"),
        "instruments": Instrument.objects.visible_to(request.user).filter(adopted_at=meeting),
        "before": agenda.before(meeting, others),
        "after": agenda.after(meeting, others),
        "others": len(others),
        "feed": calendars.Feed(calendars.address_of(meeting)) if is_in_calendar else None,
        "sections": sections_about(meeting, request.user),
    }
    return render(request, "dialogues/meeting.html", context)
