"""Pieces as an import keeps them: what was read, and what a person decided about it.

    {"field": "start", "value": "2016-10", "start": 120, "end": 132, "words": "October 2016", "confidence": 0.95,
     "why": "", "taken": true, "label": "Start", "shown": "October 2016"}

One that a person has touched is `decided`, and `read` holds the field and value that were read, or is null where a
person made it, from text that was not placed or, without `words`, from what they know. `problem` says why a value was
not taken; `name` is the key of a name the portal does not know.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.languages import CODES
from projects.legacy import slots
from projects.legacy.known import Known
from projects.legacy.proposals import Piece
from projects.legacy.typed import check
from projects.models import Project
from projects.models.project import AGEING

LIKELY = 0.5  # from this confidence on a value is taken unless somebody says otherwise
Kept = dict[str, Any]


def kept(pieces: Iterable[Piece], language: str, known: Known) -> list[Kept]:
    """As they were read, with those ticked that are likely enough and do not stand in each other's way."""
    found = [
        told(piece._asdict() | {"taken": piece.confidence >= LIKELY, "language": language}, known) for piece in pieces
    ]
    fields = {piece["field"] for piece in found if piece["taken"]}
    for piece in found:
        is_stage = piece["field"] in ("stage_stated", "stage_as_of")
        if is_stage and (fields & {"start", "end"} or "stage_stated" not in fields):
            piece["taken"] = False  # the dates tell it
        elif piece["field"] == "stage_stated" and piece["value"] in AGEING and "stage_as_of" not in fields:
            piece["taken"] = False  # nobody knows when it was said
        try:
            check(piece["field"], piece["value"])
        except ValidationError as error:
            piece |= {"taken": False, "problem": " ".join(error.messages)}
    make_way(found)
    return found


def make_way(pieces: Iterable[Kept]) -> None:
    """Untick what stands in the way of another; what a person has decided stays before what was only read."""
    for piece in in_the_way(sorted(pieces, key=lambda one: not one.get("decided"))):
        piece |= {"taken": False, "problem": _("There is another value for this already.")}


def told(piece: Kept, known: Known) -> Kept:
    """With what people read: where it stands, and its value."""
    slot = slots.slot_of(piece["field"], piece["value"])
    return piece | {"label": slot.label, "shown": slots.told(piece["field"], piece["value"], known)}


def in_the_way(pieces: Iterable[Kept]) -> Iterator[Kept]:
    """Of those that are taken, the ones whose place is taken already or has no room."""
    seen: set[str] = set()
    lengths: dict[str, int] = {}
    for piece in pieces:
        field = piece["field"]
        if not piece["taken"]:
            continue
        if field in slots.COLUMNS and field not in slots.JOINED:
            if field in seen:
                yield piece
            seen.add(field)
        elif most := getattr(Project._meta.get_field(field), "max_length", None) if field in slots.JOINED else None:
            length = lengths.get(field, 0) + len(piece["value"]) + len(slots.JOINED[field])
            if length > most + len(slots.JOINED[field]):
                yield piece
            else:
                lengths[field] = length


def language_of(code: str) -> str:
    """The language of the columns a text goes into."""
    return code if code in CODES else CODES[0]
