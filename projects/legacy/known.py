"""What a reference of a proposal leads to in the database: its key for a record, its name for people."""

from functools import cached_property
from typing import Any

from django.db import models

from portal.models import Country, CountryGroup, Region, Theme
from projects.legacy.ground import COUNTRY, GROUP, REGION, THEME, Ground
from projects.legacy.words import key

Reference = dict[str, Any]
MODELS: dict[str, tuple[type[models.Model], str]] = {
    COUNTRY: (Country, "iso2"),
    GROUP: (CountryGroup, "slug"),
    REGION: (Region, "slug"),
    THEME: (Theme, "slug"),
}
NEW = "new"


class Known:
    """Costs the queries of Ground.load() and four more."""

    def __init__(self, ground: Ground | None = None) -> None:
        self.ground = ground or Ground.load()

    @cached_property
    def _keys(self) -> dict[str, dict[Any, int]]:
        return {
            kind: dict(model._default_manager.values_list(column, "pk")) for kind, (model, column) in MODELS.items()
        }

    @cached_property
    def _labels(self) -> dict[tuple[str, Any], str]:
        things = (name.thing for names in self.ground.names.values() for name in names)
        return {(thing.kind, thing.ref): thing.label for thing in things}

    def key(self, reference: Reference) -> int | None:
        """None for what does not exist (any more)."""
        ((kind, ref),) = reference.items()
        if kind in MODELS:
            return self._keys[kind].get(ref)
        return ref if (kind, ref) in self._labels else None

    def label(self, reference: Reference) -> str:
        ((kind, ref),) = reference.items()
        return str(ref) if kind == NEW else self._labels.get((kind, ref), str(ref))

    def called(self, text: str, kinds: frozenset[str]) -> Reference | None:
        """What has this name, in any language or of any time."""
        for name in self.ground.names.get(key(text), ()):
            if name.thing.kind in kinds and name.written in ("", text):
                return name.thing.reference
        return None

    def labels(self, kind: str) -> list[str]:
        return sorted({label for (own, _ref), label in self._labels.items() if own == kind and label}, key=str.casefold)
