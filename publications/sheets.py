"""The table of publications."""

from django.utils.translation import gettext_lazy as _

from portal.models import Country, Organisation
from portal.sheets.columns import Column, RowsColumn
from portal.sheets.sheet import Sheet
from portal.versions.shape import Shape
from publications.models import Publication

SCHEMES = ("doi", "isbn", "issn", "handle", "report")


class PublicationSheet(Sheet):
    """Who may read a publication, and from when, is decided in its form. So are authors, who have more than a name."""

    name = "publications"
    model = Publication
    label = _("Publications in a table")
    help_text = _(
        "CSV or an Excel workbook, as the list of publications is exported. A row without id and slug becomes a draft. "
        "Authors and files are entered in the form."
    )
    without = ("audience", "embargo_until")
    required = ("title_en", "type")
    known_by = ("title_en", "date", "type")
    proposed = (Country, Organisation)
    by = {"domains": ("instrument__slug", "number")}

    def columns(self, shape: Shape) -> dict[str, Column | RowsColumn]:
        identifiers = {
            scheme: RowsColumn(scheme, shape, "identifiers", "value", {"scheme": scheme}) for scheme in SCHEMES
        }
        return super().columns(shape) | identifiers
