"""RIS as references: a tag, two spaces, a hyphen, what it says; from TY to ER.

Tags as the programs that write them use them (EndNote, Zotero, Mendeley), which agree on little more than the shape.
"""

import re

from django.utils.translation import gettext as _

from portal.imports.entries import Line, Problem
from publications.bibliographies.references import Reference, name_of
from publications.bibliographies.texts import one_line, paragraphs, without_markup

TAG = re.compile(r"([A-Z][A-Z0-9]) {0,2}-(?: (.*)|$)")
KINDS = {
    "JOUR": "article-journal", "EJOUR": "article-journal", "MGZN": "article-magazine", "NEWS": "article-newspaper",
    "BOOK": "book", "EBOOK": "book", "EDBOOK": "book", "CONF": "book", "CHAP": "chapter", "ECHAP": "chapter",
    "CPAPER": "paper-conference", "RPRT": "report", "GOVDOC": "report", "THES": "thesis", "ELEC": "webpage",
    "ICOMM": "webpage", "BLOG": "post-weblog", "PAMP": "pamphlet", "UNPB": "manuscript", "MANSCPT": "manuscript",
    "DATA": "dataset", "LEGAL": "legislation", "BILL": "bill", "STAT": "legislation", "MAP": "map", "GEN": "document",
}  # fmt: skip
PARTS = {"chapter", "paper-conference"}
NAMES = {"AU": "author", "A1": "author", "A2": "editor", "ED": "editor", "A4": "translator"}


def read(text: str) -> tuple[list[Reference], list[Line]]:
    """References, and lines with what stands outside of any."""
    found: list[Reference] = []
    outside: list[Line] = []
    tags: list[tuple[str, list[str]]] = []  # what a tag says, line by line
    begun, is_told = 0, False  # of what stands between two entries the first line is told
    for number, line in enumerate(text.split("\n"), start=1):
        match = TAG.match(line.lstrip("\ufeff"))
        tag, value = (match.group(1), match.group(2) or "") if match else ("", line)
        if tag == "TY":
            if begun:
                found.append(_unended(begun, tags))
            begun, tags, is_told = number, [(tag, [value])], False
        elif not begun:
            if line.strip() and not is_told:
                outside.append(_outside(number, line))
                is_told = True
        elif tag == "ER":
            found.append(reference_of(begun, tags))
            begun, tags = 0, []
        elif tag:
            tags.append((tag, [value]))
        else:
            tags[-1][1].append(line)
    if begun:
        found.append(_unended(begun, tags))
    return found, outside


def _outside(number: int, line: str) -> Line:
    words = _("This stands outside of any entry, where nothing is read: an entry begins with TY and ends with ER.")
    return Line(number, problems=[Problem(words, value=one_line(line))])


def _unended(begun: int, tags: list[tuple[str, list[str]]]) -> Reference:
    reference = reference_of(begun, tags)
    reference.remarks.append(_("It has no line with ER at its end: look whether something is missing."))
    return reference


def reference_of(number: int, tags: list[tuple[str, list[str]]]) -> Reference:
    said: dict[str, list[str]] = {}
    for tag, lines in tags:
        said.setdefault(tag, []).append("\n".join(lines))
    all_of = lambda *names: [value for name in names for value in said.pop(name, []) if value.strip()]  # noqa: E731

    found = Reference(number)

    def first(*names: str) -> str:
        values = [one_line(without_markup(value)) for value in all_of(*names)]
        for other in dict.fromkeys(values[1:]):
            if other != values[0]:
                found.leave(names[0], other)
        return values[0] if values else ""

    kind = one_line(said.pop("TY")[0])
    found.kind = KINDS.get(kind, "document")
    if kind not in KINDS:
        found.leave("TY", kind)
    found.key = first("ID")
    found.title = first("TI", "T1", "CT", *(("BT",) if found.kind == "book" else ()))
    found.genre, found.language = first("M3"), first("LA")
    found.abstract = "\n\n".join(paragraphs(without_markup(value)) for value in all_of("AB", "N2")[:1])
    found.names = [
        name_of(" ".join(lines), NAMES[tag]) for tag, lines in tags if tag in NAMES and "".join(lines).strip()
    ]
    for tag in NAMES:
        said.pop(tag, None)
    for tag in ("DA", "PY", "Y1"):
        for value in all_of(tag):
            year, month, day, other = ([*value.split("/", 3), "", "", ""])[:4]
            found.take_date(tag, "-".join(filter(None, [year, month, day])))
            found.leave(tag, other.strip(" /"))
    found.publishers = [one for one in [first("PB")] if one]
    found.place, found.edition = first("CY", "PP"), first("ET")
    _series(found, first, said)
    for value in all_of("DO"):
        found.identifiers.append(("doi", one_line(value)))
    for value in all_of("SN"):
        if found.kind in PARTS:
            found.leave("SN", value)
        else:
            found.take_numbers("SN", value)
    for value in all_of("UR", "L2", "LK"):
        for address in value.split(";") if value.count("://") > 1 else [value]:
            found.take_address("UR", address)
    for value in all_of("KW"):
        found.take_keywords(value)
    pages = "–".join(filter(None, [first("SP"), first("EP")]))
    found.leave("SP", pages)
    for tag, values in said.items():
        for value in values:
            found.leave(tag, without_markup(value))
    return found


def _series(found: Reference, first, said) -> None:  # type: ignore[no-untyped-def]
    """Of a report or book T2 or T3 is its series; of an article the journal, of a chapter the book."""
    if found.kind in {"report", "book", "document"}:
        found.series = first("T3") or first("T2")
        found.series_number = first("IS", "VL", "M1")
