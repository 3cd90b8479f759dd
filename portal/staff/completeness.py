"""What the records lack, the least complete first: a report for editors, and the same as CSV."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from portal import completeness, kinds
from portal.completeness import Check, Lack
from portal.editorial import Reader
from portal.staff.access import reading
from portal.staff.across import Across, Line, NarrowForm, live
from portal.staff.exports import csv_download, csv_of
from portal.views.records import get_page

PER_PAGE = 50
COLUMNS = ("kind", "title", "state", "complete to, %", "lacking", "last changed by", "address")


class LacksForm(NarrowForm):
    lacks = forms.ChoiceField(label=_("Lacking"), required=False)

    def __init__(self, data: QueryDict, among: Sequence[kinds.Kind]) -> None:
        super().__init__(data, among)
        names = dict.fromkeys(check.name for kind in among for check in kind.completeness)
        lacks: Any = self.fields["lacks"]
        lacks.choices = [("", _("Anything")), *((name, name) for name in names)]


@dataclass(frozen=True)
class Missing:
    """Something to narrow by: how many of the records chosen otherwise lack it."""

    name: str
    label: str
    audience: str
    count: int
    query: str
    is_chosen: bool


def asking() -> list[kinds.Kind]:
    return [kind for kind in kinds.all() if kind.completeness]


def records_of(form: LacksForm, reader: Reader) -> Across:
    """What the form asks for, the least complete first."""
    wanted, querysets = form.cleaned_data["lacks"], {}
    for kind in form.chosen:
        records = live(kind, reader, form.cleaned_data["state"])
        if wanted:
            check = next((one for one in kind.completeness if one.name == wanted), None)
            if check is None:
                continue
            records = records.filter(check.lacking)
        querysets[kind.name] = completeness.with_lacks(records, kind.completeness)
    return Across(querysets, "score", reader)


def missing(form: LacksForm, reader: Reader) -> list[Missing]:
    """One query per kind. A check that several kinds share is counted once over all of them."""
    counts: Counter[str] = Counter()
    checks: dict[str, Check] = {}
    for kind in form.chosen:
        counts.update(completeness.tally(live(kind, reader, form.cleaned_data["state"]), kind.completeness))
        checks = {check.name: check for check in kind.completeness} | checks
    chosen, found = form.cleaned_data["lacks"], []
    for name, check in checks.items():
        query = form.cleaned_query
        query.pop("lacks", None)
        if name != chosen:
            query["lacks"] = name
        told = (name, str(check.what), str(check.audience.label), counts[name])
        found.append(Missing(*told, f"?{query.urlencode()}", name == chosen))
    return sorted((one for one in found if one.count or one.is_chosen), key=lambda one: -one.count)


def lacks_on(line: Line) -> list[tuple[Lack, str]]:
    """What the record of a line lacks, each with its place in the form; no place for those without a form."""
    lacks = completeness.lacks_of(line.record, line.kind.completeness)
    return [(lack, line.form and line.form + lack.anchor) for lack in lacks]


@reading
def report(request: HttpRequest) -> HttpResponse:
    form = LacksForm(request.GET, asking())
    if not form.is_valid():
        return render(request, "staff/completeness.html", {"form": form}, status=400)
    page = get_page(request, records_of(form, request.user), PER_PAGE)
    context = {
        "form": form,
        "selection": form,
        "page": page,
        "lines": [(line, lacks_on(line)) for line in page],
        "missing": missing(form, request.user),
    }
    return render(request, "staff/completeness.html", context)


@reading
def download(request: HttpRequest) -> HttpResponseBase:
    """The same selection in the same order, whole."""
    form = LacksForm(request.GET, asking())
    if not form.is_valid():
        return render(request, "staff/completeness.html", {"form": form}, status=400)
    return csv_download(csv_of(COLUMNS, _rows(records_of(form, request.user))), "completeness")


def _rows(lines: Across) -> Iterator[Sequence[str]]:
    for line in lines:
        lacks = completeness.lacks_of(line.record, line.kind.completeness)
        told = "; ".join(lack.what for lack in lacks)
        state = str(line.record.state.label)
        yield (
            line.kind.label,
            str(line.record),
            state,
            str(line.record.score),
            told,
            line.who,
            settings.SITE_URL + line.url,
        )
