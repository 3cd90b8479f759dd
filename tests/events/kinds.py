from portal import kinds
from portal.filters import FacetFilter, KindFilterSet, SortFilter, WordsFilter
from portal.languages import columns
from portal.models import Country
from tests.events.models import Event


class EventFilter(KindFilterSet):
    q = WordsFilter(columns("title"))
    country = FacetFilter("countries", Country, key="iso2", upper=True, label="Country")
    sort = SortFilter({"title": ("Title", lambda qs: qs.by_title())})

    class Meta:
        model = Event
        fields: list[str] = []


kinds.register(
    kinds.Kind(
        model=Event,
        filterset=EventFilter,
        card="events/_card.html",
        links={"portal.country": "countries"},
        listed=lambda events: events.prefetch_related("countries"),
    )
)
