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
LONGEST_LABEL = 48  # characters, about 20 rem


@dataclass(frozen=True)
class Span:
    """Something that lasts: what it is called, from when to when, and the class that colours it."""

    label: str
    start: PartialDate | None
    end: PartialDate | None
    style: str = "step-4"


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

    @property
    def base_y(self) -> int:
        return self.height - FOOT

    @property
    def tick_y(self) -> int:
        return self.height - 4


def timeline(spans: Iterable[Span], today: datetime.date | None = None) -> Timeline | None:
    """A drawing of the spans with a date and a line for today; None where nothing is dated.

    A span without an end runs to today, or to the end of its year where that is still to come, and is dashed.
    """
    today = today or timezone.localdate()
    dated = [span for span in spans if span.start or span.end]
    if not dated:
        return None
    years = [d.year for span in dated for d in (span.start, span.end) if d] + [today.year]
    first, last = min(years), max(years) + 1
    if last - first > LONGEST:
        return None
    begin = datetime.date(first, 1, 1)
    days = (datetime.date(last, 1, 1) - begin).days
    mirrored = get_language_bidi()

    def share(day: datetime.date) -> float:
        return 100 * (day - begin).days / days

    def percent(x: float, width: float = 0) -> str:
        return f"{(100 - x - width if mirrored else x):.2f}%"

    bars = []
    for n, span in enumerate(dated):
        x = share(span.start.first_day) if span.start else 0
        stop = min(span.end.last_day + datetime.timedelta(days=1), datetime.date(last, 1, 1)) if span.end else today
        width = max(share(stop) - x, 0.8)
        late = x > 60  # a label that would run out of the picture ends where its bar ends
        bars.append(
            Bar(
                label=Truncator(span.label).chars(LONGEST_LABEL),
                x=percent(x, width),
                width=f"{width:.2f}%",
                label_x=percent(x + width if late else x),
                y=TOP + 24 + n * ROW,
                style=span.style if span.start and span.end else "unsure",
                anchor="end" if late else "start",
            )
        )
    step = max(1, -(-(last - first) // 10))
    ticks = [
        Tick(str(year), percent(x := share(datetime.date(year, 1, 1))), percent(x + 0.4))
        for year in range(first, last, step)
    ]
    here = share(today)
    return Timeline(
        height=TOP + 24 + len(dated) * ROW + FOOT,
        bars=bars,
        ticks=ticks,
        today_x=percent(here),
        today=today,
        today_anchor="end" if here > 50 else "start",
    )
