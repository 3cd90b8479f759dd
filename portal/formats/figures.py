"""Key figures as rows for CSV and JSON: as they are stated, with what a reader must know of them."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings

from portal.models import KeyFigure
from portal.sheets.writing import as_csv
from portal.territory import Notes

COLUMNS = (
    *("group", "group_name", "figure", "label", "how_exact", "value", "stated", "unit", "year", "is_total"),
    *("change_since", "country", "region", "source", "place", "note", "territorial_note", "address"),
)


def rows(figures: Iterable[KeyFigure]) -> Iterator[dict[str, Any]]:
    """`value` has the decimals that were stated and no grouping; `stated` says it in words, as on the page."""
    notes = Notes()
    for figure in figures:
        texts = (figure.group.name, figure.label, figure.unit, figure.note)
        told = [note.text for pattern, note in notes.rules() if any(pattern.search(text or "") for text in texts)]
        yield {
            "group": figure.group.slug,
            "group_name": notes.mark_plain(figure.group.name),
            "figure": figure.slug,
            "label": notes.mark_plain(figure.label),
            "how_exact": figure.qualifier,
            "value": figure.plain,
            "stated": figure.words,
            "unit": notes.mark_plain(figure.unit),
            "year": figure.year,
            "is_total": figure.is_total,
            "change_since": figure.change_since,
            "country": figure.country.iso2 if figure.country else None,
            "region": figure.region.slug if figure.region else None,
            "source": str(figure.source) if figure.source else None,
            "place": figure.place or None,
            "note": notes.mark_plain(figure.note) or None,
            "territorial_note": " ".join(told) or None,
            "address": settings.SITE_URL + figure.get_absolute_url(),
        }


def in_csv(figures: Iterable[KeyFigure]) -> Iterator[str]:
    return as_csv(list(COLUMNS), ([_cell(row[name]) for name in COLUMNS] for row in rows(figures)))


def in_json(figures: Iterable[KeyFigure]) -> Iterator[str]:
    """A list of objects. Values are texts, because a number of JSON would lose decimals that were stated."""
    yield "["
    for number, row in enumerate(rows(figures)):
        yield (",\n" if number else "\n") + json.dumps(row, ensure_ascii=False)
    yield "\n]\n"


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
