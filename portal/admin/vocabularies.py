"""Shared vocabularies and places."""

from django.contrib import admin
from django.db.models import Case, IntegerField, When

from portal import models
from portal.admin.rows import Rows
from portal.admin.versioned import PortalAdmin, TranslatedAdmin
from portal.languages import columns, fold, translated

BEST = 200  # of what is found; who needs more types one letter more


class BestFirst:
    """For models that are chosen by typing a name. They are few thousand at most, so Python does the comparing:
    what is called so comes first (the first is what Enter picks), then what begins with it, then the rest.
    """

    def get_search_results(self, request, queryset, search_term):
        words = fold(search_term).split()
        choosing = "field_name" in request.GET
        if not words:
            return (queryset.order_by(translated("name", lower=True), "pk") if choosing else queryset), False
        names: dict[int, list[str]] = {}
        for pk, *texts in queryset.order_by().values_list("pk", *self.get_search_fields(request)):
            names.setdefault(pk, []).extend(fold(text) for text in texts if text)
        found = {pk: own for pk, own in names.items() if all(any(word in name for name in own) for word in words)}
        if not choosing:
            return queryset.filter(pk__in=list(found)), False
        term = " ".join(words)
        ranks = {
            pk: 0 if term in own else 1 if any(name.startswith(term) for name in own) else 2
            for pk, own in found.items()
        }
        best = sorted(ranks, key=ranks.get)[:BEST]
        rank = Case(*(When(pk=pk, then=ranks[pk]) for pk in best), output_field=IntegerField())
        return queryset.filter(pk__in=best).order_by(rank, translated("name", lower=True), "pk"), False


@admin.register(models.Region)
class RegionAdmin(TranslatedAdmin):
    list_display = ("name", "slug", "position")
    search_fields = (*columns("name"), "slug")
    fields = ("name", "slug", "description", "position")


@admin.register(models.Theme)
class ThemeAdmin(TranslatedAdmin):
    list_display = ("name", "slug", "iati_sector")
    search_fields = (*columns("name"), "slug", "iati_sector")
    fields = ("name", "slug", "description", "iati_sector")


class CountryNameRows(Rows):
    model = models.CountryName
    fields = ("name", "kind", "start", "end")
    extra = 1


class MembershipRows(Rows):
    model = models.Membership
    fields = ("standing", "start", "end", "note")


@admin.register(models.Country)
class CountryAdmin(BestFirst, TranslatedAdmin):
    list_display = ("name", "iso2", "iso3", "region", "territorial_note")
    list_filter = ("region", "groups", "memberships__standing")
    list_select_related = ("region", "territorial_note")
    search_fields = (*columns("name"), "other_names__name", "iso2", "iso3")
    fields = ("name", ("iso2", "iso3"), ("m49", "subregion"), "region", "territorial_note")
    autocomplete_fields = ("region",)
    inlines = (CountryNameRows, MembershipRows)
    bulk_fields = ("region", "subregion", "territorial_note")


@admin.register(models.CountryGroup)
class CountryGroupAdmin(TranslatedAdmin):
    list_display = ("name", "slug")
    search_fields = (*columns("name"), "slug")
    fields = ("name", "slug", "members")
    bulk_fields = ("members",)
    autocomplete_fields = ("members",)


class TerritorialTermRows(Rows):
    model = models.TerritorialTerm
    fields = ("term",)
    extra = 1


@admin.register(models.TerritorialNote)
class TerritorialNoteAdmin(TranslatedAdmin):
    list_display = ("slug", "mark", "text", "valid_from", "valid_until")
    search_fields = ("slug", *columns("text"))
    fields = ("slug", "mark", "text", ("valid_from", "valid_until"))
    inlines = (TerritorialTermRows,)


@admin.register(models.Source)
class SourceAdmin(PortalAdmin):
    list_display = ("title", "slug", "date", "url")
    search_fields = ("title", "slug")
    fields = ("title", "slug", "date", "url", "note")


@admin.register(models.Office)
class OfficeAdmin(PortalAdmin):
    list_display = ("__str__", "country", "kind", "standing", "opened", "closed")
    list_filter = ("kind", "standing")
    bulk_fields = ("country", "kind", "standing")
    list_select_related = ("country",)
    search_fields = ("city", *columns("country__name"))
    autocomplete_fields = ("country",)
    fields = ("country", "city", ("kind", "standing"), ("opened", "closed"), "note")


@admin.register(models.SteeringGroupChair)
class SteeringGroupChairAdmin(TranslatedAdmin):
    list_display = ("year", "country", "theme")
    list_select_related = ("country",)
    search_fields = ("year", *columns("country__name"), *columns("theme"))
    autocomplete_fields = ("country",)
    fields = ("year", "country", "theme")
