"""Data-collection cycles: what partners report as done, checked, verified and frozen when the cycle closes."""

from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dialogues.models.commitments import Domain
from dialogues.models.dialogue import Dialogue
from portal.dates import PartialDateField
from portal.editorial import Reader
from portal.models import Country, Organisation
from portal.rows import Period, Row, check_period


class Cycle(Period):
    """One round of data collection. Once closed it holds a snapshot of what was verified, which never changes."""

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="cycles", verbose_name=_("dialogue"))
    number = models.PositiveSmallIntegerField(_("number"))
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    snapshot = models.JSONField(_("snapshot"), null=True, editable=False)
    note = models.TextField(_("note"), blank=True)

    class Meta(Period.Meta):
        verbose_name = _("data-collection cycle")
        verbose_name_plural = _("data-collection cycles")
        ordering = ["dialogue", "-number"]
        constraints = [
            *Period.Meta.constraints,
            models.UniqueConstraint(
                fields=["dialogue", "number"],
                name="dialogues_cycle_once",
                violation_error_message=_("This dialogue has a cycle with this number."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, snapshot__isnull=True)
                | Q(closed_at__isnull=False, snapshot__isnull=False),
                name="dialogues_cycle_closed_with_snapshot",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dialogue}, {self.number}"


class InitiativeQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Visitors see verified ones of dialogues they may see."""
        seen = self.filter(cycle__dialogue__in=Dialogue.objects.visible_to(user).values("pk"))
        if getattr(user, "is_staff", False) and user.has_perm("dialogues.view_initiative"):
            return seen
        return seen.filter(status=Initiative.Status.VERIFIED)


class Initiative(Row):
    """What a partner reports to have done for a domain."""

    class Status(models.TextChoices):
        SUBMITTED = "submitted", _("Submitted")
        CHECKED = "checked", _("Checked")
        VERIFIED = "verified", _("Verified")

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="initiatives", verbose_name=_("cycle"))
    title = models.CharField(_("title"), max_length=250)
    description = models.TextField(_("description"), blank=True)
    domains = models.ManyToManyField(Domain, verbose_name=_("domains"), blank=True, related_name="initiatives")
    countries = models.ManyToManyField(Country, verbose_name=_("countries"), blank=True, related_name="initiatives")
    reported_by = models.ForeignKey(
        Organisation,
        models.PROTECT,
        verbose_name=_("reported by"),
        null=True,
        blank=True,
        related_name="initiatives",
    )
    start = PartialDateField(_("from"))
    end = PartialDateField(_("to"), edge="last")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.SUBMITTED, editable=False
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    comments = models.TextField(_("comments of the quality check"), blank=True)

    own_facts = ("submitted_by",)

    objects = InitiativeQuerySet.as_manager()

    class Meta(Row.Meta):
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["submitted", "checked", "verified"]), name="dialogues_initiative_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="checked") | Q(checked_by__isnull=False),
                name="dialogues_initiative_checked_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status="verified") | Q(verified_by__isnull=False),
                name="dialogues_initiative_verified_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True)
                | Q(submitted_by__isnull=True)
                | ~Q(verified_by=F("submitted_by")),
                name="dialogues_initiative_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0) & ~Q(currency=""),
                name="dialogues_initiative_amount_has_currency",
                violation_error_message=_("An amount needs its currency."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        check_period(self.start, self.end)
        if self.cycle_id and self.cycle.closed_at:
            raise ValidationError({"cycle": _("This cycle is closed: what it holds no longer changes.")})
