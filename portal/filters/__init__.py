"""Selections: one FilterSet per kind drives its page, its facet counts and every download.

A facet is a filter with several choices, ticked with OR within the facet and AND between facets; beside each
choice stands how many records it would give, counted without the facet's own ticks.
"""

from portal.filters.facets import Choice, ChoiceFacetFilter, Facet, FacetFilter
from portal.filters.selection import Chip, KindFilterSet, words_alone
from portal.filters.words import SortFilter, WordsFilter, YearFilter

__all__ = [
    "Chip",
    "Choice",
    "ChoiceFacetFilter",
    "Facet",
    "FacetFilter",
    "KindFilterSet",
    "SortFilter",
    "WordsFilter",
    "YearFilter",
    "words_alone",
]
