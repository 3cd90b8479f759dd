"""What hangs on a project: who takes part with what share, phases, results, calls, links, news, identifiers."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.dates import PartialDateField
from portal.models import Organisation
from portal.rows import OrderedRow, Row, currency_code
from projects.models.project import Project


class ProjectRole(OrderedRow):
    """An organisation's part in a project."""

    class Role(models.TextChoices):
        DONOR = "donor", _("Donor")
        IMPLEMENTING = "implementing", _("Implementing organisation")
        PARTNER = "partner", _("Partner")
        BENEFICIARY = "beneficiary", _("Beneficiary")

    project = models.ForeignKey(Project, models.CASCADE, related_name="roles")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.DONOR)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("organisation"), related_name="project_roles"
    )
    share = models.DecimalField(
        _("share, %"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    amount = models.DecimalField(
        _("amount"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True, validators=[currency_code])
    note = models.CharField(
        _("note"), max_length=200, blank=True, help_text=_("For instance: inferred from the title.")
    )

    class Meta(OrderedRow.Meta):
        verbose_name = _("organisation in the project")
        verbose_name_plural = _("organisations in the project")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "role", "organisation"],
                name="projects_projectrole_once",
                violation_error_message=_("This organisation is listed twice in the same role."),
            ),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gte=0, share__lte=100),
                name="projects_projectrole_share_is_percentage",
                violation_error_message=_("A share lies between 0 and 100 per cent."),
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0) & ~Q(currency=""),
                name="projects_projectrole_amount_has_currency",
                violation_error_message=_("An amount needs its currency."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.organisation}"

    @classmethod
    def check_together(cls, rows: Sequence[Any]) -> None:
        """The shares of all donors add up to at most 100 per cent."""
        total = sum((row.share or Decimal(0) for row in rows if row.role == cls.Role.DONOR), Decimal(0))
        if total > 100:
            plain = f"{total.normalize():f}"  # 120, not 1.2E+2
            raise ValidationError(_("The donors' shares add up to %(total)s per cent.") % {"total": plain})


class ProjectRelation(Row):
    """How a project relates to another: the phase it follows, what it is part of."""

    class Kind(models.TextChoices):
        FOLLOWS = "follows", _("is the next phase of")
        CONTINUES = "continues", _("takes up the theme of")
        PART_OF = "part-of", _("is part of")
        COMPLEMENTS = "complements", _("complements")

    project = models.ForeignKey(Project, models.CASCADE, related_name="relations")
    kind = models.CharField(_("relation"), max_length=12, choices=Kind.choices, default=Kind.FOLLOWS)
    other = models.ForeignKey(
        Project, models.CASCADE, verbose_name=_("other project"), related_name="reverse_relations"
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta(Row.Meta):
        verbose_name = _("relation to another project")
        verbose_name_plural = _("phases and related projects")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind", "other"],
                name="projects_projectrelation_once",
                violation_error_message=_("This relation is listed twice."),
            ),
            # One line of phases, without forks: each phase has at most one before and one after it.
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(kind="follows"),
                name="projects_projectrelation_one_before",
                violation_error_message=_("This project is the next phase of another one already."),
            ),
            models.UniqueConstraint(
                fields=["other"],
                condition=Q(kind="follows"),
                name="projects_projectrelation_one_after",
                violation_error_message=_("That project has a next phase already."),
            ),
            models.CheckConstraint(
                condition=~Q(project=F("other")),
                name="projects_projectrelation_to_another",
                violation_error_message=_("A project cannot relate to itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.other}"

    def clean(self) -> None:
        """A chain of phases never leads back to where it began."""
        super().clean()
        if self.kind != self.Kind.FOLLOWS or not self.other_id or not self.project_id:
            return
        if self.other_id == self.project_id:
            raise ValidationError({"other": _("A project cannot follow itself.")})
        seen, frontier = set(), {self.other_id}
        while frontier:
            seen |= frontier
            before = type(self).objects.filter(project__in=frontier, kind=self.Kind.FOLLOWS)
            frontier = set(before.values_list("other_id", flat=True)) - seen
        if self.project_id in seen:
            raise ValidationError({"other": _("That project already follows this one.")})


class ProjectName(Row):
    """A former name or acronym, or a spelling found in sources."""

    class Kind(models.TextChoices):
        FORMER = "former", _("Former name")
        ACRONYM = "acronym", _("Acronym")
        VARIANT = "variant", _("Other spelling")
        MISPRINT = "misprint", _("Misprint in a source")

    project = models.ForeignKey(Project, models.CASCADE, related_name="other_names")
    name = models.CharField(_("name"), max_length=300)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.FORMER)

    class Meta(Row.Meta):
        verbose_name = _("former or other name")
        verbose_name_plural = _("former and other names")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="projects_projectname_once")]

    def __str__(self) -> str:
        return self.name


