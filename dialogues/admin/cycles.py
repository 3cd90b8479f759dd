"""Data-collection cycles, what is reported in them, and who reports. A verified initiative is public, a closed cycle is
frozen; the steps between are on pages of their own (reviewing.py, closing.py).
"""

from django.contrib import admin
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogues import models
from dialogues.admin import closing, reviewing
from portal.admin import PartAdmin, PartForm, PlainPartAdmin
from portal.admin.base import may_decide
from portal.admin.decisions import in_words, name_of
from portal.admin.versioned import PortalAdmin
from portal.languages import columns


@admin.register(models.Cycle)
class CycleAdmin(PlainPartAdmin):
    hangs_on = ("dialogue",)
    is_added_at_once = True
    change_form_template = "admin/dialogues/cycle_form.html"
    list_display = ("__str__", "start", "end", "closed", "steps_of_it")
    list_filter = ("dialogue",)
    list_select_related = ("dialogue", "snapshot")
    search_fields = (*columns("dialogue__title"), "number")
    autocomplete_fields = ("dialogue",)
    readonly_fields = ("closed",)
    fields = (("dialogue", "number"), ("start", "end"), "note", "closed")

    @admin.display(description=gettext_lazy("closed"))
    def closed(self, cycle):
        return in_words(cycle.closed_at) if cycle.pk and cycle.closed_at else None

    @admin.display(description=gettext_lazy("quality check"))
    def steps_of_it(self, cycle):
        links = ((reverse(f"admin:dialogues_cycle_{name}", args=[cycle.pk]), label) for name, label in self.pages())
        return format_html_join(" · ", '<a href="{}">{}</a>', links)

    def pages(self):
        return [("review", _("What waits")), ("close", _("Closing"))]

    def get_urls(self):
        pages = {"review": reviewing.review, "close": closing.close}
        own = [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(self._page(view)),
                name=f"dialogues_cycle_{name}",
            )
            for name, view in pages.items()
        ]
        return [*own, *super().get_urls()]

    def _page(self, view):
        def page(request, object_id):
            return view(self, request, object_id)

        return page

    def why_closed(self, request, obj, by_draft=False):
        if obj.is_closed:
            return _("“%s” is closed: nobody adds to it or changes it any more.") % obj
        return super().why_closed(request, obj, by_draft)


class InitiativeForm(PartForm):
    money = "amount"


@admin.register(models.Initiative)
class InitiativeAdmin(PartAdmin):
    form = InitiativeForm
    hangs_on = ("cycle",)
    is_added_at_once = True
    list_display = ("title", "cycle", "status", "reported_by", "reporting_state", "start", "end")
    list_filter = ("status", "cycle")
    list_select_related = ("cycle__dialogue", "cycle__snapshot", "reported_by", "reporting_state")
    search_fields = columns("title")
    autocomplete_fields = ("cycle", "domains", "countries", "reported_by", "reporting_state", "continues")
    readonly_fields = ("status", "conversation")
    bulk_fields = ("reported_by", "domains", "countries")
    fields = (
        "title",
        "cycle",
        "description",
        "countries",
        "domains",
        ("reported_by", "reporting_state"),
        ("start", "end"),
        ("amount", "currency"),
        "links",
        "continues",
        "status",
        "conversation",
    )

    @admin.display(description=gettext_lazy("quality check"))
    def conversation(self, one):
        thread = one.thread.select_related("by") if one.pk else ()
        told = ((name_of(note.by), in_words(note.at), note.text) for note in thread)
        return format_html("{}", format_html_join("", "<p><b>{}</b>, {}<br>{}</p>", told)) if thread else None

    def why_closed(self, request, obj, by_draft=False):
        """Others have put their name to what is checked: it is reopened first, and then walks its way again."""
        if obj.is_settled:
            told = {"title": obj, "state": obj.get_status_display().lower()}
            return _("“%(title)s” is %(state)s: it has to be reopened before it is changed.") % told
        return super().why_closed(request, obj, by_draft)

    def save_model(self, request, obj, form, change):
        obj.submitted_by = obj.submitted_by or request.user
        obj.changed_by = request.user
        super().save_model(request, obj, form, change)


@admin.register(models.FocalPoint)
class FocalPointAdmin(PortalAdmin):
    """Who reports is said by those who decide: it gives somebody a way to write."""

    list_display = ("user", "dialogue", "organisation", "country", "start", "end")
    list_filter = ("dialogue",)
    list_select_related = ("user", "dialogue", "organisation", "country")
    search_fields = ("user__username", "user__last_name", "user__email")
    autocomplete_fields = ("dialogue", "organisation", "country")
    fields = ("user", "dialogue", ("organisation", "country"), ("start", "end"))

    def _may(self, request):
        return may_decide(request.user, self.opts.app_label)

    def has_add_permission(self, request):
        return super().has_add_permission(request) and self._may(request)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._may(request)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._may(request)
