"""Links of the records that say nothing of where they lead, or lead nowhere."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from portal.dead_links import Link, all_links
from portal.editorial import Reader
from portal.models import LinkCheck
from portal.staff.access import reading
from portal.staff.across import fetched, form_url
from portal.views.records import get_page

PER_PAGE = 50


@dataclass(frozen=True)
class Finding:
    """A link with something wrong, and what was found when it was tried."""

    link: Link
    check: LinkCheck | None = None


class LinksForm(forms.Form):
    what = forms.ChoiceField(
        required=False,
        choices=[
            ("vague", _("Words that do not say where it leads")),
            ("inside", _("Nothing there, on this site")),
            ("outside", _("Nothing there, on other sites")),
            ("moved", _("Led on to another address")),
        ],
    )

    @property
    def cleaned_query(self) -> QueryDict:
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in self.cleaned_data.items() if value})
        return query


TELLS: dict[str, Callable[[Link, LinkCheck | None], bool]] = {
    "vague": lambda link, tried: link.is_vague,
    "inside": lambda link, tried: bool(tried) and link.is_inside,
    "outside": lambda link, tried: bool(tried and tried.problem != LinkCheck.Problem.MOVED) and not link.is_inside,
    "moved": lambda link, tried: bool(tried and tried.problem == LinkCheck.Problem.MOVED) and not link.is_inside,
}


def findings(reader: Reader) -> dict[str, list[Finding]]:
    """By what is wrong: all of what this reader may see."""
    tried = {one.url: one for one in LinkCheck.objects.troubled()}
    found: dict[str, list[Finding]] = {name: [] for name in TELLS}
    for link in all_links(reader):
        check = tried.get(link.address)
        for name, tells in TELLS.items():
            if tells(link, check):
                found[name].append(Finding(link, check))
    return found


@reading
def report(request: HttpRequest) -> HttpResponse:
    form = LinksForm(request.GET)
    if not form.is_valid():
        return render(request, "staff/links.html", {"form": form}, status=400)
    what = form.cleaned_data["what"] or "vague"
    found = findings(request.user)
    page = get_page(request, found[what], PER_PAGE)
    labels: Any = form.fields["what"]
    context = {
        "selection": form,
        "page": page,
        "shown": shown(page.object_list, request.user),
        "choices": [(name, label, len(found[name]), name == what) for name, label in labels.choices],
        "tried_last": LinkCheck.objects.aggregate(last=Max("checked_at"))["last"],
    }
    return render(request, "staff/links.html", context)


def shown(found: Any, reader: Reader) -> list[tuple[Finding, Any, str]]:
    """Each with its record and where it is mended: one query per model."""
    records = fetched((one.link.source.record_model, one.link.key) for one in found)
    lines = []
    for one in found:
        record = records.get((one.link.source.record_model._meta.label_lower, one.link.key))
        if record is not None:
            form = form_url(record, reader)
            lines.append((one, record, form + one.link.source.anchor if form else ""))
    return lines
