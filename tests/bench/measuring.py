"""Taking times of two sides in turn, and the table of what came out.

Other programs slow both sides alike, so what counts is the ratio of two medians taken in one run.
"""

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A line of the table. `goal` as text, `is_met` None where there is none."""

    number: str
    work: str
    ours: str
    other: str
    found: str
    goal: str = ""
    is_met: bool | None = None


def interleaved(*sides: Callable[[], object], rounds: int, warm: int = 1) -> list[list[float]]:
    """Milliseconds of each side, taken in turn."""
    times: list[list[float]] = [[] for _side in sides]
    for number in range(warm + rounds):
        for taken, side in zip(times, sides, strict=True):
            started = time.perf_counter()
            side()
            if number >= warm:
                taken.append((time.perf_counter() - started) * 1000)
    gc.collect()
    return times


def median(times: Sequence[float]) -> float:
    return statistics.median(times)


def timed(work: Callable[[], object]) -> float:
    """Seconds."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def print_table(rows: Sequence[Row]) -> None:
    heads = ("#", "work", "the portal", "bare", "found", "goal", "")
    cells = [
        (r.number, r.work, r.ours, r.other, r.found, r.goal, {True: "met", False: "MISSED", None: ""}[r.is_met])
        for r in rows
    ]
    widths = [max(len(line[n]) for line in [heads, *cells]) for n in range(len(heads))]
    for line in [heads, tuple("-" * width for width in widths), *cells]:
        print("| " + " | ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)) + " |")
