"""Simple Dublin Core as a reference: fifteen elements that every repository uses in its own way.

Rules: DCMI metadata terms 1.1; info:eu-repo vocabulary of types (OpenAIRE guidelines for literature repositories 3.0).
"""

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element

from publications.bibliographies.references import Reference, name_of
from publications.bibliographies.texts import one_line, paragraphs, without_markup
from publications.harvesting.client import Record

DC = "{http://purl.org/dc/elements/1.1/}"
KINDS = {
    "article": "article-journal", "journal article": "article-journal", "journalarticle": "article-journal",
    "research article": "article-journal", "preprint": "article", "book": "book", "monograph": "book",
    "bookpart": "chapter", "book part": "chapter", "book chapter": "chapter",
    "part of book or chapter of book": "chapter",
    "report": "report", "technical report": "report", "research report": "report", "workingpaper": "report",
    "working paper": "report", "policy brief": "report", "study": "report", "reportpart": "report",
    "doctoralthesis": "thesis", "masterthesis": "thesis", "bachelorthesis": "thesis", "thesis": "thesis",
    "doctoral thesis": "thesis", "master thesis": "thesis", "conferencepaper": "paper-conference",
    "conferenceobject": "paper-conference", "conference paper": "paper-conference", "dataset": "dataset", "map": "map",
    "lecture": "speech", "website": "webpage", "web page": "webpage", "newspaper article": "article-newspaper",
}  # fmt: skip
SILENT = {
    "text", "nonpeerreviewed", "peerreviewed", "publishedversion", "acceptedversion",
    "info:eu-repo/semantics/openaccess",
}  # fmt: skip
LICENCE = re.compile(r"creativecommons\.org/licenses/([a-z-]{2,20})/(\d\.\d)", re.IGNORECASE)
ISBN = re.compile(r"(?:urn:)?isbn:?\s*([\dXx-]{10,17})", re.IGNORECASE)
ISSN = re.compile(r"(?:urn:)?issn:?\s*(\d{4}-?\d{3}[\dXx])", re.IGNORECASE)
DOI = re.compile(r"(?:doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)


def reference_of(number: int, record: Record) -> Reference:
    found = Reference(number, key=record.identifier, is_key_first=True)
    put: dict[str, Callable[[Reference, str], None]] = {
        "title": _title, "creator": _creator, "contributor": _contributor, "subject": Reference.take_keywords,
        "description": _description, "publisher": _publisher, "date": _date, "type": _type, "identifier": _identifier,
        "language": _language, "coverage": _coverage, "rights": _rights,
    }  # fmt: skip
    for element in record.metadata if record.metadata is not None else ():
        if not isinstance(element.tag, str) or not (value := _words(element)).strip():
            continue
        name = element.tag.rpartition("}")[2]
        if element.tag.startswith(DC) and name in put:
            put[name](found, value)
        else:
            found.leave(name, value)
    return found


def _words(element: Element) -> str:
    return without_markup("".join(element.itertext()))


def _title(found: Reference, value: str) -> None:
    if found.title:
        found.leave("title", value)
    else:
        found.title = one_line(value)


def _creator(found: Reference, value: str) -> None:
    found.names.append(name_of(value, "author"))


def _contributor(found: Reference, value: str) -> None:
    """Editors, funders, supervisors: Dublin Core does not say which, so a person has to."""
    found.leave("contributor", value)


def _description(found: Reference, value: str) -> None:
    if found.abstract:
        found.leave("description", value)
    else:
        found.abstract = paragraphs(value)


def _publisher(found: Reference, value: str) -> None:
    found.publishers.append(one_line(value))


def _date(found: Reference, value: str) -> None:
    found.take_date("date", value)


def _type(found: Reference, value: str) -> None:
    value = one_line(value)
    word = value.rpartition("/")[2].replace("_", " ").casefold()
    if word in KINDS and found.kind == "document":
        found.kind = KINDS[word]
        found.genre = "" if "info:eu-repo" in value else value
    elif word not in SILENT and value.casefold() not in SILENT:
        found.leave("type", value)


def _identifier(found: Reference, value: str) -> None:
    value = one_line(value)
    if match := ISBN.fullmatch(value):
        found.take_numbers("isbn", match.group(1))
    elif match := ISSN.fullmatch(value):
        found.take_numbers("issn", match.group(1))
    elif (match := DOI.fullmatch(value)) and not any(scheme == "doi" for scheme, _value in found.identifiers):
        found.identifiers.append(("doi", match.group(1)))
    else:
        found.take_address("identifier", value)


def _language(found: Reference, value: str) -> None:
    if found.language:
        found.leave("language", value)
    else:
        found.language = one_line(value)


def _coverage(found: Reference, value: str) -> None:
    found.places.append(one_line(value))


def _rights(found: Reference, value: str) -> None:
    """A licence of Creative Commons by its name in SPDX; other words about rights are left."""
    match = LICENCE.search(value)
    if match and not found.licence:
        found.licence = f"CC-{match.group(1).upper()}-{match.group(2)}"
    elif one_line(value).casefold() not in SILENT:
        found.leave("rights", value)
