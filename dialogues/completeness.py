"""What a dialogue should have, for readers."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dialogues.models import Dialogue
from portal.completeness import Check, blank, has, untranslated

STATES = Q(participations__country__isnull=False) | Q(participations__group__isnull=False)

CHECKS = (
    Check(
        "purpose", "purpose", _("It does not say what it is for: the first words that readers see."), blank("purpose")
    ),
    Check("description", "description", _("It has no description of how it works."), blank("description")),
    Check("start", "start", _("It is not known since when it exists."), Q(start_first__isnull=True)),
    Check(
        "end",
        "end",
        _("It is closed, and nothing says until when it existed."),
        Q(stage=Dialogue.Stage.CLOSED, end_last__isnull=True),
    ),
    Check("regions", "regions", _("It has no region."), ~has(Dialogue, regions__isnull=False)),
    Check("themes", "themes", _("It has no theme."), ~has(Dialogue, themes__isnull=False)),
    Check(
        "participants",
        "participations",
        _("No participating state is listed: it stands on no country's page."),
        ~has(Dialogue, STATES),
    ),
    Check("chair", "chair_terms", _("No chair is listed."), ~has(Dialogue, chair_terms__isnull=False)),
    Check("secretariat", "secretariat", _("The secretariat is not named."), Q(secretariat__isnull=True)),
    Check("meetings", "meetings", _("No meeting is listed."), ~has(Dialogue, meetings__isnull=False)),
    Check("acronym", "acronym", _("It has no acronym, which is what most people search for."), Q(acronym="")),
    Check("source", "source", _("It does not say where its facts come from."), Q(source__isnull=True)),
    Check("checked", "last_checked", _("It was never compared with its source."), Q(last_checked__isnull=True)),
    Check(
        "languages",
        "title",
        _("Name or purpose is not there in every language of the site."),
        untranslated("title", "purpose"),
    ),
)
