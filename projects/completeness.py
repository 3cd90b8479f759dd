"""What a project should have: for readers, and for the activity file of IATI 2.03 that is made from it."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.completeness import Audience, Check, blank, has, untranslated
from projects.models import Project, ProjectRole
from projects.models.project import Stage

Role = ProjectRole.Role
DONOR = Q(roles__role=Role.DONOR)
MONEY = Q(roles__share__isnull=False) | Q(roles__amount__isnull=False)

CHECKS = (
    Check("objective", "objective", _("It has no objective: the first words that readers see."), blank("objective")),
    Check("summary", "summary", _("It has no summary."), blank("summary")),
    Check(
        "start",
        "start",
        _("It is not known when it began."),
        Q(start_first__isnull=True),
    ),
    Check(
        "end",
        "end",
        _("Neither an end nor a stage is given: readers cannot tell whether it still runs."),
        Q(end_last__isnull=True, stage_stated=""),
    ),
    Check("donor", "roles", _("No donor is named."), ~has(Project, DONOR)),
    Check(
        "money",
        "roles",
        _("Neither a donor's share or amount nor the budget is known."),
        ~has(Project, DONOR, MONEY) & Q(budget__isnull=True),
    ),
    Check(
        "implementing",
        "roles",
        _("No implementing organisation is named."),
        ~has(Project, roles__role=Role.IMPLEMENTING),
    ),
    Check(
        "places",
        "countries",
        _("It has no country, region or group of states, so it stands on no such page."),
        ~has(Project, countries__isnull=False)
        & ~has(Project, regions__isnull=False)
        & ~has(Project, country_groups__isnull=False),
    ),
    Check("themes", "themes", _("It has no theme."), ~has(Project, themes__isnull=False)),
    Check(
        "domains",
        "domains",
        _("Its dialogue has domains, and it is not said which of them it serves."),
        has(Project, dialogues__instruments__domains__isnull=False) & ~has(Project, domains__isnull=False),
    ),
    Check(
        "links", "links", _("No link leads to more about it."), ~has(Project, ~Q(links__url=""), links__isnull=False)
    ),
    Check(
        "gone",
        "links",
        _("A link has lost its target: find where it stands now, or remove it."),
        has(Project, links__url=""),
    ),
    Check("source", "source", _("It does not say where its facts come from."), Q(source__isnull=True)),
    Check("checked", "last_checked", _("It was never compared with its source."), Q(last_checked__isnull=True)),
    Check(
        "languages",
        "title",
        _("Title or objective is not there in every language of the site."),
        untranslated("title", "objective"),
    ),
    Check(
        "iati-identifier",
        "identifiers",
        _("It has no IATI activity identifier."),
        ~has(Project, identifiers__scheme="iati"),
        Audience.IATI,
    ),
    Check(
        "iati-description",
        "objective",
        _("IATI requires a description, and there is neither objective nor summary."),
        blank("objective") & blank("summary"),
        Audience.IATI,
    ),
    Check(
        "iati-organisation",
        "roles",
        _("IATI requires a participating organisation: a donor or who implements it."),
        ~has(Project, roles__role__in=[Role.DONOR, Role.IMPLEMENTING]),
        Audience.IATI,
    ),
    Check(
        "iati-date",
        "start",
        _("IATI requires a date: the start, or the end where that alone is known."),
        Q(start_first__isnull=True, end_last__isnull=True),
        Audience.IATI,
    ),
    Check(
        "iati-status",
        "stage_stated",
        _("IATI requires a status, and neither dates nor stage tell one."),
        Q(start_first__isnull=True, end_last__isnull=True) & Q(stage_stated__in=["", Stage.UNKNOWN]),
        Audience.IATI,
    ),
    Check(
        "iati-place",
        "countries",
        _("IATI wants a recipient country or region."),
        ~has(Project, countries__isnull=False) & ~has(Project, regions__isnull=False),
        Audience.IATI,
    ),
    Check(
        "iati-sector",
        "themes",
        _("None of its themes has an IATI sector."),
        ~has(Project, ~Q(themes__iati_sector=""), themes__isnull=False),
        Audience.IATI,
    ),
)
