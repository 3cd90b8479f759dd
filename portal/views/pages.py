"""Plain pages for people; robots and health for machines."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.models import Page
from portal.search import store


@require_safe
def page(request: HttpRequest, slug: str = "") -> HttpResponse:
    shown = get_object_or_404(Page, slug=slug, is_public=True)
    return render(request, "portal/page.html", {"shown": shown})


@never_cache
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Fit to serve: the database answers and has every migration. Without a search index titles are searched
    instead, so that keeps no machine out of service, but it is said."""
    try:
        executor = MigrationExecutor(connection)
        pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return JsonResponse({"database": "not reachable"}, status=503)
    status = {"database": "ok", "migrations": "ok" if not pending else f"{pending} to apply", "search": "ok"}
    try:
        store.opened()
    except store.IndexUnavailable:
        status["search"] = "titles only"
    return JsonResponse(status, status=503 if pending else 200)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /accounts/",
        "Disallow: /preview/",
        "Disallow: /search/",
        "Disallow: /staff/",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain")
