"""Initiatives of a cycle as CSV and JSON, and the frozen document itself."""

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse

from dialogues.cycles import document
from dialogues.cycles.entries import Entry, named
from dialogues.models import Cycle
from portal.sheets.writing import as_csv
from portal.territory import Notes

HEADER = [
    "id", "title", "description", "reported_by", "domains", "countries", "country_codes", "start", "end", "amount",
    "currency", "links", "continues", "note",
]  # fmt: skip


class Footnotes:
    """The territorial notes a text needs: what is asked for once and for all rows."""

    def __init__(self) -> None:
        self.rules = Notes().rules()

    def of(self, *texts: str) -> str:
        whole = "\n".join(texts)
        return " ".join(f"{note.mark} {note.text}" for pattern, note in self.rules if pattern.search(whole))


def as_table(cycle: Cycle, entries: Sequence[Entry]) -> HttpResponse:
    notes = Footnotes()
    lines = ([*(row := _row(one)), notes.of(*row)] for one in entries)
    return _file(b"".join(part.encode() for part in as_csv(HEADER, lines)), "text/csv; charset=utf-8", cycle, "csv")


def _row(one: Entry) -> list[str]:
    return [
        one.key,
        one.title,
        one.description,
        one.partner.label if one.partner else "",
        named(one.domains),
        named(one.countries),
        " ".join(country.key for country in one.countries),
        str(one.start or ""),
        str(one.end or ""),
        one.said["amount"] or "",
        one.currency,
        " ".join(one.links),
        one.continues or "",
    ]


def as_json(cycle: Cycle, entries: Sequence[Entry]) -> HttpResponse:
    """The initiatives as the document has them, with what is to be known of it."""
    notes = Footnotes()
    told: dict[str, Any] = {
        "schema": document.SCHEMA,
        "source": settings.SITE_URL + cycle.get_absolute_url(),
        "dialogue": cycle.dialogue.slug,
        "cycle": cycle.number,
        "closed_at": _moment(cycle.closed_at),
        "sha256": cycle.snapshot.digest if cycle.is_closed else None,
        "corrections": [{"at": _moment(one.at), "text": one.text} for one in cycle.corrections.all()],
        "initiatives": [one.said | {"note": notes.of(*_row(one))} for one in entries],
    }
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1})
    return _named(response, cycle, "json")


def _moment(at: datetime.datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def as_frozen(cycle: Cycle) -> HttpResponse:
    return _file(document.canonical(cycle.snapshot.content), "application/json", cycle, "snapshot.json")


FORMATS: dict[str, Callable[[Cycle, Sequence[Entry]], HttpResponse]] = {"csv": as_table, "json": as_json}


def _file(content: bytes, kind: str, cycle: Cycle, end: str) -> HttpResponse:
    return _named(HttpResponse(content, content_type=kind), cycle, end)


def _named(response: Any, cycle: Cycle, end: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{cycle.dialogue.slug}-cycle-{cycle.number}.{end}"'
    return response
