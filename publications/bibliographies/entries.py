"""References as entries of an import: what they say of a publication, with a key that knows them again."""

import hashlib
import uuid
from typing import Any

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from portal.imports.entries import Entry, Line, Names, Problem
from portal.languages import CODES, fold, language_code
from portal.thesaurus import key_of
from publications.bibliographies.known import Here, Known
from publications.bibliographies.references import Name, Reference
from publications.identifiers import check_identifier
from publications.models import Contributor, Publication

ROWS = uuid.UUID("0f4c1c0e-6a3d-4f0b-8f0e-2f1d2f7f4b10")
MOST_ABSTRACT = 20_000
MOST_KEY = 200
MOST_NAMES = 500  # of one publication
# ISO 639-2, both its lists, of languages that literature on migration is written in.
THREE_LETTERS = {
    "eng": "en", "fre": "fr", "fra": "fr", "ara": "ar", "rus": "ru", "ger": "de", "deu": "de", "spa": "es", "ita": "it",
    "por": "pt", "dut": "nl", "nld": "nl", "tur": "tr", "srp": "sr", "scc": "sr", "hrv": "hr", "scr": "hr", "bos": "bs",
    "alb": "sq", "sqi": "sq", "mac": "mk", "mkd": "mk", "ukr": "uk", "pol": "pl", "rum": "ro", "ron": "ro", "bul": "bg",
    "gre": "el", "ell": "el", "hun": "hu", "cze": "cs", "ces": "cs", "slo": "sk", "slk": "sk", "slv": "sl", "arm": "hy",
    "hye": "hy", "geo": "ka", "kat": "ka", "per": "fa", "fas": "fa", "chi": "zh", "zho": "zh", "swe": "sv", "dan": "da",
    "fin": "fi", "nor": "no", "lit": "lt", "lav": "lv", "est": "et",
}  # fmt: skip


def entries_of(references: list[Reference], names: Names, source: str) -> list[Entry]:
    """One entry each, in their order. `source` is what keys without a DOI are keys of."""
    for reference in references:
        _settle_identifiers(reference)
    known, here = Known(names), Here.load(references)
    seen: dict[tuple[str, str], int] = {}
    titles: dict[tuple[Any, ...], int] = {}
    entries = []
    for reference in references:
        _compare_with_others(reference, seen, titles)
        key, own = key_of_reference(reference, source)
        said = {"fields": {}, "links": {}, "rows": {}} if reference.problems else said_by(reference, known, key)
        entries.append(
            Entry(
                Publication,
                said,
                [Line(reference.number, _label(reference), problems=reference.problems)],
                _label(reference),
                source=own,
                key=key,
                unplaced=reference.unplaced,
                remarks=reference.remarks,
                likely=[] if reference.problems else here.likely(reference),
            )
        )
    return entries


def _label(reference: Reference) -> str:
    return Truncator(reference.title or reference.key).chars(200)


def key_of_reference(reference: Reference, source: str) -> tuple[str, str]:
    """Its key and whose key that is: a DOI is nobody's. A bare number is given out anew by each export, so what has
    only that is known by what it says.
    """
    doi = next((value for scheme, value in reference.identifiers if scheme == "doi"), "")
    if doi and not reference.is_key_first and len(doi) <= MOST_KEY:
        return f"doi:{doi}", ""
    source = source if len(source) <= 300 else hashlib.sha256(source.encode()).hexdigest()
    if reference.key and (reference.is_key_first or not reference.key.isdecimal()):
        key = reference.key
        return (key if len(key) <= MOST_KEY else f"sha256:{hashlib.sha256(key.encode()).hexdigest()}"), source
    said = "\n".join(
        [fold(reference.title), reference.date[:4], *(fold(one.family or one.body) for one in reference.names)]
    )
    return f"sha256:{hashlib.sha256(said.encode()).hexdigest()}", source


