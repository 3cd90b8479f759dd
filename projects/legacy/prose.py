"""Values found by their shape: in running text without labels, in lines that are calls or links."""

import html
import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from projects.legacy import periods
from projects.legacy.ground import Ground
from projects.legacy.money import Sum, sums
from projects.legacy.page import Block, Link
from projects.legacy.parties import named_in_prose
from projects.legacy.proposals import Piece, piece_of
from projects.legacy.vocabulary import Hit, Phrases
from projects.legacy.words import Span, Words, one_line

ROLES = {"donor", "implementing", "partner", "beneficiary"}
ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"'()\[\]{}]{3,480}", re.IGNORECASE)
NEAR = 5  # words between a phrase and the value it announces
SHORT_LINE = 60


def paragraphs(words: Words, spans: Sequence[Span], kinds: Sequence[str]) -> str:
    """Prose as a form holds it: paragraphs, and lists where the page had lists."""
    made: list[str] = []
    lines = [
        (line, kind)
        for span, kind in zip(spans, kinds, strict=True)
        for line in (_lines(words, span) if kind == "row" else [span])
    ]
    for span, kind in lines:
        said = html.escape(one_line(words.text[span.start : span.end]), quote=False)
        if not said:
            continue
        if kind == "item" and made and made[-1].endswith("</ul>"):
            made[-1] = f"{made[-1][:-5]}<li><p>{said}</p></li></ul>"
        else:
            made.append(f"<ul><li><p>{said}</p></li></ul>" if kind == "item" else f"<p>{said}</p>")
    return "".join(made)


def _lines(words: Words, span: Span) -> list[Span]:
    """Those of a cell, which are paragraphs; in other text a line may have been broken to fit a width."""
    return [
        Span(span.start + match.start(), span.start + match.end())
        for match in re.finditer(r"[^\n]+", words.text[span.start : span.end])
    ]


def parted(text: str, names: Iterable[str]) -> str:
    """A name of the project that ran together with the next word, parted from it: the ABCDwill."""
    for name in names:
        if len(name) > 2 and name.isupper():
            text = re.sub(rf"(?<![^\W_]){re.escape(name)}(?=[a-z]{{3,}})", f"{name} ", text)
    return text


def period_in(words: Words, span: Span, phrases: Phrases) -> list[Piece]:
    """A period that a short line or bracket consists of, or that a phrase announces."""
    found = periods.dates(words, span.start, span.end, phrases)
    tokens = words.within(*span)
    short = span.end - span.start <= SHORT_LINE
    if len(found) == 1 and short and len(tokens) <= 5:
        hit = next(phrases.find(words.before(span.start, found[0].start, NEAR), {"since", "until"}), None)
        name = "end" if hit and hit.phrase.meaning == "until" else "start"
        return [_dated(words, name, found[0], 0.7, _("by its shape"))] if hit else []
    for one, other in pairwise(found):
        if not periods.is_connector(words, one.end, other.start, phrases):
            continue
        before = words.text[max(span.start, one.start - 2) : one.start].strip()
        n = words.index(one.start)
        lead = words.before(span.start, one.start, NEAR)
        announced = next(phrases.find(lead, {"period", "since"}), None) is not None
        alone = short and len(tokens) - (words.index(other.end) - n) <= 2
        if before.endswith(("(", "[")) or announced or alone:
            sure = 0.8 if alone else 0.6
            why = _("by its shape") if alone else _("named in running text")
            return [_dated(words, "start", one, sure, why), _dated(words, "end", other, sure, why)]
    return []


def _dated(words: Words, name: str, dated: periods.Dated, sure: float, why: str) -> Piece:
    return piece_of(words.text, name, str(dated.date), (dated.start, dated.end), sure * dated.confidence, why)


def roles_in(words: Words, span: Span, ground: Ground, phrases: Phrases) -> list[Piece]:
    pieces: list[Piece] = []
    tokens = words.within(*span)
    for hit in phrases.find(tokens, ROLES):
        pieces += named_in_prose(words, tokens[hit.after - 1].end, span.end, hit.phrase.meaning, ground, phrases)
    return pieces


