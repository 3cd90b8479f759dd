"""From hits, which are keys, to records that their reader may see, in the order of the hits."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from portal import kinds
from portal.editorial import Reader
from portal.search.finding import Hit, Passage, Search

Key = tuple[str, str]


@dataclass(frozen=True)
class Result:
    """A record that was found, and the passages that answer."""

    kind: kinds.Kind
    record: Any
    passages: Sequence[Passage] = ()

    @property
    def key(self) -> str:
        return f"{self.kind.name}:{self.record.pk}"


def records_of(keys: Iterable[Key], reader: Reader) -> dict[Key, tuple[kinds.Kind, Any]]:
    """One query for each kind (and those its cards need); what this reader may not see is not there."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for name, pk in keys:
        wanted[name].append(pk)
    found = {}
    for kind in kinds.all():
        if pks := _primary_keys(kind, wanted.get(kind.name, ())):
            for record in kind.listed(kind.visible_to(reader)).filter(pk__in=pks):
                found[kind.name, str(record.pk)] = (kind, record)
    return found


def visible(keys: Iterable[Key], reader: Reader) -> set[Key]:
    """Those that this reader may see; one query for each kind."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for name, pk in keys:
        wanted[name].append(pk)
    return {
        (kind.name, str(pk))
        for kind in kinds.all()
        if (pks := _primary_keys(kind, wanted.get(kind.name, ())))
        for pk in kind.visible_to(reader).filter(pk__in=pks).order_by().values_list("pk", flat=True)
    }


def _primary_keys(kind: kinds.Kind, texts: Iterable[str]) -> list[Any]:
    """Those that can be keys of this kind at all: others would make the database raise."""
    column: Any = kind.model._meta.pk
    found = []
    for text in texts:
        try:
            value = column.to_python(text)
            column.run_validators(value)
        except ValidationError:
            continue
        found.append(value)
    return found


def read(hits: Sequence[Hit], reader: Reader, search: Search | None = None) -> list[Result]:
    """With `search`, each with its passages."""
    records = records_of(((hit.kind, hit.pk) for hit in hits), reader)
    return [
        Result(*records[hit.kind, hit.pk], search.passages(hit.kind, hit.pk) if search else ())
        for hit in hits
        if (hit.kind, hit.pk) in records
    ]
