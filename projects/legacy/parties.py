"""Organisations in the value of a field or in running text: who is known, with what share, and who is new."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from projects.legacy.ground import COUNTRY, ORGANISATION, Ground, Thing
from projects.legacy.money import SHARE, Sum, sums
from projects.legacy.proposals import Piece, piece_of
from projects.legacy.vocabulary import Phrases
from projects.legacy.words import Span, Token, Words, key, one_line

LONGEST_NAME = 200
MOST = 200  # organisations in one field
SEPARATORS = re.compile(r"[;\n•|·،؛]|,(?!\d)|\s/\s|(?<=[^\W\d_]{3})/(?=[^\W\d_]{3})")
BRACKET = re.compile(r"\(([^()]{1,120})\)")
EDGES = " \t\n,;:.-–—•·|/()[]&+"
Row = dict[str, Any]
ORGANISATIONS = frozenset({ORGANISATION})


def parties(words: Words, span: Span, role: str, ground: Ground, phrases: Phrases, sure: float = 0.95) -> list[Piece]:
    """The organisations a field names, as rows of a project."""
    pieces: list[Piece] = []
    seen: set[object] = set()
    for item, support in _items(words, span, ground, phrases):
        if item.end - item.start > 2 * LONGEST_NAME or len(pieces) == MOST:
            continue
        piece = _party(words, item, role, ground, phrases, sure, support)
        if piece is None:
            continue
        who = str(piece.value) if piece.field != "roles" else piece.value["organisation"] or key(piece.value["new"])
        if who not in seen:
            seen.add(who)
            pieces.append(piece)
    return pieces


def _items(words: Words, span: Span, ground: Ground, phrases: Phrases) -> Iterator[tuple[Span, bool]]:
    """A list taken apart, but no known name and no bracket; and whether an item stands behind "with the support of"."""
    text, tokens = words.text, words.within(*span)
    closed: list[tuple[int, int]] = [match.span() for match in BRACKET.finditer(text, *span)]
    known = list(ground.find(words, tokens, ORGANISATIONS))
    closed += [(tokens[one.first].start, tokens[one.after - 1].end) for one in known]
    cuts: list[tuple[int, int, bool]] = [(*match.span(), False) for match in SEPARATORS.finditer(text, *span)]
    firsts, lasts = {one.first for one in known}, {one.after for one in known}
    for hit in phrases.find(tokens, {"joiner", "support"}):
        is_support = hit.phrase.meaning == "support"
        if is_support or _parts_names(words, tokens, hit.first, hit.after, firsts, lasts, phrases):
            cuts.append((tokens[hit.first].start, tokens[hit.after - 1].end, is_support))
    covered = _merged(closed)
    place, support, k = span.start, False, 0
    for start, end, is_support in [*sorted(cuts), (span.end, span.end, False)]:
        while k < len(covered) and covered[k][1] <= start:
            k += 1
        if start < span.end and k < len(covered) and covered[k][0] < end and start < covered[k][1]:
            continue
        if start < place:
            continue
        item = words.trim(place, start)
        if words.within(*item):
            yield item, support
        place, support = end, is_support or support


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _parts_names(
    words: Words, tokens: list[Token], first: int, after: int, firsts: set[int], lasts: set[int], phrases: Phrases
) -> bool:
    """Whether a word for "and" stands between two names, and not within one: beside a known name, before small
    letters, before an acronym, or before a word that names of organisations begin with.
    """
    if first == 0 or after >= len(tokens):
        return False
    nexts = {after, after + 1} if words.text[tokens[after].start].islower() else {after}
    if nexts & firsts or first in lasts:
        return True
    written = words.text[tokens[after].start : tokens[after].end]
    if written.islower() and written.isascii():
        return any(words.text[token.start].islower() for token in tokens[max(0, first - 2) : first])
    if len(written) > 1 and written.isupper():
        return True
    return phrases.at(tokens, after, {"organisation_word"}) is not None


def _party(
    words: Words, item: Span, role: str, ground: Ground, phrases: Phrases, sure: float, support: bool
) -> Piece | None:
    text = words.text
    row = _row(role)
    if support:
        row["note"] = _("in support")
    name, extras = _facts(words, item, row, phrases)
    tokens = words.within(*name)
    if not tokens:
        return None
    brackets = list(BRACKET.finditer(text, *name))
    inside = {n for n, token in enumerate(tokens) if any(m.start() < token.start < m.end() for m in brackets)}
    outer = [token for n, token in enumerate(tokens) if n not in inside]
    thing, certain, why = _known(words, tokens, outer, brackets, row, ground, phrases)
    span = Span(item.start, item.end) if extras else name
    if thing is not None:
        row["organisation"], row["new"] = thing.ref, ""
        return piece_of(text, "roles", row, span, sure * certain, why)
    if (thing := _behind_small_letters(words, tokens, ground)) is not None:
        row["organisation"] = thing.ref
        return piece_of(text, "roles", row, span, sure * 0.75, _("a known name behind other words"))
    said = one_line(text[name.start : name.end]).strip(EDGES.replace("(", "").replace(")", ""))
    if len(said) > LONGEST_NAME or len(said) < 2:
        return None
    if text[tokens[0].start].islower() and not any(text[token.start].isupper() for token in tokens[1:3]):
        if role in ("donor", "beneficiary"):
            return None
        return piece_of(text, "other_partners", said, span, sure * 0.7, _("no name: small letters"))
    row["new"] = said
    if (
        brackets
        and re.fullmatch(r"[\w&./ -]{2,15}", brackets[-1].group(1))
        and brackets[-1].group(1).upper()[:2] == (brackets[-1].group(1)[:2])
    ):
        row["new"] = one_line(text[name.start : brackets[-1].start()]).strip(EDGES) or said
        row["acronym"] = brackets[-1].group(1)
    country = next(iter(ground.find(words, tokens, {COUNTRY})), None)
    if country is not None and country.first == 0 and country.after == len(tokens):
        return piece_of(text, "roles", row, span, sure * 0.4, _("the name of a state, not of an organisation"))
    return piece_of(text, "roles", row, span, sure * 0.6, _("no organisation of this name is known"))


def _facts(words: Words, item: Span, row: Row, phrases: Phrases) -> tuple[Span, bool]:
    """Put the share and the amount of an item into its row; the place of the name alone."""
    text = words.text
    taken: list[tuple[int, int]] = []
    if match := SHARE.search(text, *item):
        share = Decimal(match.group(1).replace(",", "."))
        if share <= 100:
            row["share"] = f"{share.quantize(Decimal('0.01'))}"
            taken.append(match.span())
    found: list[Sum] = sums(words, item.start, item.end, phrases)
    if found:
        row["amount"], row["currency"] = str(found[0].amount), found[0].currency
        taken.append((found[0].start, found[0].end))
    if not taken:
        return item, False
    first, last = min(start for start, _end in taken), max(end for _start, end in taken)
    before, after = words.trim(item.start, first), words.trim(last, item.end)
    before_text = text[before.start : before.end].rstrip(EDGES.replace(")", ""))
    if words.within(*before):
        return Span(before.start, before.start + len(before_text)), True
    shift = len(text[after.start : after.end]) - len(text[after.start : after.end].lstrip(EDGES.replace("(", "")))
    return Span(after.start + shift, after.end), True


def _known(
    words: Words,
    tokens: list[Token],
    outer: list[Token],
    brackets: list[re.Match[str]],
    row: Row,
    ground: Ground,
    phrases: Phrases,
) -> tuple[Thing | None, float, str]:
    """The organisation an item means, how sure that is, and why."""
    outer_key = tuple(token.key for token in outer)
    whole = ground.at(words, tokens, 0, ORGANISATIONS)
    if whole is None and len(tokens) > 1 and phrases.at(tokens, 0, {"article"}):
        whole = ground.at(words, tokens, 1, ORGANISATIONS)
    inner = next(iter(_in_brackets(words, brackets, ground)), None)
    country = _country_of(words, outer, ground)
    if whole is not None:
        rest = [token for token in outer if token.start >= tokens[whole.after - 1].end]
        if not rest:
            if brackets and inner is None and whole.after < len(tokens):
                own = one_line(brackets[-1].group(1))
                row["note"] = row["note"] or (
                    own[:200] if key(own) != key(whole.thing.label) and not own.isupper() else ""
                )
            return whole.thing, 1.0, ""
        if words.text[rest[0].start].islower():
            row["note"] = row["note"] or one_line(words.text[rest[0].start : rest[-1].end])[:200]
            return whole.thing, 0.8, _("a known name with words behind it")
    if inner is not None and (country is None or inner.country in ("", country.ref)):
        return inner, 0.85, _("by the name in brackets")
    if country is not None and brackets and (thing := ground.of_tail(key(brackets[0].group(1)), str(country.ref))):
        return thing, 0.9, _("by its name without the country, which stands before it")
    if len(outer_key) > 2 and (thing := ground.of_tail(outer_key)):
        return thing, 0.75, _("by its name without the first word")
    return None, 0, ""


def _behind_small_letters(words: Words, tokens: list[Token], ground: Ground) -> Thing | None:
    """The organisation that ends an item which begins in small letters: "with money from the Fund"."""
    n = next((n for n, token in enumerate(tokens[:7]) if not words.text[token.start].islower()), 0)
    found = ground.at(words, tokens, n, ORGANISATIONS) if n else None
    return found.thing if found and found.after == len(tokens) else None


def _country_of(words: Words, outer: list[Token], ground: Ground) -> Thing | None:
    """The country that is all that stands outside of brackets."""
    found = ground.at(words, outer, 0, {COUNTRY}) if outer else None
    return found.thing if found and found.after == len(outer) else None


def _in_brackets(words: Words, brackets: list[re.Match[str]], ground: Ground) -> Iterator[Thing]:
    for match in brackets:
        inside = words.within(match.start(1), match.end(1))
        found = ground.at(words, inside, 0, ORGANISATIONS) if inside else None
        if found and found.after == len(inside):
            yield found.thing


def _row(role: str) -> Row:
    empty = {"organisation": None, "new": "", "share": None, "amount": None, "currency": "", "note": ""}
    return {"role": role, **empty}


def named_in_prose(words: Words, start: int, end: int, role: str, ground: Ground, phrases: Phrases) -> list[Piece]:
    """Known organisations right behind a place in running text; or one new name written with capitals."""
    tokens = [token for token in words.tokens[words.index(start) : words.index(start) + 60] if token.end <= end]
    pieces: list[Piece] = []
    n = 0
    while n < len(tokens):
        skip = n
        while skip < len(tokens) and skip - n < 2 and words.text[tokens[skip].start].islower():
            skip += 1
        if skip >= len(tokens):
            break
        between = words.text[(tokens[n - 1].end if n else start) : tokens[skip].start]
        if set(between) & set(".;:()\n"):
            break
        found = ground.at(words, tokens, skip, ORGANISATIONS)
        row = _row(role)
        if found:
            row["organisation"] = found.thing.ref
            place = Span(tokens[skip].start, tokens[found.after - 1].end)
            why = _("named in running text")
            pieces.append(piece_of(words.text, "roles", row, place, 0.7, why))
            n = found.after
        else:
            place, n = _capitals(words, tokens, skip)
            if pieces or place.end - place.start < 3:
                break
            row["new"] = one_line(words.text[place.start : place.end])
            why = _("named in running text; no organisation of this name is known")
            pieces.append(piece_of(words.text, "roles", row, place, 0.4, why))
        goes_on = n < len(tokens) and (
            words.text[tokens[n - 1].end : tokens[n].start].strip() in (",", "&") or phrases.at(tokens, n, {"joiner"})
        )
        if not goes_on:
            break
        if hit := phrases.at(tokens, n, {"joiner"}):
            n = hit.after
    return pieces


def _capitals(words: Words, tokens: list[Token], n: int) -> tuple[Span, int]:
    """A name as far as its words have capitals; small words in between count where a capital follows."""
    if not words.text[tokens[n].start].isupper():
        return Span(tokens[n].start, tokens[n].start), n
    last = n
    while last + 1 < len(tokens) and last - n < 14:
        step = 1
        while step < 3 and last + step < len(tokens) and words.text[tokens[last + step].start].islower():
            step += 1
        ahead = last + step
        if ahead >= len(tokens) or not words.text[tokens[ahead].start].isupper():
            break
        if set(words.text[tokens[last].end : tokens[ahead].start]) & set(".,;:()\n"):
            break
        last = ahead
    return Span(tokens[n].start, tokens[last].end), last + 1
