"""Records in the order in which the index ranks them, a stretch at a time: what a Paginator asks for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.functional import cached_property

if TYPE_CHECKING:
    from portal.filters.selection import KindFilterSet
    from portal.search.finding import Found

FIRST = 20  # hits on a page


class RankedRecords:
    """Records by their keys, in this order. What the reader may no longer see is left out when it is read."""

    def __init__(self, selection: "KindFilterSet", keys: Sequence[Any]) -> None:
        self.selection, self.keys = selection, keys

    def count(self) -> int:
        return len(self.keys)

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, stretch: slice) -> list[Any]:
        return self.read(self.keys[stretch])

    def read(self, keys: Sequence[Any]) -> list[Any]:
        kind = self.selection.kind
        visible = kind.listed(kind.visible_to(self.selection.reader))
        found = visible.in_bulk(list(keys))
        return [found[key] for key in keys if key in found]


class IndexHits(RankedRecords):
    """The same where the index knows every filter: it is asked for no more hits than are shown, and tells with the
    first of them how many there are."""

    def __init__(self, selection: "KindFilterSet") -> None:
        super().__init__(selection, ())

    @cached_property
    def first(self) -> "Found":
        return self._find(0, FIRST)

    def count(self) -> int:
        return self.first.total

    def __getitem__(self, stretch: slice) -> list[Any]:
        start, stop = stretch.start or 0, stretch.stop if stretch.stop is not None else self.count()
        if stop <= start:
            return []
        hits = self.first.hits[start:stop] if stop <= FIRST else self._find(start, stop - start).hits
        to_python = self.selection.kind.model._meta.pk.to_python
        return self.read([to_python(hit.pk) for hit in hits])

    def _find(self, offset: int, limit: int) -> "Found":
        selection = self.selection
        assert selection.search is not None  # noqa: S101
        return selection.search.find(
            selection.kind.name, selection.selected, sort=selection.sort, offset=offset, limit=limit
        )
