"""Projects, as the rest of the site sees them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, Max, Model, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import kinds
from portal.drawings import timeline
from portal.editorial import Reader
from portal.models import Country
from portal.worldmap import draw
from projects import completeness, search
from projects.filters import ProjectFilter
from projects.models import Call, Project, ProjectQuerySet, ProjectRole, Stage
from projects.models.project import AGEING


def listed(projects: ProjectQuerySet) -> ProjectQuerySet:
    donors = ProjectRole.objects.filter(role=ProjectRole.Role.DONOR).select_related("organisation")
    return projects.prefetch_related(
        "countries", "country_groups", "regions", Prefetch("roles", queryset=donors, to_attr="donor_roles")
    )


def todo(user: Any) -> Iterable[kinds.Todo]:
    """What an editor should look after."""
    live = Project.objects.exclude(status="archived")
    yield kinds.Todo(
        "ended-but-current",
        _("Ended, but still called current"),
        live.filter(stage_stated=Stage.CURRENT, end_last__lt=timezone.localdate()),
        _("The end has passed while the stage says current: clear the stage, or correct the end."),
    )
    closing = Call.objects.closing_within(7)
    yield kinds.Todo(
        "calls-closing",
        _("Calls that close this week"),
        live.filter(pk__in=closing.values("project")),
        _("Check the link and the day."),
    )
    donors = ProjectRole.objects.filter(role=ProjectRole.Role.DONOR)
    yield kinds.Todo(
        "without-donor",
        _("Projects without a donor"),
        live.exclude(pk__in=donors.values("project")),
        _("Nobody can find them by donor, and IATI needs one."),
    )
    yield kinds.Todo(
        "without-place",
        _("Projects without a country, region or group of states"),
        live.filter(Q(countries=None) & Q(regions=None) & Q(country_groups=None)),
        _("They are on no country's page."),
    )


def home(user: Reader) -> Iterable[kinds.Panel]:
    visible = Project.objects.visible_to(user)
    current = visible.current()
    counts = dict(
        visible.filter(pk__in=current.order_by().values("pk"), countries__isnull=False)
        .order_by()
        .values_list("countries__iso2")
        .annotate(n=Count("pk", distinct=True))
    )
    countries = {country.iso2: country for country in Country.objects.filter(iso2__in=counts)}
    rows = sorted(
        ((countries[iso2], n) for iso2, n in counts.items()),
        key=lambda row: (-row[1], row[0].name.casefold()),
    )
    total = current.count()
    stated = current.exclude(stage_stated="").order_by().aggregate(n=Count("pk"), latest=Max("stage_as_of_first"))
    heading = ngettext("%(n)s current project in %(m)s countries", "%(n)s current projects in %(m)s countries", total)
    url = reverse("projects:list")
    yield kinds.Panel(
        heading % {"n": total, "m": len(counts)},
        "projects/_map.html",
        {
            "map": draw(counts),
            "rows": rows,
            "label": _("World map of current projects by country"),
            "stated": stated["n"],
            "stated_year": stated["latest"].year if stated["latest"] else None,
        },
        slot="lead",
    )
    newest = current.order_by(F("start_first").desc(nulls_last=True), "pk")
    yield kinds.Panel(
        _("Current projects"),
        "projects/_compact.html",
        {"projects": listed(newest)[:6]},
        slot="main",
        more_url=f"{url}?status={Stage.CURRENT}",
        more_label=_("All %(n)s") % {"n": total},
    )
    calls = Call.objects.open().filter(project__in=visible.order_by().values("pk")).select_related("project")[:5]
    yield kinds.Panel(_("Open calls"), "projects/_calls.html", {"calls": calls}, slot="side")


def briefing(thing: Model, user: Reader) -> Iterable[kinds.Panel]:
    """On a country's page: when its projects ran. The list of them stands below."""
    if not isinstance(thing, Country):
        return
    projects = Project.objects.visible_to(user).in_country(thing).order_by(F("start_first").asc(nulls_last=True), "pk")
    spans = [project.span for project in projects]
    if drawing := timeline(spans):
        yield kinds.Panel(
            _("Projects now and then"),
            "projects/_timeline.html",
            {"drawing": drawing, "undated": sum(1 for span in spans if not span.start and not span.end)},
        )


def credit(project: Project) -> kinds.Credit:
    """Nobody signs a project; its year is the one in which it began."""
    return kinds.Credit(year=str(project.start.year) if project.start else "")


def dates(project: Project) -> kinds.Dates:
    return project.start, project.end


def stated_at(projects: ProjectQuerySet) -> ProjectQuerySet:
    """Called planned or current not by their dates but by somebody who said so."""
    return projects.filter(stage_stated__in=AGEING).annotate(since=F("stage_as_of_first"))


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
            "dialogues.domain": "domains",
            "dialogues.initiative": "initiatives",
        },
        listed=listed,
        entry=search.entry,
        mentions=search.MENTIONS,
        credit=credit,
        dates=dates,
        indexed=search.indexed,
        facets=search.FACETS,
        position=10,
        home=home,
        briefing=briefing,
        todo=todo,
        current=ProjectQuerySet.current,
        completeness=completeness.CHECKS,
        stated_at=stated_at,
    )
)
