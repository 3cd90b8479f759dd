"""A trace narrowed by instrument, domain, country, kind of activity and period. One selection gives the page and the
files.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from dialogues.models import Activity
from dialogues.trace.steps import ACTIVITY, REFERENCE, Line, Step, Trace, walk
from portal.dates import PartialDate
from portal.languages import fold
from portal.models import Country

UNKNOWN = {"invalid_choice": _("The trace has nothing by that name.")}
ANY = "any"


class Within(StrEnum):
    YES, MAYBE, NO = "yes", "maybe", "no"


class DateInPart(forms.CharField):
    """A year, a month or a day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=10, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return PartialDate.parse(text) if text else None
        except ValueError:
            raise ValidationError(_("This is no day. Write 2021, 2021-06 or 2021-06-30.")) from None


class SelectionForm(forms.Form):
    instrument = forms.ChoiceField(label=_("Instrument"), required=False, error_messages=UNKNOWN)
    domain = forms.ChoiceField(label=_("Domain"), required=False, error_messages=UNKNOWN)
    country = forms.ChoiceField(label=_("Country"), required=False, error_messages=UNKNOWN)
    activity = forms.ChoiceField(label=_("Kind of activity"), required=False, error_messages=UNKNOWN)
    year_from = DateInPart(label=_("From (year, month or day)"))
    year_to = DateInPart(label=_("To (year, month or day)"))
    gap = forms.ChoiceField(label=_("Only gaps"), required=False, error_messages=UNKNOWN)

    def __init__(self, data: Any, trace: Trace) -> None:
        super().__init__(data, auto_id="filter-%s")
        domains = [line.domain for line in trace.lines if line.domain]
        instruments = {line.instrument.slug: line.instrument for line in trace.lines if line.instrument}
        keys = {key for line in trace.lines for step in walk(line.steps) for key in step.countries}
        named = list(Country.objects.filter(pk__in=keys))
        self.countries = {one.iso2: one.pk for one in named}
        self._offer("instrument", sorted(((k, v.title) for k, v in instruments.items()), key=by_label))
        self._offer("domain", sorted(((str(one.pk), str(one)) for one in domains), key=by_label))
        self._offer("country", sorted(((one.iso2, one.name) for one in named), key=by_label))
        self._offer("activity", Activity.Kind.choices)
        self._offer("gap", [(ANY, _("in any column")), *((one.key, one.label) for one in trace.columns)])

    def _offer(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = [("", _("All")), *choices]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        first, last = told.get("year_from"), told.get("year_to")
        if first and last and last.last_day < first.first_day:
            self.add_error("year_to", _("The period ends before it begins."))
        return told


def by_label(choice: tuple[str, str]) -> str:
    return fold(choice[1])


@dataclass(frozen=True)
class Picked:
    """A step within a selection. One that does not fit stays only to show what leads on to others."""

    step: Step
    fits: bool
    is_unsure: bool
    next: tuple["Picked", ...]

    @property
    def counts(self) -> bool:
        """Whether it closes a gap: what visitors do not see never does."""
        return self.fits and self.step.is_public


@dataclass(frozen=True)
class PickedLine:
    line: Line
    next: tuple[Picked, ...]
    undated: dict[str, int]  # by column, what is left out because nobody knows when it was


class Selection:
    def __init__(self, data: QueryDict, trace: Trace) -> None:
        self.trace = trace
        self.form = SelectionForm(data, trace)
        self.is_valid = self.form.is_valid()
        self.asked = {name: value for name, value in self.form.cleaned_data.items() if value} if self.is_valid else {}

    @property
    def cleaned_query(self) -> QueryDict:
        """What was asked for and understood, for links to the same selection."""
        query = QueryDict(mutable=True)
        for name, value in self.asked.items():
            query[name] = str(value)
        return query

    @property
    def narrows_steps(self) -> bool:
        """Whether a gap is one within this selection only."""
        return bool({"country", "activity", "year_from", "year_to"} & set(self.asked))

    @property
    def lines(self) -> list[PickedLine]:
        """Before `gap` is asked for, which is a question to the matrix."""
        return [self._picked(line) for line in self.trace.lines if self._names(line)]

    def _names(self, line: Line) -> bool:
        instrument, domain = self.asked.get("instrument"), self.asked.get("domain")
        if instrument and not (line.instrument and line.instrument.slug == instrument):
            return False
        return not domain or bool(line.domain and str(line.domain.pk) == domain)

    def _picked(self, line: Line) -> PickedLine:
        undated: dict[str, set[Any]] = {}
        found = tuple(one for step in line.steps if (one := self._pick(step, undated)))
        return PickedLine(line, found, {column: len(keys) for column, keys in undated.items()})

    def _pick(self, step: Step, undated: dict[str, set[Any]]) -> Picked | None:
        if not self._is_of_kind(step):  # nor is what it leads to what was asked for
            return None
        further = tuple(one for inner in step.next if (one := self._pick(inner, undated)))
        is_named, when = self._is_of_country(step), self._when(step)
        if is_named and when is None and step.is_public:
            undated.setdefault(step.column, set()).add(step.key)
        fits = is_named and when in (Within.YES, Within.MAYBE)
        return Picked(step, fits, when == Within.MAYBE, further) if fits or further else None

    def _is_of_country(self, step: Step) -> bool:
        wanted = self.asked.get("country")
        return not wanted or self.form.countries[wanted] in step.countries

    def _is_of_kind(self, step: Step) -> bool:
        wanted = self.asked.get("activity")
        return not wanted or step.column != ACTIVITY or step.kind == wanted

    def _when(self, step: Step) -> Within | None:
        first, last = self.asked.get("year_from"), self.asked.get("year_to")
        if not first and not last:
            return Within.YES
        return within(
            step, first.first_day if first else datetime.date.min, last.last_day if last else datetime.date.max
        )


def within(step: Step, first: datetime.date, last: datetime.date) -> Within | None:
    """Whether it was in a period, as far as its dates tell; None where there are none. A reference country without
    dates may be one at any time, as on the page of its dialogue.
    """
    start, end = step.start, step.end
    if not start and not end:
        return Within.MAYBE if step.column == REFERENCE else None
    if (start and start.first_day > last) or (end and end.last_day < first):
        return Within.NO
    if start and end:
        is_sure = start.last_day <= last and end.first_day >= first
    else:  # one of them alone tells only of itself
        known: Any = start or end
        is_sure = known.first_day >= first and known.last_day <= last
    return Within.YES if is_sure else Within.MAYBE
