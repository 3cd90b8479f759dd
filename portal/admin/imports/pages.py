"""The list of imports, the form that begins one, and the page that shows what it would do."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.admin.imports import background, likeness
from portal.admin.imports import names as unknown_names
from portal.admin.imports.entries import EntryPages
from portal.admin.imports.forms import SourceForm
from portal.admin.imports.rights import judge_for, limits_of
from portal.admin.imports.rows import counts_of, in_order, reader_of, rows_of, values_in_words
from portal.admin.several.undo import way_back
from portal.imports import carrying_out, planning, readers
from portal.imports.planning import CLOSED
from portal.models import Import
from portal.models.imports import Action

State = Import.State
PER_PAGE = 50


@admin.register(Import)
class ImportAdmin(EntryPages, admin.ModelAdmin):
    list_display = ("__str__", "what", "state", "by", "at", "done_at")
    list_filter = ("state",)
    search_fields = ("name",)
    ordering = ("-at",)
    show_full_result_count = False
    actions = None

    def get_queryset(self, request):
        return super().get_queryset(request).listed()

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("Imports")} | (extra_context or {}))

    @admin.display(description=gettext_lazy("what it is"), ordering="reader")
    def what(self, imported):
        return reader_of(imported).label if reader_of(imported) else imported.reader

    def has_add_permission(self, request):
        return any(reader.may_use(request.user) for reader in readers.all())

    def has_change_permission(self, request, obj=None):
        """Its person decides about it, and nobody else."""
        return self.has_add_permission(request) and (obj is None or obj.by_id == request.user.pk)

    def has_delete_permission(self, request, obj=None):
        return False

    def has_module_permission(self, request):
        """The front page leads to them beside its button for importing, not among the vocabularies."""
        return False

    # Begin

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        own = [reader for reader in readers.all() if reader.may_use(request.user)]
        reader = next((one for one in own if one.name == request.GET.get("reader")), None)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("Import")}
        if reader is None:
            context["readers"] = [(one, limits_of(one, request.user)) for one in own]
            return TemplateResponse(request, "admin/portal/imports/choose.html", context)
        form = SourceForm(reader, request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            return self._begin(request, reader, form)
        limits = limits_of(reader, request.user)
        context |= {"reader": reader, "form": form, "title": reader.label, "limits": limits}
        return TemplateResponse(request, "admin/portal/imports/begin.html", context)

    def _begin(self, request, reader, form):
        name, content = form.source
        options = form.cleaned_data.get("options") or {}
        imported = carrying_out.begin(reader.name, request.user, name or options.get("name", ""), content, options)
        background.read.enqueue(str(imported.pk))
        return HttpResponseRedirect(reverse("admin:portal_import_change", args=[imported.pk]))

    # Look, and decide

    def history_view(self, request, object_id, extra_context=None):
        """Its page says who began it and when it was carried out; it has no other past."""
        return self._look(request, self._seen(request, object_id), {"is_own": False, "may_choose": False})

    def change_view(self, request, object_id, form_url="", extra_context=None):
        imported = self._seen(request, object_id)
        if request.method != "POST":
            return self._look(request, imported)
        if not self.has_change_permission(request, imported):
            raise PermissionDenied
        self._act(request, imported)
        return HttpResponseRedirect(request.get_full_path())

    def _seen(self, request, object_id):
        imported = self.get_object(request, unquote(object_id))
        if imported is None:
            raise Http404
        if not self.has_view_permission(request, imported):
            raise PermissionDenied
        return imported

    def _look(self, request, imported, otherwise=()):
        context = self._plan(request, imported) | dict(otherwise)
        return TemplateResponse(request, "admin/portal/imports/plan.html", context)

    def _act(self, request, imported):
        try:
            if "_discard" in request.POST and imported.state in {State.READ, State.WAITING, State.FAILED}:
                carrying_out.discard(imported)
                self.message_user(request, _("Discarded: no row was written."))
            elif imported.state == State.READ and (self._take(request, imported) or "_carry_out" not in request.POST):
                planning.plan(imported, judge_for(request))
                Import.objects.filter(pk=imported.pk).update(problem="")
                if "_carry_out" in request.POST:
                    words = _("Nothing is written yet: your choices were taken. Look at the rows, then bring them in.")
                    self.message_user(request, words, messages.WARNING)
            elif "_carry_out" in request.POST:
                self._carry_out(request, imported)
        except (ValidationError, IntegrityError) as refused:
            self.message_user(request, " ".join(getattr(refused, "messages", [str(refused)])), messages.ERROR)

    def _take(self, request, imported):
        """What was chosen on the page, whichever button sent it. Whether any of it is other than before, or wrong."""
        before = {key: one["pk"] for key, one in imported.names.items()}
        created, problems = unknown_names.choose(imported, request)
        answers = 0
        try:
            with transaction.atomic():
                answers = likeness.choose(imported, request.POST)
        except ValidationError as error:
            problems += error.messages
        if created:
            self.message_user(request, _("Created: %s.") % ", ".join(f"“{one}”" for one in created))
        for problem in problems:
            self.message_user(request, problem, messages.ERROR)
        return bool(problems or answers) or before != {key: one["pk"] for key, one in imported.names.items()}

    def _carry_out(self, request, imported):
        leave_out = "leave_out" in request.POST
        if carrying_out.stands_against(imported) and not leave_out:
            raise ValidationError(_("Something in it cannot be brought in: mend it, or agree to leave it out."))
        if not Import.objects.filter(pk=imported.pk, state__in=(State.READ, State.AGREED)).update(
            state=State.AGREED, problem=""
        ):
            raise ValidationError(_("This import is not waiting to be carried out."))
        background.carry_out.enqueue(str(imported.pk), leave_out)
        imported.refresh_from_db()
        if imported.state == State.DONE:  # else the page itself says what stood against it
            self.message_user(request, _("Carried out."), messages.SUCCESS)

    def _plan(self, request, imported):
        counted = dict(imported.lines.order_by().values_list("action").annotate(n=Count("pk")))
        chosen = request.GET.get("action", "")
        chosen = chosen if chosen in counted else ""
        lines = in_order(imported.lines.select_related("target__content_type"))
        page = Paginator(lines.filter(action=chosen) if chosen else lines, PER_PAGE).get_page(request.GET.get("p"))
        is_own, reader = self.has_change_permission(request, imported), reader_of(imported)
        is_open, n = imported.state == State.READ, sum(counted.values())
        refused = is_open and is_own and Action.REFUSE in counted
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(imported),
            "imported": imported,
            "reader": reader,
            "is_own": is_own,
            "may_choose": is_own and is_open,
            "limits": limits_of(reader, request.user) if refused and reader else "",
            "counts": counts_of(imported, counted),
            "chosen": chosen,
            "page": page,
            "page_range": page.paginator.get_elided_page_range(page.number),
            "rows": list(rows_of(imported, list(page))),
            **unknown_names.page_of(imported, request, may_choose=is_own),
            "asks_for_likeness": is_open and likeness.asks(imported),
            "stands_against": carrying_out.stands_against(imported),
            "closed": sum(counted.get(action, 0) for action in CLOSED) if is_open else 0,
            "writes": sum(counted.get(action, 0) for action in (Action.CREATE, Action.UPDATE)),
            "values": values_in_words(imported),
            "wording": ngettext("%s row", "%s rows", n) % n,
            "way_back": way_back(request, self.admin_site, imported.batch) if imported.state == State.DONE else None,
        }
