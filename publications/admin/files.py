"""The list of all files: which were read and how well, which failed and why, and the buttons to try again."""

from django.contrib import admin, messages
from django.db.models import Count
from django.template.defaultfilters import filesizeformat, truncatechars
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.admin import PortalAdmin
from portal.admin.decisions import is_closed_to
from portal.languages import columns
from portal.models import AuditEntry
from publications.extraction import ask_for
from publications.models import FilePage, PublicationFile

State = PublicationFile.State
POOR = 0.7


class QualityFilter(admin.SimpleListFilter):
    title = gettext_lazy("text")
    parameter_name = "quality"

    def lookups(self, request, model_admin):
        return [
            ("poor", gettext_lazy("Hard to read")),
            ("ocr", gettext_lazy("Recognised from pictures")),
            ("without", gettext_lazy("With pages without text")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "poor":
            return queryset.filter(text_quality__lt=POOR)
        chosen = {"ocr": {"is_ocr": True}, "without": {"text": ""}}.get(self.value())
        return queryset.filter(pk__in=FilePage.objects.filter(**chosen).values("file")) if chosen else queryset


@admin.register(PublicationFile)
class PublicationFileAdmin(PortalAdmin):
    """To look at, and to have read again. Files are added and replaced in the form of their publication."""

    change_form_template = "admin/publications/publicationfile/change_form.html"
    list_display = (
        "original_name",
        "publication",
        "language",
        "format",
        "state",
        "pages",
        "quality",
        "attempts",
        "note",
    )
    list_filter = ("state", QualityFilter, "format", "language")
    list_select_related = ("publication",)
    search_fields = (*columns("publication__title"), "publication__slug", "original_name", "sha256")
    ordering = ("-added_at", "pk")
    readonly_fields = ("record", "what_it_is", "quality", "read_pages")
    fields = (
        "record",
        "original_name",
        ("language", "what_it_is"),
        ("state", "attempts", "leased_until"),
        "last_error",
        ("quality", "read_pages"),
        "sha256",
        "added_at",
    )
    actions = ("extract_again",)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_extract_permission(self, request):
        return request.user.has_perm("publications.change_publication")

    @admin.display(description=gettext_lazy("text quality"), ordering="text_quality")
    def quality(self, file):
        return "–" if file.text_quality is None else f"{file.text_quality:.0%}"

    @admin.display(description=gettext_lazy("note"))
    def note(self, file):
        return truncatechars(file.last_error, 90)

    @admin.display(description=gettext_lazy("what it is"))
    def what_it_is(self, file):
        return f"{file.format.upper()} · {filesizeformat(file.size)}"

    @admin.display(description=gettext_lazy("publication"))
    def record(self, file):
        url = reverse("admin:publications_publication_change", args=[file.publication_id])
        return format_html('<a href="{}">{}</a>', url, file.publication)

    @admin.display(description=gettext_lazy("pages that were read"))
    def read_pages(self, file):
        url = reverse("admin:publications_filepage_changelist")
        return format_html('<a href="{}?file__id__exact={}">{}</a>', url, file.pk, file.text_pages.count())

    def changelist_view(self, request, extra_context=None):
        found = dict(PublicationFile.objects.order_by().values_list("state").annotate(Count("pk")))
        counts = [(state.value, state.label, found.get(state.value, 0)) for state in State]
        told = {"counts": counts, "may_extract": self.has_extract_permission(request)}
        return super().changelist_view(request, told | (extra_context or {}))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["may_extract"] = self.has_extract_permission(request) and not is_closed_to(
            request.user, obj.publication
        )
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.action(description=gettext_lazy("Extract the text again"), permissions=["extract"])
    def extract_again(self, request, queryset):
        """What a live record says on its pages changes with it, so it is for those who may change the record."""
        files = list(queryset.select_related("publication"))
        taken = [file for file in files if not is_closed_to(request.user, file.publication)]
        for file in taken:
            AuditEntry.record(file, "extract again", request.user)
        ask_for(*taken)
        if closed := [f"“{file.publication}”" for file in files if file not in taken]:
            left = _("Live or in review, so left to those who may publish: %s") % ", ".join(dict.fromkeys(closed))
            self.message_user(request, left, messages.WARNING)
        if taken:
            done = ngettext(
                "The text of %s file will be read again.", "The text of %s files will be read again.", len(taken)
            )
            self.message_user(request, done % len(taken), messages.SUCCESS)
