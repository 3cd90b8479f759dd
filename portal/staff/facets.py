"""The facets of a search over all kinds: what they and their values are called, and which a reader may know."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from portal import kinds
from portal.editorial import Reader
from portal.filters import Choice, Facet, FacetFilter
from portal.models import Organisation
from portal.search.schema import NONE
from portal.templatetags.portal import language_name


def names() -> list[str]:
    """In the order in which the kinds name them; the kind itself comes first."""
    return list(dict.fromkeys(["kind", *(name for kind in kinds.all() for name in kind.facets)]))


def label(name: str) -> str:
    """What a facet is called."""
    if name == "kind":
        return _("Kind of content")
    for kind in kinds.all():
        if one := kind.filterset.base_filters.get(name):
            return str(one.label)
        if column := _column(kind, name):
            return str(column.verbose_name).capitalize()
    return str(Organisation._meta.verbose_name).capitalize() if name == "organisation" else name.capitalize()


def known(name: str, values: Iterable[str], reader: Reader) -> dict[str, str]:
    """Value -> label, of those values that exist and that this reader may know of.

    A value is the key of a row; one that belongs to a draft is left out, as if there were none.
    """
    wanted = [value[:80] for value in values]
    found = {NONE: _("Not stated")} if NONE in wanted else {}
    if name == "kind":
        return found | {kind.name: kind.plural.capitalize() for kind in kinds.all() if kind.name in wanted}
    if name == "language":
        codes = [value for value in wanted if value != NONE and value.replace("-", "").isalnum()]
        return {code: language_name(code) for code in codes} | found
    for model, key in _sources(name):
        rows = _visible(model, reader).filter(**{f"{key}__in": wanted})
        found |= {str(getattr(row, key)): str(row) for row in rows}
    for kind in kinds.all():
        if (column := _column(kind, name)) and column.choices:
            choices = dict(column.flatchoices)
            found |= {value: str(choices[value]) for value in wanted if value in choices}
    return found


def counted(found: Mapping[str, Mapping[str, int]], chosen: Mapping[str, Sequence[str]], reader: Reader) -> list[Facet]:
    """What the index counted, with labels; facets in which there is nothing to choose are left out."""
    shown = []
    for name, counts in found.items():
        ticked = chosen.get(name, ())
        labels = known(name, {*counts, *ticked}, reader)
        choices = [Choice(value, labels[value], counts.get(value, 0), value in ticked) for value in labels]
        choices.sort(key=lambda one: (one.value == NONE, -one.count, one.label.casefold()))
        if any(choice.value != NONE for choice in choices):
            shown.append(Facet(name, label(name), choices))
    return shown


def normalised(name: str, value: str) -> str:
    """As it stands in the index: codes of countries are written in capitals."""
    ones = (kind.filterset.base_filters.get(name) for kind in kinds.all())
    return value.upper() if value != NONE and any(getattr(one, "upper", False) for one in ones) else value


def choosable(name: str, reader: Reader) -> list[tuple[str, str]]:
    """All values of a facet that stands for a table, for a menu."""
    rows = {str(getattr(row, key)): str(row) for model, key in _sources(name) for row in _visible(model, reader)}
    return sorted(rows.items(), key=lambda pair: pair[1].casefold())


def _visible(model: type[models.Model], reader: Reader) -> Any:
    rows: Any = model._default_manager.all()
    return rows.visible_to(reader) if hasattr(rows, "visible_to") else rows


def _sources(name: str) -> list[tuple[type[models.Model], str]]:
    """The tables a facet's values come from, and the column that stands in addresses."""
    ones = (kind.filterset.base_filters.get(name) for kind in kinds.all())
    found = dict.fromkeys((one.related, one.key) for one in ones if isinstance(one, FacetFilter))
    return list(found) or ([(Organisation, "slug")] if name == "organisation" else [])


def _column(kind: kinds.Kind, name: str) -> Any:
    return next((f for f in kind.model._meta.fields if f.name == name and not f.is_relation), None)
