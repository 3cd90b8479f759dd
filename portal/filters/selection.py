"""The selection itself: the base of every kind's FilterSet."""

import logging
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import slug_re
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal import kinds
from portal.editorial import EditorialQuerySet, Reader
from portal.filters.facets import MOST_VALUES, ChoiceFacetFilter, Facet, FacetFilter
from portal.filters.ranked import IndexHits, RankedRecords
from portal.filters.words import BEST
from portal.search.answering import answer
from portal.search.finding import ORDERS, Search, Selected
from portal.search.grammar import QueryError, lenient
from portal.search.reading import Expansion
from portal.search.store import IndexUnavailable

# Parameters beside the filters: what a search leaves out, that one word is enough, that nothing may be corrected.
WITHOUT, ANY_WORD, VERBATIM = "without", "any", "verbatim"

logger = logging.getLogger(__name__)


def words_alone(data: QueryDict) -> QueryDict:
    """What was typed and how it is to be read, without the filters of a list."""
    alone = QueryDict(mutable=True)
    for name in ("q", WITHOUT, ANY_WORD, VERBATIM):
        alone.setlist(name, data.getlist(name))
    return alone


@dataclass(frozen=True)
class Chip:
    """An active filter, with the query string that is left when it is removed."""

    label: str
    value: str
    query_without: str
    is_typed: bool = False


