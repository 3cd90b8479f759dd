"""Publications, as the rest of the site sees them."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from portal import kinds
from publications.filters import PublicationFilter
from publications.models import Publication, PublicationQuerySet


def listed(publications: PublicationQuerySet) -> PublicationQuerySet:
    return publications.select_related("type", "series").prefetch_related("contributors__organisation", "files")


def todo(user: Any) -> Iterable[kinds.Todo]:
    live = Publication.objects.exclude(status="archived")
    yield kinds.Todo(
        _("Publications without a file"),
        live.filter(files=None, is_forthcoming=False),
        _("Readers find the record and cannot read it."),
    )


kinds.register(
    kinds.Kind(
        model=Publication,
        filterset=PublicationFilter,
        card="publications/_card.html",
        links={
            "portal.country": "countries",
            "portal.region": "regions",
            "portal.theme": "themes",
            "portal.organisation": ("contributors__organisation", "publisher"),
            "dialogues.dialogue": "dialogues",
            "dialogues.meeting": "meeting",
            "projects.project": "projects",
        },
        listed=listed,
        todo=todo,
    )
)
