"""Charts of figures as SVG, without inline style: x in per cent so that they stretch, y in whole pixels.

As with timelines, x is counted from the other side for right-to-left pages. What is not stated exactly is drawn as a
dashed outline and never as a bar; what is not readable is not drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.translation import get_language_bidi

TOP, PLOT, FOOT = 24, 190, 24
NARROW = 270  # pixels: what a phone leaves a drawing; labels must fit there
SIGN = 7.2  # pixels a sign of a label takes
MOST_COLUMNS, LONGEST = 16, 120  # years
MOST_SHARES = 12
LETTERS = "ABCDEFGHIJKL"
STYLES = ("step-5", "step-3", "step-2", "step-4", "step-1", "step-3")
BAR, LETTER_ROW = 44, 18
GAP = 0.4  # per cent between the parts of a bar


class Point(NamedTuple):
    """One value to draw: None where it cannot be read."""

    year: int | None
    value: Decimal | None
    words: str
    is_exact: bool


@dataclass(frozen=True)
class Mark:
    """A column, or a point of a line; `words` stand at `label_y` where there is room for them."""

    x: str
    width: str
    middle: str
    y: int
    height: int
    style: str
    point_y: int
    words: str
    label_y: int
    year: str


@dataclass(frozen=True)
class Tick:
    label: str
    y: int
    label_y: int


@dataclass(frozen=True)
class Segment:
    x1: str
    y1: int
    x2: str
    y2: int


@dataclass(frozen=True)
class Series:
    height: int
    base_y: int
    year_y: int
    axis_x: str
    ticks: Sequence[Tick]
    marks: Sequence[Mark]
    segments: Sequence[Segment]
    is_line: bool
    undated: int
    has_vague: bool


def percent(x: float, width: float = 0) -> str:
    return f"{(100 - x - width if get_language_bidi() else x):.2f}%"


def series(points: Sequence[Point]) -> Series | None:
    """Columns, or a line where there are many years. None where there is nothing to draw, or a year has two values."""
    dated = sorted((point for point in points if point.year is not None), key=lambda point: point.year or 0)
    years = [point.year or 0 for point in dated]
    values = [point.value for point in dated if point.value is not None]
    if len(values) < 2 or len(set(years)) < len(years) or years[-1] - years[0] > LONGEST:
        return None
    low, high, step = scale(min(values), max(values))
    places = max(0, -int(step.normalize().as_tuple().exponent))

    def y_of(value: Decimal) -> int:
        return round(TOP + PLOT * (high - value) / (high - low))

    ticks = []
    count = int((high - low) / step)
    for value in (low + step * n for n in range(count + 1)):
        ticks.append(Tick(number_format(value, places, force_grouping=True), y_of(value), y_of(value) - 4))
    gutter = min(30.0, 100 * (max(len(tick.label) for tick in ticks) * SIGN + 6) / NARROW)
    slots = years[-1] - years[0] + 1
    slot = (100 - gutter) / slots
    every = max(1, -(-int(slots * 4.6 * SIGN) // NARROW))
    longest = max(len(point.words) for point in dated if point.value is not None)
    has_room = slots * longest * SIGN <= NARROW * (1 - gutter / 100) * 1.15
    is_line = slots > MOST_COLUMNS
    base, marks, segments = y_of(max(low, min(high, Decimal(0)))), [], []
    before: tuple[float, int, int] | None = None
    for point in dated:
        year = point.year or 0
        left = gutter + (year - years[0]) * slot
        middle, width = left + slot / 2, slot * 0.66
        y = base if point.value is None else y_of(point.value)
        exact = point.is_exact and point.value is not None
        if is_line and exact and before and before[2] == year - 1:
            segments.append(Segment(percent(before[0]), before[1], percent(middle), y))
        before = (middle, y, year) if exact else None
        is_labelled = (years[-1] - year) % every == 0
        marks.append(
            Mark(
                x=percent(middle - width / 2, width),
                width=f"{width:.2f}%",
                middle=percent(middle),
                y=min(y, base),
                height=abs(base - y),
                style="" if point.value is None else "step-4" if exact else "unsure",
                point_y=y,
                words="?" if point.value is None else point.words if has_room and not is_line else "",
                label_y=min(y, base) - 6 if point.value is None or point.value >= 0 else max(y, base) + 14,
                year=str(year) if is_labelled else "",
            )
        )
    return Series(
        height=TOP + PLOT + FOOT,
        base_y=base,
        year_y=TOP + PLOT + FOOT - 6,
        axis_x=percent(0),
        ticks=ticks,
        marks=marks,
        segments=segments,
        is_line=is_line,
        undated=len(points) - len(dated),
        has_vague=any(not point.is_exact for point in points),
    )


def scale(least: Decimal, most: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """An axis from nothing (or less) to at least the greatest value, in three to six round steps."""
    least, most = min(least, Decimal(0)), max(most, Decimal(0))
    span = most - least or Decimal(1)
    rough = span / 4
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(power * nice for nice in (1, 2, Decimal("2.5"), 5, 10) if power * nice >= rough)
    low = (least / step).to_integral_value(ROUND_FLOOR) * step
    high = -((-most / step).to_integral_value(ROUND_FLOOR)) * step
    return low, high if high > low else low + step, step


@dataclass(frozen=True)
class Share:
    """One part of the bar. Its letter stands below it, and in the table."""

    letter: str
    words: str
    x: str
    width: str
    middle: str
    letter_y: int
    style: str


@dataclass(frozen=True)
class Shares:
    height: int
    bar: int
    whole_x: str
    whole_width: str
    shares: Sequence[Share]


def shares(points: Sequence[Point]) -> Shares | None:
    """One bar of 100, each part under its letter. None where a part is not exact or negative, or there are too many."""
    values = [point.value for point in points if point.is_exact and point.value is not None and point.value >= 0]
    total = sum(values, Decimal(0))
    if not values or len(values) < len(points) or len(values) > MOST_SHARES or total <= 0:
        return None
    whole = max(total, Decimal(100))
    ends: list[float] = []  # of the last letter in each row
    found: list[Share] = []
    start = 0.0
    for letter, point, value in zip(LETTERS, points, values, strict=False):
        length = float(100 * value / whole)
        middle = start + length / 2
        is_wide = length * NARROW / 100 >= (len(point.words) + 3) * SIGN
        needs = 100 * ((len(point.words) + 3) if is_wide else 2) * SIGN / NARROW
        row = next((n for n, end in enumerate(ends) if end <= middle - needs / 2), len(ends))
        ends[row : row + 1] = [middle + needs / 2]
        width = max(length - GAP, 0.2)
        found.append(
            Share(
                letter=letter,
                words=point.words if is_wide else "",
                x=percent(start, width),
                width=f"{width:.2f}%",
                middle=percent(middle),
                letter_y=BAR + LETTER_ROW * (row + 1) - 3,
                style=STYLES[len(found) % len(STYLES)],
            )
        )
        start += length
    hundred = float(100 * 100 / whole)
    return Shares(BAR + LETTER_ROW * len(ends) + 4, BAR, percent(0, hundred), f"{hundred:.2f}%", found)


@dataclass(frozen=True)
class Bar:
    """A bar in a row of a table."""

    x: str
    width: str
    style: str


def stairs(points: Sequence[Point], total: Decimal | None = None) -> list[Bar | None]:
    """Parts of a total, each beginning where the one before ends, so that the last ends where the total does, or does
    not. Where a part is not exact or less than nothing all begin at the same side, as any other bars.
    """
    values = [point.value or Decimal(0) for point in points]
    if not all(point.is_exact and point.value is not None and point.value >= 0 for point in points):
        return bars(points, total)
    whole = max(sum(values, Decimal(0)), total or Decimal(0))
    found: list[Bar | None] = []
    start = 0.0
    for value in values:
        length = float(100 * value / whole) if whole else 0.0
        found.append(Bar(percent(start, length), f"{length:.2f}%", "step-4") if value else None)
        start += length
    return found


def bars(points: Sequence[Point], total: Decimal | None = None) -> list[Bar | None]:
    """Bars side by side; what is not exact as an outline, nothing for what cannot be read or is less than nothing."""
    longest = max([total or Decimal(0), *(point.value for point in points if point.value is not None)])
    if longest <= 0:
        return [None] * len(points)
    found: list[Bar | None] = []
    for point in points:
        if point.value is None or point.value <= 0:
            found.append(None)
            continue
        length = float(100 * point.value / longest)
        found.append(Bar(percent(0, length), f"{length:.2f}%", "step-4" if point.is_exact else "unsure"))
    return found
