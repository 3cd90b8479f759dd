"""What waits in a cycle: initiatives beside what they said last time, with what an automatic look finds and what was
said of them; several are checked, sent back or verified at a time, after a page that shows what will happen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dialogues.cycles import comparing
from dialogues.cycles.document import described
from dialogues.cycles.entries import Entry
from dialogues.cycles.findings import findings
from dialogues.models import Cycle, Initiative
from dialogues.models.cycles import PUBLISHING
from dialogues.models.initiatives import CHECKING
from portal.languages import columns
from portal.versions import history
from portal.versions.content import digest, take_all

ON_ONE_PAGE = 25
AT_ONCE = 200
LONGEST_NOTE = 5000


@dataclass(frozen=True)
class Step:
    label: Any
    allowed: frozenset[str]
    target: str
    right: str
    act: Callable[[Initiative, Any, str], None]
    needs_note: bool = False


STEPS = {
    "check": Step(
        gettext_lazy("Check"),
        frozenset({"submitted"}),
        "checked",
        CHECKING,
        lambda one, by, note: one.check_quality(by=by, note=note),
    ),
    "send-back": Step(
        gettext_lazy("Send back"),
        frozenset({"submitted", "checked"}),
        "returned",
        CHECKING,
        lambda one, by, note: one.send_back(by=by, reason=note),
        needs_note=True,
    ),
    "verify": Step(
        gettext_lazy("Verify"),
        frozenset({"checked"}),
        "verified",
        PUBLISHING,
        lambda one, by, note: one.verify(by=by, note=note),
    ),
    "reopen": Step(
        gettext_lazy("Reopen"),
        frozenset({"checked", "verified"}),
        "submitted",
        PUBLISHING,
        lambda one, by, note: one.reopen(by=by, reason=note),
        needs_note=True,
    ),
    # For what nobody outside answers for, such as rows of a table that an editor has brought in.
    "submit": Step(
        gettext_lazy("Submit again"),
        frozenset({"returned"}),
        "submitted",
        CHECKING,
        lambda one, by, note: one.submit(by=by, note=note),
    ),
}
WAITING = "waiting"


@dataclass
class Line:
    """One initiative of the list."""

    one: Initiative
    sides: list[tuple[str, str, str]]  # label, what it said last time, what it says now
    before: Initiative | None
    found: list[str]


@dataclass
class Planned:
    """One initiative that a step was chosen for. `sign` is of what was shown."""

    one: Initiative
    sign: str
    why_not: str


def review(model_admin, request, object_id):
    cycle = cycle_of(request, object_id)
    if request.method == "GET":
        return _shown(model_admin, request, cycle)
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "POST"])
    if not request.user.has_perm(CHECKING):
        raise PermissionDenied
    step = STEPS.get(request.POST.get("step", ""))
    keys = _keys(request)
    if step is None or not keys:
        why = _("Choose at most %s records at once.") % AT_ONCE if keys is None else _("Choose at least one record.")
        messages.error(request, why)
        return HttpResponseRedirect(request.get_full_path())
    if not request.user.has_perm(step.right):
        raise PermissionDenied
    note = request.POST.get("note", "").replace("\x00", "").strip()[:LONGEST_NOTE]
    if "_confirmed" in request.POST:
        try:
            return _carry_out(request, cycle, step, keys, note)
        except (ValidationError, PermissionDenied) as error:
            words = _("Nothing was done. %s") % " ".join(getattr(error, "messages", [str(error)]))
            messages.error(request, words)
    return _planned_page(model_admin, request, cycle, step, keys, note)


def cycle_of(request, object_id):
    """For those who may see it in the admin. Raises Http404 or PermissionDenied."""
    if not request.user.has_perm("dialogues.view_cycle") or not request.user.has_perm("dialogues.view_initiative"):
        raise PermissionDenied
    if not object_id.isascii() or not object_id.isdigit() or len(object_id) > 18:
        raise Http404
    return get_object_or_404(Cycle.objects.select_related("dialogue", "snapshot"), pk=int(object_id))


def _shown(model_admin, request, cycle):
    status = request.GET.get("status", WAITING)
    known = [(WAITING, _("What waits")), *Initiative.Status.choices, ("all", _("All"))]
    if status not in dict(known):
        status = WAITING
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    own = Initiative.objects.filter(cycle=cycle)
    found = own.waiting() if status == WAITING else own if status == "all" else own.filter(status=status)
    for word in words.split():
        partner = Q(**{"reported_by__name__icontains": word}) | Q(**{"reporting_state__name__icontains": word})
        found = found.filter(Q(*[(f"{one}__icontains", word) for one in columns("title")], _connector=Q.OR) | partner)
    page = Paginator(found.order_by("title", "pk"), ON_ONE_PAGE).get_page(request.GET.get("p"))
    query = QueryDict(mutable=True)
    query.update({"status": status, "q": words})
    context = {
        "lines": _lines(list(page.object_list), cycle),
        "page": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "query": query.urlencode(),
        "q": words,
        "status": status,
        "statuses": known,
        "steps": [(name, step) for name, step in STEPS.items() if request.user.has_perm(step.right)]
        if not cycle.is_closed
        else [],
        "title": _("Quality check: %s") % cycle,
    }
    return _page(model_admin, request, cycle, "review", context)


def _lines(initiatives, cycle):
    full = (
        Initiative.objects.filter(pk__in=[one.pk for one in initiatives])
        .select_related("reported_by", "reporting_state", "submitted_by", "checked_by", "verified_by")
        .select_related("continues__reported_by", "continues__reporting_state", "continues__cycle")
        .prefetch_related("domains__instrument", "countries", "thread__by")
        .prefetch_related("continues__domains__instrument", "continues__countries")
    )
    by_key = {one.pk: one for one in full}
    found = findings(initiatives, cycle)
    return [_line(by_key[one.pk], found[one.pk]) for one in initiatives]


def _line(one, found):
    now = Entry(described(one))
    then = Entry(described(one.continues)) if one.continues else None
    sides = [(label(), value(then) if then else "", value(now)) for label, value in comparing.FIELDS]
    return Line(one, [side for side in sides if side[1] or side[2]], one.continues, found)


def _keys(request):
    """None where there are too many."""
    sent = list(dict.fromkeys(request.POST.getlist("_selected_action")))
    return sent if len(sent) <= AT_ONCE else None


def _chosen(cycle, keys, lock=False):
    known = []
    for key in keys:
        try:
            known.append(Initiative._meta.pk.to_python(key))
        except ValidationError:
            continue
    found = Initiative.objects.filter(cycle=cycle, pk__in=known).order_by("pk")
    return list(history.lock_all(found) if lock else found)


def _plan(user, step, initiatives):
    """The same for many as for one: what each says is asked for together."""
    planned = []
    for one, content in zip(initiatives, take_all(initiatives), strict=True):
        why = ""
        if one.status not in step.allowed:
            why = _("It is %s.") % one.get_status_display().lower()
        elif step.target == "verified":
            why = one.why_not_verified(user)
        planned.append(Planned(one, f"{one.status}-{digest(content)[:20]}", why))
    return planned


def _planned_page(model_admin, request, cycle, step, keys, note):
    planned = _plan(request.user, step, _chosen(cycle, keys))
    context = {
        "step": step,
        "step_name": request.POST["step"],
        "target": Initiative.Status(step.target).label,
        "planned": [one for one in planned if not one.why_not],
        "refused": [one for one in planned if one.why_not],
        "note": note,
        "title": _("%(step)s: what will happen") % {"step": step.label},
    }
    return _page(model_admin, request, cycle, "review_step", context)


def _carry_out(request, cycle, step, keys, note):
    """All of them or none, as they were shown."""
    shown = dict(text.partition(":")[::2] for text in request.POST.getlist("_shown"))
    with transaction.atomic():
        planned = _plan(request.user, step, _chosen(cycle, keys, lock=True))
        if len(planned) != len(keys):
            raise ValidationError(_("Some of the records that were chosen are gone."))
        for one in planned:
            if shown.get(str(one.one.pk)) != one.sign:
                raise ValidationError(_("“%s” is not as it was when you looked at it. Look again.") % one.one)
        for one in planned:
            step.act(one.one, request.user, note)
    n = len(planned)
    words = ngettext("%(n)d initiative is now: %(state)s.", "%(n)d initiatives are now: %(state)s.", n)
    messages.success(request, words % {"n": n, "state": Initiative.Status(step.target).label.lower()})
    return HttpResponseRedirect(request.get_full_path())


def _page(model_admin, request, cycle, name, context):
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "cycle": cycle,
        "list_url": request.get_full_path() if name != "review" else "",
        "close_url": reverse("admin:dialogues_cycle_close", args=[cycle.pk]),
        **context,
    }
    return TemplateResponse(request, f"admin/dialogues/{name}.html", context)
