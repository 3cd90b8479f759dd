"""Countries, groups of states and regions in the value of a field."""

import re

from django.utils.translation import gettext as _

from portal.spellings import telling
from projects.legacy.ground import CODE, COUNTRY, GROUP, PLACES, REGION, Found, Ground
from projects.legacy.proposals import Piece, piece_of
from projects.legacy.vocabulary import Phrases
from projects.legacy.words import Span, Token, Words

FIELDS = {COUNTRY: "countries", CODE: "countries", GROUP: "country_groups", REGION: "regions"}
MARKS = re.compile(r"\s?[*†‡¹²³]{1,3}")
SEPARATORS = re.compile(r"[,;/\n•|·،؛]|\s[-–—]\s")
MOST_NEW = 100  # names that nobody knows, in one field
WAW = "و"  # Arabic writes its "and" in one with the next word
BRACKET = re.compile(r"\([^()]{0,200}\)")
STATES = (COUNTRY, CODE, GROUP)


def _at(words: Words, tokens: list[Token], n: int, ground: Ground, region_first: bool) -> Found | None:
    """The longest name; of two equally long ones that of a state, or of a region where a region is asked for."""
    orders = ((REGION,), STATES) if region_first else (STATES, (REGION,))
    found = [one for kinds in orders if (one := ground.at(words, tokens, n, kinds))]
    if not found and (bare := tokens[n].key.removeprefix(WAW)) != tokens[n].key and len(bare) > 2:
        without = [tokens[n]._replace(key=bare), *tokens[n + 1 : n + 8]]
        found = [
            Found(one.thing, n, n + one.after)
            for kinds in orders
            if (one := ground.at(words, without, 0, kinds)) is not None
        ]
    return max(found, key=lambda one: one.after) if found else None


def names_only_places(words: Words, span: Span, ground: Ground, phrases: Phrases) -> bool:
    """Whether at least half of the words of a value are names of places."""
    tokens = words.within(*span)
    joiners = {n for hit in phrases.find(tokens, {"joiner"}) for n in range(hit.first, hit.after)}
    named = {n for found in ground.find(words, tokens, PLACES) for n in range(found.first, found.after)}
    return bool(named) and 2 * len(named) >= len(tokens) - len(joiners - named)


def places(
    words: Words, span: Span, ground: Ground, phrases: Phrases, sure: float = 0.95, region_first: bool = False
) -> list[Piece]:
    """What a list of places names. What is not known is proposed as new, with little confidence."""
    tokens = words.within(*span)
    pieces: list[Piece] = []
    seen: set[tuple[str, str | int]] = set()
    loose: list[Token] = []
    n = 0
    while n < len(tokens):
        found = _at(words, tokens, n, ground, region_first)
        if found is None:
            loose.append(tokens[n])
            n += 1
            continue
        thing = found.thing
        end = tokens[found.after - 1].end
        if match := MARKS.match(words.text, end, span.end):
            end = match.end()
        place = Span(tokens[n].start, end)
        if (thing.kind, thing.ref) not in seen:
            seen.add((thing.kind, thing.ref))
            why = (
                _("a region of the portal, named among countries") if thing.kind == REGION and not region_first else ""
            )
            pieces.append(piece_of(words.text, FIELDS[thing.kind], thing.reference, place, sure - 0.1 * bool(why), why))
        n = found.after
    known = bool(pieces)
    brackets = [match.span() for match in BRACKET.finditer(words.text, *span)][:MOST_NEW]
    for chunk in _chunks(words, loose, phrases)[:MOST_NEW]:
        text = words.text[chunk.start : chunk.end]
        in_brackets = any(start < chunk.start < end for start, end in brackets)
        # "The" is left over before a name that is known: words that tell nothing apart are no name.
        is_name = 2 < len(text) <= 60 and not text[0].islower() and any(telling(text))
        if is_name and not in_brackets:
            why = _("no country, group of states or region of this name is known")
            pieces.append(piece_of(words.text, "countries", {"new": text}, chunk, 0.4 if known else 0.3, why))
    return pieces


def _chunks(words: Words, loose: list[Token], phrases: Phrases) -> list[Span]:
    """Words that are left over, those side by side together."""
    joiners = {n for hit in phrases.find(loose, {"joiner"}) for n in range(hit.first, hit.after)}
    chunks: list[Span] = []
    last: Token | None = None
    for n, token in enumerate(loose):
        if n in joiners:
            last = None
            continue
        if (
            last is not None
            and not words.within(last.end, token.start)
            and not SEPARATORS.search(words.text, last.end, token.start)
        ):
            chunks[-1] = Span(chunks[-1].start, token.end)
        else:
            chunks.append(Span(token.start, token.end))
        last = token
    return chunks
