"""The selection of projects."""

import datetime
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.filters import ChoiceFacetFilter, FacetFilter, KindFilterSet, SortFilter, WordsFilter, YearFilter
from portal.languages import columns
from portal.models import Country, CountryGroup, Organisation, Region, Theme
from projects.models import Programme, Project, ProjectQuerySet, ProjectRole, Stage


class ProjectFilter(KindFilterSet):
    q = WordsFilter(
        [*columns("title"), "acronym", "other_names__name", *columns("objective"), *columns("summary")],
        countries="countries",
    )
    status = ChoiceFacetFilter("stage_now", Stage.choices, label=_("Status"))
    region = FacetFilter("regions", Region, label=_("Region"))
    country = FacetFilter("countries", Country, key="iso2", upper=True, label=_("Country"))
    group = FacetFilter("country_groups", CountryGroup, label=_("Group of states"))
    theme = FacetFilter("themes", Theme, label=_("Theme"))
    donor = FacetFilter(
        "roles__organisation",
        Organisation,
        only=Q(roles__role=ProjectRole.Role.DONOR),
        allow_none=True,
        label=_("Donor"),
    )
    programme = FacetFilter("programme", Programme, label=_("Facility or programme"))
    year_from = YearFilter(method="running", label=_("Running from"))
    year_to = YearFilter(method="running", label=_("Running to"))
    sort = SortFilter(
        {
            "title": (_("Title, A to Z"), lambda qs: qs.by_title()),
            "start": (
                _("Newest start"),
                lambda qs: qs.order_by(F("start_first").desc(nulls_last=True), "pk"),
            ),
            "end": (_("Ending soonest"), lambda qs: qs.order_by(F("end_last").asc(nulls_last=True), "pk")),
            "changed": (_("Last changed"), lambda qs: qs.order_by("-changed_at", "pk")),
        }
    )

    class Meta:
        model = Project
        fields: list[str] = []

    def prepare(self, queryset: ProjectQuerySet) -> ProjectQuerySet:
        return queryset.with_stage()

    def running(self, queryset: ProjectQuerySet, name: str, value: Any) -> ProjectQuerySet:
        if name == "year_from":
            return queryset.running_between(datetime.date(int(value), 1, 1), None)
        return queryset.running_between(None, datetime.date(int(value), 12, 31))