class KindFilterSet(django_filters.FilterSet):
    """The base of every kind's selection. Subclasses add facets and end with a SortFilter named `sort`."""

    # Addresses say ?from=2016&to=2018, which cannot be names in a class body.
    public_names = {"year_from": "from", "year_to": "to"}

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        return {cls.public_names.get(name, name): one for name, one in super().get_filters().items()}

    def get_form_class(self) -> type[forms.Form]:
        selection = self

        class SelectionForm(super().get_form_class()):  # type: ignore[misc]
            def clean_q(self) -> str:
                return selection.look_up(self.cleaned_data["q"])

            def clean(self) -> Any:
                cleaned = super().clean()
                first, last = cleaned.get("from"), cleaned.get("to")
                if first and last and last < first:
                    raise ValidationError({"to": _("This year lies before the first one.")})
                return cleaned

        return SelectionForm

    def __init__(self, data: Any, queryset: Any, reader: Reader, **kwargs: Any) -> None:
        self.reader = reader
        self.search: Search | None = None
        self.is_fallback = False
        super().__init__(data, queryset=self.prepare(queryset), **kwargs)

    def prepare(self, queryset: Any) -> Any:
        """What the facets need on top of the records, an annotation for instance."""
        return queryset

    # What was typed into the search box.

    def look_up(self, text: str) -> str:
        """Put the words to the index; where there is none, the database is asked for titles. Raises ValidationError."""
        if not text:
            return text
        try:
            self.search = answer(text, self.reader, self.without, self.any_word, self.verbatim)
        except QueryError as error:
            raise ValidationError(error.message, code="query") from error
        except IndexUnavailable as error:
            logger.warning("Searching titles in the database: %s", error)
            self.is_fallback = True
        return text

    @property
    def without(self) -> list[str]:
        """Concepts of the thesaurus whose other names are not wanted."""
        values = self.data.getlist(WITHOUT) if hasattr(self.data, "getlist") else []
        return [value for value in values[:MOST_VALUES] if slug_re.match(value)]

    @property
    def any_word(self) -> bool:
        return self.data.get(ANY_WORD) == "1"

    @property
    def verbatim(self) -> bool:
        return self.data.get(VERBATIM) == "1"

    @property
    def verbatim_query(self) -> str:
        query = self.cleaned_query
        query[VERBATIM] = "1"
        return query.urlencode()

    @property
    def words(self) -> str:
        """What is searched for: what was typed, or its nearest spelling."""
        return self.search.text if self.search else str(self.form.cleaned_data.get("q") or "")

    @property
    def reading_options(self) -> list[tuple[str, str]]:
        """How the query is to be read, for forms that change something else."""
        lists = self.cleaned_query.lists()
        return [(name, value) for name, values in lists if name in (WITHOUT, ANY_WORD, VERBATIM) for value in values]

    @property
    def filter_options(self) -> list[tuple[str, str]]:
        """What narrows the list besides its words, for a form that changes these; none of a selection with errors."""
        if self.errors:
            return []
        lists = self.cleaned_query.lists()
        return [(name, value) for name, values in lists if name in self.filters and name != "q" for value in values]

    @property
    def plain_query(self) -> str:
        """The words alone, as they stand, where the query cannot be read; empty where there are none."""
        found = lenient(self.data.get("q", "")) if "q" in self.errors else None
        return str(found) if found else ""

    @property
    def words_query(self) -> str:
        """What was typed and how it is read, as the query string of another list."""
        return words_alone(self.cleaned_query).urlencode()

    @property
    def marks_query(self) -> str:
        """What a page of a document needs to mark the same words."""
        query = QueryDict(mutable=True)
        query["q"] = self.words
        query.setlist(WITHOUT, self.without)
        return query.urlencode()

    @property
    def widened(self) -> list[tuple[Expansion, str]]:
        """What the thesaurus added to the query, each with the query string of a search without it."""
        found = []
        for one in self.search.reading.expansions if self.search else ():
            query = self.cleaned_query
            query.appendlist(WITHOUT, one.concept)
            found.append((one, query.urlencode()))
        return found

    @property
    def any_word_query(self) -> str:
        query = self.cleaned_query
        query[ANY_WORD] = "1"
        return query.urlencode()

    @cached_property
    def any_word_count(self) -> int:
        """For a search without hits: how many there would be if one of its words were enough."""
        if self.search is None or self.any_word or len(self.search.reading.query.terms) < 2:
            return 0
        return Search(self.search.text, self.reader, self.without, relaxed=True).count(self.kind.name, self.selected)

    @property
    def kind(self) -> kinds.Kind:
        return kinds.get(self._meta.model._meta.model_name or "")

    @cached_property
    def found_keys(self) -> list[Any]:
        """Primary keys of all hits, best first."""
        assert self.search is not None  # noqa: S101 (asked for by filters that have seen it)
        to_python = self._meta.model._meta.pk.to_python
        return [to_python(key) for key in self.search.keys(self.kind.name)]

    @property
    def sort(self) -> str:
        """The order in use; what was searched for is ordered by how well it answers."""
        chosen = self.form.cleaned_data.get("sort") or (BEST if self.search else "")
        default = self.filters["sort"].default
        return default if not chosen or (chosen == BEST and not self.search) else chosen

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        """The orders that can be chosen: value, label, whether it is in use."""
        choices = self.form.fields["sort"].choices
        return [(value, label, value == self.sort) for value, label in choices if value != BEST or self.search]

    @cached_property
    def records(self) -> Any:
        """The selected records in their order: a QuerySet, or hits that are read as they are needed."""
        if self.search is None or (self.sort != BEST and not self.is_in_index):
            return self.kind.listed(self.qs)
        return IndexHits(self) if self.is_in_index and self.sort in ORDERS else self._by_rank()

    def _by_rank(self) -> Any:
        if self.sort != BEST:
            return self.kind.listed(self.qs)
        selected = set(self.qs.order_by().values_list("pk", flat=True))
        return RankedRecords(self, [key for key in self.found_keys if key in selected])

    @property
    def is_in_index(self) -> bool:
        """Whether the index knows every filter of this selection, so that it can count them too."""
        return set(self._multiple) <= set(self.kind.facets)

    @cached_property
    def selected(self) -> Selected:
        cleaned = self.form.cleaned_data
        facets = {name: cleaned[name] for name in self._multiple if cleaned.get(name)}
        years = (int(cleaned[name]) if cleaned.get(name) else None for name in ("from", "to"))
        return Selected(facets, *years)

    @cached_property
    def facets(self) -> list[Facet]:
        """All facets with their counts, from the index where it knows them all. In the database it takes one query
        each, two where "not stated" can be chosen."""
        if self.search is not None and self.is_in_index:
            names = sorted(self._multiple)
            counts = self.search.count_facets(self.kind.name, self.selected, names)
            return [
                one.facet_of(name, counts[name], self.form.cleaned_data.get(name) or [])
                for name, one in self.filters.items()
                if isinstance(one, FacetFilter)
            ]
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
                chips.append(Chip(label, shown, self._query_without(name, str(one)), is_typed=name == "q"))
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
        default = (BEST if self.search else self.filters["sort"].default) if "sort" in self.filters else None
        for name, value in self.form.cleaned_data.items():
            if value in (None, "", []) or (name == "sort" and value == default):
                continue
            query.setlist(name, [str(v) for v in value] if isinstance(value, list) else [str(value)])
        if query.get("q"):
            query.setlist(WITHOUT, self.without)
            for name in (ANY_WORD, VERBATIM):
                if self.data.get(name) == "1":
                    query[name] = "1"
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
            if wider.is_valid() and (n := wider.records.count()):
                found.append((chip, n))
        return sorted(found, key=lambda pair: -pair[1])
