"""A page in, proposals out. Deterministic: the same page, phrases and names give the same proposals."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.dates import PartialDate
from portal.languages import fold
from projects.legacy import prose
from projects.legacy.ground import Ground
from projects.legacy.page import PageText
from projects.legacy.parts import Part, parts_of
from projects.legacy.places import names_only_places
from projects.legacy.placing import Placer
from projects.legacy.proposals import Piece, Proposal, Reading
from projects.legacy.splitting import BRACKETS, Entry, Splitter
from projects.legacy.vocabulary import Phrase, Phrases
from projects.legacy.words import Span, Words

MOST_ENTRIES = 500
FACTS = {"objective", "roles", "start", "end", "countries", "country_groups", "regions", "budget"}
# Words between two values that say nothing when both are placed.
SILENT = {"joiner", "date_word", "to", "until", "since", "period", "former", "support"}


def read(page: PageText, phrases: Iterable[Phrase], ground: Ground) -> Reading:
    """What the page says of projects. `phrases` are those of vocabulary.kept(), `ground` is Ground.load()."""
    table = Phrases(phrases)
    words = Words(page.text)
    parts = parts_of(page, words, table)
    splitter = Splitter(words, table, lambda span: names_only_places(words, span, ground, table))
    entries, outside = splitter.split(parts)
    entries += _without_labels(parts, outside, splitter, words, table, ground)
    entries.sort(key=lambda entry: entry.parts[0].span.start)
    placer = Placer(words, table, ground, splitter)
    heading = _said_stage(parts, entries, words, table)
    proposals: list[Proposal] = []
    keys: dict[str, int] = {}
    for entry in entries[:MOST_ENTRIES]:
        pieces = placer.place(entry)
        if not any(piece.field in FACTS for piece in pieces):
            continue  # its labels were words like any others
        proposal = _proposal(page, entry, pieces, words, table)
        keys[proposal.key] = keys.get(proposal.key, 0) + 1
        if keys[proposal.key] > 1:
            proposal.key += f" ({keys[proposal.key]})"
        _remark(proposal, heading)
        proposals.append(proposal)
    spans = [proposal.span for proposal in proposals]
    return Reading(proposals, list(_uncovered(page, Span(0, len(page.text)), spans, words)))


def _without_labels(
    parts: Sequence[Part], outside: Sequence[Part], splitter: Splitter, words: Words, phrases: Phrases, ground: Ground
) -> list[Entry]:
    """Entries that no label tells: a title, and text that says who pays, who does it, when, for how much."""
    numbers = {part.span: n for n, part in enumerate(parts)}
    rest = sorted(outside, key=lambda part: part.span.start)
    found: list[Entry] = []
    section: list[Part] = []
    for n, part in enumerate([*rest, None]):
        after = rest[n + 1] if n + 1 < len(rest) else None
        torn = bool(section) and part is not None and numbers[part.span] != numbers[section[-1].span] + 1
        begins = part is not None and splitter.is_title(part) and after is not None and not (
            splitter.is_title(after) and after.kind == part.kind and after.span.end - after.span.start < 60
        ) and not _tells(part, words, phrases, ground)  # fmt: skip
        if section and (part is None or torn or begins):
            told = {kind for one in section[1:] for kind in _tells(one, words, phrases, ground)}
            title = words.text[section[0].span.start : section[0].span.end]
            if splitter.is_title(section[0]) and len(told) + bool(BRACKETS.search(title)) >= 2 and told:
                found.append(Entry(section, section[0], set()))
            section = []
        if part is not None and (section or begins):
            section.append(part)
    return found


def _tells(part: Part, words: Words, phrases: Phrases, ground: Ground) -> set[str]:
    told = set()
    if prose.period_in(words, part.span, phrases):
        told.add("period")
    if any(piece.confidence > 0.3 for piece in prose.roles_in(words, part.span, ground, phrases)):
        told.add("roles")
    if prose.budget_in(words, part.span, phrases):
        told.add("budget")
    return told


def _proposal(page: PageText, entry: Entry, pieces: list[Piece], words: Words, phrases: Phrases) -> Proposal:
    span = Span(min(part.span.start for part in entry.parts), max(part.span.end for part in entry.parts))
    title = next((piece.value for piece in pieces if piece.field == "title"), "")
    acronym = next((piece.value for piece in pieces if piece.field == "acronym"), "")
    name = re.sub(r"[\W_]+", "-", fold(acronym or title)).strip("-")[:80] or "untitled"
    proposal = Proposal(
        title, span, f"{page.key}#{name}", _language(entry), sorted(pieces, key=lambda one: (one.start, one.end))
    )
    starts = [piece.start for piece in proposal.pieces]
    labels = [part.label for part in entry.parts if part.label and part.is_field and _is_used(part, starts)]
    covered = [*labels, *(Span(piece.start, piece.end) for piece in pieces)]
    for loose in _uncovered(page, span, covered, words):
        tokens = words.within(*loose)
        said = {n for hit in phrases.find(tokens, SILENT) for n in range(hit.first, hit.after)}
        (proposal.signs if len(said) == len(tokens) else proposal.unplaced).append(loose)
    proposal.signs += [label for label in labels if label is not None]
    proposal.signs.sort()
    return proposal


def _is_used(part: Part, starts: Sequence[int]) -> bool:
    """Whether something behind this label was placed; if not, the label stays with its words."""
    end = part.value.end if part.value.end > part.value.start else part.span.end + 400
    n = bisect_left(starts, part.span.start)
    return n < len(starts) and starts[n] < end


def _language(entry: Entry) -> str:
    counts: dict[str, int] = {}
    for part in entry.parts:
        if part.phrase is not None:
            counts[part.phrase.language] = counts.get(part.phrase.language, 0) + 1
    return max(counts, key=lambda code: counts[code]) if counts else "en"


def _uncovered(page: PageText, whole: Span, covered: Iterable[tuple[int, int]], words: Words) -> Iterable[Span]:
    """What lies between the covered spans, line by line, without white space at its ends."""
    place = whole.start
    for start, end in [*sorted(covered), (whole.end, whole.end)]:
        if start > place:
            for line in re.finditer(r"[^\n]+", page.text[place : min(start, whole.end)]):
                span = words.trim(place + line.start(), place + line.end())
                if span.start < span.end:
                    yield span
        place = max(place, end)


def _said_stage(parts: Sequence[Part], entries: Sequence[Entry], words: Words, phrases: Phrases) -> str:
    """What the page calls its projects before the first one: "current", "ended", "planned"."""
    first = entries[0].parts[0].span.start if entries else 0
    for part in parts[:20]:
        tokens = words.within(*part.span)
        if part.span.start < first and len(tokens) <= 8:
            hit = next(phrases.find(tokens, {"stage"}), None)
            if hit:
                return hit.phrase.value
    return ""


def _remark(proposal: Proposal, heading: str) -> None:
    if not proposal.title:
        proposal.remarks.append(_("No title was found."))
    end = proposal.value("end")
    if heading == "current" and end and PartialDate.parse(end).last_day < timezone.localdate():
        words = _("The page calls its projects current; by its dates this one ended (%(end)s).")
        proposal.remarks.append(words % {"end": PartialDate.parse(end).label()})
