"""What a title says beside the title: an acronym, former names, a phase; and names misspelt further on."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from projects.legacy.ground import PLACES, Ground
from projects.legacy.proposals import Piece, piece_of
from projects.legacy.vocabulary import Phrases
from projects.legacy.words import Span, Words, one_line

BRACKET = re.compile(r"\(([^()\n]{2,120})\)")
ACRONYM = re.compile(r"(?=(?:[^A-ZÀ-Þ]*[A-ZÀ-Þ]){2})[^\W_][\w+&./-]{1,18}(?:[ -](?:[IVX]{1,4}|\d{1,2}))?")
DASH = re.compile(r"\s[-–—]\s|(?<=\S)[–—]\s|:\s")
NUMBER = re.compile(r"[#*_\s]{0,8}(?:\d{1,3}(?:\.\d{1,2}){0,3}[.)]|\d{1,2}(?:\.\d{1,2}){1,3})\s{1,4}(?=\S)")
LONGEST = 400  # characters that are looked at
QUOTES = '«»“”„"‘‚'
ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8}
NAME = re.compile(r"(?<!\w)[A-Z][A-Z\d]{3,14}(?!\w)")


def title_pieces(words: Words, span: Span, ground: Ground, phrases: Phrases, sure: float, why: str) -> list[Piece]:
    """The title first. Its value is without numbers in front, quotation marks and names in brackets."""
    text = words.text
    span = words.trim(span.start, min(span.end, span.start + LONGEST))
    if match := NUMBER.match(text, *span):
        span = Span(match.end(), span.end)
    pieces: list[Piece] = []
    cut: list[tuple[int, int]] = []
    for match in BRACKET.finditer(text, *span):
        inside = _names_in(words, match, ground, phrases, is_last=not text[match.end() : span.end].strip(" .*"))
        if inside:
            pieces += inside
            cut.append(match.span())
    if not any(piece.field == "acronym" for piece in pieces):
        pieces += _beside_dash(words, span, cut)
    pieces += _phase(words, span, phrases)
    value, place = [], span.start
    for start, end in cut:
        value.append(text[place:start])
        place = end
    value.append(text[place : span.end])
    said = re.sub(r"\s+([,.;:])", r"\1", one_line(" ".join(part.strip() for part in value))).strip()
    said = said.strip(QUOTES + "*_ ") if said[:1] in QUOTES + "*_" else said.rstrip("*_ ")
    said = said.rstrip(" –—-:,;")
    said = said.removesuffix(".") if said.count(".") == 1 else said
    if not said:
        return pieces
    return [piece_of(text, "title", said[:300], span, sure, why), *pieces]


def _names_in(words: Words, match: re.Match[str], ground: Ground, phrases: Phrases, is_last: bool) -> list[Piece]:
    """The names in a bracket of a title: (ABC), (ABC, formerly AB)."""
    text, pieces = words.text, []
    place = match.start(1)
    for part in re.split(r"[,;]|\s[-–—]\s", match.group(1)):
        own = words.trim(place, place + len(part))
        place += len(part) + 1
        while place < match.end(1) and text[place - 1] not in ",;":
            place += 1  # the separator was longer than one sign
        tokens = words.within(*own)
        if not tokens:
            continue
        former = phrases.at(tokens, 0, {"former"})
        name = own
        if former and former.after < len(tokens):
            name = Span(tokens[former.after].start, own.end)
        said = text[name.start : name.end].strip(QUOTES)
        if former:
            value = {"name": said, "kind": "former"}
            pieces.append(piece_of(text, "other_names", value, name, 0.85, _("behind a word for “formerly”")))
        elif ACRONYM.fullmatch(said) and not _is_place(words, name, ground):
            if any(piece.field == "acronym" for piece in pieces):
                pieces.append(piece_of(text, "other_names", {"name": said, "kind": "acronym"}, name, 0.6, ""))
            else:
                pieces.append(piece_of(text, "acronym", said, name, 0.95, _("in brackets in the title")))
        elif is_last and not pieces and _is_name(said) and not _is_place(words, name, ground):
            pieces.append(piece_of(text, "acronym", said, name, 0.75, _("a short name in brackets behind the title")))
    return pieces


def _is_name(said: str) -> bool:
    own = said.split()
    return len(own) <= 3 and len(said) <= 40 and all(word[0].isupper() for word in own) and not re.search(r"\d", said)


def _is_place(words: Words, span: Span, ground: Ground) -> bool:
    tokens = words.within(*span)
    found = list(ground.find(words, tokens, PLACES - {"code"}))
    return sum(one.after - one.first for one in found) == len(tokens)


def _beside_dash(words: Words, span: Span, cut: list[tuple[int, int]]) -> list[Piece]:
    """A short name on one side of a dash: "ABC – Support of ...", "Support of ... – ABC"."""
    text = words.text
    for match in DASH.finditer(text, *span):
        if any(start <= match.start() < end for start, end in cut):
            continue
        left, right = words.trim(span.start, match.start()), words.trim(match.end(), span.end)
        before, after = text[left.start : left.end].strip(QUOTES), text[right.start : right.end].strip(QUOTES)
        if ACRONYM.fullmatch(before) and len(after.split()) > 1 and _letters(before) > 1:
            cut.append((span.start, match.end()))
            return [piece_of(text, "acronym", before, left, 0.85, _("before the dash of the title"))]
        if ACRONYM.fullmatch(after) and len(before.split()) > 2 and after.upper() == after:
            cut.append((match.start(), span.end))
            return [piece_of(text, "acronym", after, right, 0.75, _("behind the dash of the title"))]
        if 0 < len(before.split()) <= 4 and len(after.split()) > 1 and len(before) <= 40 and before[:1].isupper():
            return [piece_of(text, "acronym", before, left, 0.5, _("what stands before the dash may be a short name"))]
        break
    return []


def _letters(text: str) -> int:
    return sum(letter.isupper() for letter in text)


def _phase(words: Words, span: Span, phrases: Phrases) -> list[Piece]:
    tokens = words.within(*span)
    for hit in phrases.find(tokens, {"phase"}):
        if hit.after < len(tokens):
            token = tokens[hit.after]
            said = words.text[token.start : token.end]
            number = ROMAN.get(said) or (int(said) if said.isdecimal() and len(said) < 3 else None)
            if number:
                place = Span(tokens[hit.first].start, token.end)
                return [piece_of(words.text, "phase", number, place, 0.8, _("in the title"))]
    return []


def misspelt(words: Words, spans: Sequence[Span], names: Sequence[str]) -> list[Piece]:
    """Names in capitals that differ from one of the project's in one letter, or in two that changed places."""
    pieces: list[Piece] = []
    own = [name for name in names if NAME.fullmatch(name)]
    if not own:
        return []
    seen = set(names)
    for span in spans:
        for match in NAME.finditer(words.text, *span):
            said = match.group()
            if said in seen:
                continue
            seen.add(said)
            near = next((name for name in own if _is_near(said, name)), None)
            if near:
                why = _("differs from %s in one letter") % near
                value = {"name": said, "kind": "misprint"}
                pieces.append(piece_of(words.text, "other_names", value, match.span(), 0.5, why))
    return pieces


def _is_near(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    if len(one) == len(other):
        differ = [n for n in range(len(one)) if one[n] != other[n]]
        swapped = len(differ) == 2 and differ[1] == differ[0] + 1 and one[differ[0]] == other[differ[1]]
        return len(differ) == 1 or (swapped and one[differ[1]] == other[differ[0]])
    long, short = (one, other) if len(one) > len(other) else (other, one)
    return any(long[:n] + long[n + 1 :] == short for n in range(len(long)))
