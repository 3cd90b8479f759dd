"""Saved searches: keeping one, seeing what is new in it, changing and deleting it. Only its owner ever meets it."""

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.models import SavedSearch
from portal.models.desk import MOST_SEARCHES, new_token, valid_name
from portal.search.grammar import QueryError, describe
from portal.search.store import IndexUnavailable
from portal.staff import watching
from portal.staff.access import changing, me, reading
from portal.staff.asking import Asked
from portal.staff.results import Result, records_of

SHOWN = 50  # new hits on one page


@changing
def save(request: HttpRequest) -> HttpResponse:
    """Keep a search that can be put. Its hits of this moment are no news."""
    back = f"{reverse('staff:search')}?{request.POST.get('query', '')[:4000]}"
    asked = Asked.of(QueryDict(request.POST.get("query", "")[:4000]), request.user)
    mine = SavedSearch.objects.filter(owner=me(request))
    try:
        name, alert = valid_name(request.POST.get("name", "") or asked.text[:60]), _alert(request)
        if asked.errors:
            raise ValidationError(asked.errors[0])
        if len(asked.filters.urlencode()) > 2000:
            raise ValidationError(_("So many filters cannot be saved. Take some out."))
        if mine.count() >= MOST_SEARCHES:
            raise ValidationError(_("You have %(n)d saved searches. Delete one first.") % {"n": MOST_SEARCHES})
        asked.search(request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(back)
    except QueryError as error:
        messages.error(request, error.message)
        return redirect(back)
    except IndexUnavailable:
        messages.error(request, _("The search is not available at this moment. Try again in a minute."))
        return redirect(back)
    now = timezone.now()
    kept = SavedSearch.objects.create(
        owner=me(request),
        name=name,
        text=asked.text,
        filters=asked.filters.urlencode(),
        alert=alert,
        looked_at=now,
        told_at=now,
    )
    watching.refreshed([kept], now)
    messages.success(request, _("The search “%(name)s” is saved.") % {"name": name})
    return redirect(kept)


@reading
def saved(request: HttpRequest, pk: int) -> HttpResponse:
    kept = watching.refreshed([_mine(request, pk)])[0]
    news = watching.news_of(kept)
    context: dict[str, Any] = {
        "saved": kept,
        "asked": watching.asked(kept),
        "count": len(news),
        "news": _shown(kept, news[:SHOWN]),
        "alerts": SavedSearch.Alert.choices,
        "checked": timezone.now().isoformat(),
    }
    try:
        context["description"] = describe(watching.search(kept).reading.query)
    except (QueryError, IndexUnavailable):
        context["description"] = ""
    return render(request, "staff/saved.html", context)


def _shown(kept: SavedSearch, news: list[watching.News]) -> list[Result]:
    records = records_of((one.key for one in news), kept.owner)
    try:
        put = watching.search(kept)
        passages = {one.key: put.passages(*one.key) for one in news if one.key in records}
    except (QueryError, IndexUnavailable):
        passages = {}
    return [Result(*records[one.key], passages.get(one.key, ())) for one in news if one.key in records]


@changing
def change(request: HttpRequest, pk: int) -> HttpResponse:
    kept = _mine(request, pk)
    try:
        kept.name, alert = valid_name(request.POST.get("name", "")), _alert(request)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(kept)
    changed = ["name"]
    if alert != kept.alert:
        # Whoever asks for letters now wants those of what comes, not of what was.
        kept.alert, kept.told_at = alert, timezone.now()
        changed += ["alert", "told_at"]
    kept.save(update_fields=changed)
    messages.success(request, _("The changes are saved."))
    if alert != SavedSearch.Alert.NONE and not me(request).email:
        messages.warning(request, _("Your account has no e-mail address: ask an administrator to enter one."))
    return redirect(kept)


@changing
def looked(request: HttpRequest, pk: int) -> HttpResponse:
    """What was on the page is no news any more; what came since it was made still is."""
    kept = _mine(request, pk)
    try:
        at = datetime.datetime.fromisoformat(request.POST.get("checked", ""))
    except ValueError:
        at = timezone.now()
    at = timezone.now() if timezone.is_naive(at) or at > timezone.now() else at
    kept.looked_at = max(at, kept.looked_at) if kept.looked_at else at
    kept.save(update_fields=["looked_at"])
    return redirect(kept)


@changing
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Another address for the feed; the old one is dead at once."""
    kept = _mine(request, pk)
    kept.token = new_token()
    kept.save(update_fields=["token"])
    messages.success(request, _("The feed has a new address; the old one no longer works."))
    return redirect(kept)


@changing
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    kept = _mine(request, pk)
    kept.delete()
    messages.success(request, _("The search “%(name)s” is deleted.") % {"name": kept.name})
    return redirect("staff:desk")


def _mine(request: HttpRequest, pk: int) -> SavedSearch:
    """Of others it is not said that they are there."""
    return get_object_or_404(SavedSearch.objects.select_related("owner"), pk=pk, owner=me(request))


def _alert(request: HttpRequest) -> str:
    alert = request.POST.get("alert", SavedSearch.Alert.NONE)
    if alert not in SavedSearch.Alert.values:
        raise ValidationError(_("Say how often: never, daily or weekly."))
    return alert
