"""Which parts of an entry belong together: a label and all the lines of its value."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from projects.legacy.parts import Part
from projects.legacy.splitting import Entry, Splitter
from projects.legacy.words import Span, Words

LISTED = {"donor", "implementing", "partner", "beneficiary", "country", "region", "themes", "link", "call", "contact"}
LONG = {"objective", "summary", "results", "target_groups"}
SHORT_VALUE = 90
SHORT_LINE = 200
MOST = 1000  # sections of one entry; what lies further on is kept, not placed


@dataclass
class Section:
    """A label with all parts of its value; or parts without a label."""

    meaning: str
    parts: list[Part]
    label: Part | None = None
    spans: list[Span] = field(default_factory=list)

    @property
    def sure(self) -> float:
        return self.label.sure if self.label else 1.0

    @property
    def whole(self) -> Span:
        return Span(self.spans[0].start, self.spans[-1].end)

    @property
    def kinds(self) -> list[str]:
        return [part.kind for part in self.parts if part.value.start < part.value.end]


def sections_of(entry: Entry, words: Words, splitter: Splitter) -> list[Section]:
    """All parts but the line that names the entry, where no label says what the title is."""
    pairs = zip(entry.parts, [*entry.parts[1:], None], strict=True)
    titled = any(
        one.meaning == "title" and (one.value.start < one.value.end or (after is not None and not after.meaning))
        for one, after in pairs
    )
    sections: list[Section] = []
    n = 0
    while n < len(entry.parts) and len(sections) < MOST:
        part = entry.parts[n]
        last = n
        if part is entry.title and not titled:
            pass
        elif part.is_field:
            last = _last(entry.parts, n, words, splitter)
            own = entry.parts[n : last + 1]
            spans = [one.value if one is part else one.span for one in own]
            sections.append(Section(part.meaning, own, part, [span for span in spans if span.start < span.end]))
        elif part.label is None and part.meaning == "":
            sections.append(Section("", [part], None, [part.span]))
        n = last + 1
    return sections


def _last(parts: Sequence[Part], n: int, words: Words, splitter: Splitter) -> int:
    """The number of the last part that belongs to the label of part `n`."""
    label, last = parts[n], n
    empty = label.value.start == label.value.end
    while last + 1 < len(parts):
        following = parts[last + 1]
        if following.label is not None or following.meaning or _stands_alone(following, words, splitter):
            break
        if label.meaning in LONG:
            if label.meaning == "objective" and not (following.kind == "item" or (last == n and empty)):
                break  # an objective is one paragraph, and a list that hangs on it
        elif not (_hangs(parts[last], words) or (empty and _is_value(label, following, first=last == n))):
            break
        last += 1
    return last


def _stands_alone(part: Part, words: Words, splitter: Splitter) -> bool:
    """A line that is a call or a link, or a heading."""
    short = part.span.end - part.span.start < SHORT_LINE
    return part.kind == "heading" or (short and splitter.is_call_or_link(words.within(*part.span)))


def _hangs(part: Part, words: Words) -> bool:
    """A line that ends with a comma goes on in the next."""
    said = words.text[part.span.start : part.span.end].rstrip()
    return part.value.start < part.value.end and said.endswith((",", "،")) and part.label is not None


def _is_value(label: Part, part: Part, first: bool) -> bool:
    if first:
        return True
    if label.meaning not in LISTED or part.gap > 1:
        return False
    return part.kind == "item" or (part.gap == 0 and part.span.end - part.span.start < SHORT_VALUE)
