"""The admin of the pages that were read from files: to look at, and to accept or refuse what was repaired."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.admin import PortalAdmin
from portal.languages import columns
from publications.models import FilePage, RepairDecision
from publications.pages import decide, decisions_on, may_decide
from publications.templatetags.pages import repair_rows

MOST_ROWS = 300  # shown and chosen one by one; the buttons for all of them take the others too
VERDICTS = {"accept": "accepted", "refuse": "refused", "reopen": ""}


class RepairFilter(admin.SimpleListFilter):
    title = gettext_lazy("repairs")
    parameter_name = "repairs"

    def lookups(self, request, model_admin):
        return [("open", _("Repaired, nobody has looked")), ("any", _("Repaired")), ("gaps", _("With gaps"))]

    def queryset(self, request, queryset):
        looked_at = RepairDecision.objects.filter(sha256=OuterRef("file__sha256"), number=OuterRef("number"))
        return {
            "open": lambda: queryset.filter(Q(repairs__gt=0) | Q(gaps__gt=0)).filter(~Exists(looked_at)),
            "any": lambda: queryset.filter(repairs__gt=0),
            "gaps": lambda: queryset.filter(gaps__gt=0),
        }.get(self.value(), lambda: queryset)()


@admin.register(FilePage)
class FilePageAdmin(PortalAdmin):
    """What was read from a file. It changes when the file is read again, and by decisions on its repairs."""

    change_form_template = "admin/publications/page.html"
    list_display = ("__str__", "number", "label", "repairs", "gaps", "quality", "is_ocr")
    list_filter = (RepairFilter, "is_ocr", "file__language", "file__state")
    list_select_related = ("file",)
    search_fields = (*columns("file__publication__title"), "file__original_name")
    fields = ("file", ("number", "label", "is_ocr"), ("repairs", "gaps", "quality"), "original_text")
    actions = None

    def get_queryset(self, request):
        return super().get_queryset(request).defer("tokens")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        name = "publications_filepage_repairs"
        return [
            path("<path:object_id>/repairs/", self.admin_site.admin_view(self.repairs_view), name=name),
            *super().get_urls(),
        ]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        by = {decision.token: decision for decision in decisions_on(obj)}
        rows = repair_rows(obj)
        context |= {
            "repairs": [{"row": row, "decision": by.get(row.key)} for row in rows[:MOST_ROWS]],
            "more_repairs": max(0, len(rows) - MOST_ROWS),
            "may_decide": may_decide(request.user, obj.file.publication),
            "repairs_url": reverse("admin:publications_filepage_repairs", args=[obj.pk]),
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def repairs_view(self, request, object_id):
        """One act: accept, refuse or reopen, those that were ticked or all of them."""
        page = self.get_object(request, unquote(object_id))
        if page is None:
            raise Http404
        if not self.has_view_permission(request, page) or not may_decide(request.user, page.file.publication):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        act, _dash, scope = request.POST.get("act", "").partition("-")
        try:
            if act not in VERDICTS:
                raise ValidationError(_("There is no such decision."))
            keys = None if scope == "all" else request.POST.getlist("token")
            n = decide(page, VERDICTS[act], request.user, keys)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        else:
            done = {
                "accept": ngettext("%s repair accepted.", "%s repairs accepted.", n),
                "refuse": ngettext(
                    "%s repair refused: the page shows the original there.",
                    "%s repairs refused: the page shows the originals there.",
                    n,
                ),
                "reopen": ngettext("%s repair is open again.", "%s repairs are open again.", n),
            }
            self.message_user(request, done[act] % n, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:publications_filepage_change", args=[page.pk]) + "#repairs")
