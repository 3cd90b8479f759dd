"""A list as a file to edit elsewhere, and back: links above the lists of models that have a sheet (portal/sheets)."""

from django.contrib.admin.options import IS_POPUP_VAR, IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponseNotAllowed, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode

from portal.imports import readers
from portal.sheets import registry, writing

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = ("csv", "xlsx")


class SheetLinks:
    """Who may see a list may take it along as it is filtered; who may add or change brings it back."""

    def get_urls(self):
        if not registry.of_model(self.model):
            return super().get_urls()
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/<slug:sheet>.<slug:format>", view, name=self._export_name), *super().get_urls()]

    @property
    def _export_name(self):
        return f"{self.opts.app_label}_{self.opts.model_name}_export"

    def changelist_view(self, request, extra_context=None):
        own = registry.of_model(self.model) if IS_POPUP_VAR not in request.GET else []
        links = [link for sheet in own for link in self._links(request, sheet)]
        return super().changelist_view(request, {"sheet_links": links} | (extra_context or {}))

    def _links(self, request, sheet):
        asked = request.GET.copy()
        asked.pop("p", None)
        for format in FORMATS:
            url = reverse(f"admin:{self._export_name}", args=[sheet.name, format])
            yield {"url": f"{url}?{asked.urlencode()}" if asked else url, "sheet": sheet, "format": format.upper()}
        if readers.get(sheet.name).may_use(request.user):
            url = reverse("admin:portal_import_add")
            yield {"url": f"{url}?{urlencode({'reader': sheet.name})}", "sheet": sheet, "format": ""}

    def export_view(self, request, sheet, format):
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        found = next((one for one in registry.of_model(self.model) if one.name == sheet), None)
        if found is None or format not in FORMATS:
            raise Http404
        try:
            chosen = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))
        name = f"{found.name}-{timezone.localdate():%Y-%m-%d}.{format}"
        if format == "csv":
            parts = writing.as_csv(found.header(), found.lines(chosen))
            response = StreamingHttpResponse(parts, content_type="text/csv; charset=utf-8")
            response["Content-Disposition"] = f'attachment; filename="{name}"'
            return response
        file = writing.as_workbook(found.header(), found.lines(chosen), found.name)
        return FileResponse(file, as_attachment=True, filename=name, content_type=WORKBOOK)
