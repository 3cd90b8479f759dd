"""A private Atom feed (RFC 4287) for each saved search: whoever has its address sees what its owner may see."""

import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.models import SavedSearch
from portal.search.finding import Passage, Search
from portal.search.grammar import QueryError
from portal.search.store import IndexUnavailable
from portal.staff import watching
from portal.staff.access import RIGHT
from portal.staff.results import records_of
from portal.templatetags.search import marked
from portal.territory import Notes

MOST_ENTRIES = 50


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """404 for an address that was renewed, and for one whose owner may no longer use the desk."""
    saved = SavedSearch.objects.select_related("owner").filter(token=token).first()
    if saved is None or not saved.owner.is_active or not saved.owner.has_perm(RIGHT):
        raise Http404
    saved = watching.refreshed([saved])[0]
    made = _feed(saved)
    for entry in _entries(saved):
        made.add_item(**entry)
    response = HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


class _Dated(Atom1Feed):
    """Without entries a feed is as old as its search, not as the moment in which it is read."""

    def latest_post_date(self) -> datetime.datetime:
        dates = [item["updateddate"] for item in self.items]
        return max(dates, default=self.feed["begun"])


def _feed(saved: SavedSearch) -> _Dated:
    return _Dated(
        title=_clean(saved.name),
        link=settings.SITE_URL + saved.get_absolute_url(),
        description="",
        subtitle=_clean(_("New hits of the saved search: %(query)s") % {"query": saved.text}),
        language="en",
        author_name=settings.ORGANISATION["name"],
        feed_url=settings.SITE_URL + reverse("staff:feed", args=[saved.token]),
        feed_guid=_guid(saved),
        begun=saved.created_at,
    )


def _entries(saved: SavedSearch) -> list[dict[str, Any]]:
    news = watching.remembered(saved)[:MOST_ENTRIES]
    records = records_of((one.key for one in news), saved.owner)
    try:
        put: Search | None = watching.search(saved)
    except (QueryError, IndexUnavailable):
        put = None
    notes = Notes()
    entries = []
    for one in news:
        if one.key not in records:
            continue
        kind, record = records[one.key]
        at = datetime.datetime.fromtimestamp(one.at, datetime.UTC).replace(microsecond=0)
        passages = told_first(put.passages(*one.key), one.pages) if put else []
        entries.append(
            {
                "title": _clean(notes.mark_plain(str(record.title))),
                "link": settings.SITE_URL + record.get_absolute_url(),
                "description": _clean(_content(kind.label, passages)),
                "unique_id": f"{_guid(saved)}/{one.kind}/{one.pk}",
                "updateddate": at,
                "categories": [kind.label],
            }
        )
    return entries


def told_first(passages: list[Passage], pages: Any) -> list[Passage]:
    """Pages that are new before those that have matched for long."""
    return sorted(passages, key=lambda one: f"{one.page.language}:{one.number}" not in pages)


def _content(label: str, passages: list[Passage]) -> SafeString:
    if not passages:
        return format_html("<p>{}</p>", _("%(kind)s: its title or description matches.") % {"kind": label})
    rows = (
        (
            settings.SITE_URL + one.page.url,
            _("p. %(page)s") % {"page": one.page.label or one.number},
            marked(one.text),
        )
        for one in passages
    )
    return format_html("<ul>{}</ul>", format_html_join("", '<li><a href="{}">{}</a>: {}</li>', rows))


def _guid(saved: SavedSearch) -> str:
    """Stays when the address is renewed, so that readers meet no entry twice."""
    host = settings.SITE_URL.split("://", 1)[1].split("/")[0].split(":")[0]
    return f"tag:{host},{saved.created_at:%Y-%m-%d}:saved-search/{saved.pk}"


def _clean(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(char for char in text if char in "\t\n" or (char >= " " and char not in "\ufffe\uffff"))
