"""Draw the world as compact shapes in Equal Earth: world-atlas TopoJSON in, world.json out.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python portal/data/make_map.py package/countries-110m.json > portal/data/world.json

Needs Python 3.11 and nothing else. Source: npm package world-atlas 2.0.2 by Michael Bostock, ISC licence;
made from Natural Earth data (public domain). Coordinates of the dots: written down by the portal's authors.

A map of states is never neutral. What this drawing decides (change the tables below to change it):
- Natural Earth's 1:110m file draws de facto lines. Crimea is put back to Ukraine; northern Cyprus and
  Somaliland have no code of their own and join Cyprus and Somalia. The lines between vanish.
- French Guiana is drawn apart from France, so that a project in France does not shade South America.
- Kosovo has no ISO number and gets the user-assigned code XK; pages add the territorial note.
- Western Sahara (EH) reaches up to 27 degrees 40 north. Pages draw it as undetermined and without a link.
- Antarctica is left out, as a shape and as a dot. The cut of the map lies at 169 degrees west, in the Bering
  Strait, so that Chukotka stays with Russia and no ring needs to be split at the antimeridian.
- A country or territory without a shape at 1:110m gets a dot, at its capital or main settlement.
"""

import json
import math
import sys
from collections.abc import Callable
from itertools import pairwise
from typing import Any

Point = tuple[float, float]
Ring = list[int]  # signed arc numbers, as in TopoJSON: ~i is arc i walked backwards

CENTRE = 11.0  # degrees east
WIDTH = 2000
TOLERANCE = 1.1  # of the simplification, in units of the drawing
MARGIN = 10  # around a dot that lies at the edge

# ISO 3166-1 numeric and alpha-2, for the shapes there are.
CODES = """
004AF 008AL 010AQ 012DZ 024AO 031AZ 032AR 036AU 040AT 044BS 050BD 051AM 056BE 064BT 068BO 070BA
072BW 076BR 084BZ 090SB 096BN 100BG 104MM 108BI 112BY 116KH 120CM 124CA 140CF 144LK 148TD 152CL
156CN 158TW 170CO 178CG 180CD 188CR 191HR 192CU 196CY 203CZ 204BJ 208DK 214DO 218EC 222SV 226GQ
231ET 232ER 233EE 238FK 242FJ 246FI 250FR 260TF 262DJ 266GA 268GE 270GM 275PS 276DE 288GH 300GR
304GL 320GT 324GN 328GY 332HT 340HN 348HU 352IS 356IN 360ID 364IR 368IQ 372IE 376IL 380IT 384CI
388JM 392JP 398KZ 400JO 404KE 408KP 410KR 414KW 417KG 418LA 422LB 426LS 428LV 430LR 434LY 440LT
442LU 450MG 454MW 458MY 466ML 478MR 484MX 496MN 498MD 499ME 504MA 508MZ 512OM 516NA 524NP 528NL
540NC 548VU 554NZ 558NI 562NE 566NG 578NO 586PK 591PA 598PG 600PY 604PE 608PH 616PL 620PT 624GW
626TL 630PR 634QA 642RO 643RU 646RW 682SA 686SN 688RS 694SL 703SK 704VN 705SI 706SO 710ZA 716ZW
724ES 728SS 729SD 732EH 740SR 748SZ 752SE 756CH 760SY 762TJ 764TH 768TG 780TT 784AE 788TN 792TR
795TM 800UG 804UA 807MK 818EG 826GB 834TZ 840US 854BF 858UY 860UZ 862VE 887YE 894ZM
"""
ISO = {pair[:3]: pair[3:] for pair in CODES.split()}
NAMELESS = {"Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO"}
OMITTED = {"AQ"}
# Who gives a ring, who takes it, and which rings: those whose every point passes the test.
MERGE: list[tuple[str, str, Callable[[float, float], bool]]] = [
    ("RU", "UA", lambda lon, lat: 32 < lon < 37 and 44 < lat < 46.5),  # Crimea
    ("FR", "GF", lambda lon, lat: lon < -50),  # a code of its own
]
# Code, degrees east, degrees north.
PLACES = """
AD 1.52 42.51, AG -61.85 17.12, AI -63.05 18.22, AS -170.70 -14.28, AW -70.03 12.52, AX 19.94 60.10,
BB -59.62 13.10, BH 50.58 26.22, BL -62.85 17.90, BM -64.78 32.29, BQ -68.27 12.15, BV 3.38 -54.42,
CC 96.83 -12.16, CK -159.78 -21.21, CV -23.51 14.93, CW -68.93 12.11, CX 105.68 -10.42, DM -61.39 15.30,
FM 158.16 6.92, FO -6.77 62.01, GD -61.75 12.05, GG -2.54 49.46, GI -5.35 36.14, GP -61.53 16.24,
GS -36.51 -54.28, GU 144.75 13.47, HK 114.17 22.28, HM 73.51 -53.10, IM -4.48 54.15, IO 72.41 -7.31,
JE -2.11 49.19, KI 172.98 1.33, KM 43.25 -11.70, KN -62.72 17.30, KY -81.38 19.29, LC -60.99 14.01,
LI 9.52 47.14, MC 7.42 43.74, MF -63.08 18.07, MH 171.38 7.10, MO 113.55 22.20, MP 145.75 15.19,
MQ -61.07 14.60, MS -62.20 16.75, MT 14.51 35.90, MU 57.50 -20.16, MV 73.51 4.18, NF 167.95 -29.05,
NR 166.92 -0.53, NU -169.92 -19.06, PF -149.57 -17.54, PM -56.18 46.78, PN -130.10 -25.07, PW 134.62 7.50,
RE 55.45 -20.88, SC 55.45 -4.62, SG 103.85 1.29, SH -5.72 -15.92, SJ 15.64 78.22, SM 12.45 43.94,
ST 6.73 0.34, SX -63.05 18.03, TC -71.14 21.46, TK -171.80 -9.20, TO -175.20 -21.14, TV 179.20 -8.52,
UM 166.64 19.28, VA 12.45 41.90, VC -61.23 13.16, VG -64.62 18.43, VI -64.93 18.34, WF -176.18 -13.28,
WS -171.76 -13.83, YT 45.23 -12.78
"""
DOTS = {code: (float(lon), float(lat)) for code, lon, lat in (entry.split() for entry in PLACES.split(","))}


