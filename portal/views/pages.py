"""Plain pages and key figures for people; robots and health for machines."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.models import FigureGroup, KeyFigure, Page
from portal.search import store


@require_safe
def page(request: HttpRequest, slug: str = "") -> HttpResponse:
    shown = get_object_or_404(Page, slug=slug, is_public=True)
    return render(request, "portal/page.html", {"shown": shown})


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    rows = KeyFigure.objects.select_related("source", "country").order_by("position", "pk")
    groups = FigureGroup.objects.prefetch_related(Prefetch("figures", queryset=rows))
    shown = [{"group": group, "rows": list(measured(group.figures.all()))} for group in groups]
    return render(request, "portal/figures.html", {"groups": [one for one in shown if one["rows"]]})


def measured(rows: Iterable[KeyFigure]) -> Iterable[dict[str, Any]]:
    """Figures with the length of their bars in per cent of the longest; none where they cannot be compared."""
    rows = list(rows)
    parts = [row.value for row in rows if row.value is not None and not row.is_total]
    comparable = len(parts) > 1 and len({row.unit for row in rows}) == 1
    longest = max(parts, default=Decimal(0))
    for row in rows:
        bar = None
        if comparable and longest > 0 and row.value is not None and not row.is_total:
            bar = f"{100 * row.value / longest:.1f}%"
        yield {"figure": row, "bar": bar}


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
