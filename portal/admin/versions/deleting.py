"""Deleting what can be brought back: never what others use, and never without a last version."""

from collections.abc import Iterator

from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.admin.versions import rules
from portal.models import AuditEntry, Draft, Version
from portal.versions import drafts, history

TOLD = 20  # of each kind of thing that uses it
MEMORY = (AuditEntry, Version, Draft)  # what speaks of a record after it is gone; an open draft is asked for by itself


def uses(record) -> Iterator[models.Model]:
    """What points at a record or at one of its own rows and is not itself one of those: all that deleting it would
    cut, or take along.
    """
    own = list(_with_rows(record))
    going = {(type(one), one.pk) for one in own}
    for one in own:
        for pointing in _pointing_at(one):
            if (type(pointing), pointing.pk) not in going:
                yield pointing


def _with_rows(record) -> Iterator[models.Model]:
    yield record
    for accessor in getattr(record, "own_rows", ()):
        for row in getattr(record, accessor).all():
            yield from _with_rows(row)


def _pointing_at(record) -> Iterator[models.Model]:
    for relation in record._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete:
            continue
        if relation.related_model._meta.auto_created or not _is_the_link(relation):
            continue
        found = relation.related_model._base_manager.filter(**{relation.field.name: record.pk})
        yield from found.order_by("pk")[:TOLD]
    for model in apps.get_models():
        for pointer in model._meta.private_fields if model not in MEMORY else ():
            if isinstance(pointer, GenericForeignKey):
                about = {pointer.ct_field: ContentType.objects.get_for_model(record), pointer.fk_field: str(record.pk)}
                yield from model._base_manager.filter(**about)[:TOLD]
    if draft := drafts.open_draft(record):
        yield draft


def _is_the_link(relation) -> bool:
    """Rows between two models speak for themselves."""
    return not relation.many_to_many or relation.through._meta.auto_created


def in_words(thing):
    """What it is and what it is called, with a link to where it is edited: of a row, to its record."""
    owner = _owner(thing)
    kind = capfirst(thing._meta.verbose_name)
    url = _change_url(owner or thing)
    label = f"{owner}: {thing}" if owner else str(thing)
    return format_html('{}: <a href="{}">{}</a>', kind, url, label) if url else f"{kind}: {label}"


def _owner(thing):
    if admin.site.is_registered(type(thing)):
        return None
    for field in thing._meta.fields:
        if isinstance(field, models.ForeignKey):
            accessor = field.remote_field.get_accessor_name()
            if accessor in getattr(field.related_model, "own_rows", ()):
                return getattr(thing, field.name)
    return None


def _change_url(thing) -> str:
    meta = thing._meta
    if not admin.site.is_registered(type(thing)):
        return ""
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[thing.pk])


class KeepsDeleted:
    """For the base class of every admin."""

    delete_confirmation_template = "admin/portal/delete.html"

    def get_deleted_objects(self, objs, request):
        """Under a lock where it will be deleted, so that nobody begins to use it meanwhile."""
        if request.method == "POST" and transaction.get_connection().in_atomic_block:
            objs = [history.lock(obj) for obj in objs]
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        if rules.keeps_versions(self.model):
            protected = [in_words(thing) for obj in objs for thing in uses(obj)] or protected
        return deleted, counts, missing, protected

    def delete_model(self, request, obj):
        if rules.keeps_versions(self.model):
            history.keep(obj, "delete", request.user)
        super().delete_model(request, obj)

    def delete_view(self, request, object_id, extra_context=None):
        bin_hint = _("It goes to the bin, with all that is listed here, and can be brought back from there.")
        hint = {"bin_hint": bin_hint if rules.keeps_versions(self.model) else ""}
        return super().delete_view(request, object_id, hint | (extra_context or {}))
