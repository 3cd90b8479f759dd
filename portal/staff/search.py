"""Search over all kinds, to the page: results with passages, how the query was read, what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from portal import kinds
from portal.editorial import Reader
from portal.models import Basket
from portal.models.desk import LONGEST_NAME, SavedSearch
from portal.search.finding import DEEPEST, ORDERS, Search
from portal.search.grammar import QueryError, describe, lenient
from portal.search.reading import ALL, Expansion
from portal.search.store import IndexUnavailable
from portal.staff import facets
from portal.staff.access import me, reading
from portal.staff.asking import Asked
from portal.staff.results import Result, read
from portal.staff.unanswered import note_unanswered
from portal.views.records import PER_PAGE, get_page

ORDER_LABELS = {"best": _("Best match"), "newest": _("Newest"), "changed": _("Last changed")}
TITLES_AT_MOST = 20  # of a kind, while there is no index


@dataclass(frozen=True)
class Removable:
    """What the thesaurus added, and the address of the search without it."""

    expansion: Expansion
    query_without: str


@dataclass(frozen=True)
class Trouble:
    """What is wrong with a query: its text, parted at the place."""

    message: str
    before: str
    place: str
    after: str
    bare: str  # the words as they stand; empty where there is none


@reading
def results(request: HttpRequest) -> HttpResponse:
    """400 for what cannot be read; while there is no index, records by their titles, and it says so."""
    asked = Asked.of(request.GET, request.user)
    context: dict[str, Any] = {"asked": asked, "selection": asked, "longest_name": LONGEST_NAME}
    if asked.errors or not asked.text:
        return render(request, "staff/search.html", context, status=400 if asked.errors else 200)
    try:
        search = asked.search(request.user)
        context |= _found(request, asked, search)
    except QueryError as error:
        context["trouble"] = trouble(asked.text, error)
        return render(request, "staff/search.html", context, status=400)
    except IndexUnavailable:
        context["by_title"] = _by_title(asked.text, request.user)
        return render(request, "staff/search.html", context)
    context["baskets"] = Basket.objects.filter(owner=me(request))
    context["alerts"] = SavedSearch.Alert.choices
    return render(request, "staff/search.html", context)


def _found(request: HttpRequest, asked: Asked, search: Search) -> dict[str, Any]:
    number = request.GET.get("page", "1")
    first = (int(number) - 1) * PER_PAGE if number.isascii() and number.isdigit() and 0 < len(number) <= 3 else 0
    found = search.find(
        selected=asked.selected, sort=asked.sort, offset=max(first, 0), limit=PER_PAGE, facets=facets.names()
    )
    page: Page[Any] = get_page(request, range(min(found.total, DEEPEST)))
    if found.total == 0 and not asked.is_narrowed:
        note_unanswered(asked.text)
    expansions = found.reading.expansions
    return {
        "found": found,
        "page": page,
        "results": read(found.hits, request.user, search),
        "facets": facets.counted(found.facets, asked.facets, request.user),
        "chips": asked.chips(request.user),
        "description": describe(found.reading.query),
        "expansions": [
            Removable(one, asked.but(without=[*asked.without, one.concept]))
            for one in expansions
        ],
        "without_all": asked.but(without=[ALL]) if len(expansions) > 1 else "",
        "with_thesaurus": asked.but(without=()) if asked.without else "",
        "relaxed": asked.but(relaxed=True) if found.total == 0 and not found.reading.is_relaxed else "",
        "strict": asked.but(relaxed=False) if asked.relaxed else "",
        "orders": [(name, ORDER_LABELS[name]) for name in ORDERS],
    }  # fmt: skip


def trouble(text: str, error: QueryError) -> Trouble:
    start = min(max(error.start, 0), len(text))
    end = min(max(error.end, start), len(text))
    bare = lenient(text)
    return Trouble(error.message, text[:start], text[start:end], text[end:], str(bare) if bare else "")


def _by_title(text: str, reader: Reader) -> Sequence[Result]:
    words = str(lenient(text) or "")[:200]
    shown = []
    for kind in kinds.all():
        selection = kind.filterset({"q": words}, kind.visible_to(reader), reader)
        if words and selection.is_valid():
            shown += [Result(kind, record) for record in kind.listed(selection.qs)[:TITLES_AT_MOST]]
    return shown
