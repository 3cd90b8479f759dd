"""Names that have probably drifted: what is suggested, and what people have settled."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal import drift, kinds
from portal.drift import Owner, Suggestion
from portal.editorial import Reader
from portal.models import AuditEntry, SettledName
from portal.models.desk import one_line
from portal.staff.access import changing, me, reading
from portal.staff.across import fetched, form_url
from portal.views.records import get_page

PER_PAGE = 50
SETTLED_SHOWN = 20


@dataclass(frozen=True)
class Standing:
    """A record beside a suggestion: where a spelling stands, or whose name it is; `url` leads to where it is mended."""

    record: Any
    url: str
    excerpt: str = ""


@dataclass(frozen=True)
class Shown:
    suggestion: Suggestion
    places: list[Standing]
    owners: list[Standing]


def may_settle(user: Reader) -> bool:
    """Who may change records of some kind may say that a spelling is right."""
    return user.is_staff and any(user.has_perm(f"{kind.app_label}.change_{kind.name}") for kind in kinds.all())


@reading
def report(request: HttpRequest) -> HttpResponse:
    page = get_page(request, drift.suggestions(request.user), PER_PAGE)
    settling = may_settle(request.user)
    # Titles of drafts are among them, which not everybody at the desk may read.
    settled = SettledName.objects.select_related("by")[:SETTLED_SHOWN] if settling else []
    context = {
        "page": page,
        "shown": shown(page.object_list, request.user),
        "may_settle": settling,
        "settled": settled,
    }
    return render(request, "staff/names.html", context)


def shown(suggestions: Any, reader: Reader) -> list[Shown]:
    """With the records they speak of: one query per model."""
    wanted = [owner for one in suggestions for owner in (*one.owners, *(place.owner for place in one.places))]
    records = fetched((apps.get_model(owner.model), owner.key) for owner in wanted)

    def standing(owner: Owner, excerpt: str = "", anchor: str = "") -> Standing:
        record = records[owner.model, owner.key]
        form = form_url(record, reader)
        return Standing(record, form + anchor if form else record.get_absolute_url(), excerpt)

    return [
        Shown(
            one,
            [standing(place.owner, place.excerpt) for place in one.places if place.owner in records],
            [standing(owner, anchor=_names_of(owner)) for owner in one.owners if owner in records],
        )
        for one in suggestions
    ]


def _names_of(owner: Owner) -> str:
    """Where the form of a record takes its other names."""
    fields = apps.get_model(owner.model)._meta.get_fields()
    return "#other_names-group" if any(field.name == "other_names" for field in fields) else ""


@changing
def settle(request: HttpRequest) -> HttpResponse:
    """Both spellings are right, or are left as they are: it is not suggested again."""
    if not may_settle(request.user):
        raise PermissionDenied
    asked = (request.POST.get("form", ""), request.POST.get("near", ""))
    found = next((one for one in drift.suggestions(request.user) if (one.form, one.near) == asked), None)
    if found is None:
        messages.error(request, _("That is not suggested any more."))
        return redirect("staff:names")
    one, other = found.pair
    told = {"shown": f"{found.form[:200]} / {found.near[:200]}", "by": me(request)}
    note = one_line(request.POST.get("note", ""))[:300]
    with transaction.atomic():
        pair, created = SettledName.objects.get_or_create(one=one, other=other, defaults=told | {"note": note})
        if created:
            AuditEntry.record(pair, "settle", me(request), note=note)
    messages.success(request, _("“%(pair)s” is settled.") % {"pair": pair})
    return redirect("staff:names")


@changing
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """It is suggested again."""
    if not may_settle(request.user):
        raise PermissionDenied
    pair = get_object_or_404(SettledName, pk=pk)
    with transaction.atomic():
        AuditEntry.record(pair, "reopen", me(request), note=pair.note)
        pair.delete()
    messages.success(request, _("“%(pair)s” is suggested again.") % {"pair": pair})
    return redirect("staff:names")
