"""Site search in its simplest honest form: every word must stand in a record's names or short texts."""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal import kinds
from portal.filters import WordsFilter
from portal.languages import columns
from portal.models import Country, Organisation, Theme

PER_KIND = 5


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    field = WordsFilter([]).field
    try:
        words = field.clean(request.GET.get("q", ""))
    except ValidationError as error:
        return render(request, "portal/search.html", {"words": "", "errors": error.messages}, status=400)
    groups = []
    if words:
        for kind in kinds.all():
            selection = kind.filterset({"q": words}, kind.visible_to(request.user), request.user)
            records = selection.qs
            if count := records.count():
                groups.append({"kind": kind, "records": kind.listed(records)[:PER_KIND], "count": count})
    context = {
        "words": words,
        "groups": groups,
        "names": _names(words, request) if words else [],
        "count": sum(group["count"] for group in groups),
    }
    return render(request, "portal/search.html", context)


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
