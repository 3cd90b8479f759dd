"""Whether the index holds what the database holds, record by record."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

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


def check() -> Sequence[Difference]:
    """Compare what both audiences' records hold with the database, record by record. Raises IndexUnavailable."""
    name = store.current_name()
    if name is None or not schema.fits(store.root() / name):
        raise store.IndexUnavailable("There is no index that fits this version of the portal.")
    writing.head_of(name)
    found: list[Difference] = []
    held = {audience: digests(store.root() / name / audience / "records") for audience in store.AUDIENCES}
    for kind in kinds.all():
        manager = kind.model._default_manager
        public = set(kind.visible_to(AnonymousUser()).order_by().values_list("pk", flat=True))
        for pks in writing.in_batches(manager.published().order_by("pk").values_list("pk", flat=True)):  # type: ignore[attr-defined]
            with translation.override(None):
                for record in kind.indexed(manager.filter(pk__in=pks)):
                    key = schema.key_of(kind.name, record.pk)
                    digest = writing.with_kind(kind.entry(record), kind).digest()
                    for audience in store.AUDIENCES:
                        if audience == "visitors" and record.pk not in public:
                            continue
                        was = held[audience].pop(key, None)
                        if was is None:
                            found.append(Difference(audience, key, "missing"))
                        elif was != digest:
                            found.append(Difference(audience, key, "out of date"))
    found += [Difference(audience, key, "should not be there") for audience in held for key in held[audience]]
    return found


def digests(folder: Path) -> dict[str, str]:
    """key -> digest of every record in a folder."""
    with store.searching():
        searcher = store.open_part(folder, "records").searcher()
        everything = searcher.search(tantivy.Query.all_query(), max(searcher.num_docs, 1)).hits
        rows = (searcher.doc(address) for _score, address in everything)
        pairs = ((row.get_first("key"), row.get_first("stored")) for row in rows)
        return {str(key): bytes(stored or b"").decode() for key, stored in pairs if key != schema.HEAD}


def waiting() -> int:
    """How many changes the index has still to follow. Raises IndexUnavailable."""
    name = store.current_name()
    if name is None:
        raise store.IndexUnavailable("There is no index yet.")
    head = writing.head_of(name)
    return writing.after(head.transaction, head.pk).count()
