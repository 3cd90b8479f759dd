"""Closing a cycle: what will be frozen and what is left out, said before; what was frozen, and notes beside it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from dialogues.admin.reviewing import LONGEST_NOTE, cycle_of
from dialogues.cycles import document
from dialogues.models import Initiative
from dialogues.models.cycles import PUBLISHING


def close(model_admin, request, object_id):
    cycle = cycle_of(request, object_id)
    if request.method not in {"GET", "POST"}:
        return HttpResponseNotAllowed(["GET", "POST"])
    may = request.user.has_perm(PUBLISHING)
    text = ""
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        text = request.POST.get("text", "").replace("\x00", "")[:LONGEST_NOTE]
        try:
            _act(request, cycle, text)
        except ValidationError as error:
            messages.error(request, _("Nothing was done. %s") % " ".join(error.messages))
        else:
            return HttpResponseRedirect(request.path)
    own = Initiative.objects.filter(cycle=cycle).select_related("reported_by", "reporting_state")
    sign = "" if cycle.is_closed else document.digest(document.of(cycle))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Closing: %s") % cycle,
        "opts": model_admin.opts,
        "cycle": cycle,
        "may": may,
        "verified": own.verified().order_by("title"),
        "waiting": own.waiting().order_by("title"),
        "others": own.left_behind().exclude(pk__in=own.waiting().values("pk")).order_by("title"),
        "corrections": cycle.corrections.select_related("by"),
        "sign": sign,
        "text": text,
    }
    return TemplateResponse(request, "admin/dialogues/close.html", context)


def _act(request, cycle, text):
    """Raises ValidationError."""
    if "_correct" in request.POST:
        cycle.correct(by=request.user, text=text)
        messages.success(request, _("The note stands beside the snapshot."))
        return
    if "_close" not in request.POST:
        raise ValidationError(_("Press one of the buttons."))
    if not cycle.is_closed and request.POST.get("sign") != document.digest(document.of(cycle)):
        raise ValidationError(_("What is verified is not what it was when you looked at it. Look again."))
    cycle.close(by=request.user, leave_out="leave_out" in request.POST)
    messages.success(request, _("“%s” is closed. What it says does not change any more.") % cycle)
