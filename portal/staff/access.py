"""Who may sit at the desk: everybody with the right portal.use_desk."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

RIGHT = "portal.use_desk"

View = Callable[..., HttpResponseBase]


def for_desk(*methods: str) -> Callable[[View], View]:
    """A view for those who may use the desk: visitors are asked to sign in, others get 403.

    Rights come before methods, so that a stranger learns nothing from a 405.
    """

    def decorate(view: View) -> View:
        answers = require_http_methods(methods)(view)

        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                # What was posted is gone after signing in, so the way leads to the desk.
                back = request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("staff:desk")
                return redirect_to_login(back)
            if not request.user.has_perm(RIGHT):
                raise PermissionDenied
            response = answers(request, *args, **kwargs)
            response["Cache-Control"] = "private, no-store"
            return response

        return wrapped

    return decorate


reading = for_desk("GET", "HEAD")
changing = for_desk("POST")


def me(request: HttpRequest) -> Any:
    """Whoever sits at the desk: behind the guards above it is somebody."""
    return request.user


def way_back(request: HttpRequest, otherwise: str) -> str:
    """Where a form said to return to, if that is a page of this site."""
    target = request.POST.get("next", "")
    if len(target) < 4000 and url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        return target
    return otherwise
