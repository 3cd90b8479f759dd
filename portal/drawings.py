"""Timelines as SVG, without inline style: x in per cent so that they stretch, y in pixels so that text does not.

A percentage does not mirror by itself; for right-to-left pages x is counted from the other side here.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import get_language_bidi

from portal.dates import PartialDate

TOP, ROW, FOOT = 20, 38, 20
LONGEST = 60  # years
WIDEN = 3  # years by which the day that is shown may make a drawing longer
SECOND_LINE = 16  # pixels, for a second date above it
LONGEST_LABEL = 48  # characters, about 20 rem


@dataclass(frozen=True)
class Span:
    """Something that lasts: what it is called, from when to when, and the class that colours it."""

    label: str
    start: PartialDate | None
    end: PartialDate | None
    style: str = "step-4"


@dataclass(frozen=True)
class Lane:
    """Things that happen, as points on one line; what is known to the year or month only is as long as that."""

    label: str
    points: Sequence[Span]


@dataclass(frozen=True)
class Dot:
    """A point or, with a width, a stretch within which it lies."""

    label: str
    x: str
    width: str


@dataclass(frozen=True)
class DrawnLane:
    label: str
    label_x: str
    anchor: str
    y: int
    dots: Sequence[Dot]

    @property
    def label_y(self) -> int:
        return self.y - 6

    @property
    def dot_y(self) -> int:
        return self.y + 7


@dataclass(frozen=True)
class Bar:
    label: str
    x: str
    width: str
    label_x: str
    y: int
    style: str
    anchor: str

    @property
    def label_y(self) -> int:
        return self.y - 6


@dataclass(frozen=True)
class Tick:
    label: str
    x: str
    label_x: str


@dataclass(frozen=True)
class Timeline:
    height: int
    bars: Sequence[Bar]
    ticks: Sequence[Tick]
    today_x: str
    today: datetime.date
    today_anchor: str
    lanes: Sequence[DrawnLane] = ()
    shown: datetime.date | None = None
    shown_x: str = ""  # empty where the day that is shown lies outside
    shown_anchor: str = "start"

    @property
    def top(self) -> int:
        return 16 + (SECOND_LINE if self.shown_x else 0)

    @property
    def base_y(self) -> int:
        return self.height - FOOT

    @property
    def tick_y(self) -> int:
        return self.height - 4


def timeline(
    spans: Iterable[Span],
    today: datetime.date | None = None,
    lanes: Iterable[Lane] = (),
    shown: datetime.date | None = None,
) -> Timeline | None:
    """A drawing of the spans with a date and of the lanes under them, with a line for today; None where nothing is
    dated. `shown` is another day to draw a line for.

    A span without an end runs to today, or to the end of its year where that is still to come, and is dashed.
    """
    today = today or timezone.localdate()
    dated = [span for span in spans if span.start or span.end]
    happened = [(lane, points) for lane in lanes if (points := [one for one in lane.points if one.start or one.end])]
    spread = [*dated, *(point for _lane, points in happened for point in points)]
    if not spread:
        return None
    years = [d.year for span in spread for d in (span.start, span.end) if d] + [today.year]
    first, last = min(years), max(years) + 1
    if shown and first - WIDEN <= shown.year < last + WIDEN:
        first, last = min(first, shown.year), max(last, shown.year + 1)
    if last - first > LONGEST:
        return None
    begin, stop = datetime.date(first, 1, 1), datetime.date(last, 1, 1)
    scale = _Scale(begin, (stop - begin).days, get_language_bidi())
    shown = shown if shown != today else None
    is_inside = shown is not None and begin <= shown < stop
    top = TOP + 24 + (SECOND_LINE if is_inside else 0)
    bars = [_bar(span, scale, top + n * ROW, today, stop) for n, span in enumerate(dated)]
    bottom = top + len(dated) * ROW
    step = max(1, -(-(last - first) // 10))
    ticks = [
        Tick(str(year), scale.percent(x := scale.share(datetime.date(year, 1, 1))), scale.percent(x + 0.4))
        for year in range(first, last, step)
    ]
    here = scale.share(today)
    there = scale.share(shown) if shown and is_inside else 0
    return Timeline(
        height=bottom + len(happened) * ROW + FOOT,
        bars=bars,
        ticks=ticks,
        today_x=scale.percent(here),
        today=today,
        today_anchor="end" if here > 50 else "start",
        lanes=[_lane(lane, points, scale, bottom + n * ROW) for n, (lane, points) in enumerate(happened)],
        shown=shown,
        shown_x=scale.percent(there) if is_inside else "",
        shown_anchor="end" if there > 50 else "start",
    )


@dataclass(frozen=True)
class _Scale:
    """Days as shares of the width."""

    begin: datetime.date
    days: int
    mirrored: bool

    def share(self, day: datetime.date) -> float:
        return 100 * (day - self.begin).days / self.days

    def percent(self, x: float, width: float = 0) -> str:
        return f"{(100 - x - width if self.mirrored else x):.2f}%"


def _bar(span: Span, scale: _Scale, y: int, today: datetime.date, stop: datetime.date) -> Bar:
    x = scale.share(span.start.first_day) if span.start else 0
    after = min(span.end.last_day + datetime.timedelta(days=1), stop) if span.end else today
    width = max(scale.share(after) - x, 0.8)
    late = x > 60  # a label that would run out of the picture ends where its bar ends
    return Bar(
        label=Truncator(span.label).chars(LONGEST_LABEL),
        x=scale.percent(x, width),
        width=f"{width:.2f}%",
        label_x=scale.percent(x + width if late else x),
        y=y,
        style=span.style if span.start and span.end else "unsure",
        anchor="end" if late else "start",
    )


def _lane(lane: Lane, points: Sequence[Span], scale: _Scale, y: int) -> DrawnLane:
    """Its label stands over the first point, or ends there where it would run out of the picture."""
    dots, left = [], 100.0
    for point in points:
        first, last = point.start or point.end, point.end or point.start
        if first is None or last is None:
            continue
        x = scale.share(first.first_day)
        width = scale.share(last.last_day) - x
        is_point = bool(first.day and last.day)
        dots.append(Dot(point.label, scale.percent(x, 0 if is_point else width), "" if is_point else f"{width:.2f}%"))
        left = min(left, x)
    late = left > 60
    return DrawnLane(lane.label, scale.percent(left), "end" if late else "start", y, dots)
