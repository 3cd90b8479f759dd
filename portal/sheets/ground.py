"""The sheets of what all kinds refer to: organisations, key figures and their groups."""

from django.utils.translation import gettext_lazy as _

from portal.models import FigureGroup, KeyFigure, Organisation
from portal.sheets.sheet import Sheet


class OrganisationSheet(Sheet):
    name = "organisations"
    model = Organisation
    label = _("Organisations in a table")
    help_text = _(
        "CSV or an Excel workbook, as the list of organisations is exported. A row without an id is known by its slug; "
        "without one it becomes a new organisation, provisional until somebody has checked it."
    )
    without = ("is_established",)
    required = ("name_en",)
    known_by = ("acronym", "name_en")


class FigureGroupSheet(Sheet):
    name = "figure-groups"
    model = FigureGroup
    label = _("Groups of figures in a table")
    help_text = _("CSV or an Excel workbook, as the list of groups is exported. A row is known by its id or slug.")
    required = ("slug", "name_en")


class KeyFigureSheet(Sheet):
    name = "key-figures"
    model = KeyFigure
    label = _("Key figures in a table")
    help_text = _("CSV or an Excel workbook, as the list of key figures is exported. A row is known by its id or slug.")
    required = ("slug", "group", "label_en")
