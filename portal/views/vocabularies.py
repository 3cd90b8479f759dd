"""Countries, regions, themes and organisations: each a page that joins what all kinds say of it."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal import kinds
from portal.editorial import Reader
from portal.languages import translated
from portal.models import Country, Organisation, Region, Theme

SHOWN = 12


@dataclass(frozen=True)
class Section:
    """A kind's records about one thing."""

    kind: kinds.Kind
    records: list[Any]
    count: int
    current: int | None
    url: str


def sections_about(thing: models.Model, user: Reader) -> list[Section]:
    """Current records first. Kinds without any are left out."""
    sections = []
    for kind, found in kinds.about(thing, user):
        if not (count := found.count()):
            continue
        current, records = None, []
        if kind.current:
            going_on = kind.current(found)
            current = going_on.count()
            records = list(kind.listed(going_on.by_title())[:SHOWN])
        if len(records) < SHOWN:
            rest = found.exclude(pk__in=[record.pk for record in records]).newest()
            records += list(kind.listed(rest)[: SHOWN - len(records)])
        sections.append(Section(kind, records, count, current, kind.selection_url(thing)))
    return sections


def panels_about(thing: models.Model, user: Reader) -> list[kinds.Panel]:
    return [panel for kind in kinds.all() for panel in kind.briefing(thing, user)]


def _context(request: HttpRequest, thing: models.Model) -> dict[str, Any]:
    return {
        "thing": thing,
        "sections": sections_about(thing, request.user),
        "panels": panels_about(thing, request.user),
    }


@require_safe
def country_list(request: HttpRequest) -> HttpResponse:
    """Every country that some visible record names, or that is a member, with how many records of each kind."""
    counts: dict[int, dict[str, int]] = {}
    shown = []
    for kind in kinds.all():
        paths = kind.paths_to(Country)
        if not paths:
            continue
        shown.append(kind)
        visible = kind.visible_to(request.user).order_by()
        pairs = {
            pair for path in paths for pair in visible.filter(**{f"{path}__isnull": False}).values_list("pk", path)
        }
        for _record, country in pairs:
            own = counts.setdefault(country, {})
            own[kind.name] = own.get(kind.name, 0) + 1
    countries = (
        Country.objects.filter(
            models.Q(pk__in=counts) | models.Q(memberships__isnull=False) | models.Q(offices__isnull=False)
        )
        .distinct()
        .select_related("region")
        .prefetch_related("memberships")
        .by_name()
    )
    rows = [
        {"country": country, "counts": [counts.get(country.pk, {}).get(kind.name, 0) for kind in shown]}
        for country in countries
    ]
    return render(request, "portal/country_list.html", {"rows": rows, "shown_kinds": shown})


@require_safe
def country(request: HttpRequest, iso2: str) -> HttpResponse:
    if iso2 != iso2.lower():
        return HttpResponsePermanentRedirect(get_object_or_404(Country, iso2=iso2.upper()).get_absolute_url())
    thing: Country = get_object_or_404(
        Country.objects.select_related("region")
        .prefetch_related("memberships", "steering_group_chairs", "offices", "groups", "other_names")
        .prefetch_related("figures__source", "figures__group"),
        iso2=iso2.upper(),
    )
    return render(request, "portal/country.html", _context(request, thing))


@require_safe
def name_list(request: HttpRequest, model: type[models.Model]) -> HttpResponse:
    """All regions, themes or organisations as links; with the latter the kinds of body they are."""
    things = model._default_manager.all()
    if hasattr(things, "visible_to"):
        things = things.visible_to(request.user)
    context = {"plural": model._meta.verbose_name_plural, "things": things.order_by(translated("name", lower=True))}
    return render(request, "portal/name_list.html", context)


@require_safe
def region(request: HttpRequest, slug: str) -> HttpResponse:
    thing = get_object_or_404(Region, slug=slug)
    countries = Country.objects.filter(region=thing).by_name()
    figures = thing.figures.select_related("group", "source")
    context = _context(request, thing) | {"countries": countries, "figures": figures}
    return render(request, "portal/region.html", context)


@require_safe
def theme(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "portal/theme.html", _context(request, get_object_or_404(Theme, slug=slug)))


@require_safe
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    visible = Organisation.objects.visible_to(request.user).select_related("country").prefetch_related("other_names")
    thing = visible.filter(slug=slug).first()
    if thing is None:
        raise Http404
    return render(request, "portal/organisation.html", _context(request, thing))
