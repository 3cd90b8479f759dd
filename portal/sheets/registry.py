"""The sheets of all apps: for the lists of the admin, and as readers of what is brought in."""

from collections.abc import Iterable

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from portal.imports import readers
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
                read=one.read,
                help_text=format_lazy("{} {}", one.help_text, WORKBOOKS),
                accepts=("csv", "xlsx"),
                is_pasted=True,
            )
        )


def of_model(model: type[models.Model]) -> list[Sheet]:
    return [sheet for sheet in _sheets.values() if sheet.model is model]


def all() -> list[Sheet]:
    return list(_sheets.values())
