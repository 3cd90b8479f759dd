"""Records of several kinds in one list: ordered by the database together, fetched kind by kind.

A page costs one query that counts, one that orders, and one per kind that stands on it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast
from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from portal import kinds
from portal.editorial import Reader, State

BATCH = 200


@dataclass(frozen=True)
class Line:
    """A record in such a list, and its form for those who may open it."""

    kind: kinds.Kind
    record: Any
    form: str = ""

    @property
    def url(self) -> str:
        """Where it is mended, or else read."""
        return self.form or str(self.record.get_absolute_url())

    @property
    def who(self) -> str:
        """Who changed it last, and so may know."""
        person = self.record.changed_by
        return (person.get_full_name() or person.get_username()) if person else ""


class Across:
    """For a paginator. `querysets` hold one QuerySet per kind, each with the column `by` to order by."""

    def __init__(self, querysets: Mapping[str, Any], by: str, reader: Reader) -> None:
        self.querysets, self.by, self.reader = dict(querysets), by, reader

    def _keys(self) -> QuerySet[Any, Any] | None:
        found = None
        for name, records in self.querysets.items():
            keys = (
                records.order_by()
                .annotate(across_kind=Value(name, output_field=CharField()), across_key=Cast("pk", CharField()))
                .annotate(across_by=F(self.by))
                .values_list("across_by", "across_kind", "across_key")
            )
            found = keys if found is None else found.union(keys, all=True)
        return found

    def count(self) -> int:
        return sum(records.order_by().count() for records in self.querysets.values())

    def __getitem__(self, part: slice) -> list[Line]:
        keys = self._keys()
        if keys is None:
            return []
        rows = keys.order_by("across_by", "across_kind", "across_key")[part]
        places = [(name, kinds.get(name).model._meta.pk.to_python(key)) for _by, name, key in rows]
        found: dict[tuple[str, Any], Any] = {}
        for name in {name for name, _key in places}:
            wanted = [key for one, key in places if one == name]
            records = self.querysets[name].filter(pk__in=wanted).select_related("changed_by")
            found |= {(name, record.pk): record for record in records}
        records = [(kinds.get(name), found[name, key]) for name, key in places if (name, key) in found]
        return [Line(kind, record, form_url(record, self.reader)) for kind, record in records]

    def __iter__(self) -> Iterator[Line]:
        """All of them, for exports."""
        start = 0
        while lines := self[start : start + BATCH]:
            yield from lines
            start += BATCH


def form_url(record: Any, reader: Reader) -> str:
    """The record's form in the admin, empty for who may not open it or where there is none."""
    meta = record._meta
    if not getattr(reader, "is_staff", False) or not reader.has_perm(f"{meta.app_label}.view_{meta.model_name}"):
        return ""
    try:
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])
    except NoReverseMatch:
        return ""


def live(kind: kinds.Kind, reader: Reader, state: str = "") -> Any:
    """What a report speaks of: all that this reader may see, in one state, or in any but the archive."""
    seen: Any = kind.visible_to(reader)
    return seen.in_state(state) if state else seen.exclude(status="archived")


class NarrowForm(forms.Form):
    """What narrows a report over several kinds."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Any but archived")), *State.choices])

    def __init__(self, data: QueryDict, among: Sequence[kinds.Kind]) -> None:
        super().__init__(data)
        self.among = among
        choices: Any = self.fields["kind"]
        choices.choices = [("", _("All kinds")), *((kind.name, kind.plural.capitalize()) for kind in among)]

    @property
    def chosen(self) -> list[kinds.Kind]:
        name = self.cleaned_data["kind"]
        return [kind for kind in self.among if not name or kind.name == name]

    @property
    def cleaned_query(self) -> QueryDict:
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in self.cleaned_data.items() if value})
        return query


def fetched(keys: Iterable[tuple[type[models.Model], Any]]) -> dict[tuple[str, Any], Any]:
    """(label of a model, key) -> row, of rows that were found to be visible. One query per model."""
    by_model: dict[type[models.Model], set[Any]] = {}
    for model, key in keys:
        by_model.setdefault(model, set()).add(key)
    return {
        (model._meta.label_lower, row.pk): row
        for model, wanted in by_model.items()
        for row in model._base_manager.filter(pk__in=wanted)
    }
