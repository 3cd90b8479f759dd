"""Two texts compared word by word. The time it takes grows with their length, whatever they say: where nothing tells
which of many equal words belong together, the passage counts as written anew.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

SAME, ADDED, REMOVED, NOTHING, LEFT_OUT = "same", "added", "removed", "nothing", "left out"

SMALL = 4096  # pairs of words that are compared each with each
DEEPEST = 24
SHOWN = 240  # signs of an unchanged passage that are kept on either side of what has changed


@dataclass(frozen=True)
class Segment:
    """A piece of text and what became of it: one of the words above."""

    kind: str
    text: str


Segments = tuple[Segment, ...]


def mark(old: str, new: str) -> tuple[Segments, Segments]:
    """The old text with what was removed, and the new one with what was added. Long unchanged passages are cut."""
    before: list[Segment] = []
    after: list[Segment] = []
    one, two = _lines(old), _lines(new)
    for is_same, lines, others in _pieces(one, two):
        if is_same:
            before.append(Segment(SAME, "".join(lines)))
            after.append(Segment(SAME, "".join(others)))
            continue
        pieces = list(_pieces(_words("".join(lines)), _words("".join(others))))
        for is_same, words, other_words in _without_islands(pieces):
            before.append(Segment(SAME if is_same else REMOVED, "".join(words)))
            after.append(Segment(SAME if is_same else ADDED, "".join(other_words)))
    return _cut(_joined(before)), _cut(_joined(after))


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text)


Piece = tuple[bool, Sequence[str], Sequence[str]]


def _pieces(one: Sequence[str], two: Sequence[str]) -> Iterator[Piece]:
    """Both sequences from beginning to end: what they share, and between it what stands in its place."""
    at = other = 0
    for start, other_start, length in [*_matches(one, two), (len(one), len(two), 0)]:
        if start > at or other_start > other:
            yield False, one[at:start], two[other:other_start]
        if length:
            yield True, one[start : start + length], two[other_start : other_start + length]
        at, other = start + length, other_start + length


def _matches(one: Sequence[str], two: Sequence[str]) -> list[tuple[int, int, int]]:
    """Where they say the same: (place in one, place in two, length). By what stands in both exactly once, which parts
    them into shorter pieces, and so on; what is left is small or has nothing to go by.
    """
    found = []
    todo = [(0, len(one), 0, len(two), 0)]
    while todo:
        start, end, other, other_end, depth = todo.pop()
        length = 0
        while start + length < end and other + length < other_end and one[start + length] == two[other + length]:
            length += 1
        if length:
            found.append((start, other, length))
            start, other = start + length, other + length
        was = end
        while end > start and other_end > other and one[end - 1] == two[other_end - 1]:
            end, other_end = end - 1, other_end - 1
        if was > end:
            found.append((end, other_end, was - end))
        if start == end or other == other_end:
            continue
        if depth < DEEPEST and (anchors := _anchors(one, start, end, two, other, other_end)):
            for at, there in anchors:
                todo.append((start, at, other, there, depth + 1))
                start, other = at, there  # which begins the next piece, and is the same in both
            todo.append((start, end, other, other_end, depth + 1))
        elif (end - start) * (other_end - other) <= SMALL:
            small = SequenceMatcher(None, one[start:end], two[other:other_end], autojunk=False)
            found += [(start + at, other + there, n) for at, there, n in small.get_matching_blocks() if n]
    return _in_one(sorted(found))


def _in_one(matches: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Those that touch each other are one."""
    found: list[tuple[int, int, int]] = []
    for at, there, length in matches:
        if found and (at, there) == (found[-1][0] + found[-1][2], found[-1][1] + found[-1][2]):
            at, there, length = found[-1][0], found[-1][1], found.pop()[2] + length
        found.append((at, there, length))
    return found


def _anchors(
    one: Sequence[str], start: int, end: int, two: Sequence[str], other: int, other_end: int
) -> list[tuple[int, int]]:
    """The longest row, in the order of both, of what stands once in either."""
    counts, other_counts = Counter(one[start:end]), Counter(two[other:other_end])
    places = {two[n]: n for n in range(other, other_end) if other_counts[two[n]] == 1}
    pairs = [(n, places[one[n]]) for n in range(start, end) if counts[one[n]] == 1 and one[n] in places]
    ends: list[int] = []  # of rows of each length, the smallest place they can end at
    which: list[int] = []
    before: list[int | None] = []
    for n, (_at, there) in enumerate(pairs):
        length = bisect_left(ends, there)
        before.append(which[length - 1] if length else None)
        ends[length : length + 1], which[length : length + 1] = [there], [n]
    row = []
    last = which[-1] if which else None
    while last is not None:
        row.append(pairs[last])
        last = before[last]
    return row[::-1]


def _without_islands(pieces: list[Piece]) -> Iterator[Piece]:
    """A space or a comma that happens to be the same between two changes makes them harder to read."""
    for n, (is_same, words, others) in enumerate(pieces):
        between = 0 < n < len(pieces) - 1
        yield is_same and not (between and not any(word[0].isalnum() for word in words)), words, others


def _joined(segments: list[Segment]) -> list[Segment]:
    runs = groupby((segment for segment in segments if segment.text), key=lambda segment: segment.kind)
    return [Segment(kind, "".join(segment.text for segment in run)) for kind, run in runs]


def _cut(segments: list[Segment]) -> Segments:
    """Of what is unchanged, what stands beside a change."""
    if len(segments) == 1:
        return tuple(segments)
    cut = []
    for n, segment in enumerate(segments):
        text = segment.text
        head, tail = (SHOWN if n else 0), (SHOWN if n < len(segments) - 1 else 0)
        if segment.kind != SAME or len(text) <= head + tail + SHOWN:
            cut.append(segment)
            continue
        cut += [Segment(SAME, text[:head])] if head else []
        cut.append(Segment(LEFT_OUT, " … "))
        cut += [Segment(SAME, text[-tail:])] if tail else []
    return tuple(cut)
