"""A cycle as one document. Of a closed cycle it is frozen, and what readers see is read from it; of an open one it is
made from what is verified, so that both are shown by the same code.

    {"schema": 1, "dialogue": {"slug": …, "title": {"en": …}}, "cycle": {"number": 3, "start": "2020", …},
     "closed": {"at": …, "by": …}, "initiatives": [{"id": …, "title": {"en": …}, "domains": […], …}]}

Names stand in it as they were. Amounts are texts, so that no reader of JSON rounds them. The digest is the SHA-256 of
`canonical(document)`: keys in order, no spaces, UTF-8.
"""

import datetime
import hashlib
import json
from typing import Any

from django.db.models import Model

from dialogues.models.cycles import Cycle
from dialogues.models.initiatives import Initiative
from portal.languages import CODES
from portal.models import Country, Organisation

SCHEMA = 1
Document = dict[str, Any]


def frozen(cycle: Cycle, by: Any, at: datetime.datetime) -> Document:
    """Call it under the lock of the cycle."""
    closed = {"at": at.isoformat(timespec="seconds"), "by": by.get_full_name()}  # no name to sign in with
    return {"schema": SCHEMA, **_head(cycle), "closed": closed, "initiatives": verified(cycle)}


def of(cycle: Cycle) -> Document:
    """As it was frozen, or as it is so far. Costs a query where closed (none with `select_related`), else six."""
    if cycle.is_closed:
        content: Document = cycle.snapshot.content
        return content
    return {"schema": SCHEMA, **_head(cycle), "closed": None, "initiatives": verified(cycle)}


def canonical(document: Document) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(document: Document) -> str:
    return hashlib.sha256(canonical(document)).hexdigest()


def _head(cycle: Cycle) -> Document:
    dialogue = cycle.dialogue
    return {
        "dialogue": {"slug": dialogue.slug, "title": _in_languages(dialogue, "title")},
        "cycle": {
            "number": cycle.number,
            "start": str(cycle.start) if cycle.start else None,
            "end": str(cycle.end) if cycle.end else None,
            "note": cycle.note,
        },
    }


def verified(cycle: Cycle) -> list[Document]:
    """In an order that does not depend on anybody's language."""
    found = (
        Initiative.objects.filter(cycle=cycle)
        .verified()
        .select_related("reported_by", "reporting_state__territorial_note")
        .prefetch_related("domains__instrument", "countries__territorial_note")
        .order_by("pk")
    )
    return [described(one) for one in found]


def described(one: Initiative) -> Document:
    return {
        "id": str(one.pk),
        "title": _in_languages(one, "title"),
        "description": _in_languages(one, "description"),
        "partner": _partner(one.partner),
        "domains": [
            {
                "id": str(domain.pk),
                "instrument": domain.instrument.slug,
                "number": domain.number,
                "title": _in_languages(domain, "title"),
            }
            for domain in one.domains.all()
        ],
        "countries": [_country(country) for country in sorted(one.countries.all(), key=lambda one: one.iso2)],
        "start": str(one.start) if one.start else None,
        "end": str(one.end) if one.end else None,
        "amount": str(one.amount) if one.amount is not None else None,
        "currency": one.currency,
        "links": one.links.split(),
        "continues": str(one.continues_id) if one.continues_id else None,
    }


def _partner(partner: Organisation | Country | None) -> Document | None:
    if partner is None:
        return None
    if isinstance(partner, Country):
        return {"kind": "state", **_country(partner)}
    return {"kind": "organisation", "slug": partner.slug, "name": _in_languages(partner, "name")}


def _country(country: Country) -> Document:
    note = country.territorial_note
    told = {"iso2": country.iso2, "name": _in_languages(country, "name")}
    return told | ({"note": f"{note.mark} {note.text}"} if note else {})


def _in_languages(thing: Model, field: str) -> dict[str, str]:
    """Those that have a text; of a model that is not translated, under the main language."""
    found = {code: getattr(thing, f"{field}_{code}", None) for code in CODES}
    return {code: text for code, text in found.items() if text} or {"en": str(getattr(thing, field) or "")}
