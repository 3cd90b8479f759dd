"""What somebody else has saved since a form was opened, brought together with what was typed into it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from portal.admin.decisions import name_of
from portal.versions import history
from portal.versions.comparing import Difference, compare
from portal.versions.content import Content
from portal.versions.merging import merge


@dataclass(frozen=True)
class Meanwhile:
    """Somebody else's save, for a page that shows both. `theirs` is what it changed, where that can be told; `mine`
    what the form that comes back would change on top. `clashes` counts the places where both changed the same thing.
    """

    who: str
    at: Any
    theirs: list[Difference]
    mine: list[Difference]
    clashes: int
    why_closed: str = ""  # where they cannot send it again
    is_own: bool = False  # saved by the same person, from another page


def meet(request: HttpRequest, record: Any, base: Content | None, mine: Content, why_closed: str = "") -> Content:
    """What both have changed, together; and in `request.saving`, for the page, who changed what."""
    saving, model = request.saving, type(record)  # type: ignore[attr-defined]
    merged = merge(base or saving.shown, saving.shown, mine)
    last = saving.draft.version if saving.draft else history.latest(record)
    by = last.by if last else getattr(record, "changed_by", None)
    saving.meanwhile = Meanwhile(
        who=name_of(by),
        at=last.at if last else getattr(record, "changed_at", None),
        theirs=compare(model, base, saving.shown) if base else [],
        mine=compare(model, saving.shown, merged.content),
        clashes=len(merged.clashes),
        why_closed=why_closed,
        is_own=by == request.user,
    )
    return merged.content
