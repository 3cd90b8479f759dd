"""What happens around every request: an id, refusal of malformed input, one's own time, addresses that have moved."""

import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone
from django.utils.translation import get_language_from_path

from portal.logs import current_request_id
from portal.models import Preference, Redirect
from portal.versions import due
from portal.views.errors import bad_request

GetResponse = Callable[[HttpRequest], HttpResponse]


def request_id(get_response: GetResponse) -> GetResponse:
    """An id for each request, in every log line and in the answer; a proxy's own id is kept if it is sane."""

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        name = given if re.fullmatch(r"[\w-]{8,64}", given, re.ASCII) else uuid.uuid4().hex
        token = current_request_id.set(name)
        try:
            response = get_response(request)
        finally:
            current_request_id.reset(token)
        response["X-Request-ID"] = name
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response

    return middleware


def refuse_malformed(get_response: GetResponse) -> GetResponse:
    """400 for NUL and other control characters in an address: databases disagree about them."""
    control = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

    def middleware(request: HttpRequest) -> HttpResponse:
        if control.search(request.path) or any(
            control.search(text) for key, values in request.GET.lists() for text in (key, *values)
        ):
            return bad_request(request)
        return get_response(request)

    return middleware


def for_caches(get_response: GetResponse) -> GetResponse:
    """What may be kept, and by what it differs.

    The language stands in the path and is never read from Accept-Language, whatever LocaleMiddleware says. What
    somebody who is signed in has seen is kept nowhere; visitors' pages may be kept and are asked for again.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.COOKIES.get(settings.SESSION_COOKIE_NAME):
            response["Cache-Control"] = "private, no-store"
        elif response.status_code == 200 and not response.cookies:
            response.setdefault("Cache-Control", "public, max-age=0")
        if vary := response.get("Vary"):
            names = [name.strip() for name in vary.split(",")]
            del response["Vary"]
            if kept := [name for name in names if name.lower() != "accept-language"]:
                response["Vary"] = ", ".join(kept)
        return response

    return middleware


def put_due_in_place(get_response: GetResponse) -> GetResponse:
    """What has become due is live from this request on; see portal/versions/due.py."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path not in {"/livez", "/readyz"}:
            due.put_due_in_place()
        return get_response(request)

    return middleware


def own_time_zone(get_response: GetResponse) -> GetResponse:
    """Who is signed in works in a time zone of their own, in the admin and at the desk; not on public pages."""

    def middleware(request: HttpRequest) -> HttpResponse:
        timezone.deactivate()  # whatever a request before this one may have left in the thread
        try:
            if request.path_info.startswith(("/admin/", "/staff/")) and request.user.is_authenticated:
                chosen = Preference.objects.filter(user=request.user).first()
                if chosen and chosen.zone:
                    timezone.activate(chosen.zone)
            return get_response(request)
        finally:
            timezone.deactivate()

    return middleware


def follow_redirects(get_response: GetResponse) -> GetResponse:
    """301 for an address that has moved, in whatever language it was asked for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 404 or request.method not in {"GET", "HEAD"}:
            return response
        language = get_language_from_path(request.path_info)
        prefix = f"/{language}" if language else ""
        if target := Redirect.target_of(request.path_info.removeprefix(prefix)):
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(prefix + target + (f"?{query}" if query else ""))
        return response

    return middleware
