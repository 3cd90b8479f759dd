"""The form of a publication with its files, and its vocabularies."""

from django.contrib import admin
from django.forms import FileInput
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.admin import SOURCE, EditorialAdmin, OwnVocabulary, Rows, TranslatedAdmin
from portal.languages import columns
from publications import models
from publications.admin.uploads import FilesFormSet, PublicationForm, save_more


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
    formset = FilesFormSet
    fields = ("file", "language", "position", "what_it_is", "text")
    readonly_fields = ("what_it_is", "text")
    view_on_site = False
    extra = 1

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "file":
            kwargs |= {"widget": StoredFileInput, "max_length": None}  # the name in the store is short
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


MORE_FILES = (None, {"fields": [("more_files", "more_files_language")]})


@admin.register(models.Publication)
class PublicationAdmin(EditorialAdmin):
    form = PublicationForm
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
        "domains",
        "activities",
    )
    bulk_fields = (
        *EditorialAdmin.bulk_fields,
        "type",
        "language",
        "audience",
        "embargo_until",
        "licence",
        "series",
        "publisher",
        "place",
        "meeting",
        "instrument",
        "countries",
        "country_groups",
        "regions",
        "themes",
        "projects",
        "dialogues",
        "domains",
    )
    layout = (
        (None, {"fields": ["title", "subtitle", "title_is_descriptive", "type", ("date", "language"), "abstract"]}),
        ContributorRows,
        FileRows,
        MORE_FILES,
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
                    "domains",
                    "activities",
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

    def _readable(self, names):
        """Who may only look chooses no files."""
        return super()._readable([name for name in names if "more_files" not in name])

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        save_more(form.instance)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        if form.is_bound:
            form.ask_for_uploads_again()
        return super().render_change_form(request, context, add, change, form_url, obj)


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
