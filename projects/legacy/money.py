"""Sums of money and shares in a text, as people write them in several countries."""

import re
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from projects.legacy.vocabulary import Phrases
from projects.legacy.words import Words

NUMBER = re.compile(
    r"(?<![\d.,])\d{1,3}([.,'’\u00a0\u202f ])\d{3}(?:\1\d{3}){0,3}(?:[.,]\d{1,2})?(?!\d)"
    r"|(?<![\d.,])\d{1,15}(?:[.,]\d{1,4})?(?!\d)"
)
SHARE = re.compile(r"(?<![\d.,])(\d{1,3}(?:[.,]\d{1,2})?)\s?%")
SIGNS = {"€": "EUR", "£": "GBP", "$": "USD"}
NEAR = 3  # characters between a number and its currency


class Sum(NamedTuple):
    start: int
    end: int
    amount: Decimal
    currency: str


def sums(words: Words, start: int, end: int, phrases: Phrases, default: str = "") -> list[Sum]:
    """Numbers with a currency before or after them; with a default, those without one too."""
    found: list[Sum] = []
    text = words.text
    for match in NUMBER.finditer(text, start, end):
        first, after = match.start(), match.end()
        factor, n = Decimal(1), words.index(after)
        tokens = words.tokens[n : n + 4]
        near = bool(tokens) and tokens[0].start - after <= 1 and tokens[0].end <= end
        if near and (hit := phrases.at(tokens, 0, {"multiplier"})):
            factor, after = Decimal(hit.phrase.value), tokens[hit.after - 1].end
        currency, first, after = _currency(words, first, after, start, end, phrases)
        currency = currency or default
        amount = _amount(match.group(), factor != 1)
        if currency and amount is not None and not text[after : after + 2].strip().startswith("%"):
            found.append(Sum(first, after, (amount * factor).quantize(Decimal("0.01")), currency))
    return found


def _currency(words: Words, first: int, after: int, start: int, end: int, phrases: Phrases) -> tuple[str, int, int]:
    """Of a number between two places: before it, then after it; and what both together cover."""
    text = words.text
    ahead = text[max(start, first - NEAR) : first].rstrip()
    if ahead and ahead[-1] in SIGNS:
        place = text.rindex(ahead[-1], start, first)
        n = words.index(place) - 1
        if n >= 0 and words.tokens[n].end == place and words.tokens[n].key == "us":
            place = words.tokens[n].start
        return SIGNS[text[text.rindex(ahead[-1], start, first)]], place, after
    n = words.index(first)
    for size in (3, 2, 1):
        tokens = words.tokens[max(0, n - size) : n]
        if len(tokens) == size and tokens[0].start >= start and first - tokens[-1].end <= NEAR:
            hit = phrases.at(tokens, 0, {"currency"})
            if hit and hit.after == size:
                return hit.phrase.value, tokens[0].start, after
    behind = text[after : min(end, after + NEAR)].lstrip()
    if behind and behind[0] in SIGNS:
        return SIGNS[behind[0]], first, text.index(behind[0], after) + 1
    n = words.index(after)
    tokens = words.tokens[n : n + 5]
    if tokens and tokens[0].start - after <= NEAR:
        for skip in (0, 1):  # "2 millions d'euros"
            if (
                len(tokens) > skip
                and (hit := phrases.at(tokens, skip, {"currency"}))
                and tokens[hit.after - 1].end <= end
            ):
                if skip and len(tokens[0].key) > 2:
                    continue
                return hit.phrase.value, first, tokens[hit.after - 1].end
    return "", first, after


def _amount(written: str, with_multiplier: bool) -> Decimal | None:
    """1,200,000 and 1.200.000 and 1'200'000 are the same; 1.2 and 1,2 too."""
    signs = [sign for sign in written if not sign.isdigit()]
    bare = written
    if signs:
        last = signs[-1]
        decimals = len(written) - written.rindex(last) - 1
        if signs.count(last) == 1 and last in ".," and (decimals != 3 or with_multiplier):
            whole, _sign, part = written.rpartition(last)
            bare = "".join(sign for sign in whole if sign.isdigit()) + "." + part
        else:
            bare = "".join(sign for sign in written if sign.isdigit())
    try:
        amount = Decimal(bare)
    except InvalidOperation:
        return None
    return amount if amount < Decimal(10) ** 12 else None
