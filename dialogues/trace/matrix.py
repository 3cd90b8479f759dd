"""A selection of the trace as a matrix: what stands in each cell, where nothing does, and every path as a line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from dialogues.trace.selection import ANY, Picked, PickedLine, Selection
from dialogues.trace.steps import About, Column, Line, Step

Path = tuple[Picked, ...]


@dataclass
class Entry:
    """A step in its cell, once however many ways lead to it; `via` are the steps just before it."""

    step: Step
    is_unsure: bool
    via: list[Step] = field(default_factory=list)


@dataclass(frozen=True)
class Cell:
    column: Column
    entries: list[Entry]
    is_gap: bool
    undated: int


@dataclass(frozen=True)
class Row:
    line: Line
    cells: list[Cell]
    paths: list[Path]

    @property
    def gaps(self) -> list[Column]:
        return [cell.column for cell in self.cells if cell.is_gap]

    @property
    def is_bare(self) -> bool:
        """A domain nothing at all points to."""
        return len(self.gaps) == len(self.cells)


@dataclass(frozen=True)
class Tally:
    column: Column
    gaps: int


@dataclass(frozen=True)
class Summary:
    """Over the domains of a selection that visitors see."""

    domains: int
    with_gap: int
    bare: int
    columns: list[Tally]
    without_domains: int  # instruments whose domains nobody names

    @classmethod
    def of(cls, rows: Sequence[Row], columns: Sequence[Column]) -> "Summary":
        counted = [row for row in rows if row.line.about == About.DOMAIN and row.line.is_public]
        named = {row.line.instrument for row in rows if row.line.domain}
        whole = {row.line.instrument for row in rows if row.line.about == About.WHOLE and row.line.is_public}
        return cls(
            domains=len(counted),
            with_gap=sum(bool(row.gaps) for row in counted),
            bare=sum(row.is_bare for row in counted),
            columns=[Tally(one, sum(one in row.gaps for row in counted)) for one in columns],
            without_domains=len({one for one in whole - named if one and not one.domains.all()}),
        )


@dataclass(frozen=True)
class Matrix:
    columns: list[Column]
    rows: list[Row]
    summary: Summary


def matrix_of(selection: Selection) -> Matrix:
    columns = selection.trace.columns
    picked = selection.lines
    rows = [_row(one, columns) for one in picked]
    summary = Summary.of(rows, columns)
    if wanted := selection.asked.get("gap"):
        rows = [row for row in rows if any(wanted in (ANY, column.key) for column in row.gaps)]
    elif selection.narrows_steps:
        rows = [row for row in rows if row.line.domain or row.paths]
    return Matrix(columns, rows, summary)


def _row(picked: PickedLine, columns: Sequence[Column]) -> Row:
    entries: dict[str, dict[Any, Entry]] = {column.key: {} for column in columns}
    counted: set[str] = set()
    paths = list(paths_of(picked.next))
    for path in paths:
        for n, one in enumerate(path):
            if not one.fits:
                continue
            entry = entries[one.step.column].setdefault(one.step.key, Entry(one.step, one.is_unsure))
            if n and path[n - 1].step not in entry.via:
                entry.via.append(path[n - 1].step)
            if one.counts and all(before.step.is_public for before in path[:n]):
                counted.add(one.step.column)
    is_domain = picked.line.about == About.DOMAIN
    cells = [
        Cell(
            column,
            list(entries[column.key].values()),
            is_domain and column.key not in counted,
            picked.undated.get(column.key, 0),
        )
        for column in columns
    ]
    return Row(picked.line, cells, paths)


def paths_of(picked: Sequence[Picked], before: Path = ()) -> Iterator[Path]:
    """Every way to its end."""
    for one in picked:
        path = (*before, one)
        if one.next:
            yield from paths_of(one.next, path)
        else:
            yield path
