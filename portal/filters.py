"""Selections: one FilterSet per kind drives its page, its facet counts and every download.

A facet is a filter with several choices, ticked with OR within the facet and AND between facets; beside each
choice stands how many records it would give, counted without the facet's own ticks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal import languages
from portal.editorial import EditorialQuerySet

MOST_VALUES = 20  # ticked in one facet, and words in a query
NOT_STATED = "none"


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    choices: Sequence[Choice]
    folds_after: int = 6

    @property
    def shown(self) -> Sequence[Choice]:
        """The most frequent, and whatever is ticked."""
        return [c for n, c in enumerate(self.choices) if n < self.folds_after or c.is_chosen]

    @property
    def folded(self) -> Sequence[Choice]:
        return [c for n, c in enumerate(self.choices) if n >= self.folds_after and not c.is_chosen]


@dataclass(frozen=True)
class Chip:
    """An active filter, with the query string that is left when it is removed."""

    label: str
    value: str
    query_without: str


class FacetField(forms.Field):
    """Several values of one facet. An unknown value is an error, never silently ignored."""

    widget = forms.MultipleHiddenInput
    default_error_messages = {
        "unknown": _("There is no %(label)s “%(value)s”."),
        "too_many": _("Choose at most %(limit)s."),
    }

    def __init__(self, known: Any, allow_none: bool, normalise: Any, **kwargs: Any) -> None:
        kwargs.pop("lookup_expr", None)
        super().__init__(**kwargs)
        self.known, self.allow_none, self.normalise = known, allow_none, normalise

    def to_python(self, value: Any) -> list[str]:
        values = list(dict.fromkeys(self.normalise(str(v).strip()) for v in value or [] if str(v).strip()))
        if len(values) > MOST_VALUES:
            raise ValidationError(self.error_messages["too_many"], params={"limit": MOST_VALUES})
        plain = [v for v in values if not (self.allow_none and v == NOT_STATED)]
        found = self.known(plain) if plain else set()
        for one in plain:
            if one not in found:
                raise ValidationError(
                    self.error_messages["unknown"],
                    params={"label": str(self.label).lower(), "value": one[:60]},
                )
        return values


class FacetFilter(django_filters.Filter):
    """A facet over a relation: `field_name` leads to the related model, `key` is its column in addresses."""

    field_class = FacetField

    def __init__(
        self,
        field_name: str,
        model: type[models.Model],
        key: str = "slug",
        allow_none: bool = False,
        only: Q | None = None,
        upper: bool = False,
        **kwargs: Any,
    ) -> None:
        self.related, self.key, self.only, self.allow_none = model, key, only, allow_none
        super().__init__(
            field_name=field_name,
            known=lambda values: set(
                model._default_manager.filter(**{f"{key}__in": values}).values_list(key, flat=True)
            ),
            allow_none=allow_none,
            normalise=(lambda text: text if text == NOT_STATED else text.upper()) if upper else str,
            **kwargs,
        )

    def _through(self, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Ids of records that have such a related row at all."""
        related = queryset.model._base_manager.filter(**{f"{self.field_name}__isnull": False})
        return (related.filter(self.only) if self.only is not None else related).order_by().values("pk")

    def filter(self, qs: Any, value: list[str]) -> Any:
        if not value:
            return qs
        chosen = [v for v in value if v != NOT_STATED]
        match = Q()
        if chosen:
            condition = Q(**{f"{self.field_name}__{self.key}__in": chosen})
            if self.only is not None:
                condition &= self.only
            match |= Q(pk__in=qs.model._base_manager.filter(condition).order_by().values("pk"))
        if len(chosen) < len(value):
            match |= ~Q(pk__in=self._through(qs))
        return qs.filter(match)

    def facet(self, name: str, queryset: Any, chosen: Sequence[str]) -> Facet:
        rows = queryset.model._base_manager.filter(
            pk__in=queryset.order_by().values("pk"), **{f"{self.field_name}__isnull": False}
        )
        if self.only is not None:
            rows = rows.filter(self.only)
        counted = (
            rows.order_by()
            .annotate(facet_label=languages.translated(f"{self.field_name}__{self._label_column}"))
            .values_list(f"{self.field_name}__{self.key}", "facet_label")
            .annotate(n=Count("pk", distinct=True))
        )
        found = {key: (label, n) for key, label, n in counted}
        for missing in set(chosen) - set(found) - {NOT_STATED}:
            related = self.related._default_manager.filter(**{self.key: missing}).first()
            found[missing] = (str(related), 0)
        choices = [Choice(key, label, n, key in chosen) for key, (label, n) in found.items()]
        choices.sort(key=lambda choice: (-choice.count, choice.label.casefold()))
        if self.allow_none:
            unstated = queryset.exclude(pk__in=self._through(queryset)).order_by().values("pk").distinct().count()
            if unstated or NOT_STATED in chosen:
                choices.append(Choice(NOT_STATED, str(_("Not stated")), unstated, NOT_STATED in chosen))
        return Facet(name, str(self.label), choices)

    @property
    def _label_column(self) -> str:
        return "name" if any(f.name == "name" for f in self.related._meta.fields) else "title"


