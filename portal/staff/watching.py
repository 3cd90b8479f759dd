"""Saved searches put again: what is new since their owner looked, or was told.

What matched is remembered, not when records changed: a record that was changed and matches as before is no news, a
new record is, and so is a page that did not match before.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property

from portal.editorial import Reader
from portal.models import IndexChange, SavedSearch
from portal.search import store
from portal.search.finding import Found, Hit, Search
from portal.search.grammar import QueryError
from portal.search.store import IndexUnavailable
from portal.search.writing import Head, head_of
from portal.staff.asking import Asked
from portal.staff.results import Key, visible

MOST_KNOWN = 10_000  # hits of one search
MOST_WATCHED = 1000  # of them whose pages are known too: those that changed last
MOST_PAGES = 200  # of one record


@dataclass(frozen=True)
class News:
    """A hit that is new, or that has `pages` which are."""

    kind: str
    pk: str
    at: float
    pages: Sequence[str] = ()

    @property
    def key(self) -> Key:
        return self.kind, self.pk


def asked(saved: SavedSearch) -> Asked:
    return Asked.again(saved.text, saved.filters, saved.owner)


def search(saved: SavedSearch) -> Search:
    """Raises QueryError also for filters that have lost their meaning: without them it would be another search."""
    question = asked(saved)
    if question.errors:
        raise QueryError(question.errors[0], 0, 0)
    return question.search(saved.owner)


def refreshed(saved: Iterable[SavedSearch], now: datetime.datetime | None = None) -> list[SavedSearch]:
    """Each put again as far as that can be done; `trouble` says why it could not."""
    rows, log = list(saved), ChangeLog()
    now = now or timezone.now()  # after the rows: what they do not know yet is newer than all they do
    owners: dict[int, Any] = {}
    try:
        head = index_head()
    except IndexUnavailable:
        head = None
    for one in rows:
        one.owner = owners.setdefault(one.owner_id, one.owner)  # so that rights are looked up once
        one.trouble = ""  # type: ignore[attr-defined]
        try:
            if head is not None:
                refresh(one, head, now, log)
        except QueryError as error:
            one.trouble = error.message  # type: ignore[attr-defined]
        except IndexUnavailable:
            head = None
    return rows


def index_head() -> Head:
    """How far the index has come. Raises IndexUnavailable."""
    name = store.current_name()
    if name is None:
        raise IndexUnavailable("There is no index yet.")
    return head_of(name)


class ChangeLog:
    """What the change log has after a place in it; looked up once for all searches that have come as far."""

    def __init__(self) -> None:
        self._since: dict[tuple[int, int], set[Key] | None] = {}

    @cached_property
    def _oldest(self) -> tuple[int, int] | None:
        return IndexChange.objects.order_by("transaction", "pk").values_list("transaction", "pk").first()

    def since(self, place: tuple[int, int]) -> set[Key] | None:
        """None where it does not reach back so far: then anything may have changed."""
        if place not in self._since:
            self._since[place] = self._read(place)
        return self._since[place]

    def _read(self, place: tuple[int, int]) -> set[Key] | None:
        if place[1] < 0 or (self._oldest and self._oldest > place):
            return None
        later = Q(transaction__gt=place[0]) | Q(transaction=place[0], pk__gt=place[1])
        return set(IndexChange.objects.filter(later).order_by().values_list("kind", "record").distinct())


def refresh(saved: SavedSearch, head: Head, now: datetime.datetime, log: ChangeLog) -> None:
    """Put a saved search again and remember its hits. Raises QueryError and IndexUnavailable."""
    put = search(saved)
    # Where the index stands as it stood, nothing has come to light below those that changed last.
    is_moved = (head.transaction, head.pk) != (saved.checked_transaction, saved.checked_change)
    limit = MOST_KNOWN if is_moved else MOST_WATCHED
    found = put.find(selected=asked(saved).selected, sort="changed", limit=limit)
    changed = log.since((saved.checked_transaction, saved.checked_change))
    memory = _remembered(saved, put, found, changed, now.timestamp())
    if memory == saved.memory and not is_moved:
        return
    ours = SavedSearch.objects.filter(pk=saved.pk, revision=saved.revision)
    if ours.update(
        memory=memory,
        revision=saved.revision + 1,
        checked_transaction=head.transaction,
        checked_change=head.pk,
    ):
        saved.memory, saved.revision = memory, saved.revision + 1
        saved.checked_transaction, saved.checked_change = head.transaction, head.pk
    else:
        # Somebody else was first, and has told of the news perhaps: theirs stands.
        saved.refresh_from_db()


def _remembered(
    saved: SavedSearch, put: Search, found: Found, changed: set[Key] | None, at: float
) -> dict[str, dict[str, Any]]:
    """`changed` are the records that may match on other pages than before; None is all."""
    is_all = found.total <= len(found.hits)  # otherwise what is not among them may lie further down
    memory = {name: {**known, "gone": is_all or known["gone"]} for name, known in saved.memory.items()}
    for place, hit in enumerate(found.hits):
        name = f"{hit.kind}:{hit.pk}"
        known, is_watched = memory.get(name), place < MOST_WATCHED
        if known is None:
            pages = pages_of(put, hit) if is_watched else []
            memory[name] = {"pages": " ".join(pages), "new": "", "at": at, "gone": False}
            if not is_watched:
                memory[name]["unseen"] = True
            continue
        known["gone"] = False
        if not is_watched or (changed is not None and (hit.kind, hit.pk) not in changed):
            continue
        pages = pages_of(put, hit)
        if known.pop("unseen", False):  # which of them are new nobody can say
            known["pages"] = " ".join(pages)
            continue
        before = set(known["pages"].split())
        # Beyond the most that are looked at, pages come and go without meaning anything.
        if (added := [page for page in pages if page not in before]) and len(pages) < MOST_PAGES:
            known |= {"pages": " ".join(sorted({*before, *added})), "new": " ".join(added), "at": at}
    return memory


def pages_of(put: Search, hit: Hit) -> list[str]:
    """The pages of a hit that answer, as "language:number"."""
    return [f"{language}:{number}" for language, number in put.pages_of(hit.kind, hit.pk, MOST_PAGES)]


def news_of(saved: SavedSearch, since: datetime.datetime | None = None) -> list[News]:
    """What was first met after its owner looked last (and after `since`), the newest first."""
    moments = [moment.timestamp() for moment in (saved.looked_at, since) if moment]
    return [one for one in remembered(saved) if one.at > max(moments, default=0.0)]


def visible_news(saved: Sequence[SavedSearch], reader: Reader) -> list[tuple[SavedSearch, int]]:
    """Each search of a reader's own with how much there is that is new and still to be seen."""
    news = [(one, news_of(one)) for one in saved]
    seen = visible({piece.key for _one, pieces in news for piece in pieces}, reader)
    return [(one, sum(piece.key in seen for piece in pieces)) for one, pieces in news]


def remembered(saved: SavedSearch) -> list[News]:
    """All hits that are still there, the newest first."""
    found = []
    for name, known in saved.memory.items():
        if not known["gone"]:
            kind, pk = name.split(":", 1)
            found.append(News(kind, pk, known["at"], known["new"].split()))
    return sorted(found, key=lambda one: (-one.at, one.key))
