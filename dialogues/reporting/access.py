"""Who may report: focal points, and nobody by another right. What was typed by one whose sign-in has ended is carried
through signing in (portal/admin/returning.py packs it).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from dialogues.models import FocalPoint
from portal.admin import returning

AGAIN = returning.AGAIN
View = Callable[..., HttpResponseBase]


def for_focal_points(*methods: str) -> Callable[[View], View]:
    """Rights come before methods, so that a stranger learns nothing from a 405."""

    def decorate(view: View) -> View:
        answers = require_http_methods(methods)(view)

        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                carried = returning.pack(request) if request.method == "POST" else ""
                if carried:
                    return ask_again(request, carried, AuthenticationForm(request))
                safe = request.method in {"GET", "HEAD"}
                return redirect_to_login(request.get_full_path() if safe else reverse("reporting:home"))
            if not FocalPoint.objects.acting(request.user).exists():
                raise PermissionDenied
            response = answers(request, *args, **kwargs)
            response["Cache-Control"] = "private, no-store"
            return response

        return wrapped

    return decorate


def ask_again(request: HttpRequest, carried: str, form: AuthenticationForm) -> HttpResponse:
    context = {"form": form, "carried": carried, "typed": returning.unpack(carried)}
    response = render(request, "reporting/sign_in_again.html", context, status=403)
    response["Cache-Control"] = "private, no-store"
    return response


@sensitive_post_parameters()
@require_POST
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The way back to the form, which shows what was typed and has saved nothing."""
    carried = request.POST.get("_carried", "")
    typed = returning.unpack(carried) if carried else None
    if typed is None:
        return redirect_to_login(reverse("reporting:home"))
    form = AuthenticationForm(request, request.POST)
    if not form.is_valid():
        return ask_again(request, carried, form)
    login(request, form.get_user())
    try:
        found = resolve(typed.path.partition("?")[0])
    except Resolver404:
        return HttpResponseRedirect(reverse("reporting:home"))
    if found.namespace != "reporting" or found.url_name == "sign-in":
        return HttpResponseRedirect(reverse("reporting:home"))
    data = QueryDict(mutable=True)
    for name, value in typed.values:
        data.appendlist(name, value)
    data[AGAIN] = "1"
    request.POST = data  # type: ignore[assignment]
    return found.func(request, *found.args, **found.kwargs)
