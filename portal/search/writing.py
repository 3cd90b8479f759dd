"""The one writer: applies the change log to the index, makes the index anew, and checks it against the database."""

import contextlib
import datetime
import json
import logging
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import tantivy
from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone, translation

from portal import kinds
from portal.models import IndexChange
from portal.search import schema, store

HEAP = 30_000_000  # bytes per folder while changes are applied
REBUILD_HEAP = 120_000_000
BATCH = 500  # changes or records at a time
KEEP = datetime.timedelta(days=30)  # how long changes are kept for other hosts

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Head:
    """How far an index has come: the last change in it, and up to when it knows what became due."""

    token: str | None
    transaction: int
    pk: int
    due: float

    @classmethod
    def of(cls, change: IndexChange | None, due: datetime.datetime) -> "Head":
        if change is None:
            return cls(None, 0, 0, due.timestamp())
        return cls(str(change.token), change.transaction, change.pk, due.timestamp())


class Writers:
    """A writer for each folder of a generation. Commits the folders one after the other: should it die between two,
    the changes are applied to all of them again, which does no harm."""

    def __init__(
        self, generation: str, create: bool = False, heap: int = HEAP, audiences: Sequence[str] = store.AUDIENCES
    ) -> None:
        self.folder = store.root() / generation
        self.audiences = audiences
        self.writers: dict[tuple[str, str], tantivy.IndexWriter] = {}
        for audience in audiences:
            for part in store.PARTS:
                index = store.open_part(self.folder / audience / part, part, create=create)
                with store.searching():
                    self.writers[audience, part] = index.writer(heap, 1)

    def put(self, audiences: Sequence[str], key: str, entry: Any, state: dict[str, Any]) -> None:
        """A record and its pages into the folders of these audiences; each row is made once."""
        record = schema.record_row(key, entry, state)
        for audience in audiences:
            self.writers[audience, "records"].add_document(record)
        for page in entry.pages:
            row = schema.page_row(key, page)
            for audience in audiences:
                self.writers[audience, "pages"].add_document(row)

    def drop(self, key: str) -> None:
        for writer in self.writers.values():
            writer.delete_documents_by_term("key", key)

    def commit(self, head: Head) -> None:
        for writer in self.writers.values():
            writer.delete_documents_by_term("key", schema.HEAD)
            writer.add_document(schema.head_row(vars(head)))
            writer.commit()

    def close(self) -> None:
        for writer in self.writers.values():
            writer.wait_merging_threads()


def catch_up_soon() -> None:
    """After a commit, where no worker runs: in the demo and in development."""
    try:
        catch_up(wait=5)
    except Exception:
        logger.exception("The index could not follow; `manage.py index_check` tells more")


def catch_up(wait: float = 0) -> int | None:
    """Apply what has changed and what has become due. How many changes there were; None if another one is writing.

    Makes the index where there is none, or none that follows this database.
    """
    with store.writer_lock(wait) as ours:
        if not ours:
            return None
        with contextlib.ExitStack() as stack:
            try:
                return _apply(stack)
            except store.IndexUnavailable as reason:
                logger.warning("The index is made anew: %s", reason)
        return _rebuild()


def _apply(stack: contextlib.ExitStack) -> int:
    name = store.current_name()
    if name is None or not schema.fits(store.root() / name):
        raise store.IndexUnavailable("there is none that fits")
    head = head_of(name)
    now = timezone.now()
    changes = after(head.transaction, head.pk)
    due = list(due_between(datetime.datetime.fromtimestamp(head.due, datetime.UTC), now))
    if not due and not changes.exists():
        return 0
    writers = Writers(name)
    stack.callback(writers.close)
    applied = 0
    last = IndexChange.objects.filter(token=head.token or uuid.UUID(int=0)).first()
    while batch := list(changes[:BATCH]):
        _put_again(writers, {(change.kind, change.record) for change in batch})
        last = batch[-1]
        applied += len(batch)
        changes = after(last.transaction, last.pk)
        if len(batch) == BATCH:
            writers.commit(Head.of(last, datetime.datetime.fromtimestamp(head.due, datetime.UTC)))
    _put_again(writers, set(due))
    writers.commit(Head.of(last, now))
    return applied + len(due)


def after(transaction: int, pk: int) -> models.QuerySet[IndexChange]:
    """The changes past one, in the order in which they are applied."""
    return IndexChange.objects.settled().filter(Q(transaction__gt=transaction) | Q(transaction=transaction, pk__gt=pk))


def head_of(name: str) -> Head:
    """The head that all folders have reached. Raises IndexUnavailable if it is not of this database."""
    heads = []
    for audience in store.AUDIENCES:
        for part in store.PARTS:
            with store.searching():
                searcher = store.open_part(store.root() / name / audience / part, part).searcher()
                query = tantivy.Query.term_query(schema.build(part), "key", schema.HEAD)
                found = searcher.search(query, 1).hits
                if not found:
                    raise store.IndexUnavailable("it was never finished")
                heads.append(Head(**json.loads(searcher.doc(found[0][1]).get_first("stored") or b"{}")))
    # A writer may have died between two folders: what the slowest has not seen is applied to all of them again.
    slowest = min(heads, key=lambda one: (one.transaction, one.pk))
    head = replace(slowest, due=min(one.due for one in heads))
    known = IndexChange.objects.filter(token=head.token) if head.token else IndexChange.objects.none()
    if head.token is None and IndexChange.objects.exists():
        raise store.IndexUnavailable("it is older than the change log")
    if head.token and not known.exists():
        raise store.IndexUnavailable("it was made from another database, or too long ago")
    return head


