"""Files that those who do not see cannot make use of: a report for staff, the worst first."""

from collections.abc import Iterable

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.editorial import Reader
from portal.kinds import Report
from portal.staff.access import reading
from portal.staff.across import form_url
from portal.views.records import get_page
from publications.models import PublicationFile
from publications.quality import visible_files

LACKING = Q(undescribed__gt=0) | Q(is_tagged=False)


def lacking(reader: Reader) -> QuerySet[PublicationFile]:
    """Pictures without words first, most of them first; then PDFs without structure."""
    rank = Case(When(undescribed__gt=0, then=Value(0)), default=Value(1), output_field=IntegerField())
    files = visible_files(reader).filter(LACKING).exclude(publication__status="archived")
    return files.select_related("publication").annotate(rank=rank).order_by("rank", "-undescribed", "added_at", "pk")


@reading
def report(request: HttpRequest) -> HttpResponse:
    page = get_page(request, lacking(request.user))
    waiting = visible_files(request.user).filter(pictures=None, is_tagged=None).exclude(format="txt").count()
    lines = [(file, form_url(file.publication, request.user)) for file in page]
    return render(request, "publications/alternatives.html", {"page": page, "lines": lines, "unknown": waiting})


def reports(reader: Reader) -> Iterable[Report]:
    """For the staff's desk."""
    n = visible_files(reader).filter(LACKING).exclude(publication__status="archived").count()
    told = ngettext("%(n)d file lacks something", "%(n)d files lack something", n) % {"n": n}
    yield Report(_("Files for those who do not see"), reverse("publications-desk:alternatives"), told)