def read_arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Every arc as longitudes and latitudes; TopoJSON stores differences of whole numbers."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for deltas in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in deltas:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)
    return arcs


def arc(arcs: list[list[Point]], i: int) -> list[Point]:
    return arcs[i] if i >= 0 else arcs[~i][::-1]


def ring_points(arcs: list[list[Point]], ring: Ring) -> list[Point]:
    points: list[Point] = []
    for i in ring:
        points += arc(arcs, i)[1 if points else 0 :]
    return points


def read_countries(topology: dict[str, Any], arcs: list[list[Point]]) -> dict[str, list[Ring]]:
    """Every country's code with its rings. Adds to `arcs` the three that Western Sahara needs."""
    found: dict[str, list[Ring]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        code = ISO.get(geometry.get("id")) or NAMELESS.get(geometry["properties"]["name"])
        if not code or code in OMITTED:
            continue
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        found.setdefault(code, []).extend(ring for polygon in polygons for ring in polygon)
    for giver, taker, inside in MERGE:
        moved = [ring for ring in found[giver] if all(inside(*p) for p in ring_points(arcs, ring))]
        found[giver] = [ring for ring in found[giver] if ring not in moved]
        found.setdefault(taker, []).extend(moved)
    restore_western_sahara(arcs, found)
    return {code: dissolve(arcs, rings) for code, rings in found.items()}


def restore_western_sahara(arcs: list[list[Point]], found: dict[str, list[Ring]]) -> None:
    """Cut Morocco at 27 degrees 40 north, as the United Nations draw it, and give the south to EH."""
    [ring] = found["MA"]
    coast = next(i for i in ring if i >= 0 and arcs[i][0][1] < 22)
    shared = next(i for i in ring if ~i in found["EH"][0])
    cut = min(range(len(arcs[coast])), key=lambda n: abs(arcs[coast][n][1] - 27.66))
    south, north, border = len(arcs), len(arcs) + 1, len(arcs) + 2
    arcs += [arcs[coast][: cut + 1], arcs[coast][cut:], [arcs[coast][cut], arc(arcs, shared)[0]]]
    found["MA"] = [[{shared: ~border, coast: north}.get(i, i) for i in ring]]
    found["EH"].append([shared, south, border])


def dissolve(arcs: list[list[Point]], rings: list[Ring]) -> list[Ring]:
    """Drop the arcs that two rings of one country share, and close what is left into new rings."""
    used = {i for ring in rings for i in ring}
    if not any(~i in used for i in used):
        return rings
    loose = [i for ring in rings for i in ring if ~i not in used]
    closed = []
    while loose:
        ring = [loose.pop(0)]
        start = arc(arcs, ring[0])[0]
        while (end := arc(arcs, ring[-1])[-1]) != start:
            ring.append(loose.pop(next(k for k, i in enumerate(loose) if arc(arcs, i)[0] == end)))
        closed.append(ring)
    return closed


def equal_earth(lon: float, lat: float) -> Point:
    """Equal Earth (Šavrič, Patterson, Jenny 2018), y downwards; x is linear in longitude at each latitude."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(lat)))
    t2, t6 = t * t, t**6
    slope = 3 * (9 * a4 * t6 * t2 + 7 * a3 * t6 + 3 * a2 * t2 + a1)
    x = 2 * math.sqrt(3) * math.radians(lon - CENTRE) * math.cos(t) / slope
    return x, -(a4 * t6 * t2 * t + a3 * t6 * t + a2 * t2 * t + a1 * t)


def unwrap(points: list[Point]) -> list[Point]:
    """Longitudes made continuous along the ring, and the ring put on the map's side of the cut."""
    out = [points[0]]
    for lon, lat in points[1:]:
        while lon - out[-1][0] > 180:
            lon -= 360
        while lon - out[-1][0] < -180:
            lon += 360
        out.append((lon, lat))
    mean = sum(lon for lon, _ in out) / len(out)
    turn = round((CENTRE - mean) / 360) * 360
    return [(lon + turn, lat) for lon, lat in out]


def simplify(points: list[Point], tolerance: float) -> list[Point]:
    """Douglas-Peucker on one projected arc; its two ends stay, so neighbours still meet."""
    if len(points) < 3:
        return points
    (x1, y1), (x2, y2) = points[0], points[-1]
    length = math.hypot(x2 - x1, y2 - y1)
    far, at = -1.0, 0
    for n, (x, y) in enumerate(points[1:-1], 1):
        across = (x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)
        off = abs(across) / length if length else math.hypot(x - x1, y - y1)
        if off > far:
            far, at = off, n
    if far <= tolerance:
        return [points[0], points[-1]]
    return simplify(points[: at + 1], tolerance)[:-1] + simplify(points[at:], tolerance)


def as_path(points: list[Point]) -> str:
    """A closed ring as relative steps of whole units; empty if the ring collapses."""
    whole = [(round(x), round(y)) for x, y in points]
    moves = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(whole) if a != b][:-1]
    if len(moves) < 2:
        return ""
    text = f"M{whole[0][0]} {whole[0][1]}l"
    for n, (dx, dy) in enumerate(moves):
        text += ("" if dx < 0 or n == 0 else " ") + str(dx) + ("" if dy < 0 else " ") + str(dy)
    return text + "z"