def due_between(start: datetime.datetime, end: datetime.datetime) -> Iterator[tuple[str, str]]:
    """What became public or ceased to be in a span of time, without anybody saving it; and what names it."""
    for kind in kinds.all():
        for record in kind.model._default_manager.turning_between(start, end):  # type: ignore[attr-defined]
            yield kind.name, str(record.pk)
            for other in kinds.all():
                if (pointing := other.pointing_at(record)) is not None:
                    yield from ((other.name, str(row["pk"])) for row in pointing)


def _put_again(writers: Writers, keys: set[tuple[str, str]]) -> None:
    by_kind: dict[str, list[str]] = defaultdict(list)
    for name, pk in sorted(keys):
        writers.drop(schema.key_of(name, pk))
        by_kind[name].append(pk)
    for name, pks in by_kind.items():
        try:
            kind = kinds.get(name)
        except KeyError:
            continue  # of an app that is no longer installed
        put_records(writers, kind, kind.model._default_manager.filter(pk__in=pks))


def put_records(writers: Writers, kind: kinds.Kind, records: models.QuerySet[Any]) -> tuple[int, list[Any]]:
    """Adds those of the records that are live, for the audiences that may see them. How many are live, and the keys
    of those that are held back from visitors."""
    live = kind.indexed(records & kind.model._default_manager.published())  # type: ignore[attr-defined]
    found = list(live)
    public = set(
        kind.visible_to(AnonymousUser())
        .filter(pk__in=[record.pk for record in found])
        .order_by()
        .values_list("pk", flat=True)
    )
    with translation.override(None):
        for record in found:
            entitled = store.AUDIENCES if record.pk in public else ("staff",)
            if audiences := [one for one in writers.audiences if one in entitled]:
                entry = with_kind(kind.entry(record), kind)
                state = {"pk": record.pk, "changed": record.changed_at, "until": record.expires_at}
                writers.put(audiences, schema.key_of(kind.name, record.pk), entry, state)
    return len(found), [record.pk for record in found if record.pk not in public]


def with_kind(entry: Any, kind: kinds.Kind) -> Any:
    return replace(entry, facets={**entry.facets, "kind": [kind.name]})


def rebuild(wait: float = 60, told: Callable[[int, int], None] | None = None) -> int:
    """Make a new index from the database and put it in place of the old one, which serves meanwhile.

    `told(done, all)` hears of the progress. Raises IndexUnavailable if another one keeps writing.
    """
    with store.writer_lock(wait) as ours:
        if not ours:
            raise store.IndexUnavailable("Another process is writing the index.")
        return _rebuild(told)


def _rebuild(told: Callable[[int, int], None] | None = None) -> int:
    name, previous = store.new_name(), store.current_name()
    now = timezone.now()
    # The head is read first: what changes meanwhile is applied again afterwards.
    last = IndexChange.objects.settled().last()
    everything = [(kind, kind.model._default_manager.published()) for kind in kinds.all()]  # type: ignore[attr-defined]
    total, done = sum(records.count() for _kind, records in everything), 0
    held_back: list[tuple[kinds.Kind, list[Any]]] = []
    # Staff read nearly what visitors read: their folders begin as a copy of the visitors'.
    writers = Writers(name, create=True, heap=REBUILD_HEAP, audiences=("visitors",))
    for kind, records in everything:
        for pks in in_batches(records.order_by("pk").values_list("pk", flat=True)):
            live, held = put_records(writers, kind, kind.model._default_manager.filter(pk__in=pks))
            held_back.append((kind, held))
            done += live
            if told:
                told(done, total)
    head = Head.of(last, now)
    writers.commit(head)
    writers.close()
    for part in store.PARTS:
        store.start_from(writers.folder / "staff" / part, writers.folder / "visitors" / part)
    writers = Writers(name, audiences=("staff",))
    for kind, held in held_back:
        if held:
            put_records(writers, kind, kind.model._default_manager.filter(pk__in=held))
    writers.commit(head)
    writers.close()
    (store.root() / name / "fingerprint").write_text(schema.fingerprint())
    store.make_current(name)
    store.sweep({name, previous or name})
    store.forget()
    return done


def in_batches(pks: Iterable[Any]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for pk in pks.iterator(chunk_size=10_000) if isinstance(pks, models.QuerySet) else pks:
        batch.append(pk)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def old() -> datetime.datetime:
    return timezone.now() - KEEP


def prune() -> int:
    """Forget changes that every host has long seen; the newest stays, to tell indexes of this database."""
    newest = IndexChange.objects.order_by("transaction", "pk").values_list("pk", flat=True).last()
    passed = IndexChange.objects.filter(at__lt=old()).exclude(pk=newest or 0)
    with transaction.atomic():
        return passed.delete()[0]
