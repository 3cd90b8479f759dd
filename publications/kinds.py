"""Publications, as the rest of the site sees them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import kinds
from portal.editorial import Reader
from publications import alternatives, completeness, extraction, quality, search
from publications.filters import PublicationFilter
from publications.models import Publication, PublicationFile, PublicationQuerySet


def listed(publications: PublicationQuerySet) -> PublicationQuerySet:
    return publications.select_related("type", "series").prefetch_related("contributors__organisation", "files")


def home(user: Reader) -> Iterable[kinds.Panel]:
    newest = Publication.objects.visible_to(user).order_by(F("date_first").desc(nulls_last=True), "pk")
    yield kinds.Panel(
        _("Newest publications"),
        "publications/_shelf.html",
        {"publications": listed(newest)[:8]},
        slot="foot",
        more_url=reverse("publications:list"),
        more_label=_("All publications"),
    )


def todo(user: Any) -> Iterable[kinds.Todo]:
    live = Publication.objects.exclude(status="archived")
    yield kinds.Todo(
        "without-file",
        _("Publications without a file"),
        live.filter(files=None, is_forthcoming=False),
        _("Readers find the record and cannot read it."),
    )
    unread = PublicationFile.objects.filter(state=PublicationFile.State.FAILED)
    yield kinds.Todo(
        "unread-file",
        _("Files that could not be read"),
        live.filter(pk__in=unread.values("publication")),
        _("Their text is not found. The list of files says why, and lets you try again."),
    )


def credit(publication: Publication) -> kinds.Credit:
    writers = [row for row in publication.contributors.all() if row.role in ("author", "editor")]
    return kinds.Credit([str(row) for row in writers], str(publication.date.year) if publication.date else "")


def dates(publication: Publication) -> kinds.Dates:
    return publication.date, publication.date


def reports(reader: Reader) -> Iterable[kinds.Report]:
    yield from quality.reports(reader)
    yield from alternatives.reports(reader)


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
            "dialogues.instrument": "instrument",
            "dialogues.domain": "domains",
            "dialogues.activity": "activities",
            "projects.project": "projects",
        },
        listed=listed,
        entry=search.entry,
        mentions=search.MENTIONS,
        indexed=search.indexed,
        facets=search.FACETS,
        held_back="publications.view_staff_only",
        sweep=extraction.take_up,
        position=30,
        home=home,
        todo=todo,
        reports=reports,
        desk_urls="publications.desk_urls",
        credit=credit,
        dates=dates,
        completeness=completeness.CHECKS,
    )
)
