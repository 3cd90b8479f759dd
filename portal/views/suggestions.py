"""How typing in a search box may go on: OpenSearch suggestions 1.1, which our own script asks for."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from portal.search import suggesting
from portal.search.store import IndexUnavailable


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """[what was typed, [texts], [what each is], [where each record is read; empty for words to search for]]."""
    typed = request.GET.get("q", "")
    try:
        found = suggesting.suggestions(typed, request.user) if len(typed) <= suggesting.LONGEST_PREFIX else []
    except IndexUnavailable:
        found = []
    answer = [
        typed[: suggesting.LONGEST_PREFIX],
        *([getattr(one, n) or "" for one in found] for n in ("text", "what", "url")),
    ]
    return JsonResponse(answer, safe=False, content_type="application/x-suggestions+json")
