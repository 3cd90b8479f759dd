"""The list of imports, the form that begins one, and the page that shows what it would do."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db.models import Count
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.admin.imports import background, likeness
from portal.admin.imports.entries import EntryPages, entry_url
from portal.admin.imports.forms import SourceForm
from portal.admin.imports.names import choose, names_of
from portal.admin.imports.rights import judge_for
from portal.imports import carrying_out, planning, readers
from portal.models import Import
from portal.models.imports import Action
from portal.versions.comparing import CHANGED

State = Import.State
PER_PAGE = 50
MOST_COUNTED = 500  # records whose values are counted


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

    # Begin

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        own = [reader for reader in readers.all() if reader.may_use(request.user)]
        reader = next((one for one in own if one.name == request.GET.get("reader")), None)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("Import"), "readers": own}
        if reader is None:
            return TemplateResponse(request, "admin/portal/imports/choose.html", context)
        form = SourceForm(reader, request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            return self._begin(request, reader, form)
        context |= {"reader": reader, "form": form, "title": reader.label}
        return TemplateResponse(request, "admin/portal/imports/begin.html", context)

    def _begin(self, request, reader, form):
        name, content = form.source
        options = form.cleaned_data.get("options") or {}
        imported = carrying_out.begin(reader.name, request.user, name or options.get("name", ""), content, options)
        background.read.enqueue(str(imported.pk))
        return HttpResponseRedirect(reverse("admin:portal_import_change", args=[imported.pk]))

    # Look, and decide

    def change_view(self, request, object_id, form_url="", extra_context=None):
        imported = self.get_object(request, unquote(object_id))
        if imported is None:
            raise Http404
        if not self.has_view_permission(request, imported):
            raise PermissionDenied
        if request.method == "POST":
            if not self.has_change_permission(request, imported):
                raise PermissionDenied
            self._act(request, imported)
            return HttpResponseRedirect(request.get_full_path())
        return TemplateResponse(request, "admin/portal/imports/plan.html", self._plan(request, imported))

    def _act(self, request, imported):
        try:
            if "_discard" in request.POST and imported.state in {State.READ, State.WAITING, State.FAILED}:
                carrying_out.discard(imported)
                self.message_user(request, _("Discarded: no row was written."))
            elif "_again" in request.POST and imported.state == State.READ:
                planning.plan(imported, judge_for(request))
                Import.objects.filter(pk=imported.pk).update(problem="")
            elif "_names" in request.POST and imported.state == State.READ:
                if created := choose(imported, request):
                    self.message_user(request, _("Created: %s.") % ", ".join(f"“{one}”" for one in created))
                planning.plan(imported, judge_for(request))
            elif "_likeness" in request.POST and imported.state == State.READ:
                likeness.choose(imported, request.POST)
                planning.plan(imported, judge_for(request))
            elif "_carry_out" in request.POST:
                self._carry_out(request, imported)
        except (ValidationError, IntegrityError) as refused:
            self.message_user(request, " ".join(getattr(refused, "messages", [str(refused)])), messages.ERROR)

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
        counts = dict(imported.lines.order_by().values_list("action").annotate(n=Count("pk")))
        chosen = request.GET.get("action", "")
        lines = imported.lines.select_related("target__content_type")
        page = Paginator(lines.filter(action=chosen) if chosen in counts else lines, PER_PAGE).get_page(
            request.GET.get("p")
        )
        shown = list(page)
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(imported),
            "imported": imported,
            "reader": reader_of(imported),
            "is_own": self.has_change_permission(request, imported),
            "counts": [(action, Action(action).label, counts[action]) for action in Action.values if action in counts],
            "chosen": chosen,
            "page": page,
            "rows": list(rows_of(imported, shown)),
            "names": list(names_of(imported, request.user)),
            "asks_for_likeness": imported.state == State.READ and likeness.asks(imported),
            "stands_against": carrying_out.stands_against(imported),
            "makes_drafts": imported.targets.filter(as_draft=True, action=Action.UPDATE).exists(),
            "writes": sum(counts.get(action, 0) for action in (Action.CREATE, Action.UPDATE)),
            "values": values_in_words(imported),
            "wording": ngettext("%s row", "%s rows", imported.lines.count()) % imported.lines.count(),
            "query": {"action": chosen} if chosen else {},
        }


def values_in_words(imported):
    """How many values of what is there would change; nothing where that takes long to say."""
    if imported.state != State.READ:
        return ""
    updating = imported.targets.filter(action=Action.UPDATE).select_related("content_type")
    targets = list(updating[: MOST_COUNTED + 1])
    if not targets or len(targets) > MOST_COUNTED:
        return ""
    n = sum(count_values(step.subject) for step in planning.steps_of(imported, targets))
    return ngettext("%s value changes.", "%s values change.", n) % n


def count_values(subject):
    """Fields and links that change, of its rows too; a row that comes or goes counts once."""
    rows = [row for one in subject.differences for row in one.rows]
    alone = sum(not one.rows for one in subject.differences)
    return alone + sum(len(row.differences) if row.kind == CHANGED else 1 for row in rows)


def reader_of(imported):
    """None for one of an app that is no longer there."""
    return next((reader for reader in readers.all() if reader.name == imported.reader), None)


def rows_of(imported, lines):
    """Lines with the differences they would make, of those on one page; the record where there is one."""
    targets = {line.target_id: line.target for line in lines if line.target_id}
    has_look = (reader := reader_of(imported)) is not None and reader.look is not None
    steps = {}
    if imported.state == State.READ:
        steps = {step.target.pk: step for step in planning.steps_of(imported, list(targets.values()))}
    told, likely = set(), likeness.records_of(targets.values())
    for line in lines:
        step = steps.get(line.target_id)
        is_first = step is not None and line.target_id not in told
        told.add(line.target_id)
        yield {
            "line": line,
            "action": Action(line.action),
            "url": url_of(line.target) if line.target_id else "",
            "differences": step.subject.differences if is_first and step.subject.changes else [],
            "is_new": step.is_new if step else False,
            "entry_url": entry_url(imported, line.target) if has_look and line.target_id else "",
            "likely": likely.get(line.target_id) if is_first else None,
            "otherwise": step.otherwise if is_first else [],
        }


def url_of(target):
    """The form of the record, where there is one."""
    model = target.content_type.model_class()
    if not target.object_id or model is None or not admin.site.is_registered(model):
        return ""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[target.object_id])
