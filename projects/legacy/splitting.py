"""Parts of a page into entries, each of which is about one project: where one begins and where it ends."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median_low

from projects.legacy.parts import HEAD, NEW_RECORD, UNKNOWN, Part
from projects.legacy.vocabulary import Phrases
from projects.legacy.words import Span, Token, Words

SINGLE = {"objective", "summary", "donor", "implementing", "start", "end", "period", "country", "region", "budget",
          "acronym", "stage", "programme", "beneficiary"}  # fmt: skip
# Labels that stand on any page, of a project or not.
WEAK = {HEAD, "link", "contact", "note", "call", "stage", "themes"}
# Each of these alone makes a project of what has a title.
TELLING = {"donor", "implementing", "objective", "period", "budget"}
ENOUGH = 3  # points for a line to begin a new entry
LONGEST_TITLE = 260
BRACKETS = re.compile(r"\([^()\n]{0,40}[A-Z][^()\n]{0,40}\)")
NUMBERED = re.compile(r"\W{0,3}(?:[Pp]\w{2,6}\s)?\d{1,3}[.):\s]")


@dataclass
class Entry:
    """`title` is the part that names it, where there is one; `parts` are all, that one among them."""

    parts: list[Part]
    title: Part | None = None
    fields: set[str] = field(default_factory=set)

    def add(self, part: Part) -> None:
        self.parts.append(part)
        if part.is_field:
            self.fields.add(part.meaning)


class Splitter:
    def __init__(self, words: Words, phrases: Phrases, is_place: Callable[[Span], bool]) -> None:
        self.words, self.phrases, self.is_place = words, phrases, is_place

    def split(self, parts: Sequence[Part]) -> tuple[list[Entry], list[Part]]:
        """Entries with labels, and what lies outside of them."""
        gaps = [part.gap for part in parts if 0 < part.gap < NEW_RECORD]
        usual = median_low(gaps) if gaps else 1
        ahead = self._ahead(parts)
        entries: list[Entry] = []
        outside: list[Part] = []
        waiting: list[Part] = []  # what stands before the first label of an entry
        entry: Entry | None = None
        for n, part in enumerate(parts):
            following = parts[n + 1] if n + 1 < len(parts) else None
            if entry is not None and self._ends(entry, part, following, ahead[n], usual):
                entries.append(entry)
                entry, waiting = None, []
            if entry is not None:
                entry.add(part)
            elif part.meaning in WEAK or not (self.is_field(part) or (part.meaning == UNKNOWN and waiting)):
                waiting.append(part)
            else:
                entry, rest = self._open(waiting, first=not entries)
                outside += rest
                entry.add(part)
                waiting = []
            if entry is None and not ahead[n] and not any(ahead[n : n + 2]):
                outside += waiting
                waiting = []
        if entry is not None:
            entries.append(entry)
        outside += waiting
        return [one for one in entries if self._is_enough(one)], [
            *outside, *(part for one in entries if not self._is_enough(one) for part in one.parts)
        ]  # fmt: skip

    def is_field(self, part: Part) -> bool:
        return part.is_field and not self.is_title_behind_label(part)

    def is_title_behind_label(self, part: Part) -> bool:
        """A label for countries in front of what names none: "Country: Support of ... (ABC)"."""
        if part.meaning not in ("country", "region") or part.label is None or part.value.start == part.value.end:
            return False
        tokens = self.words.within(*part.value)
        return 3 < len(tokens) < 40 and self.looks_like_title(part, part.value) and not self.is_place(part.value)

    def looks_like_title(self, part: Part, span: Span | None = None) -> bool:
        start, end = part.value if span else part.span
        text = self.words.text[start:end].strip()
        if not 3 < len(text) <= LONGEST_TITLE or text.count("\n") > 3:
            return False
        bare = text.lstrip("«»“”„\"'‘’([*_#0123456789.) \t")
        if not bare or bare[0].islower() or (text[-1] in ".;,:" and part.kind != "heading"):
            return False
        if part.kind == "item" or "://" in text or "@" in text or re.match(r"www\.", text):
            return False
        tokens = self.words.within(start, end)
        return 0 < len(tokens) <= 40 and not self.is_call_or_link(tokens)

    def is_call_or_link(self, tokens: Sequence[Token]) -> bool:
        return next(self.phrases.find(tokens[:40], {"call", "link"}), None) is not None

    def is_title(self, part: Part) -> bool:
        """Whether a part could name an entry."""
        if part.meaning == "title":
            return True
        if part.is_field or part.meaning == HEAD:
            return self.is_title_behind_label(part)
        return self.looks_like_title(part)

    def _ahead(self, parts: Sequence[Part]) -> list[frozenset[str]]:
        """For each part the labels that follow up to the next line that could be a title."""
        ahead: list[frozenset[str]] = [frozenset()] * len(parts)
        found: frozenset[str] = frozenset()
        for n in range(len(parts) - 1, -1, -1):
            ahead[n] = found
            if self.is_title(parts[n]) and parts[n].meaning != "title":
                found = frozenset()
            elif parts[n].is_field:
                found |= {parts[n].meaning}
        return ahead

    def _ends(self, entry: Entry, part: Part, following: Part | None, ahead: frozenset[str], usual: int) -> bool:
        """Whether an entry ends before this part."""
        if part.gap == NEW_RECORD:
            return True
        last = entry.parts[-1]
        if part.meaning == "title":
            return "title" in entry.fields or bool(ahead & entry.fields & SINGLE and entry.title is not None)
        if self.is_field(part):
            again = part.meaning in SINGLE and part.meaning in entry.fields and last.meaning != part.meaning
            far = part.gap > usual or part.block is not last.block
            return again and far and not (entry.title and _is_list(entry, part))
        if not self.is_title(part):
            return part.gap > usual and part.gap >= 2 and len(entry.fields) >= 3 and not ahead and self._is_prose(part)
        own_line = last.is_field and last.value.start == last.value.end
        if own_line and (part.kind != "heading" or last.kind == "heading"):  # the value of a label on a line of its own
            return False
        return self._points(entry, part, following, ahead, usual) >= ENOUGH

    def _is_prose(self, part: Part) -> bool:
        return (
            part.meaning == ""
            and part.span.end - part.span.start > 80
            and not self.is_call_or_link(self.words.within(*part.span)[:40])
        )

    def _points(self, entry: Entry, part: Part, following: Part | None, ahead: frozenset[str], usual: int) -> int:
        again = ahead & entry.fields & SINGLE
        points = 3 if again else -2 if ahead else 0
        own = entry.title.level if entry.title else 0
        if part.kind == "heading" and own:
            points += 3 if part.level <= own else -3
        elif part.kind == "heading" and (again or not ahead):
            points += 2
        points += 2 if part.gap > usual and part.gap >= 2 else 0
        points += 1 if following is not None and following.is_field else 0
        text = self.words.text[part.span.start : part.span.end]
        points += 1 if BRACKETS.search(text) else 0
        points += 1 if len(entry.fields) >= 3 else 0
        points += 1 if self.is_title_behind_label(part) else 0
        if entry.title is not None and NUMBERED.match(text):
            title = self.words.text[entry.title.span.start : entry.title.span.end]
            points += 2 if NUMBERED.match(title) else 0
        return points

    def _open(self, waiting: list[Part], first: bool) -> tuple[Entry, list[Part]]:
        """A new entry with the line that names it: the last that could, but not one that only goes on with another."""
        chosen = None
        for n, part in enumerate(waiting):
            if not self.is_title(part):
                continue
            before = waiting[chosen] if chosen is not None else None
            goes_on = (
                before is not None
                and chosen == n - 1
                and (
                    (before.kind == "heading" and part.kind != "heading")
                    or (part.gap == 0 and part.kind == before.kind)
                )
            )
            named = before is not None and not self._has_name(before) and self._has_name(part)
            if not goes_on or named or (before is not None and self._is_page_heading(before, first)):
                chosen = n
        if chosen is None:
            return Entry([]), list(waiting)
        title = waiting[chosen]
        return Entry(list(waiting[chosen:]), title), waiting[:chosen]

    def _has_name(self, part: Part) -> bool:
        return BRACKETS.search(self.words.text[part.span.start : part.span.end]) is not None

    def _is_page_heading(self, part: Part, first: bool) -> bool:
        """Ongoing projects; Our work: a word for a stage, or the first words of the page, and few."""
        tokens = self.words.within(*part.span)
        if first and len(tokens) <= 3 and part.span.start == self.words.tokens[0].start:
            return True
        return len(tokens) <= 4 and next(self.phrases.find(tokens, {"stage"}), None) is not None

    def _is_enough(self, entry: Entry) -> bool:
        """One stray label makes no project."""
        telling = entry.fields - WEAK
        own = entry.title is not None and entry.title.meaning != UNKNOWN
        return len(telling) >= 2 or (own and bool(telling & TELLING))


def _is_list(entry: Entry, part: Part) -> bool:
    """A label that stands again right after its own values: "Donor: A", "Donor: B"."""
    for before in reversed(entry.parts):
        if before.is_field:
            return before.meaning == part.meaning
    return False