class Result(OrderedRow):
    """A component, or a numbered result the project set out to reach."""

    class Kind(models.TextChoices):
        RESULT = "result", _("Result")
        COMPONENT = "component", _("Component")

    project = models.ForeignKey(Project, models.CASCADE, related_name="results")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.RESULT)
    number = models.CharField(_("number"), max_length=10, blank=True)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), blank=True)

    class Meta(OrderedRow.Meta):
        verbose_name = _("component or result")
        verbose_name_plural = _("components and results")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind", "number"],
                condition=~Q(number=""),
                name="projects_result_number_once",
                violation_error_message=_("This number is given twice."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class CallQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Open today by their dates, the first to close first."""
        today = timezone.localdate()
        return self.filter(Q(opens__isnull=True) | Q(opens__lte=today), closes__gte=today).order_by("closes", "pk")

    def closing_within(self, days: int) -> Self:
        return self.open().filter(closes__lte=timezone.localdate() + datetime.timedelta(days=days))


class Call(Row):
    """A call for experts, tenders or proposals."""

    class Kind(models.TextChoices):
        EXPERTS = "experts", _("Call for experts")
        TENDERS = "tenders", _("Call for tenders")
        PROPOSALS = "proposals", _("Call for proposals")

    project = models.ForeignKey(Project, models.CASCADE, related_name="calls")
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.EXPERTS)
    opens = models.DateField(_("opens"), null=True, blank=True)
    closes = models.DateField(_("closes"), null=True, blank=True, help_text=_("The last day."))
    url = models.URLField(_("link"), blank=True, max_length=500)

    objects = CallQuerySet.as_manager()

    class Meta(Row.Meta):
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ["-closes", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens__isnull=True) | Q(closes__isnull=True) | Q(closes__gte=F("opens")),
                name="projects_call_closes_after_opening",
                violation_error_message=_("The call closes before it opens."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if self.opens and self.closes and self.closes < self.opens:
            raise ValidationError({"closes": _("The call closes before it opens.")})

    @property
    def days_left(self) -> int | None:
        """Whole days to the last day; None when it is not open today."""
        today = timezone.localdate()
        if self.closes is None or self.closes < today or (self.opens and self.opens > today):
            return None
        return (self.closes - today).days


class Link(OrderedRow):
    """A labelled link to elsewhere."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="links")
    label = models.CharField(_("label"), max_length=200, help_text=_("What is there: never “here” or “click”."))
    url = models.URLField(_("link"), blank=True, max_length=500, help_text=_("Empty where the target is gone."))
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta(OrderedRow.Meta):
        verbose_name = _("link")
        verbose_name_plural = _("links")

    def __str__(self) -> str:
        return self.label


class Update(Row):
    """A dated piece of news."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="updates")
    date = models.DateField(_("date"), default=timezone.localdate)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), blank=True)

    class Meta(Row.Meta):
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ["-date", "pk"]

    def __str__(self) -> str:
        return self.title


class Output(OrderedRow):
    """Something the project made that is no publication of the portal: a tool, a course, a centre."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="outputs")
    title = models.CharField(_("title"), max_length=250)
    date = PartialDateField(_("date"))
    url = models.URLField(_("link"), blank=True, max_length=500)

    class Meta(OrderedRow.Meta):
        verbose_name = _("output")
        verbose_name_plural = _("outputs")

    def __str__(self) -> str:
        return self.title


class ProjectIdentifier(Row):
    """A number under which others know the project."""

    class Scheme(models.TextChoices):
        IATI = "iati", _("IATI activity identifier")
        CONTRACT = "contract", _("Contract number")
        DONOR = "donor", _("Donor's reference")
        INTERNAL = "internal", _("Internal number")

    project = models.ForeignKey(Project, models.CASCADE, related_name="identifiers")
    scheme = models.CharField(_("scheme"), max_length=10, choices=Scheme.choices)
    value = models.CharField(_("identifier"), max_length=120)

    class Meta(Row.Meta):
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        ordering = ["scheme", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "value"],
                name="projects_projectidentifier_once",
                violation_error_message=_("Another project has this identifier."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"
