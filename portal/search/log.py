"""The change log: which records an index must look at again. Connected by signals, the only ones in portal.

A row is written in the transaction of the change itself: it is there exactly when the change is. Where much is written
at once, what is noted within is gathered, each record once, and written at the end of the same transaction.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete

from portal import kinds
from portal.models import IndexChange

BATCH = 1000


def touched(records: Iterable[models.Model]) -> None:
    """These records, or something search knows of them, changed. Call it where no signal is sent: bulk_create."""
    records = list(records)
    note([(kinds.of(record).name, record.pk) for record in records])


def note(keys: Iterable[tuple[str, Any]]) -> None:
    """The same for (name of the kind, primary key)."""
    if (together := _gathered.get()) is None:
        _write((kind, str(pk)) for kind, pk in keys)
    else:
        together.records |= {(kind, str(pk)): None for kind, pk in keys}


@contextmanager
def gathered() -> Iterator[None]:
    """What changes inside is noted at its end and once. All of it is undone where it ends in an error, so that no
    change is kept without its note; what was undone inside is looked at again for nothing.
    """
    if _gathered.get() is not None:
        yield
        return
    with transaction.atomic():
        together = Gathered()
        token = _gathered.set(together)
        try:
            yield
        finally:
            _gathered.reset(token)
        for model, keys in together.grounds.items():
            _note_mentions(model, keys)
        _write(together.records)


@dataclass
class Gathered:
    """Records, in the order in which they were met first; and by model, things of which the mentions are asked for."""

    records: dict[tuple[str, str], None] = field(default_factory=dict)
    grounds: dict[type[models.Model], set[Any]] = field(default_factory=dict)


_gathered: ContextVar[Gathered | None] = ContextVar("gathered", default=None)


def _write(keys: Iterable[tuple[str, str]]) -> None:
    rows = [IndexChange(kind=kind, record=pk) for kind, pk in keys]
    if not rows:
        return
    IndexChange.objects.bulk_create(rows, batch_size=BATCH)
    if settings.INDEX_AT_ONCE:
        from portal.search.writing import catch_up_soon

        if all(catch_up_soon not in hook for hook in connection.run_on_commit):
            transaction.on_commit(catch_up_soon, robust=True)


def connect() -> None:
    """Called when all kinds are known."""
    watched = {kind.model: kind for kind in kinds.all()}
    paths = {model: _paths_to(model, watched) for model in apps.get_models()}
    for model, ways in paths.items():
        if model in watched:
            post_save.connect(_record_saved, sender=model, dispatch_uid=f"index-{model._meta.label}")
            post_delete.connect(_record_saved, sender=model, dispatch_uid=f"index-gone-{model._meta.label}")
        elif ways:
            post_save.connect(_row_saved, sender=model, dispatch_uid=f"index-{model._meta.label}")
            post_delete.connect(_row_saved, sender=model, dispatch_uid=f"index-gone-{model._meta.label}")
        for many in model._meta.many_to_many:
            if model in watched or many.related_model in watched:
                m2m_changed.connect(_linked, sender=many.remote_field.through, dispatch_uid=f"index-{many}")
        if _is_named(model):
            post_save.connect(_ground_saved, sender=model, dispatch_uid=f"index-ground-{model._meta.label}")
            pre_delete.connect(_ground_deleted, sender=model, dispatch_uid=f"index-ground-gone-{model._meta.label}")
        if any(_is_named(f.related_model) for f in _owners(model)):
            post_save.connect(_name_saved, sender=model, dispatch_uid=f"index-name-{model._meta.label}")
            post_delete.connect(_name_saved, sender=model, dispatch_uid=f"index-name-gone-{model._meta.label}")


def _is_named(model: Any) -> bool:
    """Whether names of such rows stand in the entries of records."""
    label = model._meta.label_lower
    return any(kind.paths_to(model) or label in kind.mentions for kind in kinds.all())


def _owners(model: type[models.Model]) -> list[Any]:
    """The foreign keys of rows that are parts of another: another name of a country."""
    return [
        f
        for f in model._meta.get_fields()
        if isinstance(f, models.ForeignKey) and f.remote_field.on_delete is models.CASCADE
    ]


def _paths_to(model: type[models.Model], watched: Any) -> list[str]:
    """The foreign keys by which a row belongs to a record: a contributor's publication."""
    return [f.name for f in _owners(model) if f.related_model in watched]


