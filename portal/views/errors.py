"""Pages for what goes wrong. Those for 400 and 500 need no database."""

from difflib import get_close_matches
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.csrf import csrf_failure

from portal import kinds
from portal.editorial import EditorialModel
from portal.views.records import Gone


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse(render_to_string("400.html"), status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """In the admin this is mostly a form from before a sign-in in another window: it says what became of the form."""
    if not request.path.startswith(reverse("admin:index")):
        return csrf_failure(request, reason)
    context = admin.site.each_context(request) | {"back": request.get_full_path()}
    return render(request, "admin/portal/not_accepted.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 with near matches; 410 for a record that was public and has been withdrawn."""
    if isinstance(exception, Gone):
        return render(request, "410.html", {"record": exception.record}, status=410)
    words = " ".join(request.path_info.strip("/").split("/")[-1].replace("-", " ").split()[:4])[:80]
    return render(request, "404.html", {"words": words, "matches": _near(words, request.user)}, status=404)


def _near(words: str, user: Any) -> list[EditorialModel]:
    """Records whose address is spelt much the same, then those that hold these words."""
    matches: list[EditorialModel] = []
    for kind in kinds.all() if len(words) > 2 else []:
        visible = kind.visible_to(user)
        slugs = visible.order_by().values_list("slug", flat=True)
        close = get_close_matches(words.replace(" ", "-").lower(), slugs, n=3, cutoff=0.7)
        matches += sorted(visible.filter(slug__in=close), key=lambda record: close.index(record.slug))
        selection = kind.filterset({"q": words}, visible, user)
        if selection.is_valid():
            matches += selection.qs.exclude(slug__in=close)[:3]
    return matches[:5]


def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponse(render_to_string("500.html"), status=500)
