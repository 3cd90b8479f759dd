"""Projects, as the rest of the site sees them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import kinds
from projects.filters import ProjectFilter
from projects.models import Call, Project, ProjectQuerySet, ProjectRole, Stage


def listed(projects: ProjectQuerySet) -> ProjectQuerySet:
    donors = ProjectRole.objects.filter(role=ProjectRole.Role.DONOR).select_related("organisation")
    return projects.prefetch_related(
        "countries", "country_groups", "regions", Prefetch("roles", queryset=donors, to_attr="donor_roles")
    )


def todo(user: Any) -> Iterable[kinds.Todo]:
    """What an editor should look after."""
    live = Project.objects.exclude(status="archived")
    yield kinds.Todo(
        _("Ended, but still called current"),
        live.filter(stage_stated=Stage.CURRENT, end_last__lt=timezone.localdate()),
        _("The end has passed while the stage says current: clear the stage, or correct the end."),
    )
    closing = Call.objects.closing_within(7)
    yield kinds.Todo(
        _("Calls that close this week"), live.filter(pk__in=closing.values("project")), _("Check the link and the day.")
    )
    donors = ProjectRole.objects.filter(role=ProjectRole.Role.DONOR)
    yield kinds.Todo(
        _("Projects without a donor"),
        live.exclude(pk__in=donors.values("project")),
        _("Nobody can find them by donor, and IATI needs one."),
    )
    yield kinds.Todo(
        _("Projects without a country, region or group of states"),
        live.filter(Q(countries=None) & Q(regions=None) & Q(country_groups=None)),
        _("They are on no country's page."),
    )


kinds.register(
    kinds.Kind(
        model=Project,
        filterset=ProjectFilter,
        card="projects/_card.html",
        links={
            "portal.country": "countries",
            "portal.region": "regions",
            "portal.theme": "themes",
            "portal.organisation": "roles__organisation",
            "dialogues.dialogue": "dialogues",
        },
        listed=listed,
        todo=todo,
        current=ProjectQuerySet.current,
    )
)
