"""The desk's front page, how to write a query, and the queries that found nothing."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal import kinds
from portal.models import Basket, Country, SavedSearch, UnansweredQuery
from portal.search.grammar import FIELDS
from portal.staff import upkeep, watching
from portal.staff.access import changing, me, reading
from portal.staff.composing import ComposeForm
from portal.views.records import get_page

LATEST_UNANSWERED = 8


@reading
def desk(request: HttpRequest) -> HttpResponse:
    return front(request, ComposeForm(None, request.user))


def front(request: HttpRequest, form: ComposeForm, status: int = 200) -> HttpResponse:
    saved = watching.refreshed(SavedSearch.objects.filter(owner=me(request)).select_related("owner"))
    context = {
        "form": form,
        "saved": watching.visible_news(saved, request.user),
        "baskets": Basket.objects.filter(owner=me(request)).with_sizes(),
        "unanswered": UnansweredQuery.objects.shown()[:LATEST_UNANSWERED],
        "reports": [*upkeep.reports(), *(report for kind in kinds.all() for report in kind.reports(request.user))],
    }
    return render(request, "staff/desk.html", context, status=status)


@dataclass(frozen=True)
class Example:
    query: str
    meaning: str


def examples() -> list[Example]:
    """Each of them can be searched as it stands."""
    country = Country.objects.by_name().first()
    return [
        Example("border management", _("Pages and records that have both words, in any of their forms.")),
        Example('"voluntary return"', _("The words side by side, in this order.")),
        Example('"return reintegration"~5', _("The words at most five places apart.")),
        Example("visa OR permit", _("Either word.")),
        Example("asylum -detention", _("The first word where the second one does not stand.")),
        Example("(visa OR permit) AND family", _("Brackets say what belongs together.")),
        Example("migr*", _("All words that begin so; at least two letters.")),
        Example("title:strategy", _("Only in titles.")),
        Example("author:ministry", _("Only in the names of authors and organisations.")),
        Example("migration year:2019..2021", _("Only what is dated so; year:2019.. and year:..2021 are open.")),
        Example(f"training kind:{kinds.all()[-1].name}", _("Only one kind of content.")),
        Example("migration language:fr", _("Only publications that are there in this language.")),
        *([Example(f"migration country:{country.iso2}", _("Only what is about this country."))] if country else ()),
    ]


@reading
def language_help(request: HttpRequest) -> HttpResponse:
    return render(request, "staff/help.html", {"examples": examples(), "fields": FIELDS})


@reading
def unanswered(request: HttpRequest) -> HttpResponse:
    return render(request, "staff/unanswered.html", {"page": get_page(request, UnansweredQuery.objects.shown())})


@changing
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    query = get_object_or_404(UnansweredQuery.objects.shown(), pk=pk)
    UnansweredQuery.objects.filter(pk=query.pk).update(is_dismissed=True)
    messages.success(request, _("“%(text)s” is dismissed.") % {"text": query.text})
    return redirect("staff:unanswered")
