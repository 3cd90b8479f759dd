"""The pages of publications, and their files."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from dialogues.models import Instrument
from portal import kinds
from portal.views.records import get_record, list_page
from publications.models import Contributor, FilePage, Publication
from publications.pictures import COVER, PAGE, send_picture
from publications.serving import send_file


@require_safe
def publication_list(request: HttpRequest) -> HttpResponse:
    return list_page(request, kinds.get("publication"), "publications/list.html")


@require_safe
def publication_detail(request: HttpRequest, slug: str) -> HttpResponse:
    publication = get_record(Publication, slug, request.user)
    contributors = list(publication.contributors.select_related("organisation"))
    visible = Publication.objects.visible_to(request.user)
    meeting = publication.meeting
    context = {
        "kind": kinds.of(publication),
        "publication": publication,
        "contributors": [
            (role, rows) for role in Contributor.Role if (rows := [row for row in contributors if row.role == role])
        ],
        "projects": publication.projects.visible_to(request.user),
        "dialogues": publication.dialogues.visible_to(request.user),
        "instrument": Instrument.objects.visible_to(request.user).filter(pk=publication.instrument_id).first(),
        "meeting": meeting
        if meeting and type(meeting).objects.visible_to(request.user).filter(pk=meeting.pk)
        else None,
        "replaces": visible.filter(pk=publication.replaces_id).first(),
        "replaced_by": visible.filter(replaces=publication),
        "translations": visible.filter(translation_of=publication) | visible.filter(pk=publication.translation_of_id),
        "same_series": visible.filter(series=publication.series).exclude(pk=publication.pk).newest()[:5]
        if publication.series_id
        else (),
    }
    return render(request, "publications/detail.html", context)


@require_safe
def file(request: HttpRequest, slug: str, language: str, format: str) -> HttpResponseBase:
    """The bytes, for whoever may see the record."""
    publication = get_record(Publication, slug, request.user)
    return send_file(request, get_object_or_404(publication.files, language=language, format=format))


@require_safe
def page(request: HttpRequest, slug: str, language: str, number: str) -> HttpResponse:
    """One page of a file as text: where a hit leads to, and what can be read without opening the file."""
    publication = get_record(Publication, slug, request.user)
    pages = FilePage.objects.filter(file__publication=publication, file__language=language).select_related("file")
    shown = pages.filter(number=int(number)).order_by("file__position", "file__format").first()
    if shown is None:
        raise Http404
    context = {
        "kind": kinds.of(publication),
        "publication": publication,
        "page": shown,
        "file": shown.file,
        "has_next": FilePage.objects.filter(file=shown.file, number=shown.number + 1).exists(),
    }
    return render(request, "publications/page.html", context)


@require_safe
def picture(request: HttpRequest, slug: str, language: str, number: str = "") -> HttpResponse:
    """A page of the PDF as a picture, or its cover: for whoever may see the record."""
    publication = get_record(Publication, slug, request.user)
    file = get_object_or_404(publication.files, language=language, format="pdf")
    return send_picture(request, file, int(number or 1), PAGE if number else COVER)
