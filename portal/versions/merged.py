"""What was merged into another since a content was written: followed to its end, and rows that are one by that."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.rows import names_in
from portal.versions.shape import Shape


def survivor(thing: Any) -> Any:
    """Where something has gone, however often that was merged in turn; itself where it was not."""
    while getattr(thing, "merged_into_id", None):
        thing = thing.merged_into
    return thing


def without_doubles(
    shape: Shape, wanted: list[dict[str, Any]], lost: list[str], there: Callable[[Any, Sequence[Any]], dict[Any, Any]]
) -> list[dict[str, Any]]:
    """Rows of which two would say the same because what they name was merged: the one that was led there is left out,
    and told. `there` gives those of some keys of a model that are there.
    """
    went = _followed(shape, wanted, there)
    if not went:
        return wanted
    kept: list[dict[str, Any]] = []
    seen: set[Any] = set()
    # Those that name the survivor themselves come before those that are led to it.
    for row in sorted(wanted, key=lambda row: any(_moved(row, name, went) for name in row["fields"])):
        says = set(_said_once(shape, row, went))
        if says & seen:
            lost.append(_("%s, which stands there already under another name") % _in_words(shape, row, went))
        else:
            seen |= says
            kept.append(row)
    return [row for row in wanted if row in kept]


def _followed(shape: Shape, wanted: list[dict[str, Any]], there: Any) -> dict[tuple[str, Any], Any]:
    """By column and key: the one that was merged."""
    went: dict[tuple[str, Any], Any] = {}
    for field in shape.fields:
        if isinstance(field, models.ForeignKey) and hasattr(field.related_model, "merged_into"):
            keys = {key for row in wanted if (key := row["fields"].get(field.name)) is not None}
            found = there(field.related_model, list(keys))
            went |= {(field.name, key): thing for key, thing in found.items() if thing.merged_into_id}
    return went


def _moved(row: dict[str, Any], name: str, went: dict[tuple[str, Any], Any]) -> Any:
    value = row["fields"][name]
    return None if isinstance(value, (dict, list)) else went.get((name, value))


def _said_once(shape: Shape, row: dict[str, Any], went: dict[tuple[str, Any], Any]) -> Any:
    """What no two rows of one record may say together, as it would be put in place."""
    for constraint in shape.model._meta.constraints:
        if not isinstance(constraint, models.UniqueConstraint) or constraint.condition:
            continue
        names = constraint.fields or [name for part in constraint.expressions for name in names_in(part)]
        values = []
        for name in (name for name in names if name in row["fields"]):
            thing = _moved(row, name, went)
            values.append(survivor(thing).pk if thing else row["fields"][name])
        if not constraint.fields or None not in values:  # to a database, two unknowns are not the same
            yield constraint.name, tuple(values)


def _in_words(shape: Shape, row: dict[str, Any], went: dict[tuple[str, Any], Any]) -> str:
    named = next((thing for name in row["fields"] if (thing := _moved(row, name, went))), "")
    return _("%(kind)s “%(name)s”") % {"kind": capfirst(shape.model._meta.verbose_name), "name": named}
