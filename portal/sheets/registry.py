"""The sheets of all apps: for the lists of the admin, and as readers of what is brought in."""

from collections.abc import Iterable
from functools import partial

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.imports import readers
from portal.imports.entries import Found, Unreadable
from portal.models import Import
from portal.sheets import reading
from portal.sheets.sheet import Sheet

WORKBOOKS = gettext_lazy("To edit in Excel, export a workbook: Excel rewrites the dates of CSV files.")

_sheets: dict[str, Sheet] = {}


def register(sheets: Iterable[type[Sheet]]) -> None:
    for one in (kind() for kind in sheets):
        _sheets[one.name] = one
        readers.register(
            readers.Reader(
                name=one.name,
                label=one.label,
                scheme=one.scheme,
                models=(one.model,),
                read=partial(_read, one),
                help_text=format_lazy("{} {}", one.help_text, WORKBOOKS),
                accepts=("csv", "xlsx"),
                is_pasted=True,
            )
        )


def of_model(model: type[models.Model]) -> list[Sheet]:
    return [sheet for sheet in _sheets.values() if sheet.model is model]


def all() -> list[Sheet]:
    return list(_sheets.values())


def _read(sheet: Sheet, imported: Import) -> Found:
    """Raises Unreadable."""
    table = reading.read(bytes(imported.file or b""))
    _refuse_another_kind(sheet, table)
    return sheet.found_in(table, imported)


def _refuse_another_kind(own: Sheet, table: reading.Table) -> None:
    """A table whose columns are those of another sheet is refused at once: else each row of it is."""
    named = set(table.columns)
    strange = {sheet.name: len(named - set(sheet.fields)) for sheet in (*all(), own)}
    other = min(all(), key=lambda sheet: strange[sheet.name])
    if strange[own.name] >= 2 and 4 * strange[other.name] <= strange[own.name]:
        words = _("Its columns are those of “%(other)s”, not of “%(own)s”: nothing was read. Bring it in as that.")
        raise Unreadable(words % {"other": other.label, "own": own.label})
