"""Dialogues, as the rest of the site sees them."""

from collections.abc import Iterable

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from dialogues import completeness, search
from dialogues.filters import DialogueFilter
from dialogues.models import Dialogue, DialogueQuerySet, Meeting, ReferenceCountry
from portal import kinds
from portal.editorial import Reader
from portal.models import Country


def listed(dialogues: DialogueQuerySet) -> DialogueQuerySet:
    return dialogues.select_related("secretariat").prefetch_related("regions")


def home(user: Reader) -> Iterable[kinds.Panel]:
    """The next meetings, and where there are few of them the latest."""
    visible = Meeting.objects.visible_to(user).select_related("dialogue")
    upcoming = list(visible.upcoming()[:4])
    meetings = upcoming + list(visible.past()[: 4 - len(upcoming)])
    yield kinds.Panel(
        _("Meetings"),
        "dialogues/_meetings.html",
        {"meetings": meetings},
        slot="side",
        more_url=reverse("dialogues:meetings"),
        more_label=_("All meetings"),
    )


def briefing(thing: Model, user: Reader) -> Iterable[kinds.Panel]:
    """On a country's page: its roles in dialogues, what it leads, the meetings it hosted or that were held there."""
    if not isinstance(thing, Country):
        return
    visible = Dialogue.objects.visible_to(user).order_by().values("pk")
    context = {
        "chairs": thing.chairterms.filter(dialogue__in=visible).select_related("dialogue"),
        "participations": thing.participations.filter(dialogue__in=visible).select_related("dialogue"),
        "activities": thing.activities.filter(dialogue__in=visible).select_related("dialogue"),
        "leads": ReferenceCountry.objects.filter(country=thing, domain__instrument__dialogues__in=visible)
        .select_related("domain__instrument")
        .distinct(),
        "hosted": Meeting.objects.visible_to(user).filter(host_countries=thing).select_related("dialogue"),
        "held": Meeting.objects.visible_to(user).filter(country=thing).select_related("dialogue"),
    }
    if any(rows.exists() for rows in context.values()):
        yield kinds.Panel(_("Roles in dialogues"), "dialogues/_roles.html", context)


def credit(dialogue: Dialogue) -> kinds.Credit:
    """Nobody signs a dialogue; its year is the one in which it began."""
    return kinds.Credit(year=str(dialogue.start.year) if dialogue.start else "")


kinds.register(
    kinds.Kind(
        model=Dialogue,
        filterset=DialogueFilter,
        card="dialogues/_card.html",
        links={
            "portal.country": ("participations__country", "chair_terms__country", "activities__countries"),
            "portal.region": "regions",
            "portal.theme": "themes",
            "portal.organisation": (
                "secretariat",
                "participations__organisation",
                "chair_terms__organisation",
            ),
        },
        listed=listed,
        entry=search.entry,
        credit=credit,
        indexed=search.indexed,
        facets=search.FACETS,
        position=20,
        current=DialogueQuerySet.active,
        home=home,
        briefing=briefing,
        completeness=completeness.CHECKS,
    )
)
