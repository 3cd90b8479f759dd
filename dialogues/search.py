"""What search is told of a dialogue."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch

from dialogues.models import Instrument, Meeting
from portal.search.entries import Entry, by_language, named

FACETS = ("region", "theme", "country", "organisation")


def indexed(dialogues: Any) -> Any:
    visitor = AnonymousUser()
    return dialogues.select_related("secretariat").prefetch_related(
        "regions",
        "themes",
        "other_names",
        "participations__country",
        "participations__organisation",
        Prefetch("instruments", queryset=Instrument.objects.visible_to(visitor)),
        Prefetch("meetings", queryset=Meeting.objects.visible_to(visitor)),
    )


def entry(dialogue: Any) -> Entry:
    countries = {row.country for row in dialogue.participations.all() if row.country_id}
    organisations = {row.organisation for row in dialogue.participations.all() if row.organisation_id}
    if dialogue.secretariat:
        organisations.add(dialogue.secretariat)
    states = sorted(countries, key=lambda country: country.iso2)
    bodies = sorted(organisations, key=lambda organisation: organisation.slug)
    texts = [*by_language(dialogue, "description").items(), *by_language(dialogue, "participants_note").items()]
    for row in (*dialogue.instruments.all(), *dialogue.meetings.all()):
        texts += by_language(row, "title").items()
    return Entry(
        titles=by_language(dialogue, "title"),
        leads=by_language(dialogue, "purpose"),
        texts=texts,
        names=[*filter(None, [dialogue.acronym]), *(other.name for other in dialogue.other_names.all())],
        tags=named([*states, *bodies, *dialogue.regions.all(), *dialogue.themes.all()]),
        facets={
            "region": [region.slug for region in dialogue.regions.all()],
            "theme": [theme.slug for theme in dialogue.themes.all()],
            "country": [country.iso2 for country in states],
            "organisation": [body.slug for body in bodies],
        },
        first=dialogue.start_first,
        last=dialogue.end_last,
    )
