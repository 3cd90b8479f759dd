"""Finding the one record an address names, and listing the many a selection names."""

from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal import kinds
from portal.editorial import EditorialModel, Reader
from portal.staff.unanswered import note_unanswered

PER_PAGE = 20
DEEPEST = 500  # pages; deeper reading is for exports


class Gone(Http404):
    """The record was public once; the 404 handler answers 410 with what may still be said of it."""

    def __init__(self, record: EditorialModel) -> None:
        super().__init__(f"{record} was withdrawn")
        self.record = record


def get_record(model: type[EditorialModel], slug: str, user: Reader) -> Any:
    """The record with this slug, with what its cards need. Raises Gone or Http404."""
    kind = kinds.get(model._meta.model_name or "")
    records = model._default_manager
    if record := kind.listed(kind.visible_to(user)).filter(slug=slug).first():
        return record
    if withdrawn := records.withdrawn().filter(slug=slug).first():  # type: ignore[attr-defined]
        raise Gone(withdrawn)
    raise Http404(_("Nothing by that name is here."))


def list_page(request: HttpRequest, kind: kinds.Kind, template: str) -> HttpResponse:
    """A kind's list: its selection, one page of cards, facets with counts. 400 for a filter that cannot be read."""
    visible = kind.visible_to(request.user)
    selection = kind.filterset(request.GET, visible, request.user)
    context = {"kind": kind, "selection": selection, "total": visible.count()}
    if not selection.is_valid():
        return render(request, template, context, status=400)
    page = get_page(request, selection.records)
    if selection.search is not None and selection.search.gave_nothing:
        note_unanswered(selection.form.cleaned_data["q"])
    if selection.search is not None:
        for record in page.object_list:
            record.passages = selection.search.passages(kind.name, record.pk)
    return render(request, template, context | {"page": page})


def get_page(request: HttpRequest, records: Any, per_page: int = PER_PAGE) -> Page:
    """Raises Http404 for a page number that is none, or out of range."""
    paginator = Paginator(records, per_page)
    number = request.GET.get("page", "1")
    try:
        if not number.isascii() or not number.isdigit() or len(number) > 6 or int(number) > DEEPEST:
            raise InvalidPage
        return paginator.page(int(number))
    except InvalidPage:
        raise Http404(_("The list has no page “%(number)s”.") % {"number": number[:20]}) from None
