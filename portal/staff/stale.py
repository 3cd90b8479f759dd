"""Records whose facts have grown old: due for review, never or long ago checked, or said to be current long ago."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal import kinds
from portal.editorial import Reader
from portal.staff.access import reading
from portal.staff.across import Across, NarrowForm, live
from portal.views.records import get_page

PER_PAGE = 50
LONG_AGO = datetime.timedelta(days=365)

Narrow = Callable[[kinds.Kind, Any, datetime.date], Any]


@dataclass(frozen=True)
class Reason:
    """Why a record is stale: `narrow` picks such records and gives each the day `since`, the oldest first."""

    name: str
    label: str | Promise
    narrow: Narrow


def due(kind: kinds.Kind, records: Any, today: datetime.date) -> Any:
    return records.filter(review_due__lte=today).annotate(since=F("review_due"))


def old(kind: kinds.Kind, records: Any, today: datetime.date) -> Any:
    return records.filter(last_checked__lt=today - LONG_AGO).annotate(since=F("last_checked"))


def never(kind: kinds.Kind, records: Any, today: datetime.date) -> Any:
    """Of what was never checked it is told when it last changed."""
    return records.filter(last_checked__isnull=True).annotate(since=F("changed_at__date"))


def stated(kind: kinds.Kind, records: Any, today: datetime.date) -> Any:
    if kind.stated_at is None:
        return records.none()
    # Who has compared it with its source since then has said it again.
    again = Q(last_checked__gte=today - LONG_AGO)
    return kind.stated_at(records).filter(since__lt=today - LONG_AGO).exclude(again)


REASONS = [
    Reason("due", _("Due for review"), due),
    Reason("old", _("Checked more than a year ago"), old),
    Reason("stated", _("Called planned or current, and that was said more than a year ago"), stated),
    Reason("never", _("Never compared with its source"), never),
]


class StaleForm(NarrowForm):
    why = forms.ChoiceField(label=_("Why"), required=False, choices=[(one.name, one.label) for one in REASONS])


def stale(reason: Reason, form: StaleForm, reader: Reader) -> Across:
    today, state = timezone.localdate(), form.cleaned_data["state"]
    querysets = {kind.name: reason.narrow(kind, live(kind, reader, state), today) for kind in form.chosen}
    return Across(
        {name: records for name, records in querysets.items() if not records.query.is_empty()}, "since", reader
    )


@reading
def report(request: HttpRequest) -> HttpResponse:
    form = StaleForm(request.GET, kinds.all())
    if not form.is_valid():
        return render(request, "staff/stale.html", {"form": form}, status=400)
    name = form.cleaned_data["why"] or REASONS[0].name
    found = {reason.name: stale(reason, form, request.user) for reason in REASONS}
    reasons = []
    for reason in REASONS:
        query = form.cleaned_query
        query["why"] = reason.name
        reasons.append((reason.label, found[reason.name].count(), f"?{query.urlencode()}", reason.name == name))
    page = get_page(request, found[name], PER_PAGE)
    context = {"form": form, "selection": form, "page": page, "reasons": reasons, "why": name}
    return render(request, "staff/stale.html", context)
