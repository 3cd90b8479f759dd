"""The figures check: what does not add up, what nobody can tell, what holds; and what people say about findings."""

from collections import Counter
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.editorial import Reader
from portal.figures import checking, explaining
from portal.figures.checking import Stated, Verdict
from portal.figures.explaining import Finding
from portal.models import FigureExplanation
from portal.staff.access import changing, me, reading
from portal.staff.across import form_url
from portal.views.records import get_page

PER_PAGE = 25
MOST_PARTS = 200  # of one finding on the page; all of them are in the list of figures
LABELS = {
    Verdict.FAILS: gettext_lazy("Does not add up"),
    Verdict.OPEN: gettext_lazy("Cannot be checked"),
    Verdict.HOLDS: gettext_lazy("Holds"),
}


class FiguresForm(forms.Form):
    what = forms.ChoiceField(required=False, choices=[(one.value, label) for one, label in LABELS.items()])

    @property
    def cleaned_query(self) -> QueryDict:
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in self.cleaned_data.items() if value})
        return query


@dataclass(frozen=True)
class Shown:
    """A finding with where each of its numbers is edited, or else read."""

    finding: Finding
    parts: list[tuple[Stated, str]]
    against: tuple[Stated, str] | None
    left_out: int
    heading: str
    may_explain: bool


@reading
def report(request: HttpRequest) -> HttpResponse:
    form = FiguresForm(request.GET)
    if not form.is_valid():
        return render(request, "staff/figures.html", {"form": form}, status=400)
    found = explaining.findings(checking.all_checks(request.user))
    counts = Counter(one.check.verdict for one in found)
    what = form.cleaned_data["what"]
    page = get_page(request, [one for one in found if what in ("", one.check.verdict)], PER_PAGE)
    choices = [("", _("All comparisons"), len(found))]
    choices += [(verdict.value, str(label), counts[verdict]) for verdict, label in LABELS.items()]
    context = {
        "form": form,
        "selection": form,
        "page": page,
        "shown": shown(list(page.object_list), request.user),
        "choices": [(name, label, count, name == what) for name, label, count in choices],
        "unexplained": sum(one.is_unexplained for one in found),
    }
    return render(request, "staff/figures.html", context)


def shown(found: list[Finding], reader: Reader) -> list[Shown]:
    lines: list[Shown] = []
    before: Verdict | None = None
    for one in found:
        check = one.check
        heading, before = ("" if check.verdict is before else str(LABELS[check.verdict])), check.verdict
        lines.append(
            Shown(
                one,
                [(part, address(part, reader)) for part in check.parts[:MOST_PARTS]],
                (check.against, address(check.against, reader)) if check.against else None,
                max(0, len(check.parts) - MOST_PARTS),
                heading,
                check.verdict is Verdict.FAILS and checking.may_explain(reader, check),
            )
        )
    return lines


def address(stated: Stated, reader: Reader) -> str:
    form = form_url(stated.record, reader)
    return form + stated.anchor if form else str(stated.record.get_absolute_url())  # type: ignore[attr-defined]


@changing
def explain(request: HttpRequest) -> HttpResponse:
    """Say why a finding stands as it is."""
    if not checking.may_explain_any(request.user):
        raise PermissionDenied
    key, seen = request.POST.get("check", ""), request.POST.get("seen", "")
    check = next((one for one in checking.all_checks(request.user) if one.key == key), None)
    try:
        if check is None:
            raise explaining.Moved
        explaining.explain(check, request.POST.get("note", ""), seen, me(request))
    except explaining.Moved:
        messages.error(request, _("The values have changed meanwhile. Look at them again."))
    except ValueError:
        messages.error(request, _("Nothing is saved: an explanation says something."))
    else:
        messages.success(request, _("“%s” is explained. It stays in the report.") % check.label)
    return redirect("staff:figures")


@changing
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    if not checking.may_explain_any(request.user):
        raise PermissionDenied
    explanation = get_object_or_404(FigureExplanation.objects.select_related("by"), pk=pk)
    check = next((one for one in checking.all_checks(request.user) if one.key == explanation.check_key), None)
    # What it was about may be gone: then whoever may explain something may clear it away.
    if check is not None and not checking.may_explain(request.user, check):
        raise PermissionDenied
    explaining.take_back(explanation, by=me(request))
    messages.success(request, _("The explanation of “%s” is taken back.") % explanation.shown)
    return redirect("staff:figures")
