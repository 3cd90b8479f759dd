"""Initiatives of a cycle narrowed by words, domain, country, partner and year. One selection gives the page and the
downloads.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from dialogues.cycles.entries import Choice, Entry
from portal.languages import fold, words

FIELDS: dict[str, Callable[[Entry], Iterable[Choice]]] = {
    "domain": lambda one: one.domains,
    "country": lambda one: one.countries,
    "partner": lambda one: [one.partner] if one.partner else [],
    "year": lambda one: [Choice(str(year), str(year), -year) for year in one.years],
}
UNKNOWN = {"invalid_choice": _("This cycle has nothing by that name.")}


class SelectionForm(forms.Form):
    q = forms.CharField(
        label=_("Words"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    domain = forms.ChoiceField(label=_("Domain"), required=False, error_messages=UNKNOWN)
    country = forms.ChoiceField(label=_("Country"), required=False, error_messages=UNKNOWN)
    partner = forms.ChoiceField(label=_("Reported by"), required=False, error_messages=UNKNOWN)
    year = forms.ChoiceField(label=_("Year"), required=False, error_messages=UNKNOWN)

    def __init__(self, data: Any, entries: Sequence[Entry]) -> None:
        super().__init__(data, auto_id="filter-%s")
        for name, of in FIELDS.items():
            found = {one.key: one for entry in entries for one in of(entry)}
            ordered = sorted(found.values(), key=lambda one: (one.order, fold(one.label)))
            field: Any = self.fields[name]
            field.choices = [("", _("All")), *((one.key, one.label) for one in ordered)]


class Selection:
    def __init__(self, data: QueryDict, entries: Sequence[Entry]) -> None:
        self.all = entries
        self.form = SelectionForm(data, entries)
        self.is_valid = self.form.is_valid()
        self.asked = {name: value for name, value in self.form.cleaned_data.items() if value} if self.is_valid else {}

    @property
    def cleaned_query(self) -> QueryDict:
        """What was asked for and understood, for links to the same selection."""
        query = QueryDict(mutable=True)
        for name, value in self.asked.items():
            query[name] = value
        return query

    @property
    def entries(self) -> list[Entry]:
        return [one for one in self.all if self._fits(one)]

    def _fits(self, entry: Entry) -> bool:
        wanted = words(self.asked.get("q", ""))
        return all(word in entry.words for word in wanted) and all(
            self.asked[name] in {one.key for one in of(entry)} for name, of in FIELDS.items() if name in self.asked
        )
