"""The selection of dialogues."""

from django.utils.translation import gettext_lazy as _

from dialogues.models import Dialogue
from portal.filters import ChoiceFacetFilter, FacetFilter, KindFilterSet, SortFilter, WordsFilter
from portal.languages import columns
from portal.models import Country, Region, Theme


class DialogueFilter(KindFilterSet):
    q = WordsFilter(
        [
            *columns("title"),
            "acronym",
            "other_names__name",
            *columns("purpose"),
            *columns("description"),
            *columns("participants_note"),
        ],
        countries="participations__country",
    )
    stage = ChoiceFacetFilter("stage", Dialogue.Stage.choices, label=_("Stage"))
    region = FacetFilter("regions", Region, label=_("Region"))
    country = FacetFilter("participations__country", Country, key="iso2", upper=True, label=_("Participant"))
    theme = FacetFilter("themes", Theme, label=_("Theme"))
    sort = SortFilter({"title": (_("Name, A to Z"), lambda qs: qs.by_title())})

    class Meta:
        model = Dialogue
        fields: list[str] = []
