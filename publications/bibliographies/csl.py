"""CSL-JSON as references: the items of CSL 1.0.2, as citeproc, Zotero and Crossref write them."""

import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from portal.imports.entries import Problem, Unreadable
from publications.bibliographies.references import Name, Reference, name_of
from publications.bibliographies.texts import as_text, one_line, paragraphs, without_markup

KINDS = {
    "article", "article-journal", "article-magazine", "article-newspaper", "bill", "book", "chapter", "dataset",
    "document", "entry", "entry-encyclopedia", "legislation", "manuscript", "map", "pamphlet", "paper-conference",
    "post", "post-weblog", "report", "speech", "standard", "thesis", "webpage",
}  # fmt: skip
CROSSREF = {
    "journal-article": "article-journal", "book-chapter": "chapter", "proceedings-article": "paper-conference",
    "posted-content": "article", "monograph": "book", "edited-book": "book", "dissertation": "thesis",
}  # fmt: skip
PARTS = {"chapter", "paper-conference", "entry-encyclopedia"}
NAMES = {"author": "author", "editor": "editor", "translator": "translator"}
SILENT = {"type", "id", "citation-key", "citation-label", "system_id"}


def read(text: str) -> list[Reference]:
    """Raises Unreadable for what is no JSON, or JSON of something else."""
    try:
        said = json.loads(text)
    except json.JSONDecodeError as error:
        words = _("This is no JSON: line %(line)s, column %(column)s.")
        raise Unreadable(words % {"line": error.lineno, "column": error.colno}) from error
    except (RecursionError, ValueError) as error:  # nested beyond measure, or a number of thousands of digits
        raise Unreadable(_("This JSON is nested too deeply or holds a number that is too long.")) from error
    if isinstance(said, dict):
        said = said["items"] if isinstance(said.get("items"), list) else [said]
    if not isinstance(said, list):
        raise Unreadable(_("This is JSON, but no list of CSL items."))
    return [_reference(number, item) for number, item in enumerate(said, start=1)]


def _reference(number: int, item: Any) -> Reference:
    if not isinstance(item, dict):
        words = _("This is no item: an object with “type” and “title” is expected.")
        return Reference(number, problems=[Problem(words, value=_in_words(item)[:80])])
    return reference_of(number, item)


def reference_of(number: int, item: dict[str, Any]) -> Reference:
    fields = {str(name): value for name, value in item.items() if value not in (None, "", [], {})}
    kind = as_text(fields.get("type"))
    found = Reference(number, key=one_line(as_text(fields.get("id") or fields.get("citation-key"))))
    found.kind = CROSSREF.get(kind, kind if kind in KINDS else "document")
    if kind and kind not in KINDS | set(CROSSREF):
        found.leave("type", kind)

    def text(name: str) -> str:
        value = fields.get(name)
        if isinstance(value, list) and len(value) == 1:  # Crossref's own dialect
            value = value[0]
        if not isinstance(value, str | int | float):
            return ""
        del fields[name]
        return one_line(without_markup(as_text(value)))

    found.title, found.subtitle = text("title"), text("subtitle")
    found.genre, found.language = text("genre"), text("language")
    if isinstance(fields.get("abstract"), str):
        found.abstract = paragraphs(without_markup(fields.pop("abstract")))
    found.place, found.edition = text("publisher-place"), text("edition")
    found.publishers = [one for one in [text("publisher")] if one]
    found.series = text("collection-title")
    if found.series or found.kind == "report":
        found.series_number = text("collection-number") or text("number")
    for name, role in NAMES.items():
        found.names += _names(fields, name, role)
    _dates(found, fields)
    if doi := text("DOI"):
        found.identifiers.append(("doi", doi))
    if (isbn := text("ISBN")) and found.kind in PARTS:
        found.leave("ISBN", isbn)
    elif isbn:
        found.take_numbers("ISBN", isbn)
    if issn := text("ISSN"):
        found.take_numbers("ISSN", issn)
    found.take_address("URL", text("URL"))
    found.take_keywords(text("keyword"))
    for name, value in fields.items():
        if name not in SILENT:
            found.leave(name, as_text(value) or _in_words(value))
    return found


def _in_words(value: Any) -> str:
    """What was nested as deeply as it could just be read cannot be written by who has come further down himself."""
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except RecursionError:
        return "…"


def _names(fields: dict[str, Any], name: str, role: str) -> Iterator[Name]:
    listed = fields.get(name)
    if not isinstance(listed, list):
        return
    strange = []
    for one in listed:
        parts = {key: one_line(as_text(value)) for key, value in one.items()} if isinstance(one, dict) else {}
        if literal := parts.get("literal") or parts.get("name"):
            yield Name(body=literal, role=role, is_sure=True)
        elif family := " ".join(filter(None, [parts.get("non-dropping-particle"), parts.get("family")])):
            given = " ".join(filter(None, [parts.get("given"), parts.get("dropping-particle")]))
            given = ", ".join(filter(None, [given, parts.get("suffix")]))
            yield Name(family=family, given=given, role=role, orcid=parts.get("ORCID", ""))
        elif isinstance(one, str) and one.strip():
            yield name_of(one, role)
        elif one:
            strange.append(one)
    del fields[name]
    if strange:
        fields[name] = strange


def _dates(found: Reference, fields: dict[str, Any]) -> None:
    for name in ("issued", "published", "published-print", "published-online"):
        value = fields.get(name)
        if value is None or (found.date and name != "issued"):
            continue
        parts = value.get("date-parts") if isinstance(value, dict) else None
        if isinstance(parts, list) and parts and isinstance(parts[0], list):
            numbers = [as_text(part).strip() for part in parts[0][:3]]
            if numbers and all(part.isdecimal() and len(part) <= 4 for part in numbers if part):
                fields.pop(name)
                known = [number for number in numbers if number]
                told = "-".join([known[0].zfill(4), *(part.zfill(2) for part in known[1:])]) if known else ""
                found.take_date(name, told)
        elif isinstance(value, str) or (isinstance(value, dict) and (value.get("raw") or value.get("literal"))):
            fields.pop(name)
            found.take_date(
                name, as_text(value if isinstance(value, str) else value.get("raw") or value.get("literal"))
            )
    if as_text(fields.get("status")).casefold() in {"forthcoming", "in press"}:
        fields.pop("status")
        found.is_forthcoming = True
