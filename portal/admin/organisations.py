"""The authority file of organisations, and merging two entries that mean the same one."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.admin.base import may_decide
from portal.admin.forms import PortalForm
from portal.admin.rows import Rows
from portal.admin.versioned import TranslatedAdmin
from portal.admin.vocabularies import BestFirst
from portal.languages import columns
from portal.models import Organisation, OrganisationName

AT_ONCE = 20


class OrganisationNameRows(Rows):
    model = OrganisationName
    fields = ("name", "kind", "start", "end")
    extra = 1


class OrganisationForm(PortalForm):
    """Asks before a second organisation gets a name that one has already; the box appears with the question."""

    is_another = forms.BooleanField(
        label=gettext_lazy("It is another one"), required=False, widget=forms.HiddenInput, initial=False
    )

    def clean(self):
        super().clean()
        for name in (*columns("name"), "acronym"):
            text = self.cleaned_data.get(name)
            if not text or name not in self.changed_data:
                continue
            same = Organisation.objects.filter(merged_into=None).called(text).exclude(pk=self.instance.pk).first()
            if same is None:
                continue
            self.fields["is_another"].widget = forms.CheckboxInput()
            if not self.cleaned_data.get("is_another"):
                self.add_error(name, self._question(same))

    def _question(self, same):
        url = reverse("admin:portal_organisation_change", args=[same.pk])
        link = format_html('<a href="{}">{}</a>', url, same)
        return format_html(_("{} is called so already. Choose it, or tick “It is another one” and save again."), link)


class MergeForm(forms.Form):
    target = forms.ModelChoiceField(
        Organisation.objects.filter(merged_into=None),
        label=gettext_lazy("Keep"),
        help_text=gettext_lazy("The names of the others become aliases of this one, and their addresses lead to it."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["target"].widget = AutocompleteSelect(Organisation._meta.get_field("merged_into"), admin.site)
        self.fields["target"].widget.choices = self.fields["target"].choices


class IsMerged(admin.SimpleListFilter):
    title = gettext_lazy("merged")
    parameter_name = "merged"

    def lookups(self, request, model_admin):
        return [("yes", gettext_lazy("Merged into another"))]

    def queryset(self, request, queryset):
        return queryset.filter(merged_into__isnull=self.value() != "yes")


@admin.register(Organisation)
class OrganisationAdmin(BestFirst, TranslatedAdmin):
    form = OrganisationForm
    list_display = ("name", "acronym", "type", "country", "is_established", "iati_identifier")
    list_filter = ("type", "is_established", IsMerged)
    list_select_related = ("country",)
    search_fields = (*columns("name"), "acronym", "other_names__name", "iati_identifier")
    autocomplete_fields = ("country",)
    fields = (
        "name",
        "acronym",
        "is_another",
        ("type", "country"),
        "website",
        "is_established",
        ("iati_identifier", "ror"),
        "note",
        "slug",
    )
    inlines = (OrganisationNameRows,)
    bulk_fields = ("type", "country")
    actions = ("merge",)

    def get_readonly_fields(self, request, obj=None):
        return () if may_decide(request.user) else ("is_established",)

    def has_change_permission(self, request, obj=None):
        """What was merged is only looked at: its rows are elsewhere."""
        return super().has_change_permission(request, obj) and (obj is None or obj.merged_into_id is None)

    def has_merge_permission(self, request):
        return request.user.has_perm("portal.merge_organisation")

    def get_search_results(self, request, queryset, search_term):
        if "field_name" in request.GET:  # to be chosen in another form
            queryset = queryset.filter(merged_into=None)
        return super().get_search_results(request, queryset, search_term)

    @admin.action(description=gettext_lazy("Merge into one"), permissions=["merge"])
    def merge(self, request, queryset):
        """Choose which one stays; see first where each is used."""
        chosen = list(queryset.filter(merged_into=None).order_by("pk")[: AT_ONCE + 1])
        if not chosen or len(chosen) > AT_ONCE:
            self.message_user(
                request, _("Choose between one and %s that are not merged yet.") % AT_ONCE, messages.ERROR
            )
            return None
        used = [(organisation, organisation.where_used()) for organisation in chosen]
        most = max(used, key=lambda row: sum(row[1].values()))[0] if len(chosen) > 1 else None
        asked = "_confirmed" in request.POST
        form = MergeForm(request.POST) if asked else MergeForm(initial={"target": most})
        if asked and form.is_valid() and self._merge(request, chosen, form):
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Merge organisations"),
            "opts": self.opts,
            "used": used,
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/portal/merge.html", context)

    def _merge(self, request, chosen, form):
        target = form.cleaned_data["target"]
        others = [organisation for organisation in chosen if organisation != target]
        try:
            with transaction.atomic():
                if not others:
                    raise ValidationError(_("Choose another one than the only one that was ticked."))
                for organisation in others:
                    self._merge_one(organisation, target, request.user)
        except ValidationError as error:
            form.add_error("target", error.messages)
            return False
        names = ", ".join(f"“{organisation}”" for organisation in others)
        self.message_user(request, _("%(names)s: merged into “%(target)s”.") % {"names": names, "target": target})
        return True

    def _merge_one(self, organisation, target, user):
        try:
            organisation.merge_into(target, by=user)
        except (ValidationError, IntegrityError, PermissionDenied) as error:
            why = " ".join(error.messages) if isinstance(error, ValidationError) else _("both stand in one record.")
            raise ValidationError(
                _("“%(name)s” was not merged, and nothing else either: %(why)s") % {"name": organisation, "why": why}
            ) from error
