"""What a basket holds, as its reader may see it; and putting things in, in an order of one's own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal import kinds
from portal.editorial import Reader
from portal.models import Basket, BasketItem
from portal.models.desk import MOST_ITEMS
from portal.search.entries import PageEntry
from portal.search.finding import Search
from portal.search.passages import END, LENGTH, START
from portal.staff.results import Key, records_of


@dataclass(frozen=True)
class Kept:
    """An item and its record; without a record it is no longer there for this reader, and nothing of it is shown."""

    item: BasketItem
    kind: kinds.Kind | None
    record: Any
    is_first: bool = False
    is_last: bool = False


@dataclass(frozen=True)
class Wanted:
    """What a tick says: publication:12, or publication:12:en:5 for a page."""

    kind: str
    record: str
    language: str = ""
    page: int = 0

    @classmethod
    def of(cls, text: str) -> "Wanted | None":
        parts = text.split(":")
        if len(parts) == 2 and all(parts):
            return cls(parts[0], parts[1][:40])
        if len(parts) == 4 and all(parts) and parts[3].isascii() and parts[3].isdigit() and len(parts[3]) <= 6:
            return cls(parts[0], parts[1][:40], parts[2][:12], int(parts[3]))
        return None

    @property
    def key(self) -> Key:
        return self.kind, self.record


def contents(basket: Basket, reader: Reader) -> list[Kept]:
    items = list(basket.items.all())
    records = records_of({(item.kind, item.record) for item in items}, reader)
    kept = []
    for number, item in enumerate(items):
        kind, record = records.get((item.kind, item.record), (None, None))
        kept.append(Kept(item, kind, record, number == 0, number == len(items) - 1))
    return kept


def put_in(basket: Basket, wanted: Sequence[Wanted], reader: Reader, search: Search | None = None) -> int:
    """How many were new. What the reader may not see, or what has no such page, is left out without a word.

    Raises ValidationError when the basket is full. `search` tells the passage of a page.
    """
    records = records_of({one.key for one in wanted}, reader)
    pages = {one.key: _pages(*records[one.key]) for one in wanted if one.page and one.key in records}
    with transaction.atomic():
        Basket.objects.select_for_update().get(pk=basket.pk)
        there = {(item.kind, item.record, item.language, item.page) for item in basket.items.all()}
        place = len(there)
        rows: list[BasketItem] = []
        for one in dict.fromkeys(wanted):
            if one.key not in records or (one.kind, one.record, one.language, one.page) in there:
                continue
            row = BasketItem(basket=basket, kind=one.kind, record=one.record, position=place + len(rows) + 1)
            if one.page:
                page = pages[one.key].get((one.language, one.page))
                if page is None:
                    continue
                row.language, row.page, row.label, row.url = page.language, page.number, page.label[:20], page.url
                row.passage = _passage(page, search)
            rows.append(row)
        if place + len(rows) > MOST_ITEMS:
            raise ValidationError(_("A basket holds at most %(n)d items. Begin another one.") % {"n": MOST_ITEMS})
        BasketItem.objects.bulk_create(rows)
        basket.save(update_fields=["changed_at"])
    return len(rows)


def rearrange(basket: Basket, order: Sequence[int]) -> None:
    """Items by primary key in their new order; numbered from 1. Keys that are gone are passed over."""
    items = {item.pk: item for item in basket.items.all()}
    for place, pk in enumerate((pk for pk in order if pk in items), 1):
        items[pk].position = place
    BasketItem.objects.bulk_update(items.values(), ["position"])


def moved(order: Sequence[int], pk: int, by: int) -> list[int]:
    """The same with one of them a place further up or down; at the ends it stays."""
    changed = list(order)
    at = changed.index(pk)
    to = min(max(at + by, 0), len(changed) - 1)
    changed.insert(to, changed.pop(at))
    return changed


def placed(order: Sequence[int], places: dict[int, int]) -> list[int]:
    """By the numbers people gave; of two that got the same one, the one that was moved there comes first."""
    now = {pk: place for place, pk in enumerate(order, 1)}

    def place(pk: int) -> tuple[int, int, int]:
        asked = places.get(pk, now[pk])
        way = (asked > now[pk]) - (asked < now[pk])  # from above it goes behind, from below before
        return asked, way, now[pk]

    return sorted(order, key=place)


def _pages(kind: kinds.Kind, record: Any) -> dict[tuple[str, int], PageEntry]:
    """As search knows them: the one place where a kind tells of its pages."""
    full = kind.indexed(kind.model._default_manager.filter(pk=record.pk)).get()
    found: Iterable[PageEntry] = kind.entry(full).pages
    return {(page.language, page.number): page for page in found}


def _passage(page: PageEntry, search: Search | None) -> str:
    from portal.search import passages

    if search:
        cut = passages.passage(page.text, search.wanted, page.language).text
    else:
        cut = " ".join(page.text.split())[:LENGTH]
    return cut.replace(START, "").replace(END, "").replace("\0", "")
