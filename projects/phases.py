"""How projects hang together: chains of phases, and related projects with the reason."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.editorial import Reader
from projects.models import Project, ProjectRelation, ProjectRole

LONGEST_CHAIN = 30
SHOWN = 5


@dataclass(frozen=True)
class Related:
    project: Project
    reason: str


def phase_chain(project: Project, user: Reader) -> list[Project]:
    """All phases this project is one of, the earliest first; empty where it stands alone.

    Walks the relation "is the next phase of" in both directions, through visible projects only.
    """
    visible = Project.objects.visible_to(user)
    follows = ProjectRelation.objects.filter(kind=ProjectRelation.Kind.FOLLOWS)
    chain = [project.pk]
    for here, there, end in (("project", "other", 0), ("other", "project", -1)):
        while len(chain) < LONGEST_CHAIN:
            found = follows.filter(**{here: chain[end], f"{there}__in": visible.order_by().values("pk")})
            next_one = found.values_list(there, flat=True).first()
            if next_one is None or next_one in chain:
                break
            chain.insert(0 if end == 0 else len(chain), next_one)
    if len(chain) == 1:
        return []
    found = visible.in_bulk(chain)
    return [found[pk] for pk in chain if pk in found]


def related(project: Project, user: Reader, chain: list[Project]) -> list[Related]:
    """Other projects and why they are shown: what an editor said first, then what they share."""
    visible = Project.objects.visible_to(user).exclude(pk__in=[project.pk, *(one.pk for one in chain)])
    found: dict[int, Related] = {}
    stated = ProjectRelation.objects.exclude(kind=ProjectRelation.Kind.FOLLOWS).select_related("project", "other")
    seen = visible.order_by().values("pk")
    for relation in stated.filter(project=project, other__in=seen):
        reason = _("This project %(relation)s it.") % {"relation": relation.get_kind_display()}
        found[relation.other_id] = Related(relation.other, reason)
    for relation in stated.filter(other=project, project__in=seen):
        reason = _("It %(relation)s this project.") % {"relation": relation.get_kind_display()}
        found[relation.project_id] = Related(relation.project, reason)
    donors = project.roles.filter(role=ProjectRole.Role.DONOR).values("organisation")
    same_donor = set(
        visible.filter(roles__role=ProjectRole.Role.DONOR, roles__organisation__in=donors).values_list("pk", flat=True)
    )
    countries = list(project.countries.all())
    nearby = visible.filter(countries__in=countries).distinct().by_title() if countries else visible.none()
    for other in nearby.prefetch_related("countries")[: 4 * SHOWN]:
        shared = [str(country) for country in other.countries.all() if country in countries]
        reason = _("Also works in %(countries)s.") % {"countries": _(", ").join(shared)}
        if other.pk in same_donor:
            reason = _("Same donor; also works in %(countries)s.") % {"countries": _(", ").join(shared)}
        found.setdefault(other.pk, Related(other, reason))
    return list(found.values())[:SHOWN]