class ChoiceFacetFilter(django_filters.Filter):
    """A facet over a column or annotation with fixed choices."""

    field_class = FacetField

    def __init__(self, field_name: str, choices: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        self.labels = dict(choices)
        super().__init__(
            field_name=field_name,
            known=lambda values: set(self.labels) & set(values),
            allow_none=False,
            normalise=str,
            **kwargs,
        )

    def filter(self, qs: Any, value: list[str]) -> Any:
        return qs.filter(**{f"{self.field_name}__in": value}) if value else qs

    def facet(self, name: str, queryset: Any, chosen: Sequence[str]) -> Facet:
        counted = queryset.order_by().values_list(self.field_name).annotate(n=Count("pk", distinct=True))
        counts = dict(counted)
        choices = [
            Choice(value, str(label), counts.get(value, 0), value in chosen)
            for value, label in self.labels.items()
            if counts.get(value) or value in chosen
        ]
        return Facet(name, str(self.label), choices)


class WordsFilter(django_filters.CharFilter):
    """Every word must stand somewhere in `columns`; case is ignored. The simplest honest search."""

    def __init__(self, columns: Sequence[str], **kwargs: Any) -> None:
        self.columns = columns
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
        for word in value.split()[:MOST_VALUES]:
            anywhere = Q()
            for column in self.columns:
                anywhere |= Q(**{f"{column}__icontains": word})
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


class KindFilterSet(django_filters.FilterSet):
    """The base of every kind's selection. Subclasses add facets and end with a SortFilter named `sort`."""

    # Addresses say ?from=2016&to=2018, which cannot be names in a class body.
    public_names = {"year_from": "from", "year_to": "to"}

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        return {cls.public_names.get(name, name): one for name, one in super().get_filters().items()}

    def get_form_class(self) -> type[forms.Form]:
        class SelectionForm(super().get_form_class()):  # type: ignore[misc]
            def clean(self) -> Any:
                cleaned = super().clean()
                first, last = cleaned.get("from"), cleaned.get("to")
                if first and last and last < first:
                    raise ValidationError({"to": _("This year lies before the first one.")})
                return cleaned

        return SelectionForm

    def __init__(self, data: Any = None, queryset: Any = None, **kwargs: Any) -> None:
        super().__init__(data, queryset=self.prepare(queryset), **kwargs)

    def prepare(self, queryset: Any) -> Any:
        """What the facets need on top of the records, an annotation for instance."""
        return queryset

    @cached_property
    def facets(self) -> list[Facet]:
        """All facets with their counts. One query each, two where "not stated" can be chosen."""
        return [
            one.facet(name, self._selection_without(name), self.form.cleaned_data.get(name) or [])
            for name, one in self.filters.items()
            if isinstance(one, FacetFilter | ChoiceFacetFilter)
        ]

    def _selection_without(self, skipped: str) -> EditorialQuerySet:
        selection = self.queryset.all()
        for name, value in self.form.cleaned_data.items():
            if name not in {skipped, "sort"}:
                selection = self.filters[name].filter(selection, value)
        return selection

    @cached_property
    def chips(self) -> list[Chip]:
        """The active filters in words, each with the query string without it."""
        labels = {facet.name: {choice.value: choice.label for choice in facet.choices} for facet in self.facets}
        chips = []
        for name, value in self.form.cleaned_data.items():
            if name == "sort" or value in (None, "", []):
                continue
            for one in value if isinstance(value, list) else [value]:
                label = str(self.filters[name].label or name)
                shown = labels.get(name, {}).get(one, str(one))
                chips.append(Chip(label, shown, self._query_without(name, str(one))))
        return chips

    def _query_without(self, name: str, value: str) -> str:
        query = self.cleaned_query
        query.setlist(name, [v for v in query.getlist(name) if v != value] if name in self._multiple else [])
        return query.urlencode()

    @property
    def _multiple(self) -> set[str]:
        return {name for name, one in self.filters.items() if isinstance(one, FacetFilter | ChoiceFacetFilter)}

    @property
    def cleaned_query(self) -> QueryDict:
        """The selection as a query string: known parameters only, in a fixed order, without page and defaults."""
        query = QueryDict(mutable=True)
        default = next(iter(self.filters["sort"].orders)) if "sort" in self.filters else None
        for name, value in self.form.cleaned_data.items():
            if value in (None, "", []) or (name == "sort" and value == default):
                continue
            query.setlist(name, [str(v) for v in value] if isinstance(value, list) else [str(value)])
        return query

    @property
    def query(self) -> str:
        return self.cleaned_query.urlencode()

    def without_one(self) -> list[tuple[Chip, int]]:
        """For an empty list: which filter to drop, and how many records that would give."""
        found = []
        for chip in self.chips:
            wider = type(self)(QueryDict(chip.query_without), queryset=self.queryset)
            if wider.is_valid() and (n := wider.qs.order_by().count()):
                found.append((chip, n))
        return sorted(found, key=lambda pair: -pair[1])
