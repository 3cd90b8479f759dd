"""The admin of projects. The form's order is that of an editor's thoughts; see `layout`."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal.admin import (
    SOURCE,
    EditorialAdmin,
    OwnVocabulary,
    PortalAdmin,
    PortalForm,
    RowForm,
    Rows,
    RowsFormSet,
    TranslatedAdmin,
    TranslatedRows,
    TranslatedTallRows,
)
from portal.languages import columns
from projects import models


class RoleForm(RowForm):
    money = "amount"


class RolesFormSet(RowsFormSet):
    def rows_to_check(self):
        """Shares are added up over rows with another mistake too, so that both are told at once."""
        stay = (form for form in self.forms if self._stays(form))
        return [form.instance for form in stay if not {"role", "organisation", "share"} & set(form.errors)]


class RoleRows(Rows):
    form = RoleForm
    formset = RolesFormSet
    model = models.ProjectRole
    verbose_name_plural = _("who pays and who takes part")
    fields = ("role", "organisation", "share", "amount", "currency", "note")
    autocomplete_fields = ("organisation",)
    extra = 2


class CallRows(TranslatedRows):
    model = models.Call
    fields = ("title", "closes", "kind", "opens", "url")
    extra = 1


class ResultRows(TranslatedTallRows):
    model = models.Result
    fields = (("kind", "number", "position"), "title", "text")
    classes = ("collapse",)


class LinkRows(TranslatedRows):
    model = models.Link
    fields = ("label", "url", "note", "position")
    classes = ("collapse",)
    extra = 1


class UpdateRows(TranslatedTallRows):
    model = models.Update
    fields = ("date", "title", "text")
    classes = ("collapse",)


class OutputRows(TranslatedRows):
    model = models.Output
    fields = ("title", "date", "url", "position")
    classes = ("collapse",)
    extra = 1


class RelationRows(Rows):
    model = models.ProjectRelation
    fk_name = "project"
    fields = ("kind", "other", "note")
    autocomplete_fields = ("other",)
    classes = ("collapse",)
    extra = 1


class NameRows(Rows):
    model = models.ProjectName
    fields = ("name", "kind")
    classes = ("collapse",)
    extra = 1


class IdentifierRows(Rows):
    model = models.ProjectIdentifier
    fields = ("scheme", "value")
    classes = ("collapse",)
    extra = 1


class ProjectForm(PortalForm):
    money = "budget"


@admin.register(models.Project)
class ProjectAdmin(EditorialAdmin):
    form = ProjectForm
    list_display = ("title", "shown_state", "acronym", "period", "changed_at", "changed_by")
    list_filter = (*EditorialAdmin.list_filter, "regions", "programme")
    search_fields = (*EditorialAdmin.search_fields, "acronym", "other_names__name", "identifiers__value")
    autocomplete_fields = (
        *EditorialAdmin.autocomplete_fields,
        "countries",
        "regions",
        "country_groups",
        "themes",
        "programme",
        "dialogues",
        "domains",
        "initiatives",
    )
    bulk_fields = (
        *EditorialAdmin.bulk_fields,
        "programme",
        "stage_stated",
        "stage_as_of",
        "countries",
        "regions",
        "country_groups",
        "themes",
        "dialogues",
        "domains",
    )
    layout = (
        (None, {"fields": ["title", "acronym", "objective", "countries", ("start", "end")]}),
        RoleRows,
        CallRows,
        (
            _("Where else, and for whom"),
            {
                "fields": ["regions", "country_groups", "themes", "themes_inferred", "target_groups", "other_partners"],
            },
        ),
        (
            _("In full"),
            {
                "fields": [
                    "summary",
                    ("programme", "phase"),
                    ("budget", "currency"),
                    "dialogues",
                    "domains",
                    "initiatives",
                    ("stage_stated", "stage_as_of"),
                ]
            },
        ),
        ResultRows,
        LinkRows,
        UpdateRows,
        OutputRows,
        RelationRows,
        NameRows,
        IdentifierRows,
        SOURCE,
    )

    @admin.display(description=_("period"), ordering="start_first")
    def period(self, project):
        return project.period


@admin.register(models.Programme)
class ProgrammeAdmin(OwnVocabulary, TranslatedAdmin):
    list_display = ("name", "acronym", "slug")
    search_fields = (*columns("name"), "acronym", "slug")
    fields = ("name", "acronym", "slug", "description")


@admin.register(models.LegacyPhrase)
class LegacyPhraseAdmin(OwnVocabulary, PortalAdmin):
    """Editors add to the list as they meet new pages."""

    list_display = ("phrase", "language", "meaning", "is_label", "value")
    list_filter = ("language", "is_label", "meaning")
    search_fields = ("phrase", "folded")
    fields = ("phrase", "language", "meaning", "is_label", "value", "note")
