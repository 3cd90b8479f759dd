"""Whether the index holds what the database holds, record by record."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tantivy
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from portal import kinds
from portal.search import schema, store, writing


@dataclass(frozen=True)
class Difference:
    """One thing that index and database do not agree on."""

    audience: str
    key: str
    what: str


class Held:
    """What one audience's folders hold."""

    def __init__(self, folder: Path) -> None:
        with store.searching():
            searcher = store.open_part(folder / "records", "records").searcher()
            everything = searcher.search(tantivy.Query.all_query(), max(searcher.num_docs, 1)).hits
            rows = (searcher.doc(address) for _score, address in everything)
            pairs = ((row.get_first("key"), row.get_first("stored")) for row in rows)
            self.digests = {str(key): bytes(stored or b"").decode() for key, stored in pairs if key != schema.HEAD}
            pages = store.open_part(folder / "pages", "pages")
            self._pages, self._schema = pages.searcher(), pages.schema

    def pages_of(self, key: str) -> int:
        with store.searching():
            found = self._pages.search(tantivy.Query.term_query(self._schema, "key", key, "basic"), 1)
            return found.count  # type: ignore[attr-defined, no-any-return]

    def total_pages(self) -> int:
        return self._pages.num_docs - 1  # one row is the head


def check() -> Sequence[Difference]:
    """Compare what each audience's folders hold with the database, record by record. Raises IndexUnavailable."""
    name = store.current_name()
    if name is None or not schema.fits(store.root() / name):
        raise store.IndexUnavailable("There is no index that fits this version of the portal.")
    writing.head_of(name)
    found: list[Difference] = []
    held = {audience: Held(store.root() / name / audience) for audience in store.AUDIENCES}
    pages = dict.fromkeys(store.AUDIENCES, 0)
    for kind, record, is_public in _live():
        key = schema.key_of(kind.name, record.pk)
        entry = writing.with_kind(kind.entry(record), kind)
        for audience in store.AUDIENCES:
            if audience == "visitors" and not is_public:
                continue
            pages[audience] += len(entry.pages)
            was = held[audience].digests.pop(key, None)
            if was is None:
                found.append(Difference(audience, key, "missing"))
            elif was != entry.digest():
                found.append(Difference(audience, key, "out of date"))
            elif held[audience].pages_of(key) != len(entry.pages):
                found.append(Difference(audience, key, "has other pages"))
    for audience, own in held.items():
        found += [Difference(audience, key, "should not be there") for key in own.digests]
        if not found and own.total_pages() != pages[audience]:
            found.append(Difference(audience, "pages", "of records that are not there"))
    return found


def _live() -> Iterator[tuple[kinds.Kind, Any, bool]]:
    """Every record that is live, and whether everybody may see it."""
    for kind in kinds.all():
        manager: Any = kind.model._default_manager
        public = set(kind.visible_to(AnonymousUser()).order_by().values_list("pk", flat=True))
        for pks in writing.in_batches(manager.published().order_by("pk").values_list("pk", flat=True)):
            with translation.override(None):
                for record in kind.indexed(manager.filter(pk__in=pks)):
                    yield kind, record, record.pk in public


def waiting() -> int:
    """How many changes the index has still to follow. Raises IndexUnavailable."""
    name = store.current_name()
    if name is None:
        raise store.IndexUnavailable("There is no index yet.")
    head = writing.head_of(name)
    return writing.after(head.transaction, head.pk).count()
