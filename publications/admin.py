"""The admin of publications, their files and the pages that were read from them."""

from django.contrib import admin
from django.forms import FileInput
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.admin import SOURCE, EditorialAdmin, OwnVocabulary, PortalAdmin, Rows, TranslatedAdmin
from portal.languages import columns
from publications import models


class StoredFileInput(FileInput):
    """Files have no address of their own in the store, so the stock widget, which links to it, cannot be used."""

    template_name = "admin/portal/file_input.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        stored = value and getattr(value, "_committed", False)
        context["stored"] = value.instance if stored else None
        return context


class ContributorRows(Rows):
    model = models.Contributor
    fields = ("role", "family_name", "given_name", "orcid", "organisation", "position")
    autocomplete_fields = ("organisation",)
    extra = 2


class FileRows(Rows):
    model = models.PublicationFile
    fields = ("file", "language", "position", "what_it_is", "text")
    readonly_fields = ("what_it_is", "text")
    view_on_site = False
    extra = 1

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "file":
            kwargs["widget"] = StoredFileInput
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("what it is"))
    def what_it_is(self, file):
        if not file.sha256:
            return "–"
        pages = ngettext("%s page", "%s pages", file.pages) % file.pages if file.pages else ""
        return " · ".join(part for part in (file.format.upper(), filesizeformat(file.size), pages) if part)

    @admin.display(description=_("text"))
    def text(self, file):
        return file.get_state_display() if file.sha256 else "–"


class IdentifierRows(Rows):
    model = models.PublicationIdentifier
    fields = ("scheme", "value")
    extra = 1


@admin.register(models.Publication)
class PublicationAdmin(EditorialAdmin):
    list_display = ("title", "shown_state", "type", "date", "audience", "changed_at", "changed_by")
    list_filter = (*EditorialAdmin.list_filter, "type", "audience", "is_forthcoming", "regions", "series")
    list_select_related = ("changed_by", "type")
    search_fields = (
        *EditorialAdmin.search_fields,
        *columns("subtitle"),
        "contributors__family_name",
        "identifiers__value",
    )
    autocomplete_fields = (
        *EditorialAdmin.autocomplete_fields,
        "type",
        "series",
        "publisher",
        "replaces",
        "translation_of",
        "countries",
        "country_groups",
        "regions",
        "themes",
        "projects",
        "dialogues",
        "meeting",
        "instrument",
    )
    layout = (
        (None, {"fields": ["title", "subtitle", "title_is_descriptive", "type", ("date", "language"), "abstract"]}),
        ContributorRows,
        FileRows,
        (
            _("What it is about"),
            {
                "fields": [
                    "countries",
                    "country_groups",
                    "regions",
                    "themes",
                    "projects",
                    "dialogues",
                    "meeting",
                    "instrument",
                ],
            },
        ),
        (_("Who may read it"), {"fields": ["audience", "embargo_until", "licence"]}),
        IdentifierRows,
        (
            _("Series, edition, imprint"),
            {
                "classes": ["collapse"],
                "fields": [
                    ("series", "series_number"),
                    ("publisher", "place"),
                    "edition",
                    "replaces",
                    "translation_of",
                    ("is_forthcoming", "date_note"),
                ],
            },
        ),
        SOURCE,
    )


@admin.register(models.PublicationType)
class PublicationTypeAdmin(OwnVocabulary, TranslatedAdmin):
    list_display = ("name", "slug", "csl_type", "position")
    search_fields = (*columns("name"), "slug")
    fields = ("name", "slug", "csl_type", "position")


@admin.register(models.Series)
class SeriesAdmin(OwnVocabulary, TranslatedAdmin):
    list_display = ("title", "slug", "issn")
    search_fields = (*columns("title"), "slug", "issn")
    fields = ("title", "slug", "issn")


@admin.register(models.FilePage)
class FilePageAdmin(PortalAdmin):
    """What was read from a file: to look at. It changes when the file is read again."""

    list_display = ("__str__", "number", "label", "is_ocr")
    list_filter = ("file__language", "file__state", "is_ocr")
    list_select_related = ("file",)
    search_fields = (*columns("file__publication__title"), "file__original_name")
    fields = ("file", ("number", "label", "is_ocr"), "text", "original_text")
    actions = None

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
