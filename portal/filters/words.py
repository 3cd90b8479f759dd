"""Filters without choices to count: words, years, the order of a list."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db import connection, models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from portal.models import Country

if TYPE_CHECKING:
    from portal.filters.selection import KindFilterSet

MOST_WORDS = 20  # asked of the database
LONGEST = 512  # characters of a query
BEST = "best"


class WordsFilter(django_filters.CharFilter):
    """What people type into a search box, put to the search index.

    Where that cannot be asked, every word must stand somewhere in `columns`, or in a name of one of the record's
    countries. Case is ignored, and in names of countries accents too.
    """

    parent: "KindFilterSet"

    def __init__(self, columns: Sequence[str], countries: str = "", **kwargs: Any) -> None:
        self.columns, self.countries = columns, countries
        super().__init__(
            label=_("Words"),
            max_length=LONGEST,
            required=False,
            **kwargs,
        )

    def filter(self, qs: Any, value: str) -> Any:
        if not value:
            return qs
        if self.parent.search is not None:
            return qs.filter(pk__in=keys_as_rows(qs.model, self.parent.found_keys))
        match = Q()
        for word in value.split()[:MOST_WORDS]:
            anywhere = Q()
            for column in self.columns:
                anywhere |= Q(**{f"{column}__icontains": word})
            if self.countries and len(word) > 2:
                anywhere |= Q(**{f"{self.countries}__in": list(Country.objects.called(word))})
            match &= Q(pk__in=qs.model._base_manager.filter(anywhere).order_by().values("pk"))
        return qs.filter(match)


def keys_as_rows(model: type[models.Model], keys: Sequence[Any]) -> RawSQL:
    """Many primary keys as one parameter: a database takes only so many of them."""
    if connection.vendor == "postgresql":
        kind = model._meta.pk.rel_db_type(connection)
        return RawSQL(f"SELECT unnest(%s::{kind}[])", [list(keys)])  # noqa: S611 (a type of ours)
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps([str(key) for key in keys])])


class YearFilter(django_filters.NumberFilter):
    """A year from 1900 to 2200; `method` of the FilterSet says what it does."""

    field_class = forms.IntegerField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1900, max_value=2200, **kwargs)


class SortFilter(django_filters.ChoiceFilter):
    """The order of a list. `orders` maps the value in the address to a label and a function of a QuerySet.

    What was searched for can also be ordered by how well it answers, and is unless told otherwise.
    """

    parent: "KindFilterSet"

    def __init__(self, orders: dict[str, tuple[Any, Any]], **kwargs: Any) -> None:
        self.orders = orders
        super().__init__(
            label=_("Sort"),
            choices=[(BEST, _("Best match")), *((value, label) for value, (label, _order) in orders.items())],
            empty_label=None,
            null_label=None,
            **kwargs,
        )

    @property
    def default(self) -> str:
        return next(iter(self.orders))

    def filter(self, qs: Any, value: str) -> Any:
        order = self.orders.get(value or self.default, self.orders[self.default])[1]
        return order(qs)
