"""Dates and periods in a text, in any shape and language, with the precision they have."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from django.utils.dates import MONTHS, MONTHS_3, MONTHS_ALT, MONTHS_AP
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.dates import PartialDate
from portal.languages import fold
from projects.legacy.vocabulary import Phrases
from projects.legacy.words import Span, Words

EARLIEST, LATEST = 1950, 2100
FAR = 24  # characters between two dates of one period, at most


class Dated(NamedTuple):
    start: int
    end: int
    date: PartialDate
    confidence: float
    why: str


class Period(NamedTuple):
    start: Dated | None
    end: Dated | None
    signs: tuple[Span, ...] = ()


@lru_cache(maxsize=8)
def _months(languages: tuple[str, ...], others: tuple[tuple[str, int], ...]) -> tuple[dict[str, int], re.Pattern[str]]:
    """Month names of these languages by their folded form, and the pattern of a date."""
    names: dict[str, int] = {}
    spelt: set[str] = set()
    for language in languages:
        with override(language):
            for table in (MONTHS, MONTHS_3, MONTHS_ALT, MONTHS_AP):
                for number, name in table.items():
                    bare = str(name).casefold().rstrip(".")
                    if len(bare) > 2 and not bare.isdigit():
                        names.setdefault(fold(bare), number)
                        spelt |= {bare, fold(bare)}
    for name, number in others:
        names.setdefault(fold(name), number)
        spelt |= {name.casefold(), fold(name)}
    month = "|".join(re.escape(name) for name in sorted(spelt, key=lambda name: (-len(name), name)))
    month = rf"(?<![^\W\d_])(?:{month})(?![^\W\d_])\.?"
    apart = r"[\s,]{0,3}(?:de\s|del\s|of\s|['’])?\s{0,2}"
    pattern = re.compile(
        rf"(?P<from>(?<!\d)\d{{4}})\s?(?:[-–—‒/])\s?(?P<short>\d\d)(?![\d./-])"
        rf"|(?P<iso>(?<!\d)\d{{4}}-\d\d(?:-\d\d)?)(?!\d)"
        rf"|(?<![\d.,])(?P<d>\d{{1,2}})(?P<sep>[./-])(?P<m>\d{{1,2}})(?P=sep)(?P<y>\d{{4}})(?!\d)"
        rf"|(?<![\d.,])(?P<my>\d{{1,2}}[./]\d{{4}})(?!\d)"
        rf"|(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?\s{{0,2}}(?:de\s|of\s)?(?P<dmonth>{month}){apart}(?P<dyear>\d{{4}})(?!\d)"
        rf"|(?P<umonth>{month})\s{{1,2}}(?P<uday>\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,2}}(?P<uyear>\d{{4}})(?!\d)"
        rf"|(?P<month>{month}){apart}(?P<year>\d{{4}})(?!\d)"
        rf"|(?:(?P<g>[HQ])(?P<gn>[1-4])[\s/-]{{0,2}}(?P<gyear>\d{{4}})(?!\d))"
        rf"|(?:(?<!\d)(?P<hyear>\d{{4}})[\s/-]{{0,2}}(?P<h>[HQ])(?P<hn>[1-4])(?!\d))"
        rf"|(?<![\d.,])(?P<only>\d{{4}})(?!\d|[.,]\d)"
        rf"|(?<!\d)(?:(?P<bday>\d{{1,2}})\.?\s{{1,2}})?(?P<bare>{month})",
        re.IGNORECASE,
    )
    return names, pattern


def dates(words: Words, start: int, end: int, phrases: Phrases) -> list[Dated]:
    """The dates between two places, in their order. A month without a year takes that of the date it is joined to."""
    names, pattern = _months(phrases.languages, phrases.months)
    found: list[Dated] = []
    waiting: list[tuple[int, int, int, int | None]] = []  # months without a year
    for match in pattern.finditer(words.text, start, end):
        read = match.groupdict()
        if read["bare"]:
            month = names.get(fold(read["bare"].rstrip(".")))
            if month:
                waiting = [(match.start(), match.end(), month, int(read["bday"]) if read["bday"] else None)]
            continue
        for one in _read(match, names, words, phrases):
            if waiting and not found and is_connector(words, waiting[0][1], one.start, phrases):
                first, after, month, day = waiting[0]
                if made := _dated(first, after, (one.date.year, month, day), 0.85, _("the year is that of the end")):
                    found.append(made)
            elif one.date.day and (
                left := re.search(
                    r"(?<!\d)(\d{1,2})\.?\s{0,2}[-–—]\s{0,2}\Z", words.text[max(start, one.start - 8) : one.start]
                )
            ):
                at = max(start, one.start - 8) + left.start()
                if made := _dated(
                    at, at + len(left.group(1)), (one.date.year, one.date.month, int(left.group(1))), 0.85, ""
                ):
                    found.append(made)
            waiting = []
            found.append(one)
    return found


def _read(match: re.Match[str], names: dict[str, int], words: Words, phrases: Phrases) -> list[Dated]:
    read = match.groupdict()
    at = (match.start(), match.end())
    made: list[Dated | None] = []
    if read["from"]:
        first, last = int(read["from"]), int(read["short"])
        if 1 <= last <= 12 and words.text[match.end("from") : match.start("short")] in ("-", "/"):
            sure = 0.8 if last != (first + 1) % 100 else 0.5
            made = [_dated(*at, (first, last, None), sure, _("read as a month"))]
        else:
            second = first - first % 100 + last
            made = [
                _dated(match.start(), match.end("from"), (first, None, None), 0.9, ""),
                _dated(
                    match.start("short"), match.end(), (second, None, None), 0.85, _("the century is that of the start")
                ),
            ]
    elif read["iso"]:
        parts = [int(part) for part in read["iso"].split("-")]
        made = [_dated(*at, (parts[0], parts[1], parts[2] if len(parts) > 2 else None), 0.95, "")]
    elif read["y"]:
        day, month = int(read["d"]), int(read["m"])
        if month > 12 >= day:
            made = [_dated(*at, (int(read["y"]), day, month), 0.75, _("the month stands first"))]
        else:
            sure = 0.95 if day > 12 or read["sep"] == "." else 0.8
            made = [_dated(*at, (int(read["y"]), month, day), sure, "" if sure > 0.9 else _("the day stands first"))]
    elif read["my"]:
        month, year = (int(part) for part in re.split(r"[./]", read["my"]))
        made = [_dated(*at, (year, month, None), 0.9, "")]
    elif read["dmonth"]:
        made = [_dated(*at, (int(read["dyear"]), names[fold(read["dmonth"].rstrip("."))], int(read["day"])), 0.95, "")]
    elif read["umonth"]:
        made = [_dated(*at, (int(read["uyear"]), names[fold(read["umonth"].rstrip("."))], int(read["uday"])), 0.95, "")]
    elif read["month"]:
        made = [_dated(*at, (int(read["year"]), names[fold(read["month"].rstrip("."))], None), 0.95, "")]
    elif read["gyear"] or read["hyear"]:
        letter, number = (read["g"] or read["h"]).upper(), int(read["gn"] or read["hn"])
        code = (39 if letter == "H" else 32) + number
        made = [_dated(*at, (int(read["gyear"] or read["hyear"]), code, None), 0.9, "") if code < 42 else None]
    else:
        made = [_year(match, words, phrases)]
    return [one for one in made if one]


def _year(match: re.Match[str], words: Words, phrases: Phrases) -> Dated | None:
    """A year, or the half or quarter of it that is named in front."""
    year = int(match.group("only"))
    n = words.index(match.start())
    before = n
    while before > 0 and n - before < 2 and phrases.at(words.tokens[before - 1 : n], 0, {"date_word", "article"}):
        before -= 1
    for first in range(before - 1, max(before - 4, -1), -1):
        tokens = words.tokens[first:n]
        if "\n" in words.text[tokens[0].start : match.start()]:
            break
        hit = phrases.at(tokens, 0, {"grouping", "about"})
        if hit and hit.after >= before - first:
            if hit.phrase.meaning == "grouping":
                made = _dated(tokens[0].start, match.end(), (year, int(hit.phrase.value), None), 0.85, "")
                return made
            said = words.text[tokens[0].start : match.end()]
            return _dated(tokens[0].start, match.end(), (year, None, None), 0.5, _("only the year of “%s”") % said)
    return _dated(match.start(), match.end(), (year, None, None), 0.85, "")


def _dated(start: int, end: int, date: tuple[int, int | None, int | None], sure: float, why: str) -> Dated | None:
    if not EARLIEST <= date[0] <= LATEST:
        return None
    try:
        return Dated(start, end, PartialDate(*date), sure, why)
    except ValueError:
        return None


def is_connector(words: Words, start: int, end: int, phrases: Phrases) -> bool:
    """Whether what lies between two dates joins them to a period: a dash, a word for "to", a sign that was a dash, or
    nothing at all where the dash was lost.
    """
    if not 0 <= end - start <= FAR:
        return False
    tokens = words.within(start, end)
    signs = words.text[start:end]
    if not tokens:
        return not set(signs) & set(";|") and signs.count("\n") < 2
    hits = {
        n
        for hit in phrases.find(tokens, {"to", "date_word", "about", "until", "extended"})
        for n in range(hit.first, hit.after)
    }
    return len(hits) == len(tokens) or (len(tokens) == 1 and not tokens[0].key.isascii() and "â" in signs)


def period(words: Words, span: Span, phrases: Phrases) -> Period:
    """The period that a field states."""
    found = dates(words, span.start, span.end, phrases)
    if not found:
        return Period(None, None)
    first = found[0]
    before = words.before(span.start, first.start, 8)
    leads = {hit.phrase.meaning for hit in phrases.find(before[-3:], {"until", "since"})}
    if len(found) == 1:
        after = words.within(first.end, span.end)
        if "until" in leads and "since" not in leads:
            return Period(None, first._replace(why=first.why or _("after a word for “until”")))
        open_end = next(iter(phrases.find(after[:4], {"open"})), None)
        if open_end:
            signs = (Span(first.end, after[open_end.after - 1].end),)
            return Period(first, None, signs)
        if length := _length(words, [*before, *after], phrases):
            return Period(first, _after(first, length))
        dash = re.match(r"\s*[-–—]", words.text[first.end : span.end])
        if first.date.month is None and not leads and not dash and not first.why:
            return Period(first, first._replace(confidence=0.6, why=_("one year is named: start and end lie in it")))
        return Period(first, None)
    last = found[1]
    if len(found) > 2:
        last = max(found[1:], key=lambda one: one.date.last_day)
        last = last._replace(confidence=0.6, why=_("the latest of several dates"))
    elif not is_connector(words, first.end, last.start, phrases):
        last = last._replace(confidence=0.5, why=_("the second date; what joins it to the first is not known"))
    elif not words.text[first.end : last.start].strip():
        last = last._replace(confidence=0.85, why=_("the sign between the two dates is lost"))
    if last.date.last_day < first.date.first_day:
        last = last._replace(confidence=0.2, why=_("it lies before the start"))
    return Period(first, last)


def _length(words: Words, tokens: Sequence, phrases: Phrases) -> int:
    """Months of "24 months"."""
    for hit in phrases.find(tokens, {"unit"}):
        number = tokens[hit.first - 1] if hit.first else None
        if number is not None and number.key.isdecimal() and len(number.key) < 4:
            return int(number.key) * int(hit.phrase.value)
    return 0


def _after(first: Dated, months: int) -> Dated | None:
    """The month in which something ends that lasts so many months from a start."""
    if first.date.month is None or first.date.month > 12 or first.date.day:
        return None
    total = first.date.year * 12 + first.date.month - 1 + months - 1
    made = _dated(first.start, first.end, (total // 12, total % 12 + 1, None), 0.4, "")
    return made and made._replace(why=_("reckoned: the start and %s months") % months)