def _settle_identifiers(reference: Reference) -> None:
    """In their usual notation, each once; what cannot be one is left, and said."""
    settled: dict[tuple[str, str], None] = {}
    for scheme, value in reference.identifiers:
        try:
            checked = check_identifier(scheme, value, field="value")
            if len(checked) > 160:
                raise ValidationError(_("It is too long."))
        except ValidationError as error:
            reference.leave(scheme, value)
            told = {"scheme": scheme.upper(), "value": Truncator(value).chars(80), "why": " ".join(error.messages)}
            reference.remarks.append(_("%(scheme)s “%(value)s” is left out. %(why)s") % told)
        else:
            settled[scheme, checked] = None
    reference.identifiers = list(settled)


def _compare_with_others(
    reference: Reference, seen: dict[tuple[str, str], int], titles: dict[tuple[Any, ...], int]
) -> None:
    """Two entries of one list with one ISBN cannot both have it; of two with one title somebody should look."""
    for one in reference.identifiers:
        scheme, value = one
        if scheme in {"doi", "issn"}:
            continue  # a DOI is the key, of which the second is refused; an ISSN is of a series
        if other := seen.get(one):
            words = _("The entry at %(other)s has it too. An identifier belongs to one publication: mend one of them.")
            reference.problems.append(Problem(words % {"other": other}, scheme.upper(), value))
        seen.setdefault(one, reference.number)
    if reference.title:
        title = (key_of(reference.title), key_of(reference.subtitle), reference.date[:4])
        if other := titles.get(title):
            reference.remarks.append(_("The entry at %s has the same title and year.") % other)
        titles.setdefault(title, reference.number)
    elif not reference.problems:
        reference.problems.append(Problem(_("It has no title."), "title", reference.key))


def said_by(reference: Reference, known: Known, key: str) -> dict[str, Any]:
    language = language_of(reference)
    column = language.split("-")[0] if language.split("-")[0] in CODES else settings.LANGUAGE_CODE
    fields: dict[str, Any] = {"type": known.type_of(reference), "language": language}
    for name in ("title", "subtitle", "place", "edition"):
        _put_text(reference, fields, f"{name}_{column}" if name.endswith("title") else name, name)
    if reference.genre and key_of(reference.genre) not in known.types:
        reference.leave("type", reference.genre)
    if len(reference.abstract) > MOST_ABSTRACT:
        words = _("It has %(n)s characters; at most %(most)s can be brought in. Shorten it in the source.")
        told = words % {"n": len(reference.abstract), "most": MOST_ABSTRACT}
        reference.problems.append(Problem(told, "abstract", reference.abstract))
    elif reference.abstract:
        fields[f"abstract_{column}"] = reference.abstract
    if reference.date:
        fields["date"] = reference.date
    if reference.is_forthcoming:
        fields["is_forthcoming"] = True
    _put_imprint(reference, fields, known)
    rows = {"contributors": _contributors(reference, known, key)}
    identifiers = [(scheme, value) for scheme, value in reference.identifiers]
    rows["identifiers"] = [
        {"id": _row_key(key, scheme, value), "fields": {"scheme": scheme, "value": value}}
        for scheme, value in identifiers
    ]
    return {
        "fields": fields,
        "links": _tags(reference, known),
        "rows": {name: some for name, some in rows.items() if some},
    }


def _row_key(*parts: str) -> str:
    return str(uuid.uuid5(ROWS, "\n".join(parts)))


def _put_text(reference: Reference, fields: dict[str, Any], column: str, name: str) -> None:
    value, most = getattr(reference, name), Publication._meta.get_field(name).max_length  # type: ignore[union-attr]
    if not value:
        return
    if len(value) <= most:  # type: ignore[operator]
        fields[column] = value
    elif name == "title":
        words = _("It has %(n)s characters; a title has at most %(most)s. Shorten it in the source.")
        reference.problems.append(Problem(words % {"n": len(value), "most": most}, name, value))
    else:
        reference.leave(name, value)
        reference.remarks.append(_("“%(name)s” is too long and is left out.") % {"name": name})