def budget_in(words: Words, span: Span, phrases: Phrases) -> list[Piece]:
    tokens = words.within(*span)
    hit = next(phrases.find(tokens, {"budget"}), None)
    if hit is None:
        return []
    start = tokens[hit.first].start
    found = sums(words, start, min(span.end, start + 160), phrases)
    return money_pieces(words, found[0], 0.6, _("named in running text")) if found else []


def money_pieces(words: Words, found: Sum, sure: float, why: str) -> list[Piece]:
    place = (found.start, found.end)
    return [
        piece_of(words.text, "budget", str(found.amount), place, sure, why),
        piece_of(words.text, "currency", found.currency, place, sure, why),
    ]


def call_of(words: Words, span: Span, block: Block | None, phrases: Phrases, hit: Hit | None, sure: float) -> Piece:
    """A line that is a call: its kind by the phrase, its address where it has one, its last day where it says one."""
    value = {"title": one_line(words.text[span.start : span.end]).rstrip(".:")[:200], "kind": "experts", "opens": None}
    value["kind"] = (hit.phrase.value if hit else "") or "experts"
    days = [one for one in periods.dates(words, span.start, span.end, phrases) if one.date.day]
    value["closes"] = str(days[-1].date) if days else None
    value["url"] = next((link.url for link in _links_in(span, block) if _is_web(link.url)), "")
    if match := ADDRESS.search(words.text, *span):
        value["url"] = value["url"] or _web(match.group())
    why = "" if hit is None else _("by the words “%s”") % hit.phrase.words
    return piece_of(words.text, "calls", value, span, sure, why)


def link_of(words: Words, span: Span, block: Block | None, phrases: Phrases, label: str, sure: float) -> list[Piece]:
    """A line that speaks of something elsewhere, with its address or with the note that it is lost."""
    tokens = words.within(*span)
    hit = next(phrases.find(tokens, {"link"}), None)
    said = label
    if not said and hit:
        said = one_line(words.text[tokens[hit.first].start : tokens[hit.after - 1].end])
    urls = [link.url for link in _links_in(span, block) if _is_web(link.url)]
    urls += [_web(match.group()) for match in ADDRESS.finditer(words.text, *span)]
    urls = list(dict.fromkeys(urls))
    if not urls:
        note = _("The page's link has lost its target.")
        value = {"label": (said or one_line(words.text[span.start : span.end]))[:200], "url": "", "note": note}
        return [piece_of(words.text, "links", value, span, sure * 0.9, _("speaks of a link; its target is unknown"))]
    return [
        piece_of(words.text, "links", {"label": (said or _host(url))[:200], "url": url, "note": ""}, span, sure, "")
        for url in urls[:20]
    ]


def links_in_text(words: Words, span: Span, block: Block | None) -> list[Piece]:
    """Addresses, and words that lead somewhere, within a text."""
    pieces = []
    for link in _links_in(span, block):
        said = one_line(words.text[link.start : link.end])
        if _is_web(link.url):
            label = said if len(said) > 6 and not ADDRESS.match(said) else _host(link.url)
            value = {"label": label[:200], "url": link.url, "note": ""}
            pieces.append(piece_of(words.text, "links", value, (link.start, link.end), 0.6, _("a link in the text")))
    covered = [(piece.start, piece.end) for piece in pieces]
    for match in ADDRESS.finditer(words.text, *span):
        if not any(start <= match.start() < end for start, end in covered[:50]):
            url = _web(match.group())
            value = {"label": _host(url)[:200], "url": url, "note": ""}
            place = (match.start(), match.start() + len(match.group().rstrip(".,;:")))
            pieces.append(piece_of(words.text, "links", value, place, 0.6, _("an address in the text")))
    return pieces


def _links_in(span: Span, block: Block | None) -> list[Link]:
    return [link for link in block.links if link.start < span.end and span.start < link.end] if block else []


def _web(address: str) -> str:
    address = address.rstrip(".,;:!?»”\"'")
    return address if "://" in address else f"https://{address}"


def _is_web(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url
