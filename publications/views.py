"""The pages of publications, and their files."""

from typing import Any

from django.db.models.functions import Left
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dialogues.models import Instrument
from portal import kinds
from portal.views.records import get_page, get_record, list_page
from publications.citations import cite, page_url
from publications.inside import Look, around, clean, find_quote, read_file, read_files, with_quote
from publications.models import Contributor, Publication, PublicationFile
from publications.pictures import COVER, PAGE, send_picture
from publications.quotes import LONGEST, quote_of
from publications.serving import send_file
from publications.similar import similar_publications

PAGES_LISTED = 50  # pages of a document on one page of the site
OPENING = 160  # characters of a page by which readers recognise it


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
        "files": read_files(publication),
        "citation": cite(publication),
        "similar": similar_publications(publication, request.user),
    }
    return render(request, "publications/detail.html", context)


@require_safe
def file(request: HttpRequest, slug: str, language: str, format: str) -> HttpResponseBase:
    """The bytes, for whoever may see the record."""
    publication = get_record(Publication, slug, request.user)
    return send_file(request, get_object_or_404(publication.files, language=language, format=format))


@require_safe
def picture(request: HttpRequest, slug: str, language: str, number: str = "") -> HttpResponse:
    """A page of the PDF as a picture, or its cover: for whoever may see the record."""
    publication = get_record(Publication, slug, request.user)
    file = get_object_or_404(publication.files, language=language, format="pdf")
    return send_picture(request, file, int(number or 1), PAGE if number else COVER)


@require_safe
def document(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """All pages of a file that can be read as text, or those that answer a query."""
    publication, file = _read_file(request, slug, language)
    return _document(request, publication, file)


def _document(request: HttpRequest, publication: Publication, file: PublicationFile, lost: str = "") -> HttpResponse:
    look = Look.of(file, request.user, request.GET)
    opening = file.text_pages.order_by("number").values("number", "label").annotate(opening=Left("text", OPENING))
    items: Any = look.numbers if look.reading else opening
    listed: Any = get_page(request, items, PAGES_LISTED)
    context = {
        "kind": kinds.of(publication),
        "publication": publication,
        "file": file,
        "look": look,
        "listed": listed,
        "hits": look.shown(listed.object_list) if look.reading else (),
        "lost_quote": lost,
    }
    return render(request, "publications/document.html", context, status=404 if lost else 200)


@require_safe
def page(request: HttpRequest, slug: str, language: str, number: str) -> HttpResponse:
    """One page of a file as text: where a hit or a quote leads to, and what can be read without opening the file."""
    publication, file = _read_file(request, slug, language)
    shown = file.text_pages.filter(number=int(number)).first()
    look = Look.of(file, request.user, request.GET)
    quote = request.GET.get("quote", "").strip()
    place = find_quote(quote, file, shown) if quote else None
    if place is not None and (shown is None or place.page != shown.number):
        moved = reverse("publications:page", args=[slug, language, place.page])
        asked = urlencode({"quote": quote[:LONGEST], "from": number})
        return redirect(f"{moved}?{asked}{f'&{look.query}' if look.query else ''}#quote")
    if shown is None:
        if quote:
            return _document(request, publication, file, lost=quote[:LONGEST])
        raise Http404
    shown.file = file
    marked = look.mark(with_quote(clean(shown.text), place))
    words = quote_of(quote if place else look.passage(shown.text))
    context = {
        "kind": kinds.of(publication),
        "publication": publication,
        "page": shown,
        "file": file,
        "look": look,
        "marked": marked,
        "around": around(shown.number, look.numbers, has_marks=marked.marks > 0),
        "quote": quote[:LONGEST],
        "place": place,
        "moved_from": _page_number(request.GET.get("from", "")) if place else None,
        "citation": cite(publication, shown),
        "page_url": page_url(shown),
        "passage": words,
        "passage_url": f"{page_url(shown)}?{urlencode({'quote': words})}#quote" if words else "",
        "picture_url": reverse("publications:picture", args=[slug, language, shown.number])
        if file.format == "pdf"
        else "",
        "has_next": file.text_pages.filter(number=shown.number + 1).exists(),
    }
    return render(request, "publications/page.html", context)


def _read_file(request: HttpRequest, slug: str, language: str) -> tuple[Publication, PublicationFile]:
    """Raises Gone or Http404."""
    publication = get_record(Publication, slug, request.user)
    if (file := read_file(publication, language)) is None:
        raise Http404(_("No text in this language is here."))
    return publication, file


def _page_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None
