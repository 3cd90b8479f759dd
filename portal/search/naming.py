"""Which values of a facet somebody means who types country:Türkiye or theme:"labour migration"."""

import difflib
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from portal import kinds, languages
from portal.editorial import Reader
from portal.models import Organisation
from portal.search.grammar import FIELDS, QueryError

FREE = {"language"}  # values are codes of their own, kept in no table


def resolve(field: str, value: str, reader: Reader) -> list[str]:
    """The values of a facet that this names: its key, or a name in any language.

    Raises QueryError with what comes near, among what the reader may know of.
    """
    folded = languages.fold(value)
    if field in FREE:
        return [folded]
    named: dict[str, str] = {}
    for kind in kinds.all():
        if field == "kind":
            named |= {languages.fold(word): kind.name for word in (kind.name, kind.label, kind.plural)}
        one = kind.filterset.base_filters.get(field)
        if related := getattr(one, "related", None):
            named |= _names(related, one.key, reader)
    if field == "organisation":
        named = _names(Organisation, "slug", reader)
    return _found(field, value, named, folded)


def _names(model: type[models.Model], key: str, reader: Reader) -> dict[str, str]:
    """Every name of every row, folded -> its key."""
    columns = [c for c in ("name", "title") if any(f.name == c for f in model._meta.fields)]
    wanted = [key, *(name for column in columns for name in languages.columns(column))]
    wanted += [c for c in ("acronym", "iso3") if any(f.name == c for f in model._meta.fields)]
    if any(relation.name == "other_names" for relation in model._meta.related_objects):
        wanted.append("other_names__name")
    everything: Any = model._default_manager.all()
    known = everything.visible_to(reader) if hasattr(everything, "visible_to") else everything
    rows = known.order_by().values_list(*wanted)
    return {languages.fold(name): str(row[0]) for row in rows for name in reversed(row) if name}


def _found(field: str, value: str, named: dict[str, str], folded: str) -> list[str]:
    if folded in named:
        return [named[folded]]
    if len(folded) > 3 and (inside := sorted({key for name, key in named.items() if folded in name})):
        return inside[:20]
    near = difflib.get_close_matches(folded, [name for name in named if len(name) > 3], n=1, cutoff=0.75)
    label = next((str(one.label) for one in FIELDS if one.name == field), field)
    told = {"field": label, "value": value[:60], "near": near[0] if near else ""}
    if near:
        raise QueryError(_("Nothing is known as %(field)s “%(value)s”. Did you mean “%(near)s”?") % told, 0, 0)
    raise QueryError(_("Nothing is known as %(field)s “%(value)s”.") % told, 0, 0)
