"""The page of one entry of an import: what its reader shows of it, and lets its person correct before it is written."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _

from portal.admin import origins
from portal.admin.imports.rights import judge_for
from portal.imports import planning, readers
from portal.models import Import


class EntryPages:
    """For the admin of imports."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("origins/<str:label>/<path:object_id>/", view(self.origins_view), name="portal_import_origins"),
            path("<path:object_id>/entry/<int:position>/", view(self.entry_view), name="portal_import_entry"),
            *super().get_urls(),
        ]

    def origins_view(self, request, label, object_id):
        return origins.page(self, request, label, object_id)

    def entry_view(self, request, object_id, position):
        imported = self.get_object(request, unquote(object_id))
        if imported is None:
            raise Http404
        may_change = self.has_change_permission(request, imported)
        if not self.has_view_permission(request, imported) or (request.method == "POST" and not may_change):
            raise PermissionDenied
        target = get_object_or_404(imported.targets.select_related("content_type"), position=position)
        reader = next((one for one in readers.all() if one.name == imported.reader), None)
        if reader is None or reader.look is None:
            raise Http404
        is_open = imported.state == Import.State.READ
        if request.method == "POST" and not is_open:
            self.message_user(request, _("This import is not waiting any more: nothing was saved."), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        if request.method == "POST" and request.POST.get("_left_out") in {"yes", "no"}:
            target.left_out = request.POST["_left_out"] == "yes"
            target.save(update_fields=["left_out"])
            planning.plan(imported, judge_for(request))
            return HttpResponseRedirect(request.get_full_path())
        plan_url = reverse("admin:portal_import_change", args=[imported.pk])
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": target.label,
            "imported": imported,
            "target": target,
            "can_change": may_change and is_open,
            "plan_url": plan_url,
            "before": self._beside(imported, target, position__lt=position),
            "after": self._beside(imported, target, position__gt=position),
            "count": imported.targets.count(),
        }
        return reader.look(request, target, context)

    def _beside(self, imported, target, **where):
        found = imported.targets.filter(**where)
        one = found.last() if "position__lt" in where else found.first()
        return one and {"label": one.label, "url": entry_url(imported, one)}


def entry_url(imported, target):
    return reverse("admin:portal_import_entry", args=[imported.pk, target.position])


__all__ = ["EntryPages", "entry_url"]
