"""By which codes a sheet names what a record leads to: countries by ISO 3166, the rest by their short names."""

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from portal.imports.entries import Names
from portal.languages import columns
from portal.versions.content import key_of

ADDRESS = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
ISO = re.compile(r"[A-Za-z]{2,3}")
Path = tuple[str, ...]


class Known:
    """Codes and names of records, each model asked for once. `proposed` are models of which a name that is not known
    is proposed instead of being refused.
    """

    def __init__(self, names: Names | None = None, proposed: Iterable[type[models.Model]] = ()) -> None:
        self.names = names
        self.proposed = frozenset(proposed)
        self._codes: dict[tuple[Any, Path], dict[Any, str]] = {}
        self._keys: dict[tuple[Any, Path], dict[str, set[Any]]] = {}

    def code(self, model: Any, key: Any, by: Path = ()) -> str:
        """How a sheet names it; its key where it has no code."""
        return self._codes_of(model, by).get(key) or f"#{key}"

    def key(self, model: Any, text: str, by: Path = ()) -> Any:
        """Raises ValueError with a message for editors."""
        if (model, by) not in self._keys:
            self._keys[model, by] = self._named(model, by)
        found = self._keys[model, by].get(text.casefold(), set())
        if len(found) == 1:
            return next(iter(found))
        name, told = str(model._meta.verbose_name), Truncator(text).chars(80)
        if found:
            words = _("There is more than one %(kind)s “%(text)s”. Write its short name.")
            raise ValueError(words % {"kind": name, "text": told})
        code = ISO if code_of(model) == "iso2" else ADDRESS
        may_be_new = model in self.proposed and not code.fullmatch(text) and len(text) <= _longest(model)
        if self.names is not None and may_be_new:
            return self.names.new(model, text)
        raise ValueError(_("There is no %(kind)s “%(text)s”.") % {"kind": name, "text": told})

    def _codes_of(self, model: Any, by: Path) -> dict[Any, str]:
        if (model, by) not in self._codes:
            paths = by or (code_of(model),)
            rows = model._base_manager.values_list("pk", *paths)
            self._codes[model, by] = {
                key_of(pk): "/".join(str(part) for part in parts) for pk, *parts in rows if None not in parts
            }
        return self._codes[model, by]

    def _named(self, model: Any, by: Path) -> dict[str, set[Any]]:
        """What was merged is found under the name of what it went into, and a code counts before any name."""
        moved = _moved(model)
        codes = self._codes_of(model, by)
        found = {f"#{key}".casefold(): {key} for key in codes}
        for name, key in _names(model):
            if key not in moved:
                found.setdefault(name.casefold(), set()).add(key)
        return found | {code.casefold(): {moved.get(key, key)} for key, code in codes.items()}


def code_of(model: Any) -> str:
    return next(name for name in ("iso2", "slug", "pk") if name == "pk" or _has(model, name))


def _has(model: Any, name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True


def _longest(model: Any) -> int:
    return model._meta.get_field("name").max_length or 0


def _moved(model: Any) -> dict[Any, Any]:
    if not _has(model, "merged_into"):
        return {}
    rows = model._base_manager.filter(merged_into__isnull=False).values_list("pk", "merged_into")
    return {key_of(pk): key_of(other) for pk, other in rows}


def _names(model: Any) -> Iterable[tuple[str, Any]]:
    """What people call it, in every language; of models whose records have names."""
    if not _has(model, "name"):
        return
    paths = [*columns("name"), *(name for name in ("acronym", "iso3") if _has(model, name))]
    paths = [path for path in paths if _has(model, path)] or ["name"]
    if hasattr(model, "other_names"):
        paths.append("other_names__name")
    for pk, *texts in model._base_manager.values_list("pk", *paths):
        yield from ((text, key_of(pk)) for text in set(texts) if text)
