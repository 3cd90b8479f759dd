"""The registry of readers: what can be brought in. An app's readers.py registers its own at start-up."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

from portal.imports.entries import Found
from portal.models import Import, ImportTarget

Words = str | Promise


@dataclass(frozen=True)
class Reader:
    """A kind of source. `read` takes an Import with its file and options and raises Unreadable.

    `scheme` says whose keys its entries have. `models` are those it writes; who may add or change the first of them
    may bring in. `accepts` are the endings of its files, none where it takes none (a harvest). `options` is a form
    for what else it must be told; what it cleans stands in `Import.options`, in values of JSON. `is_pasted` lets text
    be pasted instead of a file. `look` is a view of one entry, on which its person corrects what was read: it takes the
    request, the ImportTarget and the context of its page (portal/admin/imports/entries.py).
    """

    name: str
    label: Words
    scheme: str
    models: tuple[type[models.Model], ...]
    read: Callable[[Import], Found]
    help_text: Words = ""
    accepts: tuple[str, ...] = ()
    options: type[forms.Form] | None = None
    is_pasted: bool = False
    look: Callable[[HttpRequest, ImportTarget, dict[str, Any]], HttpResponse] | None = None

    def may_use(self, user: Any) -> bool:
        meta = self.models[0]._meta
        return any(user.has_perm(f"{meta.app_label}.{verb}_{meta.model_name}") for verb in ("add", "change"))


_readers: dict[str, Reader] = {}


def register(reader: Reader) -> None:
    """Raises ValueError for a name that is taken."""
    if reader.name in _readers:
        raise ValueError(f"There is a reader {reader.name} already.")
    _readers[reader.name] = reader


def all() -> list[Reader]:
    return list(_readers.values())


def get(name: str) -> Reader:
    """Raises KeyError."""
    return _readers[name]
