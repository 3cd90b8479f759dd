"""What uses a record or a row: what points at it, what an open draft wants to point at it, and drafts of its own."""

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Cast
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.models import AuditEntry, Draft, Version
from portal.versions.content import references
from portal.versions.shape import shape_of

TOLD = 20  # of each kind of thing that uses it
AT_ONCE = 50  # a condition has its limits
MEMORY = (
    AuditEntry,
    Version,
    Draft,
)  # what speaks of a record after it is gone; open drafts are asked for by themselves


def uses(record: models.Model) -> Iterator[models.Model]:
    """What points at a record or at one of its own rows and is not itself one of those: all that deleting it would
    cut, or take along.
    """
    own = list(_with_rows(record))
    for one in own:
        yield from (pointing for pointing in (*_linked(one), *_about(one)) if pointing not in own)
    yield from _drafts(own)


def why_not_removed(row: models.Model, record: models.Model) -> str:
    """Why a row may not be taken out of a record: others would lose what they point at, with no draft, version or
    entry of their own. Empty where nothing but the record itself speaks of it.
    """
    going, root = list(_with_rows(row)), root_of(record)
    told = {"row": row, "kind": capfirst(row._meta.verbose_name)}
    for one in going:
        # What goes with a row (pages of text with their file) was made from it, and would be again.
        if found := next((other for other in _linked(one, cascades=False) if root_of(other) != root), None):
            use = _("%(kind)s “%(row)s” cannot be removed: it is used by %(use)s.")
            return use % {**told, "use": in_words(found)}
    for draft in _drafts(going):
        if any(_is_about(draft, one) for one in going):
            return _("%(kind)s “%(row)s” cannot be removed: it has an open draft. Discard that first.") % told
        if not _is_about(draft, root):
            use = _("%(kind)s “%(row)s” cannot be removed: the open draft of %(use)s speaks of it.")
            return use % {**told, "use": f"“{draft.label}”"}
    return ""


def refuse_removing(rows: Sequence[models.Model], record: models.Model) -> None:
    if reasons := [why for row in rows if (why := why_not_removed(row, record))]:
        raise ValidationError(reasons)


def root_of(thing: models.Model) -> models.Model:
    """The record that a row is part of, whatever lies between; a record itself."""
    owner = owner_of(thing)
    return root_of(owner) if owner is not None else thing


def owner_of(thing: models.Model) -> models.Model | None:
    for field in thing._meta.fields:
        if isinstance(field, models.ForeignKey):
            accessor = field.remote_field.get_accessor_name()
            if accessor in getattr(field.related_model, "own_rows", ()):
                owner: models.Model | None = getattr(thing, field.name)
                return owner
    return None


def in_words(thing: models.Model) -> str:
    root = root_of(thing)
    kind = capfirst(thing._meta.verbose_name)
    return f"{kind} “{thing}”" if root == thing else f"{kind} “{root}: {thing}”"


def _with_rows(record: models.Model) -> Iterator[models.Model]:
    yield record
    for accessor in getattr(record, "own_rows", ()):
        for row in getattr(record, accessor).all():
            yield from _with_rows(row)


def _linked(record: models.Model, cascades: bool = True) -> Iterator[models.Model]:
    """What links to it; without `cascades`, only what would stay when it goes."""
    for relation in _relations(type(record)):
        if cascades or relation.many_to_many or relation.on_delete is not models.CASCADE:
            found = relation.related_model._base_manager.filter(**{relation.field.name: record.pk})
            yield from found.order_by("pk")[:TOLD]


def _relations(model: type[models.Model]) -> list[Any]:
    """Rows between two models speak for themselves."""
    return [
        relation
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created
        and not relation.concrete
        and not relation.related_model._meta.auto_created  # type: ignore[union-attr]
        and (not relation.many_to_many or relation.through._meta.auto_created)  # type: ignore[union-attr]
    ]


def _about(record: models.Model) -> Iterator[models.Model]:
    for model in apps.get_models():
        for pointer in model._meta.private_fields if model not in MEMORY else ():
            if isinstance(pointer, GenericForeignKey):
                about = {pointer.ct_field: ContentType.objects.get_for_model(record), pointer.fk_field: str(record.pk)}
                yield from model._base_manager.filter(**about)[:TOLD]


def _drafts(things: Sequence[models.Model]) -> Iterator[Draft]:
    """Open drafts of things, and those of others that name one of them."""
    keys = {(type(thing), str(thing.pk)) for thing in things}
    found = Draft.objects.open().select_related("version", "content_type").order_by("pk")
    if len(things) <= AT_ONCE:  # no need to read those that cannot name them
        looks = [models.Q(text__contains=pk) for _model, pk in keys] + [models.Q(object_id=pk) for _model, pk in keys]
        found = found.annotate(text=Cast("version__content", models.TextField())).filter(reduce(or_, looks))
    for draft in found:
        model: Any = draft.content_type.model_class()
        named = {(other, str(pk)) for other, pk in references(draft.version.content, shape_of(model))}
        if (model, draft.object_id) in keys or named & keys:
            yield draft


def _is_about(draft: Draft, thing: models.Model) -> bool:
    return draft.content_type.model_class() is type(thing) and draft.object_id == str(thing.pk)
