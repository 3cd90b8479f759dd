from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal import kinds
from portal.views.records import get_record, list_page
from tests.events.models import Event


@require_safe
def event_list(request: HttpRequest) -> HttpResponse:
    return list_page(request, kinds.get("event"), "events/list.html")


@require_safe
def event_detail(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "events/detail.html", {"event": get_record(Event, slug, request.user)})