def _record_saved(sender: Any, instance: models.Model, **kwargs: Any) -> None:
    if not kwargs.get("raw"):
        touched([instance])


def _row_saved(sender: Any, instance: models.Model, **kwargs: Any) -> None:
    if kwargs.get("raw"):
        return
    watched = {kind.model: kind for kind in kinds.all()}
    fields = (instance._meta.get_field(name) for name in _paths_to(sender, watched))
    keys = ((watched[f.related_model], getattr(instance, f.attname)) for f in fields)  # type: ignore[union-attr,index]
    note([(kind.name, pk) for kind, pk in keys if pk is not None])


def _linked(sender: Any, instance: models.Model, action: str, pk_set: Any, **kwargs: Any) -> None:
    """Both ends of a link may be records; before it is cleared, because afterwards nobody knows the other end."""
    if not action.startswith("post_") and action != "pre_clear":
        return
    names: dict[type[models.Model], str] = {kind.model: kind.name for kind in kinds.all()}
    keys = [(names[type(instance)], instance.pk)] if type(instance) in names else []
    if other := names.get(kwargs["model"]):
        if action == "pre_clear":
            pk_set = kwargs["model"]._base_manager.filter(pk__in=_linked_to(sender, instance, kwargs["model"]))
            pk_set = pk_set.values_list("pk", flat=True)
        keys += [(other, pk) for pk in pk_set or ()]
    note(keys)


def _linked_to(through: Any, instance: models.Model, model: type[models.Model]) -> Any:
    ends = {f.related_model: f.name for f in through._meta.get_fields() if isinstance(f, models.ForeignKey)}
    return through._base_manager.filter(**{ends[type(instance)]: instance}).values(ends[model])


def _ground_saved(sender: Any, instance: models.Model, created: bool, **kwargs: Any) -> None:
    """A renamed country is found by its new name in all that is filed under it."""
    if not created and not kwargs.get("raw"):
        _mentions_changed(type(instance), instance.pk)


def _ground_deleted(sender: Any, instance: models.Model, **kwargs: Any) -> None:
    """Before it is gone, because afterwards nobody knows what was filed under it."""
    _note_mentions(type(instance), [instance.pk])


def _name_saved(sender: Any, instance: models.Model, **kwargs: Any) -> None:
    """Another name of a country, or of whatever else records mention."""
    if kwargs.get("raw"):
        return
    for owner in _owners(sender):
        key = getattr(instance, owner.attname)
        if key is not None and _is_named(owner.related_model):
            _mentions_changed(owner.related_model, key)


def _mentions_changed(model: type[models.Model], key: Any) -> None:
    """Where it is gathered, who mentions it is asked at the end: who begins or ceases to until then is noted itself."""
    if (together := _gathered.get()) is None:
        _note_mentions(model, [key])
    else:
        together.grounds.setdefault(model, set()).add(key)


def _note_mentions(model: type[models.Model], keys: Iterable[Any]) -> None:
    wanted = list(keys)
    for first, kind in product(range(0, len(wanted), BATCH), kinds.all()):
        mentioning = kind.mentioning(model, wanted[first : first + BATCH])
        if mentioning is not None:
            live = kind.model._default_manager.published().filter(pk__in=mentioning)  # type: ignore[attr-defined]
            note([(kind.name, pk) for pk in live.order_by().values_list("pk", flat=True)])