def language_of(reference: Reference) -> str:
    """A code of BCP 47 from a code or a name; nothing where the source does not say, or says what nobody knows."""
    told = reference.language.strip().replace("_", "-")
    if not told:
        return ""
    low = told.casefold()
    if low in THREE_LETTERS:
        return THREE_LETTERS[low]
    for code, info in LANG_INFO.items():
        if low in {info.get("name", "").casefold(), info.get("name_local", "").casefold()}:
            return code.split("-")[0]
    head, _dash, rest = told.partition("-")
    tidy = "-".join(filter(None, [head.lower(), rest]))
    try:
        language_code(tidy)
    except ValidationError:
        reference.leave("language", told)
        return ""
    if len(tidy) > 12 or (len(head) == 3 and head.lower() not in THREE_LETTERS):
        reference.leave("language", told)
        return ""
    return "-".join(filter(None, [THREE_LETTERS.get(head.lower(), head.lower()), rest]))


def _put_imprint(reference: Reference, fields: dict[str, Any], known: Known) -> None:
    """The publisher is one body; who else stands as such is left. A number needs the series it is a number in."""
    if reference.publishers:
        fields["publisher"] = known.proposed_body(reference.publishers[0][:255])
        for other in reference.publishers[1:]:
            reference.leave("publisher", other)
    most = Publication._meta.get_field("series_number").max_length
    if reference.series and len(reference.series) <= 200:
        fields["series"] = known.series_of(reference.series)
        if len(reference.series_number) <= most:  # type: ignore[operator]
            fields["series_number"] = reference.series_number
        else:
            reference.leave("number", reference.series_number)
    else:
        reference.leave("series", reference.series)
        reference.leave("number", reference.series_number)
    if reference.licence:
        fields["licence"] = reference.licence


def _contributors(reference: Reference, known: Known, key: str) -> list[dict[str, Any]]:
    """In their order. A name that is a known body's is that body; the same one twice in a role is one."""
    rows: dict[str, dict[str, Any]] = {}
    if len(reference.names) > MOST_NAMES:
        words = _("It names %(n)s people and bodies; the first %(most)s are brought in.")
        reference.remarks.append(words % {"n": len(reference.names), "most": MOST_NAMES})
        rest = [name.body or f"{name.given} {name.family}".strip() for name in reference.names[MOST_NAMES:]]
        reference.leave("names", "; ".join(rest))
    for name in reference.names[:MOST_NAMES]:
        whole = name.body or f"{name.given} {name.family}".strip()
        fields: dict[str, Any] = {"role": name.role, "position": len(rows)}
        pk = known.body(whole) if not (name.family and name.given) else None
        row: dict[str, Any] = {"id": _row_key(key, name.role, fold(whole)), "fields": fields}
        if pk or name.body:
            fields["organisation"] = pk or known.proposed_body(name.body[:255])
            row["needs"] = ["organisation"]
        elif not _put_person(reference, fields, name):
            continue
        rows.setdefault(row["id"], row)
    return list(rows.values())


def _put_person(reference: Reference, fields: dict[str, Any], name: Name) -> bool:
    most = Contributor._meta.get_field("family_name").max_length
    if not name.family or max(len(name.family), len(name.given)) > most:  # type: ignore[operator]
        reference.leave(name.role, f"{name.family}, {name.given}".strip(", "))
        reference.remarks.append(_("A name is too long or not to be told apart, and is left out."))
        return False
    fields |= {"family_name": name.family, "given_name": name.given}
    if name.orcid:
        try:
            fields["orcid"] = check_identifier("orcid", name.orcid, field="orcid")
        except ValidationError:
            reference.leave("orcid", name.orcid)
    return True


def _tags(reference: Reference, known: Known) -> dict[str, list[Any]]:
    """Keywords and places that the portal has; the others are left."""
    links: dict[str, set[Any]] = {}
    for name, words in (("keyword", reference.keywords), ("coverage", reference.places)):
        for word in words:
            if found := known.tag(word):
                links.setdefault(found[0], set()).add(found[1])
            else:
                reference.leave(name, word)
    return {link: sorted(keys) for link, keys in links.items()}
