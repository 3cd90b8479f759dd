"""What can be brought into projects; found at start-up."""

from django.utils.translation import gettext_lazy as _

from portal.imports import readers
from portal.sheets import sheet
from projects.activities import reading
from projects.models import Project
from projects.sheets import ProjectSheet

sheet.register([ProjectSheet])
readers.register(
    readers.Reader(
        name="iati",
        label=_("IATI activities"),
        scheme=reading.SCHEME,
        models=(Project,),
        read=reading.read,
        help_text=_(
            "An XML file of activities, version 2.01 to 2.03. Each becomes the draft of a project, or changes the one "
            "that has its identifier. What a project has no place for is kept with it in words."
        ),
        accepts=("xml",),
    )
)
