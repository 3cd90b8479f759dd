"""Which project of the portal a proposal is about. Nothing is merged: an editor reads the reason and decides."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from portal.languages import columns, words
from projects.legacy.proposals import Proposal
from projects.models import Project, ProjectName

ALIKE = 0.6  # the share of words that two titles have in common
SHORTEST = 4  # letters of a word that tells titles apart


class Likeness(NamedTuple):
    project: Project
    confidence: float
    reason: str


def recognise(proposal: Proposal) -> list[Likeness]:
    """Projects that this may be, the surest first. Costs three queries."""
    acronym = " ".join(words(proposal.value("acronym") or ""))
    others = [str(row["name"]) for row in proposal.values("other_names")]
    asked = {" ".join(words(name)): name for name in [proposal.value("acronym") or "", proposal.title, *others] if name}
    found: dict[int, tuple[float, str]] = {}

    def note(pk: int, sure: float, reason: str) -> None:
        if sure > found.get(pk, (0.0, ""))[0]:
            found[pk] = (sure, reason)

    own = set(_telling(proposal.title))
    for pk, its_acronym, *titles in Project.objects.order_by("pk").values_list("pk", "acronym", *columns("title")):
        folded = " ".join(words(its_acronym))
        likes = [_alike(own, title) for title in titles if title]
        like = max(likes, default=0.0)
        if any(title and " ".join(words(title)) in asked for title in titles):
            note(pk, 0.98, _("it has the same title"))
        if folded and folded == acronym:
            sure = 0.95 if like >= ALIKE / 2 or not own else 0.7
            note(pk, sure, _("it has the same acronym, %s") % its_acronym)
        elif folded and folded in asked:
            note(pk, 0.75, _("its acronym %s is another name here") % its_acronym)
        if like >= ALIKE:
            note(pk, round(0.9 * like, 2), _("its title has %d per cent of the words in common") % round(100 * like))
    for pk, name in ProjectName.objects.order_by("pk").values_list("project", "name"):
        if (folded := " ".join(words(name))) in asked:
            note(pk, 0.9, _("it is also called %s") % name)
        elif own and _alike(own, name) >= ALIKE:
            note(pk, 0.6, _("it is also called %s") % name)
    projects = Project.objects.in_bulk(found)
    likenesses = [Likeness(projects[pk], sure, reason) for pk, (sure, reason) in found.items()]
    return sorted(likenesses, key=lambda one: (-one.confidence, one.project.pk))


def _telling(title: str) -> list[str]:
    return [word for word in words(title) if len(word) >= SHORTEST or any(letter.isdigit() for letter in word)]


def _alike(own: set[str], title: str) -> float:
    """The share of telling words of both titles that they have in common."""
    other = set(_telling(title))
    return len(own & other) / len(own | other) if own and other and len(own) > 1 else 0.0
