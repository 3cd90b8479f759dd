"""A form that was sent after the sign-in had ended. Nothing is saved; what was typed goes through the sign-in page and
back to the form, which shows it. Works without JavaScript.

Every step passes the check against forged requests. What is carried is signed, so it can only be what arrived in such a
request; after signing in it is shown in its form, and saved by the person's own press of a button.
"""

from dataclasses import dataclass

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core import signing
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.admin.sending import AGAIN, NOT_TYPED, SentOnce

SALT = "portal.admin.returning"
LONGEST = 1_000_000  # characters; a form beyond that is not carried
HOURS = 12
PAGE = "admin/portal/sign_in_again.html"


@dataclass(frozen=True)
class Typed:
    path: str
    values: list  # of [name, value]
    files: list  # names, to be chosen again


def is_form(view):
    """Whether what was asked for is a form whose content may be carried."""
    model_admin = getattr(view, "__self__", None)
    named = getattr(view, "__name__", "") in {"add_view", "change_view"}
    return named and isinstance(model_admin, SentOnce) and model_admin.keeps_typed


def pack(request):
    """What was sent, signed; empty if it is too long."""
    kept = NOT_TYPED - {"_token"}
    values = [[name, value] for name, found in request.POST.lists() if name not in kept for value in found]
    if sum(len(name) + len(value) for name, value in values) > LONGEST:
        return ""
    files = [file.name for _name, found in request.FILES.lists() for file in found]
    return signing.dumps([request.get_full_path(), values, files], salt=SALT, compress=True)


def unpack(carried):
    """None for what we did not sign, or signed long ago."""
    try:
        return Typed(*signing.loads(carried, salt=SALT, max_age=HOURS * 3600))
    except signing.BadSignature:
        return None


def ask_to_sign_in(site, request, carried):
    context = site.each_context(request) | {
        "title": _("Sign in again"),
        "subtitle": None,
        "form": AdminAuthenticationForm(request),
        "sign_in_url": reverse("admin:login"),
        "carried": carried,
        "typed": unpack(carried),
    }
    return TemplateResponse(request, PAGE, context, status=403)


def go_on(site, request, typed):
    context = site.each_context(request) | {"title": _("You are signed in again"), "typed": typed, "again": AGAIN}
    return TemplateResponse(request, "admin/portal/go_on.html", context)
