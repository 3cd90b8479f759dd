"""A project: what it is, when it runs, where it works."""

import datetime
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, CharField, F, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from dialogues.models import Dialogue, Domain, Initiative
from portal.dates import PartialDateField, period_label
from portal.drawings import Span
from portal.editorial import EditorialModel, EditorialQuerySet, Reader
from portal.models import Country, CountryGroup, Organisation, Region, Theme
from portal.prose import ProseField, to_text
from portal.rows import SlugField, check_period, currency_code


class ProgrammeQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Those that a project names which this reader may see."""
        return self.filter(pk__in=Project.objects.visible_to(user).order_by().values("programme"))


class Programme(models.Model):
    """A facility or programme that projects belong to: MIEUX, MPF, EUDiF."""

    slug = SlugField(_("short name"))
    name = models.CharField(_("name"), max_length=200)
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    description = models.TextField(_("description"), blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("facility or programme")
        verbose_name_plural = _("facilities and programmes")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.acronym or self.name


class Stage(models.TextChoices):
    """Where a project stands in its life; not to be confused with its editorial status."""

    PLANNED = "planned", _("Planned")
    CURRENT = "current", _("Current")
    ENDED = "ended", _("Ended")
    UNKNOWN = "unknown", _("Not stated")


AGEING = [Stage.PLANNED, Stage.CURRENT]  # what was true when it was said, and may not be today


class ProjectQuerySet(EditorialQuerySet):
    def with_stage(self, today: datetime.date | None = None) -> Self:
        """Adds `stage_now`: what an editor stated if they did, else what the dates say on a day."""
        today = today or timezone.localdate()
        return self.annotate(
            stage_now=Case(
                When(~Q(stage_stated=""), then=F("stage_stated")),
                When(end_last__lt=today, then=Value(Stage.ENDED)),
                When(start_first__gt=today, then=Value(Stage.PLANNED)),
                When(Q(start_first__isnull=False) | Q(end_last__isnull=False), then=Value(Stage.CURRENT)),
                default=Value(Stage.UNKNOWN),
                output_field=CharField(),
            )
        )

    def current(self, today: datetime.date | None = None) -> Self:
        return self.with_stage(today).filter(stage_now=Stage.CURRENT)

    def in_country(self, country: Country) -> Self:
        return self.filter(countries=country)

    def running_between(self, first: datetime.date | None, last: datetime.date | None) -> Self:
        """Projects with a known date that may have run on a day in between."""
        found = self.exclude(start_first__isnull=True, end_last__isnull=True)
        if first:
            found = found.filter(Q(end_last__isnull=True) | Q(end_last__gte=first))
        if last:
            found = found.filter(Q(start_first__isnull=True) | Q(start_first__lte=last))
        return found


class Project(EditorialModel):
    """A piece of work with a beginning, an end and somebody who pays for it."""

    title = models.CharField(_("title"), max_length=300)
    acronym = models.CharField(_("acronym"), max_length=60, blank=True)
    objective = models.TextField(
        _("objective"),
        blank=True,
        help_text=_("One or two sentences. Shown large at the top, in lists and in exports."),
    )
    summary = ProseField(_("summary"), help_text=_("Why it was set up and what it does."))

    start = PartialDateField(
        _("start"), help_text=_("As exactly as it is known: 2016, October 2016 or 5 October 2016.")
    )
    end = PartialDateField(_("end"), edge="last", help_text=_("Left empty where it is not known or open."))
    stage_stated = models.CharField(
        _("stage, if the dates do not tell it"),
        max_length=10,
        blank=True,
        choices=[choice for choice in Stage.choices if choice[0] != Stage.UNKNOWN],
        help_text=_("Usually left empty: the stage follows from the dates."),
    )
    stage_as_of = PartialDateField(
        _("stated as of"),
        help_text=_("When that was said. A stage without dates grows old; readers see its age."),
    )

    countries = models.ManyToManyField(
        Country,
        verbose_name=_("countries"),
        blank=True,
        related_name="projects",
        help_text=_("Where it works. Type the beginning of a name; former names are found too."),
    )
    regions = models.ManyToManyField(Region, verbose_name=_("regions"), blank=True, related_name="projects")
    country_groups = models.ManyToManyField(
        CountryGroup,
        verbose_name=_("groups of states"),
        blank=True,
        related_name="projects",
        help_text=_("For work with a group that is not a list of countries."),
    )
    themes = models.ManyToManyField(Theme, verbose_name=_("themes"), blank=True, related_name="projects")
    themes_inferred = models.BooleanField(
        _("themes inferred"),
        default=False,
        help_text=_("Ticked where no source names the themes and an editor chose them."),
    )
    target_groups = models.CharField(
        _("target groups"),
        max_length=300,
        blank=True,
        help_text=_("People it is for, where they are no organisation."),
    )
    other_partners = models.CharField(
        _("other partners"),
        max_length=300,
        blank=True,
        help_text=_("In words, where they are no single organisation."),
    )

    programme = models.ForeignKey(
        Programme,
        models.PROTECT,
        verbose_name=_("facility or programme"),
        null=True,
        blank=True,
        related_name="projects",
    )
    phase = models.PositiveSmallIntegerField(
        _("phase"), null=True, blank=True, help_text=_("Its number, where it has one.")
    )
    budget = models.DecimalField(_("budget"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, validators=[currency_code])
    dialogues = models.ManyToManyField(
        Dialogue, verbose_name=_("dialogues it serves"), blank=True, related_name="projects"
    )
    domains = models.ManyToManyField(
        Domain,
        verbose_name=_("commitments it serves"),
        blank=True,
        related_name="projects",
        help_text=_("Domains of a declaration or action plan, where a source says so."),
    )
    initiatives = models.ManyToManyField(
        Initiative,
        verbose_name=_("initiatives it carries out"),
        blank=True,
        related_name="projects",
        help_text=_("As partners have reported them in a data-collection cycle."),
    )
    organisations = models.ManyToManyField(Organisation, through="ProjectRole", related_name="projects")

    objects = ProjectQuerySet.as_manager()  # type: ignore[misc]

    own_rows = ("roles", "calls", "results", "links", "updates", "outputs", "relations", "other_names", "identifiers")

    class Meta(EditorialModel.Meta):
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        permissions = [("publish_project", "Can publish, send back and withdraw projects")]
        constraints = [
            *EditorialModel.Meta.constraints,
            models.CheckConstraint(
                condition=Q(start_first__isnull=True) | Q(end_last__isnull=True) | Q(end_last__gte=F("start_first")),
                name="projects_project_ends_after_start",
                violation_error_message=_("The end lies before the start."),
            ),
            models.CheckConstraint(
                condition=~Q(stage_stated__in=AGEING) | Q(stage_as_of__isnull=False),
                name="projects_project_stage_has_its_age",
            ),
            models.CheckConstraint(
                condition=Q(budget__isnull=True) | Q(budget__gte=0) & ~Q(currency=""),
                name="projects_project_budget_has_currency",
                violation_error_message=_("A budget needs its currency and cannot be negative."),
            ),
        ]

    def clean(self) -> None:
        super().clean()
        check_period(self.start, self.end)
        if self.stage_stated in AGEING and not self.stage_as_of:
            raise ValidationError({"stage_as_of": _("Say when that was said: a stage without dates grows old.")})

    def get_absolute_url(self) -> str:
        return reverse("projects:detail", args=[self.slug])

    @property
    def stage(self) -> Stage:
        """As `with_stage` says it in SQL."""
        today = timezone.localdate()
        if self.stage_stated:
            return Stage(self.stage_stated)
        if self.end and self.end.last_day < today:
            return Stage.ENDED
        if self.start and self.start.first_day > today:
            return Stage.PLANNED
        return Stage.CURRENT if self.start or self.end else Stage.UNKNOWN

    @property
    def period(self) -> str:
        return period_label(self.start, self.end)

    @property
    def span(self) -> Span:
        """As a bar of a timeline: pale once it has ended."""
        style = "step-2" if self.stage == Stage.ENDED else "step-4"
        return Span(self.acronym or self.title, self.start, self.end, style)

    @property
    def places(self) -> str:
        """Where it works, in a few words: countries, else groups of states, else regions."""
        countries: list[models.Model] = list(self.countries.all())
        if len(countries) > 4:
            return ngettext("%(n)s country", "%(n)s countries", len(countries)) % {"n": len(countries)}
        found = countries or list(self.country_groups.all()) or list(self.regions.all())
        return gettext(", ").join(str(place) for place in found)

    @property
    def lead(self) -> str:
        """The objective, or the beginning of the summary: what lists and descriptions show."""
        return self.objective or Truncator(to_text(self.summary)).words(40)
