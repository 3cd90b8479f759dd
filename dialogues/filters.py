"""The selections of dialogues and of their meetings."""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dialogues.agenda import Dates
from dialogues.models import Dialogue, Meeting, MeetingQuerySet, MeetingSeries
from portal.dates import EARLIEST, LATEST, PartialDate
from portal.filters import Chip, Choice, ChoiceFacetFilter, Facet, FacetFilter, KindFilterSet, SortFilter, WordsFilter
from portal.filters.facets import NOT_STATED
from portal.languages import columns
from portal.models import Country, Region, Theme


class DialogueFilter(KindFilterSet):
    q = WordsFilter(
        [
            *columns("title"),
            "acronym",
            "other_names__name",
            *columns("purpose"),
            *columns("description"),
            *columns("participants_note"),
        ],
        countries="participations__country",
    )
    stage = ChoiceFacetFilter("stage", Dialogue.Stage.choices, label=_("Stage"))
    region = FacetFilter("regions", Region, label=_("Region"))
    country = FacetFilter("participations__country", Country, key="iso2", upper=True, label=_("Participant"))
    theme = FacetFilter("themes", Theme, label=_("Theme"))
    sort = SortFilter({"title": (_("Name, A to Z"), lambda qs: qs.by_title())})

    class Meta:
        model = Dialogue
        fields: list[str] = []


class DialogueFacet(FacetFilter):
    """The dialogues that meet; a meeting of none is not one whose dialogue is not stated."""

    def _arranged(self, *args: Any) -> Facet:
        facet = super()._arranged(*args)
        return replace(facet, choices=[self._named(choice) for choice in facet.choices])

    def _named(self, choice: Choice) -> Choice:
        return replace(choice, label=str(_("No dialogue"))) if choice.value == NOT_STATED else choice


class YearFacet(ChoiceFacetFilter):
    """The years a meeting reaches into, as exactly as its dates are known: "2021" is in 2021, whatever its day."""

    def __init__(self, **kwargs: Any) -> None:
        years = ((str(year), year) for year in range(EARLIEST, LATEST + 1))
        super().__init__("start", years, **kwargs)

    def filter(self, qs: Any, value: list[str]) -> Any:
        match = Q()
        for year in map(int, value):
            match |= _within(datetime.date(year, 1, 1), datetime.date(year, 12, 31))
        return qs.filter(match) if value else qs

    def facet(self, name: str, queryset: Any, chosen: Sequence[str]) -> Facet:
        spans = queryset.order_by().values_list("start_first", "end_last")
        counts = Counter(
            year
            for first, last in spans
            if first or last
            for year in range((first or last).year, (last or first).year + 1)
        )
        counts.update({int(year): 0 for year in chosen})
        years = sorted(counts, reverse=True)
        return Facet(name, str(self.label), [Choice(str(y), str(y), counts[y], str(y) in chosen) for y in years])


def _within(first: datetime.date, last: datetime.date) -> Q:
    """Meetings that may have had a day from `first` to `last`."""
    return (Q(start_first__lte=last) & Q(end_last__gte=first)) | (
        Q(start_first=None) & Q(end_last__range=(first, last))
    )


class MonthField(forms.Field):
    default_error_messages = {"invalid": _("“%(value)s” is no month. Write year and month, for instance 2021-10.")}

    def to_python(self, value: Any) -> PartialDate | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            month = PartialDate.parse(text)
        except ValueError:
            month = None
        if month is None or month.month is None or month.month > 12 or month.day:
            raise ValidationError(self.error_messages["invalid"], params={"value": text[:60]})
        return month


class MonthFilter(django_filters.Filter):
    field_class = MonthField

    def filter(self, qs: Any, value: PartialDate | None) -> Any:
        return qs.filter(_within(value.first_day, value.last_day)) if value else qs


class MeetingFilter(KindFilterSet):
    """The selection of the calendar. Meetings are no kind: their words are looked for in the database, and their
    order is that of `dates`. `month` turns to a page of the calendar; it is no filter to readers.
    """

    q = WordsFilter(
        [
            *columns("title"),
            *columns("summary"),
            "place",
            "hosts",
            *columns("dialogue__title"),
            "dialogue__acronym",
            *columns("series__name"),
        ],
        countries="country",
    )
    when = ChoiceFacetFilter(
        "tense", {"next": _("To come"), "past": _("Held"), NOT_STATED: _("Date not stated")}.items(), label=_("When")
    )
    year = YearFacet(label=_("Year"))
    dialogue = DialogueFacet("dialogue", Dialogue, allow_none=True, label=_("Dialogue"))
    type = ChoiceFacetFilter("type", Meeting.Type.choices, label=_("Type"))
    mode = ChoiceFacetFilter(
        "how", [(value or NOT_STATED, label) for value, label in Meeting.Mode.choices], label=_("Mode")
    )
    country = FacetFilter(
        "country", Country, key="iso2", upper=True, allow_none=True, label=pgettext_lazy("of a meeting", "Held in")
    )
    series = FacetFilter("series", MeetingSeries, label=_("Series"))
    month = MonthFilter(label=_("Month"))

    class Meta:
        model = Meeting
        fields: list[str] = []

    def prepare(self, queryset: MeetingQuerySet) -> MeetingQuerySet:
        today = timezone.localdate()
        return queryset.annotate(
            tense=Case(
                When(end_last__isnull=True, then=Value(NOT_STATED)),
                When(end_last__lt=today, then=Value("past")),
                default=Value("next"),
            ),
            how=Case(When(mode="", then=Value(NOT_STATED)), default=F("mode")),
        )

    def look_up(self, text: str) -> str:
        return text

    @property
    def reading_options(self) -> list[tuple[str, str]]:
        """The form of the filters stays on the page of the calendar that is open."""
        return [("month", str(self.opened))] if self.opened else []

    @property
    def records(self) -> MeetingQuerySet:
        return self.qs

    @property
    def opened(self) -> PartialDate | None:
        return self.form.cleaned_data.get("month")

    @property
    def chips(self) -> list[Chip]:
        label = str(self.filters["month"].label)
        return [chip for chip in super().chips if chip.label != label]

    @property
    def unturned_query(self) -> str:
        """The selection without the month that is open, as the query string of the whole."""
        query = self.cleaned_query
        query.pop("month", None)
        return query.urlencode()

    @cached_property
    def unturned(self) -> Any:
        """The whole selection, whatever month is open."""
        return self._selection_without("month")

    @cached_property
    def dates(self) -> list[Dates]:
        return [Dates(*row) for row in self.unturned.order_by().values_list("pk", "start", "end")]
