"""Previews of records in the admin: the page as visitors would see it, and links to it for colleagues."""

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.models import PreviewLink
from portal.versions import preview, rights, sharing
from portal.views.previews import asked_language


class Previews:
    """For the admin of any model; those without a page of their own or of others get no such addresses."""

    def get_urls(self):
        if not preview.has_page(self.model):
            return super().get_urls()
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        watched = self.admin_site.admin_view
        shown, shared = require_safe(self.preview_view), require_http_methods(["GET", "POST"])(self.preview_links_view)
        return [
            path("<path:object_id>/preview/", watched(shown), name=name),
            path("<path:object_id>/preview/links/", watched(shared), name=f"{name}_links"),
            *super().get_urls(),
        ]

    def preview_view(self, request, object_id):
        record, language = self._previewed(request, object_id), asked_language(request)
        try:
            # Only here: a link that strangers hold is drawn once a minute, whatever they ask.
            return preview.draw(record, language, request.user, request.GET, links_url=self._links_url(record))
        except preview.Undrawable as error:
            context = self._preview_context(request, record, _("No preview of %s") % record) | {"why": str(error)}
            return TemplateResponse(request, "admin/portal/preview_failed.html", context, status=409)

    def preview_links_view(self, request, object_id):
        """Makes links, ends them, and lists those that work. A link is shown once: nobody can look it up again."""
        record = self._previewed(request, object_id)
        made = None
        if request.method == "POST":
            try:
                made = self._change_links(request, record)
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
            if made is None:
                return HttpResponseRedirect(request.path)
        standing = sharing.Standing(record)
        context = self._preview_context(request, record, _("Preview of %s: links for colleagues") % record)
        context |= {
            "made": made,
            "links": sharing.listed(standing),
            "days": sharing.LASTS.days,
            "may_end": rights.may_change(request.user, self.model),
            "may_share": sharing.may_share(request.user, standing),
            "is_for_staff": standing.is_for_staff,
            "is_shared_as_draft": standing.draft is not None,
        }
        response = TemplateResponse(request, "admin/portal/preview_links.html", context)
        response["Cache-Control"] = "private, no-store"
        return response

    def _change_links(self, request, record):
        """The address of a new link and when it ends; None where one was ended instead."""
        if ended := request.POST.get("end", ""):
            if not ended.isascii() or not ended.isdigit() or len(ended) > 18:
                raise Http404
            sharing.end(get_object_or_404(PreviewLink.objects.about(record), pk=ended), by=request.user)
            return None
        link, token = sharing.share(record, by=request.user)
        return {"url": settings.SITE_URL + reverse("shared-preview", args=[token]), "until": link.expires_at}

    def _previewed(self, request, object_id):
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        return record

    def _links_url(self, record):
        return reverse(
            f"admin:{self.opts.app_label}_{self.opts.model_name}_preview_links",
            args=[record.pk],
            current_app=self.admin_site.name,
        )

    def _preview_context(self, request, record, title):
        return {**self.admin_site.each_context(request), "title": title, "original": record, "opts": self.opts}
