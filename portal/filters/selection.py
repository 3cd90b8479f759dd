"""The selection itself: the base of every kind's FilterSet."""

from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.editorial import EditorialQuerySet, Reader
from portal.filters.facets import ChoiceFacetFilter, Facet, FacetFilter


@dataclass(frozen=True)
class Chip:
    """An active filter, with the query string that is left when it is removed."""

    label: str
    value: str
    query_without: str


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

    def __init__(self, data: Any, queryset: Any, reader: Reader, **kwargs: Any) -> None:
        self.reader = reader
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
        """Also of a selection that cannot be read as a whole: what is left of it when the rest is dropped."""
        return self.cleaned_query.urlencode()

    def without_one(self) -> list[tuple[Chip, int]]:
        """For an empty list: which filter to drop, and how many records that would give."""
        found = []
        for chip in self.chips:
            wider = type(self)(QueryDict(chip.query_without), self.queryset, self.reader)
            if wider.is_valid() and (n := wider.qs.order_by().count()):
                found.append((chip, n))
        return sorted(found, key=lambda pair: -pair[1])
