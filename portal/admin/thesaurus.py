"""The thesaurus as administrators keep it: a concept, and under it what it is called."""

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.utils.translation import gettext_lazy as _

from portal.admin.base import NAMES
from portal.admin.rows import Rows
from portal.admin.versioned import PortalAdmin
from portal.languages import CODES, words
from portal.models import Concept, Term


class TermRows(Rows):
    model = Term
    fields = ("language", "label", "kind")
    extra = 2


class MissingFilter(SimpleListFilter):
    """Concepts that have no name yet in one of the portal's languages."""

    title = _("without a term in")
    parameter_name = "without"

    def lookups(self, request, model_admin):
        return [(code, NAMES[code]) for code in CODES]

    def queryset(self, request, queryset):
        if self.value() not in CODES:
            return queryset
        return queryset.exclude(pk__in=Term.objects.filter(language=self.value()).values("concept"))


@admin.register(Concept)
class ConceptAdmin(PortalAdmin):
    list_display = ("slug", *(f"in_{code}" for code in CODES), "changed_at")
    list_filter = (MissingFilter,)
    search_fields = ("slug", "terms__folded")
    search_help_text = _("Any term in any language; case and accents make no difference.")
    fields = ("slug", "note")
    inlines = (TermRows,)
    save_on_top = True

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("terms")

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, " ".join(words(search_term)))


def _column(code):
    """The preferred term of one language, and its acronyms."""

    @admin.display(description=NAMES[code])
    def names(self, concept):
        own = [term for term in concept.terms.all() if term.language == code]
        preferred = [term.label for term in own if term.kind == Term.Kind.PREFERRED]
        acronyms = [term.label for term in own if term.kind == Term.Kind.ACRONYM]
        return " · ".join([*preferred, *acronyms])

    return names


for _code in CODES:
    setattr(ConceptAdmin, f"in_{_code}", _column(_code))
