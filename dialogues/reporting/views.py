"""The pages of a focal point."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from dialogues.cycles.findings import findings
from dialogues.models import Cycle, FocalPoint, Initiative
from dialogues.reporting.access import AGAIN, for_focal_points
from dialogues.reporting.forms import InitiativeForm
from dialogues.reporting.saving import Clash, meet, sign_of, why_closed, write
from portal.versions import history
from portal.versions.content import digest, take

COPIED = ("start", "end", "amount", "currency", "links")


@for_focal_points("GET", "HEAD")
def home(request: HttpRequest) -> HttpResponse:
    """What is open for somebody, and what their partner has reported in it."""
    roles = FocalPoint.objects.acting(request.user).select_related("dialogue", "organisation", "country")
    desks: list[dict[str, Any]] = []
    for role in roles:
        cycles = role.dialogue.cycles.select_related("snapshot").order_by("-number")
        own = list(Initiative.objects.of_partner(role).select_related("cycle").order_by("title"))
        continued = {one.continues_id for one in own}
        for cycle in cycles:
            before = max((one.cycle.number for one in own if one.cycle.number < cycle.number), default=None)
            last = [one for one in own if one.cycle.number == before and one.pk not in continued]
            desks.append(
                {
                    "role": role,
                    "cycle": cycle,
                    "initiatives": [one for one in own if one.cycle_id == cycle.pk],
                    "again": [] if cycle.is_closed else last,
                }
            )
    desks.sort(key=lambda one: one["cycle"].is_closed)
    return render(request, "reporting/home.html", {"desks": desks})


@for_focal_points("GET", "HEAD", "POST")
def new(request: HttpRequest, role: int, number: int) -> HttpResponseBase:
    acting = get_object_or_404(FocalPoint.objects.acting(request.user), pk=role)
    cycle = get_object_or_404(Cycle.objects.select_related("snapshot"), dialogue=acting.dialogue_id, number=number)
    if request.method != "POST":
        if cycle.is_closed:
            raise Http404(_("This cycle is closed."))
        one = _begun(acting, cycle, request.GET.get("continues", ""))
        return _page(request, InitiativeForm(None, one, cycle, acting), one, seen="", is_new=True)
    key = _key(request)
    if Initiative.objects.filter(pk=key).exists():  # sent twice: the second one meets what the first has saved
        return edit(request, key)
    one = _begun(acting, cycle)
    one.pk = key
    form = InitiativeForm(request.POST, one, cycle, acting)
    why = why_closed(one)
    if why or AGAIN in request.POST or not form.is_valid():
        status = 403 if why else 200
        return _page(request, form, one, seen="", is_new=True, why=why, status=status)
    try:
        write(request, form, is_new=True)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, form, one, seen="", is_new=True)
    return _done(request, one)


@for_focal_points("GET", "HEAD", "POST")
def edit(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    role, one = _own(request, key)
    if request.method != "POST":
        return _page(request, InitiativeForm(None, one, one.cycle, role), one, seen=sign_of(one), why=why_closed(one))
    with transaction.atomic():
        history.lock(one)
        _role, one = _own(request, key)  # as it is by now
        now, why, seen = take(one), why_closed(one), request.POST.get("_seen", "")
        form = InitiativeForm(request.POST, one, one.cycle, role)
        if why:
            return _page(request, form, one, seen=seen, why=why, status=403)
        if AGAIN in request.POST:
            return _page(request, form, one, seen=seen)
        if seen != digest(now):
            together, clashes = meet(form, request.POST, one, now, seen)
            if not clashes and "_key" in request.POST:  # the same form, sent twice
                return _done(request, one)
            fresh = InitiativeForm(together, one, one.cycle, role)
            return _page(request, fresh, one, seen=digest(now), clashes=clashes, has_met=True, status=409)
        if form.is_valid():
            try:
                write(request, form, is_new=False)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                return _done(request, one)
    stored = Initiative.objects.select_related("cycle__dialogue").get(pk=key)
    return _page(request, form, stored, seen=seen)


def _own(request: HttpRequest, key: uuid.UUID) -> tuple[FocalPoint, Initiative]:
    """Raises Http404 for what is another partner's: they do not learn that it is there."""
    found = Initiative.objects.select_related("cycle__dialogue", "cycle__snapshot", "reported_by", "reporting_state")
    one: Initiative = get_object_or_404(found, pk=key)
    roles = FocalPoint.objects.acting(request.user).filter(dialogue=one.cycle.dialogue_id)
    for role in roles.select_related("organisation", "country"):
        if (role.organisation_id, role.country_id) == (one.reported_by_id, one.reporting_state_id):
            return role, one
    raise Http404


