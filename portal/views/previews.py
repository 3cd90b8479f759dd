"""What a colleague sees who was sent a link to a preview; nothing here asks who they are."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.versions import links, preview


def asked_language(request: HttpRequest) -> str:
    """Raises Http404 for a language the portal does not have."""
    language = request.GET.get("language", settings.LANGUAGE_CODE)
    if language not in dict(settings.LANGUAGES):
        raise Http404
    return language


@require_safe
def shared_preview(request: HttpRequest, token: str) -> HttpResponse:
    """410 with words once the link has ended or what it showed has gone; 409 where it cannot be drawn."""
    link = links.find(token)
    if link is None:
        raise Http404
    language = asked_language(request)
    if why := links.why_over(link):
        links.note_over(link)
        return _no_preview(request, why, 410)
    if request.method == "GET":
        links.note_seen(link)
    try:
        return preview.draw(link.target, language, link.made_by, until=link.expires_at)
    except preview.Undrawable as error:
        return _no_preview(request, str(error), 409)


def _no_preview(request: HttpRequest, why: str, status: int) -> HttpResponse:
    response = render(request, "admin/portal/no_preview.html", {"why": why}, status=status)
    for name, value in preview.HEADERS.items():
        response[name] = value
    return response
