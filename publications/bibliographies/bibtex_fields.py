"""What the fields of a BibTeX entry mean, as a reference."""

import re

from django.utils.translation import gettext as _

from portal.imports.entries import Problem
from publications.bibliographies.bibtex import Raw
from publications.bibliographies.references import Name, Reference, date_of, name_of
from publications.bibliographies.tex import address, to_text
from publications.bibliographies.texts import one_line, paragraphs

KINDS = {
    "article": "article-journal", "book": "book", "mvbook": "book", "collection": "book", "proceedings": "book",
    "booklet": "pamphlet", "inbook": "chapter", "incollection": "chapter", "suppbook": "chapter",
    "inproceedings": "paper-conference", "conference": "paper-conference", "mastersthesis": "thesis",
    "phdthesis": "thesis", "thesis": "thesis", "report": "report", "techreport": "report", "manual": "report",
    "online": "webpage", "electronic": "webpage", "www": "webpage", "unpublished": "manuscript", "dataset": "dataset",
    "misc": "document",
}  # fmt: skip
PARTS = {"chapter", "paper-conference"}  # of a book, whose ISBN is not theirs
NAMES = {"author": "author", "editor": "editor", "translator": "translator"}
PUBLISHERS = ("publisher", "institution", "organization", "school")
SILENT = {"crossref", "xref", "hyphenation", "options", "ids", "shorthand", "sortkey", "sorttitle", "presort", "key"}


def reference_of(raw: Raw) -> Reference:
    found = Reference(raw.line, key=raw.key, kind=KINDS.get(raw.kind, "document"))
    if raw.broken:
        found.problems.append(Problem(_("This entry cannot be read: %s.") % raw.broken, value=raw.key))
        return found
    if raw.kind not in KINDS:
        found.leave("entry type", raw.kind)
    fields = {name: value for name, value in raw.fields.items() if name not in SILENT}
    take = lambda *names: next((fields.pop(name) for name in names if name in fields), "")  # noqa: E731
    text = lambda *names: one_line(to_text(take(*names)))  # noqa: E731
    found.title, found.subtitle = text("title"), text("subtitle")
    found.genre, found.language = text("type"), text("language", "langid")
    found.abstract = paragraphs(to_text(take("abstract")))
    found.place, found.edition = text("location", "address"), text("edition")
    found.series, found.series_number = (
        text("series"),
        text("number") if "series" in raw.fields or found.kind == "report" else "",
    )
    for name, role in NAMES.items():
        found.names += names_of(take(name), role, found)
    found.publishers = [one for name in PUBLISHERS if (one := text(name))]
    _dates(found, take("date"), text("year"), text("month"))
    if doi := address(take("doi")):
        found.identifiers.append(("doi", doi))
    found.take_address("url", address(take("url")))
    for scheme in ("isbn", "issn"):
        value = text(scheme)
        if scheme == "isbn" and found.kind in PARTS:
            found.leave("isbn", value)
        elif value:
            found.take_numbers(scheme, value)
    found.take_keywords(to_text(take("keywords", "keyword")))
    for name in ("note", "howpublished"):
        _note(found, name, take(name))
    for name, value in [*fields.items(), *raw.twice]:
        found.leave(name, address(value) if name == "file" else to_text(value))
    _remark(found, raw)
    return found


def _remark(found: Reference, raw: Raw) -> None:
    if raw.unknown:
        words = _("It uses abbreviations that the file does not define: %s.")
        found.remarks.append(words % ", ".join(dict.fromkeys(raw.unknown)))
    if "crossref" in raw.fields and "booktitle" not in raw.fields:
        words = _("It refers to “%s”, which is not in the file or has no title.")
        found.remarks.append(words % one_line(raw.fields["crossref"]))


def _note(found: Reference, name: str, value: str) -> None:
    if match := re.match(r"\s*(?:\\url\s*\{)?(https?://[^\s{}]+)\}?\s*$", value):
        found.take_address(name, address(match.group(1)))
        return
    text = one_line(to_text(value))
    before = found.is_forthcoming
    found.is_forthcoming = before or text.casefold().strip(" .") in {"forthcoming", "in press", "to appear"}
    if found.is_forthcoming == before:
        found.leave(name, text)


def _dates(found: Reference, date: str, year: str, month: str) -> None:
    """BibTeX keeps the month, and sometimes the day, apart from the year."""
    found.take_date("date", date)
    if not year:
        found.leave("month", month)
        return
    if not month:
        found.take_date("year", year)
        return
    both = f"{year}-{int(month):02}" if re.fullmatch(r"\d{1,2}", month, re.ASCII) else f"{month} {year}"
    if date_of(year) and not date_of(both):
        found.leave("month", month)
        both = year
    found.take_date("year", both)


def names_of(value: str, role: str, found: Reference) -> list[Name]:
    """Names that “and” parts where no brace is open. A name in braces of its own is a body."""
    names = []
    for raw in _apart(" ".join(value.split())):
        text = one_line(to_text(raw))
        if not text:
            continue
        if text.casefold() == "others":
            found.leave(role, "and others")
        elif raw.startswith("{") and _closes_at_end(raw):
            names.append(Name(body=text, role=role, is_sure=True))
        elif re.match(r"(?:family|given) ?=", text):  # the extended format of biblatex
            parts = dict(part.split("=", 1) for part in text.split(",") if "=" in part)
            told = {name.strip(): one_line(part).strip('"') for name, part in parts.items()}
            names.append(
                Name(
                    family=f"{told.get('prefix', '')} {told.get('family', '')}".strip(),
                    given=told.get("given", ""),
                    role=role,
                )
            )
        else:
            names.append(name_of(text, role))
    return names


def _apart(value: str) -> list[str]:
    depth, begun, found = 0, 0, []
    for match in re.finditer(r"[{}]|\band\b", value):
        sign = match.group()
        if sign != "and":
            depth += 1 if sign == "{" else -1
        elif (
            depth == 0
            and (match.start() == 0 or value[match.start() - 1] == " ")
            and value[match.end() : match.end() + 1] in {"", " "}
        ):
            found.append(value[begun : match.start()].strip())
            begun = match.end()
    return [*found, value[begun:].strip()]


def _closes_at_end(value: str) -> bool:
    """Whether the first brace is closed by the last sign."""
    depth = 0
    for match in re.finditer(r"[{}]", value):
        depth += 1 if match.group() == "{" else -1
        if depth == 0:
            return match.end() == len(value)
    return False
