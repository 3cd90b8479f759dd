"""Entries that may be about a record the portal has: a person says which one it is, or that it is another.

What was filled in here stays when an entry is taken for a record; the entry fills what is empty, and adds.
"""

from typing import Any

from django.db import models
from django.utils.translation import ngettext

from portal.imports.entries import Entry
from portal.models import Import, ImportTarget
from portal.versions.comparing import label_of, label_of_rows
from portal.versions.content import Content
from portal.versions.shape import Shape

NEW = "new"
MOST = 5
EMPTY = (None, "")


def of(entry: Entry) -> dict[str, Any]:
    """As an ImportTarget keeps it: chosen already where the reader is sure of one."""
    told = {str(one.record.pk): one for one in entry.likely}
    if not told:
        return {}
    sure = [pk for pk, one in told.items() if one.is_sure]
    records = [{"pk": pk, "why": one.why} for pk, one in told.items() if pk in sure or not sure]
    return {"records": records[:MOST], "chosen": sure[0] if len(sure) == 1 else ""}


def chosen(likely: dict[str, Any]) -> str:
    """The key of the record that it is, or nothing."""
    return "" if likely.get("chosen") == NEW else likely.get("chosen", "")


def is_open(target: ImportTarget) -> bool:
    return bool(target.likely) and not target.likely["chosen"]


def question(target: ImportTarget) -> str:
    n = len(target.likely["records"])
    words = ngettext(
        "It may be the same as a record that is here: say whether it is.",
        "It may be the same as one of %(n)s records that are here: say which one, or that it is new.",
        n,
    )
    return words % {"n": n}


def choose(target: ImportTarget, wanted: str) -> None:
    """A key of its likely records, NEW for none of them, or nothing to leave it open. Plan again afterwards. Raises
    ValueError for anything else.
    """
    keys = [one["pk"] for one in target.likely["records"]] if target.likely else []
    if not keys or wanted not in {"", NEW, *keys}:
        raise ValueError("It is none of them.")
    target.likely["chosen"] = wanted
    target.object_id = chosen(target.likely)
    target.save(update_fields=["likely", "object_id"])


def choose_for_all(imported: Import, as_new: bool) -> int:
    """Of all that are open: new each, or the record where there is one alone. How many were decided."""
    decided = []
    for target in imported.targets.filter(likely__chosen=""):
        records = target.likely["records"]
        if as_new or len(records) == 1:
            target.likely["chosen"] = NEW if as_new else records[0]["pk"]
            target.object_id = chosen(target.likely)
            decided.append(target)
    ImportTarget.objects.bulk_update(decided, ["likely", "object_id"], batch_size=200)
    return len(decided)


def filling(shape: Shape, said: Content, shown: Content) -> tuple[Content, list[str]]:
    """What an entry says of a record that others have written, and the names of what it says otherwise. A list that
    has an order is one thing: it is taken whole or not at all.
    """
    fields = {name: value for name, value in said["fields"].items() if shown["fields"].get(name) in EMPTY}
    otherwise = [
        label_of(one)
        for one in shape.fields
        if one.name in said["fields"]
        and one.name not in fields
        and said["fields"][one.name] not in EMPTY
        and said["fields"][one.name] != shown["fields"][one.name]
    ]
    links = {name: sorted({*keys, *shown["links"].get(name, [])}) for name, keys in said["links"].items()}
    rows = dict(said["rows"])
    for kind in shape.rows:
        there = shown["rows"].get(kind.accessor, [])
        if there and _has_order(kind.shape) and rows.get(kind.accessor, there) != there:
            rows[kind.accessor] = there
            otherwise.append(label_of_rows(kind))
    return {"fields": fields, "links": links, "rows": rows}, otherwise


def _has_order(shape: Shape) -> bool:
    return any(field.name == "position" and isinstance(field, models.IntegerField) for field in shape.fields)
