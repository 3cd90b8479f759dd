"""The world map: shapes drawn once from Natural Earth (data/make_map.py), shaded by counts on the server."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from portal.models import Country

STEPS = 5


@dataclass(frozen=True)
class Shape:
    """A country on the map: an outline, or a dot where it is too small for one."""

    iso2: str
    path: str
    dot: tuple[int, int] | None
    count: int = 0
    step: int = 0
    country: Country | None = None


@dataclass(frozen=True)
class WorldMap:
    width: int
    height: int
    land: list[Shape]
    marked: list[Shape]
    legend: list[tuple[int, str]]


@cache
def _shapes() -> dict[str, Any]:
    return json.loads((Path(__file__).parent / "data" / "world.json").read_text())


def draw(counts: Mapping[str, int]) -> WorldMap:
    """`counts`: ISO code -> number of records, in up to five classes of about equally many countries."""
    shapes = _shapes()
    classes = _classes(sorted({n for n in counts.values() if n > 0}))
    countries = {
        country.iso2: country for country in Country.objects.filter(iso2__in=[c for c, n in counts.items() if n])
    }
    land, marked = [], []
    for iso2 in [*shapes["countries"], *shapes["dots"]]:
        path, dot = shapes["countries"].get(iso2, ""), shapes["dots"].get(iso2)
        n = counts.get(iso2, 0)
        if n and iso2 in countries:
            step = next(step for step, values in classes.items() if n in values)
            marked.append(Shape(iso2, path, dot, n, step, countries[iso2]))
        elif path:
            land.append(Shape(iso2, path, dot))
    legend = [(step, _span(values)) for step, values in classes.items()]
    return WorldMap(shapes["width"], shapes["height"], land, marked, legend)


def _classes(values: list[int]) -> dict[int, list[int]]:
    """Distinct counts dealt out to at most five steps; the high ones share a step first, the highest is darkest."""
    groups: list[list[int]] = []
    total, steps = len(values), min(STEPS, len(values))
    for n in range(steps):
        size = (total + n) // steps
        groups.append(values[:size])
        values = values[size:]
    return {STEPS - len(groups) + 1 + n: group for n, group in enumerate(groups)}


def _span(values: list[int]) -> str:
    return str(values[0]) if len(values) == 1 else f"{values[0]}–{values[-1]}"
