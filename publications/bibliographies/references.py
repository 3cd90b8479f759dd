"""What any list of literature says of one publication, before anybody asks what the portal knows of it."""

import re
from dataclasses import dataclass, field
from typing import Any

from portal.dates import PartialDate, read_date
from portal.imports.entries import Problem
from publications.bibliographies.texts import one_line

FORTHCOMING = {"forthcoming", "in press", "to appear", "im erscheinen", "à paraître", "в печати"}
DAY = re.compile(r"(\d{4})[-/](\d{1,2})(?:[-/](\d{1,2}))?(?:[T /].*)?", re.DOTALL)
BODY = re.compile(
    r"\b(?:of|for|and|the|institut\w*|cent(?:re|er)|organi[sz]ation|ministry|commission|council|agency|universit\w+|"
    r"association|department|office|bank|programme|union|network|committee|foundation|group|secretariat|"
    r"des|pour|et|für|und|ministère|agence|conseil)\b|&",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Name:
    """A person by family name, or a body. `is_sure` where the source itself says that it is a body."""

    family: str = ""
    given: str = ""
    body: str = ""
    role: str = "author"
    is_sure: bool = False
    orcid: str = ""


@dataclass
class Reference:
    """`number` is its line or place in the source, `kind` a type of CSL 1.0.2, `genre` what the source calls it. Its
    `key` counts only where it has no DOI, unless it `is_key_first`.
    `publishers` are its bodies, the likeliest first; `places` names of countries and regions that it is about.
    """

    number: int
    key: str = ""
    is_key_first: bool = False
    kind: str = "document"
    genre: str = ""
    title: str = ""
    subtitle: str = ""
    language: str = ""
    abstract: str = ""
    names: list[Name] = field(default_factory=list)
    date: str = ""
    is_forthcoming: bool = False
    publishers: list[str] = field(default_factory=list)
    place: str = ""
    edition: str = ""
    series: str = ""
    series_number: str = ""
    licence: str = ""
    identifiers: list[tuple[str, str]] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    unplaced: list[dict[str, Any]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def leave(self, name: str, text: str) -> None:
        """What has no home in the portal stays with the record under the name it had."""
        if text := one_line(text):
            self.unplaced.append({"field": name, "words": text})

    def take_date(self, name: str, text: str) -> None:
        """As exactly as it is said; the more exact one of two that agree. What is no date is left."""
        text = one_line(text)
        if text.casefold() in FORTHCOMING:
            self.is_forthcoming = True
            return
        found = date_of(text)
        if not found:
            self.leave(name, text)
        elif not self.date or (found.startswith(self.date) and found != self.date):
            self.date = found
        elif not self.date.startswith(found):
            self.leave(name, text)

    def take_address(self, name: str, text: str) -> None:
        """A web address: an identifier where it is one, else left, since the portal keeps no addresses of others."""
        text = one_line(text)
        if match := re.match(r"https?://(?:dx\.)?doi\.org/(10\.\S+)", text, re.IGNORECASE):
            if not any(scheme == "doi" for scheme, _value in self.identifiers):
                self.identifiers.append(("doi", match.group(1)))
        elif match := re.match(r"https?://hdl\.handle\.net/(\S+)", text, re.IGNORECASE):
            self.identifiers.append(("handle", match.group(1)))
        else:
            self.leave(name, text)

    def take_numbers(self, scheme: str, text: str) -> None:
        """ISBN and ISSN, of which fields hold several, with words between: 978-… (print), 978-… (online)."""
        for part in re.split(r"[,;/]", text):
            digits = re.sub(r"\([^()]*\)|[^0-9Xx]", "", part)
            if len(digits) in (10, 13):
                self.identifiers.append(("isbn", digits))
            elif len(digits) == 8:
                self.identifiers.append(("issn", digits))
            else:
                self.leave(scheme, part)

    def take_keywords(self, text: str) -> None:
        for word in re.split(r"[;\n]" if ";" in text or "\n" in text else r",", text):
            if word := one_line(word):
                self.keywords.append(word)


def date_of(text: str) -> str:
    """A date in the portal's notation, or nothing. The first of a range: what came out from then on."""
    text = one_line(text).strip(" .,/")[:60]
    if match := re.match(r"(\d{4}(?:-\d\d){1,2})/", text):
        text = match.group(1)
    try:
        if match := DAY.fullmatch(text):
            year, month, day = match.groups()
            return str(PartialDate(int(year), int(month), int(day) if day else None))
        if match := re.fullmatch(r"([^\W\d]+)\.? (\d{1,2}),? (\d{4})", text):
            text = " ".join(match.group(2, 1, 3))
        return str(read_date(text))
    except ValueError:
        return ""


def name_of(text: str, role: str) -> Name:
    """“Family, Given”, “Family, Jr., Given”, “Given Family”, or a body, which has no comma and words that tell it."""
    text = one_line(text)
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > 1 and parts[0] and not (len(parts) == 2 and BODY.search(parts[1])):
        given = parts[1] if len(parts) == 2 else ", ".join([parts[2], parts[1]])
        if len(parts) == 3 and re.fullmatch(r"(?:jr|sr|ii|iii|iv)\.?", parts[2], re.IGNORECASE):
            given = ", ".join(parts[1:])
        return Name(family=parts[0], given=given, role=role)
    words = text.split()
    if BODY.search(text) or len(words) > 4 or (len(words) == 1 and text.isupper() and len(text) > 1):
        return Name(body=text, role=role)
    return person_of(words, role)


def person_of(words: list[str], role: str) -> Name:
    """Given names first: what follows them begins with a small word (van, de la, bin) or is the last one."""
    first = next((n for n, word in enumerate(words[:-1]) if n and word[:1].islower()), max(len(words) - 1, 0))
    return Name(family=" ".join(words[first:]), given=" ".join(words[:first]), role=role)
