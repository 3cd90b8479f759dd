"""Facets: choices with the number of records behind each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal import languages

if TYPE_CHECKING:
    from portal.filters.selection import KindFilterSet

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

    parent: "KindFilterSet"

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
        self.related, self.key, self.only, self.allow_none, self.upper = model, key, only, allow_none, upper
        super().__init__(field_name=field_name, **kwargs)

    @cached_property
    def field(self) -> FacetField:
        """Made per FilterSet, because what can be chosen depends on its reader."""
        return FacetField(
            label=self.label,
            required=False,
            known=lambda values: set(
                self._choosable().filter(**{f"{self.key}__in": values}).values_list(self.key, flat=True)
            ),
            allow_none=self.allow_none,
            normalise=(lambda text: text if text == NOT_STATED else text.upper()) if self.upper else str,
        )

    def _choosable(self) -> models.QuerySet[Any]:
        """What the reader may know of: the name of a draft must not become a choice on a public page."""
        everything = self.related._default_manager.all()
        visible_to = getattr(everything, "visible_to", None)
        return visible_to(self.parent.reader) if visible_to else everything

    def _through(self, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Ids of records that have such a related row at all."""
        related = queryset.model._base_manager.filter(self.only or Q(), **{f"{self.field_name}__isnull": False})
        return related.order_by().values("pk")

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
        # One call of filter(), so that all conditions are put to the same related row.
        rows = queryset.model._base_manager.filter(
            self.only or Q(),
            pk__in=queryset.order_by().values("pk"),
            **{f"{self.field_name}__in": self._choosable().order_by().values("pk")},
        )
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
        unstated = 0
        if self.allow_none:
            unstated = queryset.exclude(pk__in=self._through(queryset)).order_by().values("pk").distinct().count()
        return self._arranged(name, found, unstated, chosen)

    def facet_of(self, name: str, counts: Mapping[str, int], chosen: Sequence[str]) -> Facet:
        """The same, of what the search index has counted."""
        keys = {*counts, *chosen} - {NOT_STATED}
        found = {key: (label, counts.get(key, 0)) for key, label in self._labels(keys)} if keys else {}
        return self._arranged(name, found, counts.get(NOT_STATED, 0) if self.allow_none else 0, chosen)

    def _labels(self, keys: Iterable[str]) -> Iterable[tuple[str, str]]:
        known = self._choosable().order_by().filter(**{f"{self.key}__in": keys})
        label = languages.translated(self._label_column)
        return known.annotate(facet_label=label).values_list(self.key, "facet_label")

    def _arranged(self, name: str, found: Mapping[str, tuple[str, int]], unstated: int, chosen: Sequence[str]) -> Facet:
        choices = [Choice(key, label, n, key in chosen) for key, (label, n) in found.items()]
        choices.sort(key=lambda choice: (-choice.count, choice.label.casefold()))
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
