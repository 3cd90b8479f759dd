"""The public pages of data-collection cycles: what is verified so far, or what was when the cycle closed."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dialogues.cycles import comparing, document, downloads, totals
from dialogues.cycles.entries import Entry, entries_of
from dialogues.cycles.selection import Selection
from dialogues.models import Cycle, Dialogue, Initiative
from portal import kinds
from portal.views.records import get_page, get_record


@require_safe
def cycle_list(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = get_record(Dialogue, slug, request.user)
    verified = Initiative.objects.verified().filter(cycle__dialogue=dialogue).order_by()
    counts = dict(verified.values_list("cycle").annotate(Count("pk")))  # what is frozen is what was verified
    cycles = [(one, counts.get(one.pk, 0)) for one in cycles_of(dialogue)]
    return render(request, "dialogues/cycles/list.html", {"dialogue": dialogue, "cycles": cycles, **_kind()})


@require_safe
def cycle_page(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue, cycle = _found(request, slug, number)
    entries = _entries(cycle)
    selection = Selection(request.GET, entries)
    cycle.is_past = not cycle.is_closed and cycle.has_ended  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "dialogue": dialogue,
        "cycle": cycle,
        "selection": selection,
        "total": len(entries),
        **_kind(),
    }
    if not selection.is_valid:
        return render(request, "dialogues/cycles/detail.html", context, status=400)
    chosen = selection.entries
    query = selection.cleaned_query.urlencode()
    context |= {
        "page": get_page(request, chosen),
        "tables": totals.tables(chosen),
        "amounts": totals.amounts(chosen),
        "corrections": cycle.corrections.all() if cycle.is_closed else (),
        "previous": cycle.previous,
        "query": f"?{query}" if query else "",
    }
    return render(request, "dialogues/cycles/detail.html", context)


@require_safe
def cycle_download(request: HttpRequest, slug: str, number: int, format: str) -> HttpResponse:
    """The selection of the page, with all its rows."""
    _dialogue, cycle = _found(request, slug, number)
    selection = Selection(request.GET, _entries(cycle))
    if not selection.is_valid:
        why = "\n".join(f"{name}: {' '.join(map(str, told))}" for name, told in selection.form.errors.items())
        words = _("This selection cannot be read.")
        return HttpResponse(f"{words}\n{why}\n", status=400, content_type="text/plain; charset=utf-8")
    return downloads.FORMATS[format](cycle, selection.entries)


@require_safe
def snapshot(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Byte for byte what the digest is of, for whoever wants to check it."""
    _dialogue, cycle = _found(request, slug, number, Cycle.objects.closed())
    return downloads.as_frozen(cycle)


@require_safe
def cycle_changes(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What a cycle says otherwise than an earlier one: the one before, or that of `since`."""
    dialogue, cycle = _found(request, slug, number)
    earlier = [one for one in cycles_of(dialogue) if one.number < cycle.number]
    context: dict[str, Any] = {"dialogue": dialogue, "cycle": cycle, "earlier": earlier, **_kind()}
    since = request.GET.get("since", "")
    wanted = next((one for one in earlier if str(one.number) == since), None) if since else next(iter(earlier), None)
    if wanted is None:
        status = 400 if since else 200
        return render(request, "dialogues/cycles/changes.html", context | {"is_unknown": bool(since)}, status=status)
    before, after = _entries(wanted), _entries(cycle)
    context |= {
        "before": wanted,
        "difference": comparing.compare(before, after, comparing.former_of(dialogue.pk)),
        "tables": totals.tables(after, before),
        "counts": (len(before), len(after)),
        "amounts": totals.amounts(after),
        "amounts_before": totals.amounts(before),
    }
    return render(request, "dialogues/cycles/changes.html", context)


def cycles_of(dialogue: Dialogue) -> list[Cycle]:
    """The latest first; what is frozen of them is read when it is asked for."""
    own = dialogue.cycles.select_related("dialogue", "snapshot").defer("snapshot__content")
    found = list(own.order_by("-number"))
    for n, one in enumerate(found):
        one.is_past = n > 0 or one.has_ended  # type: ignore[attr-defined]
    return found


def _found(request: HttpRequest, slug: str, number: int, among: Any = None) -> tuple[Dialogue, Cycle]:
    dialogue = get_record(Dialogue, slug, request.user)
    cycles = Cycle.objects.all() if among is None else among
    found = cycles.select_related("dialogue", "snapshot__by")
    return dialogue, get_object_or_404(found, dialogue=dialogue, number=number)


def _entries(cycle: Cycle) -> list[Entry]:
    return entries_of(document.of(cycle))


def _kind() -> dict[str, Any]:
    return {"kind": kinds.get("dialogue"), "list_url": reverse("dialogues:list")}
