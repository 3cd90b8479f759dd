"""Site search: one query over all kinds, the best of each, and names of countries, themes and organisations."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal import kinds
from portal.filters import words_alone
from portal.languages import columns
from portal.models import Country, Organisation, Theme
from portal.staff.unanswered import note_unanswered

PER_KIND = 5


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    groups: list[dict[str, Any]] = []
    shown: dict[str, Any] = {"words": words, "groups": groups, "selection": None, "names": []}
    if not words:
        return render(request, "portal/search.html", shown)
    for kind in kinds.all():
        # Every kind reads the words in the same way; filters of its own are not asked for here.
        selection = kind.filterset(words_alone(request.GET), kind.visible_to(request.user), request.user)
        if "q" in selection.errors:
            shown |= {"errors": selection.errors["q"], "plain": selection.plain_query}
            return render(request, "portal/search.html", shown, status=400)
        shown["selection"] = shown["selection"] or selection
        if count := selection.records.count():
            records = selection.records[:PER_KIND]
            if selection.search is not None:
                for record in records:
                    record.passages = selection.search.passages(kind.name, record.pk, limit=2)
            groups.append({"kind": kind, "records": records, "count": count})
    shown["names"] = _names(words, request)
    shown["count"] = sum(group["count"] for group in groups)
    if shown["selection"].search is not None and shown["selection"].search.gave_nothing:
        note_unanswered(words)
    return render(request, "portal/search.html", shown)


def _names(words: str, request: HttpRequest) -> list[Country | Organisation | Theme]:
    """Countries, organisations and themes that are called so, by any of their names."""
    named = Q()
    for column in columns("name"):
        named |= Q(**{f"{column}__icontains": words})
    organisations = Organisation.objects.visible_to(request.user).filter(
        named | Q(other_names__name__icontains=words) | Q(acronym__iexact=words)
    )
    return [
        *Country.objects.called(words).by_name()[:PER_KIND],
        *Theme.objects.filter(named)[:PER_KIND],
        *organisations.distinct()[:PER_KIND],
    ]
