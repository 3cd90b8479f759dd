"""What can be brought into projects; found at start-up."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from portal.imports import readers
from portal.models import ImportTarget
from portal.sheets import registry
from projects.activities import reading
from projects.legacy import entries
from projects.models import Project
from projects.sheets import ProjectSheet


def look_at_project(request: HttpRequest, target: ImportTarget, context: dict[str, Any]) -> HttpResponse:
    from projects.legacy.admin import look  # the admin is there only after start-up

    return look(request, target, context)


registry.register([ProjectSheet])
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
readers.register(
    readers.Reader(
        name=entries.READER,
        label=_("Old page with projects"),
        scheme=entries.SCHEME,
        models=(Project,),
        read=entries.read,
        help_text=_(
            "Text, HTML, Word or PDF, or text pasted from a page. Each project on it becomes a draft; every value "
            "shows the words it was read from, and you decide which to take."
        ),
        accepts=("txt", "html", "htm", "docx", "pdf"),
        options=entries.Options,
        is_pasted=True,
        look=look_at_project,
    )
)