def draw(topology: dict[str, Any]) -> dict[str, Any]:
    """The whole map: its size, a path for each country that has a shape, a point for each that has none."""
    arcs = read_arcs(topology)
    countries = read_countries(topology, arcs)
    dots = {code: equal_earth(*unwrap([place])[0]) for code, place in DOTS.items()}
    drawn = [
        equal_earth(*point)
        for rings in countries.values()
        for ring in rings
        for point in unwrap(ring_points(arcs, ring))
    ]

    def frame(margin: float) -> tuple[float, float, float, float]:
        xs = [x for x, _ in drawn] + [x + d for x, _ in dots.values() for d in (-margin, margin)]
        ys = [y for _, y in drawn] + [y + d for _, y in dots.values() for d in (-margin, margin)]
        return min(xs), min(ys), max(xs), max(ys)

    left, _, right, _ = frame(0)
    left, top, right, bottom = frame(MARGIN * (right - left) / WIDTH)
    scale = WIDTH / (right - left)

    def place(point: Point) -> Point:
        return (point[0] - left) * scale, (point[1] - top) * scale

    def outline(ring: Ring) -> str:
        points = unwrap(ring_points(arcs, ring))
        parts: list[Point] = []
        at = 0
        for i in ring:  # simplify arc by arc, not ring by ring
            steps = len(arc(arcs, i)) - 1
            piece = [place(equal_earth(*p)) for p in points[at : at + steps + 1]]
            # In the direction of the neighbour's copy, so that both keep the same points.
            piece = simplify(piece, TOLERANCE) if i >= 0 else simplify(piece[::-1], TOLERANCE)[::-1]
            parts += piece[1 if parts else 0 :]
            at += steps
        return as_path(parts)

    shapes = {code: "".join(outline(ring) for ring in rings) for code, rings in sorted(countries.items())}
    if empty := [code for code, path in shapes.items() if not path]:
        raise ValueError(f"too small to draw, needs a dot: {', '.join(empty)}")
    return {
        "width": WIDTH,
        "height": round((bottom - top) * scale),
        "countries": shapes,
        "dots": {code: [round(v) for v in place(point)] for code, point in sorted(dots.items())},
    }


def write(world: dict[str, Any]) -> str:
    """JSON with one country a line, so that a change can be read in a diff."""

    def block(name: str) -> str:
        rows = ",\n".join(f'  "{code}": {json.dumps(value)}' for code, value in world[name].items())
        return f' "{name}": {{\n{rows}\n }}'

    size = f' "width": {world["width"]},\n "height": {world["height"]}'
    return f"{{\n{size},\n{block('countries')},\n{block('dots')}\n}}"


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as atlas:
        print(write(draw(json.load(atlas))))
