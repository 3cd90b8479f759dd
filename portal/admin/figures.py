"""Key figures and their groups, each beside what the figures check says of it."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal import models, sums
from portal.admin.versioned import TranslatedAdmin
from portal.figures import explaining
from portal.languages import columns


class Checked:
    """What visitors see is compared, not what the form or a draft of it says."""

    change_form_template = "admin/portal/figure_form.html"

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            found = explaining.findings(check for check in sums.find(request.user) if self.concerns(check, obj))
            desk = reverse("staff:figures") if request.user.has_perm("portal.use_desk") else ""
            context |= {"figure_findings": found, "figure_desk": desk}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def concerns(self, check, obj):
        return any(stated.record.pk == obj.pk for stated in check.stated)


@admin.register(models.FigureGroup)
class FigureGroupAdmin(Checked, TranslatedAdmin):
    list_display = ("name", "presentation", "measures", "position")
    search_fields = (*columns("name"), "slug", "measures")
    fields = ("name", "slug", ("presentation", "position"), "measures", "note")

    def concerns(self, check, obj):
        return any(stated.record.group_id == obj.pk for stated in check.stated)


@admin.register(models.KeyFigure)
class KeyFigureAdmin(Checked, TranslatedAdmin):
    list_display = ("label", "words", "unit", "year", "group", "measures", "source", "page")
    list_filter = ("group", "year", "qualifier", "measures", "on_home_page")
    list_select_related = ("group", "source")
    search_fields = (*columns("label"), "slug", "note", "measures")
    autocomplete_fields = ("group", "country", "region", "source")
    bulk_fields = ("group", "year", "country", "region", "source")
    fields = (
        "label",
        ("qualifier", "value", "unit", "year"),
        "decimals",
        ("group", "position"),
        ("is_total", "on_home_page"),
        "measures",
        "change_since",
        ("country", "region"),
        ("source", "page"),
        "note",
        "slug",
    )

    @admin.display(description=_("figure"), ordering="value")
    def words(self, figure):
        return figure.words
