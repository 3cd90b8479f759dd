"""Publications like a publication, each with what the two have in common."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from portal import kinds
from portal.editorial import Reader
from portal.search import nearby
from portal.search.store import IndexUnavailable
from publications.models import Publication

MOST = 5
MOST_SHARED = 4  # themes and countries that are named


class Similar(NamedTuple):
    """`shared` are themes and countries of both."""

    publication: Publication
    shared: Sequence[str]


def similar_publications(publication: Publication, reader: Reader) -> list[Similar]:
    """Best first; none while there is no index."""
    try:
        hits = nearby.similar(publication, reader, MOST)
    except IndexUnavailable:
        return []
    kind = kinds.of(publication)
    found = kind.listed(kind.visible_to(reader)).filter(pk__in=[hit.pk for hit in hits])
    by_pk = {str(one.pk): one for one in found.prefetch_related("themes", "countries")}
    own = {*publication.themes.all(), *publication.countries.all()} if by_pk else set()
    similar = [by_pk[hit.pk] for hit in hits if hit.pk in by_pk]
    return [Similar(one, _names([*one.themes.all(), *one.countries.all()], own)) for one in similar]


def _names(things: Sequence[Any], own: Collection[Any]) -> list[str]:
    return [str(thing) for thing in things if thing in own][:MOST_SHARED]
