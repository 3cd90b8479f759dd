"""Dialogues, as the rest of the site sees them."""

from dialogues.filters import DialogueFilter
from dialogues.models import Dialogue, DialogueQuerySet
from portal import kinds


def listed(dialogues: DialogueQuerySet) -> DialogueQuerySet:
    return dialogues.select_related("secretariat").prefetch_related("regions")


kinds.register(
    kinds.Kind(
        model=Dialogue,
        filterset=DialogueFilter,
        card="dialogues/_card.html",
        links={
            "portal.country": ("participations__country", "chair_terms__country", "activities__countries"),
            "portal.region": "regions",
            "portal.theme": "themes",
            "portal.organisation": ("secretariat", "participations__organisation", "chair_terms__organisation"),
        },
        listed=listed,
        current=DialogueQuerySet.active,
    )
)
