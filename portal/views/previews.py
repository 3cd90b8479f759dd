"""What a colleague sees who was sent a link to a preview; nothing here asks who they are."""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.models import PreviewLink
from portal.versions import drafts, preview, sharing

KEPT = 60  # seconds


def asked_language(request: HttpRequest) -> str:
    """Raises Http404 for a language the portal does not have."""
    language = request.GET.get("language", settings.LANGUAGE_CODE)
    if language not in dict(settings.LANGUAGES):
        raise Http404
    return language


@require_safe
def shared_preview(request: HttpRequest, token: str) -> HttpResponse:
    """410 with words once the link has ended or what it showed has gone; 409 where it cannot be drawn."""
    link = sharing.find(token)
    if link is None:
        raise Http404
    language = asked_language(request)
    if why := sharing.why_over(link):
        sharing.note_over(link)
        return _no_preview(request, why, 410)
    if request.method == "GET":
        sharing.note_seen(link)
    try:
        return _drawn(request, link, language)
    except preview.Undrawable as error:
        return _no_preview(request, str(error), 409)


def _drawn(request: HttpRequest, link: PreviewLink, language: str) -> HttpResponse:
    """Strangers who follow one link get one page for a minute: nobody can write to SQLite while it is drawn. Only
    after it was asked whether the link still leads somewhere; who is signed in has a time zone of their own.
    """
    if request.user.is_authenticated:
        return _draw(link, language)
    key = f"preview:{link.digest}:{_as_of(link.target)}:{language}"
    if (kept := cache.get(key)) is None:
        drawn = _draw(link, language)
        kept = drawn.content, dict(drawn.items())
        cache.set(key, kept, KEPT)
    content, headers = kept
    return HttpResponse(content, headers=headers)


def _draw(link: PreviewLink, language: str) -> HttpResponse:
    return preview.draw(link.target, language, link.made_by, until=link.expires_at)


def _as_of(record: Any) -> str:
    """Of what a page is drawn: another for each text of the draft, of the record and of the one whose page it is."""
    draft, page = drafts.open_draft(record), preview.pages_of(record)[0]
    changed = (getattr(one, "changed_at", None) for one in (record, page))
    seconds = (str(at.timestamp()) if at else "-" for at in changed)
    return ":".join((str(draft.version_id) if draft else "-", str(page.pk), *seconds))


def _no_preview(request: HttpRequest, why: str, status: int) -> HttpResponse:
    response = render(request, "admin/portal/no_preview.html", {"why": why}, status=status)
    for name, value in preview.HEADERS.items():
        response[name] = value
    return response