def _begun(role: FocalPoint, cycle: Cycle, continues: str = "") -> Initiative:
    """A new one, filled in from what it continues."""
    one: Any = Initiative(
        cycle=cycle, reported_by=role.organisation, reporting_state=role.country, status=Initiative.Status.DRAFT
    )
    try:
        former = Initiative.objects.of_partner(role).filter(pk=uuid.UUID(continues)).first() if continues else None
    except ValueError:
        former = None
    if former is not None:
        for name in (
            *COPIED,
            *(field.name for field in former._meta.fields if field.name.startswith(("title_", "description_"))),
        ):
            setattr(one, name, getattr(former, name))
        one.continues = former
        one.was = former
    return one


def _key(request: HttpRequest) -> uuid.UUID:
    """Made with the page, so that a form that is sent twice is saved once."""
    try:
        return uuid.UUID(request.POST.get("_key", ""))
    except ValueError:
        return uuid.uuid4()


def _done(request: HttpRequest, one: Initiative) -> HttpResponse:
    told = {
        Initiative.Status.DRAFT: _("Saved as a draft: nobody but you and your colleagues works on it."),
        Initiative.Status.RETURNED: _("Saved. Submit it again when it is ready."),
        Initiative.Status.SUBMITTED: _("Submitted: the secretariat checks it now."),
    }
    messages.success(request, told.get(Initiative.Status(one.status), _("Saved.")))
    return HttpResponseRedirect(reverse("reporting:initiative", args=[one.pk]))


def _page(
    request: HttpRequest,
    form: InitiativeForm,
    one: Initiative,
    seen: str,
    why: str = "",
    clashes: list[Clash] | None = None,
    is_new: bool = False,
    has_met: bool = False,
    status: int = 200,
) -> HttpResponse:
    if is_new and not form.is_bound and getattr(one, "was", None) is not None:
        former = one.was  # type: ignore[attr-defined]
        form.initial.update(domains=former.domains.all(), countries=former.countries.all())
    if why:
        for field in form.fields.values():
            field.disabled = not form.is_bound
    context: dict[str, Any] = {
        "form": form,
        "one": one,
        "cycle": one.cycle,
        "seen": seen,
        "why": why,
        "clashes": clashes or [],
        "has_met": has_met,
        "is_new": is_new,
        "is_again": AGAIN in request.POST,
        "key": (request.POST.get("_key") or uuid.uuid4()) if is_new else "",
        "thread": [] if is_new else list(one.thread.select_related("by")),
        "found": [] if is_new or why else _found(request, one),
        "action": _action(request, one, is_new),
    }
    return render(request, "reporting/form.html", context, status=status)


def _action(request: HttpRequest, one: Initiative, is_new: bool) -> str:
    """Said outright: the page may come from signing in again, or from a form that was sent twice."""
    if not is_new:
        return reverse("reporting:initiative", args=[one.pk])
    roles = FocalPoint.objects.acting(request.user).filter(
        dialogue=one.cycle.dialogue_id, organisation=one.reported_by_id, country=one.reporting_state_id
    )
    return reverse("reporting:new", args=[roles.values_list("pk", flat=True)[0], one.cycle.number])


def _found(request: HttpRequest, one: Initiative) -> list[str]:
    role, _one = _own(request, one.pk)
    return findings([one], one.cycle, role)[one.pk]
