"""The selection of publications."""

import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from dialogues.models import Dialogue
from portal.filters import FacetFilter, KindFilterSet, SortFilter, WordsFilter, YearFilter
from portal.languages import columns
from portal.models import Country, CountryGroup, Region, Theme
from projects.models import Project
from publications.models import Publication, PublicationQuerySet, PublicationType, Series


class PublicationFilter(KindFilterSet):
    q = WordsFilter(
        [
            *columns("title"),
            *columns("subtitle"),
            *columns("abstract"),
            "contributors__family_name",
            *columns("contributors__organisation__name"),
            "contributors__organisation__acronym",
            "identifiers__value",
        ],
        countries="countries",
    )
    type = FacetFilter("type", PublicationType, label=_("Type"))
    region = FacetFilter("regions", Region, label=_("Region"))
    country = FacetFilter("countries", Country, key="iso2", upper=True, label=_("Country"))
    group = FacetFilter("country_groups", CountryGroup, label=_("Group of states"))
    theme = FacetFilter("themes", Theme, label=_("Theme"))
    dialogue = FacetFilter("dialogues", Dialogue, label=_("Dialogue"))
    project = FacetFilter("projects", Project, label=_("Project"))
    series = FacetFilter("series", Series, label=_("Series"))
    year_from = YearFilter(method="dated", label=_("From year"))
    year_to = YearFilter(method="dated", label=_("To year"))
    sort = SortFilter(
        {
            "newest": (_("Newest"), lambda qs: qs.order_by(F("date_first").desc(nulls_last=True), "pk")),
            "title": (_("Title, A to Z"), lambda qs: qs.by_title()),
            "changed": (_("Last changed"), lambda qs: qs.order_by("-changed_at", "pk")),
        }
    )

    class Meta:
        model = Publication
        fields: list[str] = []

    def dated(self, queryset: PublicationQuerySet, name: str, value: Any) -> PublicationQuerySet:
        if name == "year_from":
            return queryset.filter(date_first__gte=datetime.date(int(value), 1, 1))
        return queryset.filter(date_first__lte=datetime.date(int(value), 12, 31))
