"""Pages for what goes wrong. Those for 400 and 500 need no database."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from portal import kinds
from portal.editorial import EditorialModel
from portal.views.records import Gone


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse(render_to_string("400.html"), status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 with near matches; 410 for a record that was public and has been withdrawn."""
    if isinstance(exception, Gone):
        return render(request, "410.html", {"record": exception.record}, status=410)
    words = " ".join(request.path_info.strip("/").split("/")[-1].replace("-", " ").split()[:4])[:80]
    return render(request, "404.html", {"words": words, "matches": _near(words, request.user)}, status=404)


def _near(words: str, user: Any) -> list[EditorialModel]:
    """Public records whose selection by these words is not empty, a few of each kind."""
    matches: list[EditorialModel] = []
    for kind in kinds.all() if len(words) > 2 else []:
        selection = kind.filterset({"q": words}, queryset=kind.visible_to(user))
        if selection.is_valid():
            matches += selection.qs[:3]
    return matches[:5]


def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponse(render_to_string("500.html"), status=500)
