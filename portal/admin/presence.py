"""Who else has a record's form open: told when it is opened, then every half minute by a script (presence.js)."""

import logging
import uuid

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.http import Http404, HttpResponse, HttpResponseBadRequest, HttpResponseNotAllowed, JsonResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.admin.decisions import name_of
from portal.models import FormOpen
from portal.models.forms import REPORTING, SILENT

logger = logging.getLogger(__name__)


def in_words(opened):
    at = timezone.localtime(opened.opened_at)
    form = "TIME_FORMAT" if at.date() == timezone.localdate() else "DATETIME_FORMAT"
    return _("%(who)s has had this form open since %(when)s.") % {
        "who": name_of(opened.user),
        "when": date_format(at, form),
    }


def others_at(record, user):
    return [in_words(opened) for opened in FormOpen.objects.of(record).others(user)]


class FormsOpen:
    """For an admin class. Only who may change the record is reported; all who may view it are told."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_open"
        return [
            path("<path:object_id>/open/", self.admin_site.admin_view(self.open_view), name=name),
            *super().get_urls(),
        ]

    def open_view(self, request, object_id):
        """A page reports that it is still open, or that it is left."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        try:
            page = uuid.UUID(request.POST.get("page", ""))
        except ValueError:
            return HttpResponseBadRequest()
        if "left" in request.POST:
            FormOpen.leave(record, request.user, page)
            return HttpResponse(status=204)
        if self.has_change_permission(request, record):
            FormOpen.report(record, request.user, page, lasting=REPORTING)
        return JsonResponse({"others": others_at(record, request.user)})

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            if request.method != "HEAD" and self.has_change_permission(request, obj):
                request.form_opened = (obj, context["form_token"])
            context["others_here"] = others_at(obj, request.user)
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_open"
            context["open_url"] = reverse(name, args=[obj.pk])
        return super().render_change_form(request, context, add, change, form_url, obj)

    def report_opened(self, request):
        """After the form was made, because what is written while a draft is shown is undone. A form is shown even where
        this cannot be written down, as on a full disk.
        """
        if not (opened := getattr(request, "form_opened", None)):
            return
        record, page = opened
        try:
            with transaction.atomic():
                FormOpen.report(record, request.user, page, lasting=SILENT)
        except DatabaseError:
            logger.warning("Who has a form open could not be written down", exc_info=True)
