"""The table of projects."""

from django.utils.translation import gettext_lazy as _

from portal.models import Country, Organisation
from portal.sheets.columns import Column, RowsColumn
from portal.sheets.sheet import Sheet
from portal.versions.shape import Shape
from projects.models import Project

ROLES = {"donors": "donor", "implementing": "implementing", "partners": "partner", "beneficiaries": "beneficiary"}


class ProjectSheet(Sheet):
    name = "projects"
    model = Project
    label = _("Projects in a table")
    help_text = _(
        "CSV or an Excel workbook, as the list of projects is exported. A row without id and slug becomes a draft. "
        "Countries are told by their two-letter codes, organisations by their short names, with semicolons between."
    )
    required = ("title_en",)
    known_by = ("title_en", "acronym", "start")
    proposed = (Country, Organisation)
    by = {"domains": ("instrument__slug", "number")}

    def columns(self, shape: Shape) -> dict[str, Column | RowsColumn]:
        roles = {name: RowsColumn(name, shape, "roles", "organisation", {"role": role}) for name, role in ROLES.items()}
        return super().columns(shape) | roles
