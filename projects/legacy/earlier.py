"""A page that is read again: what a person decided about its words the time before holds."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from portal.languages import fold
from projects.legacy.pieces import Kept, make_way


def as_before(
    fresh: list[Kept], earlier: Iterable[Kept], text: str, span: tuple[int, int]
) -> tuple[list[Kept], list[str]]:
    """Pieces of a page that was read before, with what a person decided then about the same words; and remarks on what
    cannot be decided so again.
    """
    decided: dict[tuple[str, str], list[Kept]] = {}
    made: list[Kept] = []
    for old in earlier:
        if not old.get("decided"):
            continue
        if old.get("read", {}) is None:
            made.append(old)
        else:
            decided.setdefault(_words_of(old.get("read") or old, old), []).append(old)
    for n, piece in enumerate(fresh):
        if olds := decided.get(_words_of(piece, piece)):
            old = olds.pop(0)
            fresh[n] = piece | {"taken": old["taken"], "decided": True}
            if "read" in old:  # else what was read stands, with names that have become known since
                fresh[n] |= {name: old[name] for name in ("field", "value", "label", "shown")}
                fresh[n]["read"] = {"field": piece["field"], "value": piece["value"]}
            fresh[n].pop("problem", None)
    remarks = []
    for old in made:
        start = text.find(old["words"], *span)
        if start < 0:
            remarks.append(
                _("“%(words)s”, which somebody had placed in “%(label)s”, is not on the page any more.")
                % {"words": old["words"][:200], "label": old["label"]}
            )
        else:
            fresh.append(old | {"start": start, "end": start + len(old["words"])})
    make_way(fresh)
    return sorted(fresh, key=lambda one: (one["start"], one["end"])), remarks


def _words_of(read: Kept, piece: Kept) -> tuple[str, str]:
    return read["field"], " ".join(fold(piece["words"]).split())


def without(unplaced: Iterable[Kept], pieces: Iterable[Kept]) -> list[Kept]:
    """What is not placed, without what a person has placed since."""
    spans = {(piece["start"], piece["end"]) for piece in pieces if piece.get("read", {}) is None}
    return [one for one in unplaced if (one["start"], one["end"]) not in spans]
