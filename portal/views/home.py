"""The home page: the portal's own figures between the sections that kinds add."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal import kinds
from portal.models import KeyFigure


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    panels = sorted((p for kind in kinds.all() for p in kind.home(request.user)), key=lambda panel: panel.slot)
    slots = {slot: list(own) for slot, own in groupby(panels, key=lambda panel: panel.slot)}
    figures = KeyFigure.objects.filter(on_home_page=True).select_related("source")[:4]
    return render(request, "portal/home.html", {"slots": slots, "figures": figures})
