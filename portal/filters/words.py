"""Filters without choices to count: words, years, the order of a list."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.models import Country

MOST_WORDS = 20


class WordsFilter(django_filters.CharFilter):
    """Every word must stand somewhere in `columns`, or in a name of one of the record's countries.

    Case is ignored, and in names of countries accents too. The simplest honest search.
    """

    def __init__(self, columns: Sequence[str], countries: str = "", **kwargs: Any) -> None:
        self.columns, self.countries = columns, countries
        super().__init__(
            label=_("Words"),
            max_length=200,
            validators=[ProhibitNullCharactersValidator()],
            required=False,
            **kwargs,
        )

    def filter(self, qs: Any, value: str) -> Any:
        if not value:
            return qs
        match = Q()
        for word in value.split()[:MOST_WORDS]:
            anywhere = Q()
            for column in self.columns:
                anywhere |= Q(**{f"{column}__icontains": word})
            if self.countries and len(word) > 2:
                anywhere |= Q(**{f"{self.countries}__in": list(Country.objects.called(word))})
            match &= Q(pk__in=qs.model._base_manager.filter(anywhere).order_by().values("pk"))
        return qs.filter(match)


class YearFilter(django_filters.NumberFilter):
    """A year from 1900 to 2200; `method` of the FilterSet says what it does."""

    field_class = forms.IntegerField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1900, max_value=2200, **kwargs)


class SortFilter(django_filters.ChoiceFilter):
    """The order of a list. `orders` maps the value in the address to a label and a function of a QuerySet."""

    def __init__(self, orders: dict[str, tuple[Any, Any]], **kwargs: Any) -> None:
        self.orders = orders
        super().__init__(
            label=_("Sort"),
            choices=[(value, label) for value, (label, _order) in orders.items()],
            empty_label=None,
            null_label=None,
            **kwargs,
        )

    def filter(self, qs: Any, value: str) -> Any:
        order = self.orders[value or next(iter(self.orders))][1]
        return order(qs)
