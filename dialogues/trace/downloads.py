"""The trace as CSV, one line a path, and as JSON."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse

from dialogues.cycles.downloads import Footnotes
from dialogues.trace.matrix import Matrix, Path, Row
from dialogues.trace.selection import Picked, Selection
from dialogues.trace.steps import ACTIVITY, REFERENCE, Column, Step
from portal.sheets.writing import as_csv

HEAD = ["row", "dialogues", "instrument", "adopted", "domain_number", "domain", "priorities"]
TAIL = ["outside_selection", "gaps", "note"]
BETWEEN = "; "


def as_table(matrix: Matrix, source: str, selection: Selection) -> HttpResponse:
    """A domain without any path has a line of its own."""
    notes = Footnotes()
    header = [*HEAD, *(name for column in matrix.columns for name in _names(column)), *TAIL]
    lines = []
    for row in matrix.rows:
        for path in row.paths or [()]:
            cells = _cells(row, path, matrix.columns)
            lines.append([*cells, notes.of(*cells)])
    return HttpResponse("".join(as_csv(header, lines)), content_type="text/csv; charset=utf-8")


def _names(column: Column) -> list[str]:
    further = ["kind", "countries"] if column.key == ACTIVITY else ["code"] if column.key == REFERENCE else []
    return [column.key, *(f"{column.key}_{name}" for name in ("start", "end", "url", *further))]


def _cells(row: Row, path: Path, columns: Sequence[Column]) -> list[str]:
    line, domain, instrument = row.line, row.line.domain, row.line.instrument
    cells = [
        line.about.value,
        BETWEEN.join(one.title for one in line.dialogues),
        instrument.title if instrument else "",
        str(instrument.adopted or "") if instrument else "",
        str(domain.number or "") if domain else "",
        domain.title if domain else "",
        BETWEEN.join(str(one) for one in domain.priorities.all()) if domain else "",
    ]
    by_column = {one.step.column: one.step for one in path}
    for column in columns:
        cells += _step_cells(column, by_column.get(column.key))
    outside = [one.step.column for one in path if not one.fits]
    return [*cells, " ".join(outside), " ".join(column.key for column in row.gaps)]


def _step_cells(column: Column, step: Step | None) -> list[str]:
    if step is None:
        return [""] * len(_names(column))
    cells = [step.title, str(step.start or ""), str(step.end or ""), _absolute(step)]
    if column.key == ACTIVITY:
        cells += [step.kind, BETWEEN.join(one.name for one in step.record.countries.all())]
    if column.key == REFERENCE:
        cells.append(step.record.country.iso2)
    return cells


def _absolute(step: Step) -> str:
    return settings.SITE_URL + step.url if step.url else ""


def as_json(matrix: Matrix, source: str, selection: Selection) -> HttpResponse:
    notes = Footnotes()
    told = {
        "source": source,
        "selection": {name: str(value) for name, value in selection.asked.items()},
        "columns": [column.key for column in matrix.columns],
        "summary": {
            "domains": matrix.summary.domains,
            "with_gap": matrix.summary.with_gap,
            "without_anything": matrix.summary.bare,
            "gaps": {one.column.key: one.gaps for one in matrix.summary.columns},
        },
        "rows": [_row(row, matrix.columns, notes) for row in matrix.rows],
    }
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1})


def _row(row: Row, columns: Sequence[Column], notes: Footnotes) -> dict[str, Any]:
    line, domain, instrument = row.line, row.line.domain, row.line.instrument
    texts = [text for path in row.paths or [()] for text in _cells(row, path, columns)]
    return {
        "row": line.about.value,
        "dialogues": [one.slug for one in line.dialogues],
        "instrument": {
            "slug": instrument.slug,
            "title": instrument.title,
            "adopted": str(instrument.adopted) if instrument.adopted else None,
        }
        if instrument
        else None,
        "domain": {
            "id": str(domain.pk),
            "number": domain.number,
            "title": domain.title,
            "priorities": [{"number": one.number, "text": one.text} for one in domain.priorities.all()],
        }
        if domain
        else None,
        "gaps": [column.key for column in row.gaps],
        "undated": {cell.column.key: cell.undated for cell in row.cells if cell.undated},
        "paths": [[_step(one) for one in path] for path in row.paths],
        "note": notes.of(*texts),
    }


def _step(picked: Picked) -> dict[str, Any]:
    step = picked.step
    return {
        "column": step.column,
        "title": step.title,
        "url": _absolute(step) or None,
        "start": str(step.start) if step.start else None,
        "end": str(step.end) if step.end else None,
        "in_selection": picked.fits,
        "date_is_unsure": picked.is_unsure,
    }
