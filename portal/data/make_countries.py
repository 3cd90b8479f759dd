"""Write countries.json: every country of ISO 3166-1 and Kosovo (XK): codes, place, names in four languages.

    npm pack cldr-core && tar xzf cldr-core-*.tgz
    python portal/data/make_countries.py TERRITORY_CONTAINMENT.json [COUNTRIES_110M.json] \\
        > portal/data/countries.json

Needs Babel 2.18 (`pip install Babel`; the portal itself does not need it). The first file is
package/supplemental/territoryContainment.json; codeMappings.json is read beside it. With the second file (of
world-atlas, see make_map.py) each country gets a point for a label; countries.json was made with it.

Source: names from CLDR through Babel (BSD-3-Clause), codes and the M49 tree from npm cldr-core 48.2.0; the
data of both is under the Unicode licence v3 (Unicode-3.0). Label points from Natural Earth (public domain) or
from make_map.DOTS. Editors may change every name afterwards; running this again changes only what the portal
starts from.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel import Locale
from make_map import DOTS, Point, read_arcs, read_countries, ring_points, unwrap

LANGUAGES = ("en", "fr", "ar", "ru")
# In CLDR's tree but not in ISO 3166-1: exceptionally reserved codes and groupings.
NOT_ISO = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN"}
# Where the portal's English differs from CLDR's.
ENGLISH = {
    "CI": "Côte d’Ivoire",
    "CV": "Cabo Verde",
    "CZ": "Czechia",
    "MD": "Moldova",
    "MK": "North Macedonia",
    "TR": "Türkiye",
    "XK": "Kosovo",
}
# User-assigned in practice; CLDR says XKK and 983, which nobody else uses.
KOSOVO = {"iso3": "XKX", "m49": "", "subregion": "039"}


def subregions(containment: dict[str, Any]) -> dict[str, str]:
    """Each country's smallest M49 region: Kenya is in 014, Eastern Africa. Antarctica is in none."""
    regions = {
        code: child
        for child, entry in containment.items()
        if child.isdigit()
        for code in entry["_contains"]
        if code.isalpha() and code not in NOT_ISO
    }
    return {**regions, "AQ": ""}


def english(code: str, name: str) -> str:
    return ENGLISH.get(code, name.replace(" & ", " and "))


def edges(ring: list[Point]) -> Iterator[tuple[Point, Point]]:
    return zip(ring, ring[1:] + ring[:1], strict=True)


def inside(x: float, y: float, ring: list[Point]) -> bool:
    """Whether a point lies in a ring (even-odd rule)."""
    odd = False
    for (x1, y1), (x2, y2) in edges(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd


def distance(x: float, y: float, ring: list[Point]) -> float:
    """Squared distance from a point to the nearest edge of a ring."""
    best = float("inf")
    for (x1, y1), (x2, y2) in edges(ring):
        dx, dy = x2 - x1, y2 - y1
        length = dx * dx + dy * dy
        t = max(0.0, min(1.0, ((x - x1) * dx + (y - y1) * dy) / length)) if length else 0.0
        best = min(best, (x - x1 - t * dx) ** 2 + (y - y1 - t * dy) ** 2)
    return best


def area(ring: list[Point]) -> float:
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in edges(ring))) / 2


def label_point(ring: list[Point], steps: int = 40) -> Point:
    """The point of a grid over the ring that lies deepest inside it; degrees are taken as a plane."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    grid = (
        (min(xs) + (max(xs) - min(xs)) * i / steps, min(ys) + (max(ys) - min(ys)) * j / steps)
        for i in range(1, steps)
        for j in range(1, steps)
    )
    return max((p for p in grid if inside(p[0], p[1], ring)), key=lambda p: distance(p[0], p[1], ring))


def label_points(atlas: Path) -> dict[str, Point]:
    """Longitude and latitude by country: inside its largest shape, or its dot."""
    topology = json.loads(atlas.read_text(encoding="utf-8"))
    arcs = read_arcs(topology)
    points = dict(DOTS)
    for code, rings in read_countries(topology, arcs).items():
        lon, lat = label_point(max((unwrap(ring_points(arcs, ring)) for ring in rings), key=area))
        points[code] = ((lon + 180) % 360 - 180, lat)
    return points


def supplement(file: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["supplemental"]
    return data


def countries(containment_file: Path, atlas: Path | None = None) -> list[dict[str, Any]]:
    containment = supplement(containment_file)["territoryContainment"]
    codes = supplement(containment_file.with_name("codeMappings.json"))["codeMappings"]
    names = {language: Locale(language).territories for language in LANGUAGES}
    points = label_points(atlas) if atlas else {}
    rows = []
    for iso2, subregion in sorted(subregions(containment).items()):
        lon, lat = points.get(iso2, (None, None))
        row = {
            "iso2": iso2,
            "iso3": codes[iso2]["_alpha3"],
            "m49": codes[iso2]["_numeric"],
            "subregion": subregion,
            "latitude": None if lat is None else round(lat, 2),
            "longitude": None if lon is None else round(lon, 2),
            "names": {language: names[language][iso2] for language in LANGUAGES},
        }
        row["names"]["en"] = english(iso2, row["names"]["en"])
        rows.append(row | KOSOVO if iso2 == "XK" else row)
    return rows


if __name__ == "__main__":
    found = countries(*map(Path, sys.argv[1:3]))
    print("[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in found) + "\n]")
