"""Which project of the portal a proposal is about. Nothing is merged: an editor reads the reason and decides."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from portal.languages import columns
from portal.spellings import folded, in_common, telling
from projects.legacy.proposals import Proposal
from projects.models import Project, ProjectName

ALIKE = 0.6  # the share of words that two titles have in common


class Likeness(NamedTuple):
    project: Project
    confidence: float
    reason: str


def recognise(proposal: Proposal) -> list[Likeness]:
    """Projects that this may be, the surest first. Costs three queries."""
    acronym = folded(proposal.value("acronym") or "")
    others = [str(row["name"]) for row in proposal.values("other_names")]
    asked = {folded(name) for name in [proposal.value("acronym") or "", proposal.title, *others] if name}
    found: dict[int, tuple[float, str]] = {}

    def note(pk: int, sure: float, reason: str) -> None:
        if sure > found.get(pk, (0.0, ""))[0]:
            found[pk] = (sure, reason)

    own = set(telling(proposal.title))
    for pk, its_acronym, *titles in Project.objects.order_by("pk").values_list("pk", "acronym", *columns("title")):
        own_acronym = folded(its_acronym)
        likes = [_alike(own, title) for title in titles if title]
        like = max(likes, default=0.0)
        if any(title and folded(title) in asked for title in titles):
            note(pk, 0.98, _("it has the same title"))
        if own_acronym and own_acronym == acronym:
            sure = 0.95 if like >= ALIKE / 2 or not own else 0.7
            note(pk, sure, _("it has the same acronym, %s") % its_acronym)
        elif own_acronym and own_acronym in asked:
            note(pk, 0.75, _("its acronym %s is another name here") % its_acronym)
        if like >= ALIKE:
            note(pk, round(0.9 * like, 2), _("its title has %d per cent of the words in common") % round(100 * like))
    for pk, name in ProjectName.objects.order_by("pk").values_list("project", "name"):
        if folded(name) in asked:
            note(pk, 0.9, _("it is also called %s") % name)
        elif own and _alike(own, name) >= ALIKE:
            note(pk, 0.6, _("it is also called %s") % name)
    projects = Project.objects.in_bulk(found)
    likenesses = [Likeness(projects[pk], sure, reason) for pk, (sure, reason) in found.items()]
    return sorted(likenesses, key=lambda one: (-one.confidence, one.project.pk))


def _alike(own: set[str], title: str) -> float:
    """The share of telling words in common. One word alone tells nothing."""
    return in_common(own, telling(title)) if len(own) > 1 else 0.0
