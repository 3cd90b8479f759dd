"""What states have agreed on in a dialogue, and what they do about it: instruments, domains, activities."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from dialogues.models.dialogue import Dialogue, OnDateQuerySet
from dialogues.models.meetings import Meeting
from portal.dates import PartialDateField
from portal.editorial import Reader, Status
from portal.models import Country
from portal.rows import OrderedRow, Period, Row, SlugField, check_chain


class InstrumentQuerySet(OnDateQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Those of dialogues that this reader may see."""
        return self.filter(dialogues__in=Dialogue.objects.visible_to(user).order_by().values("pk")).distinct()


class Instrument(Period):
    """A declaration, action plan or programme. Start and end say from when to when it is in force."""

    class Kind(models.TextChoices):
        DECLARATION = "declaration", _("Declaration")
        ACTION_PLAN = "action-plan", _("Action plan")
        ROADMAP = "roadmap", _("Roadmap")
        PROGRAMME = "programme", _("Programme")
        COMMITMENTS = "commitments", _("Commitments")

    dialogues = models.ManyToManyField(Dialogue, verbose_name=_("dialogues"), related_name="instruments")
    slug = SlugField(_("short name"))
    title = models.CharField(_("title"), max_length=250)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    adopted = PartialDateField(_("adopted"))
    adopted_at = models.ForeignKey(
        Meeting,
        models.SET_NULL,
        verbose_name=_("adopted at"),
        null=True,
        blank=True,
        related_name="instruments",
    )
    adopted_place = models.CharField(_("adopted in"), max_length=120, blank=True)
    replaces = models.ForeignKey(
        "self", models.SET_NULL, verbose_name=_("replaces"), null=True, blank=True, related_name="replaced_by"
    )
    note = models.TextField(_("note"), blank=True)

    objects = InstrumentQuerySet.as_manager()

    own_rows = ("domains",)

    class Meta(Period.Meta):
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")
        ordering = ["-adopted_first", "slug"]
        constraints = [
            *Period.Meta.constraints,
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=models.F("id")),
                name="dialogues_instrument_replaces_another",
                violation_error_message=_("It cannot replace itself."),
            ),
        ]

    def clean(self) -> None:
        super().clean()
        check_chain(self, "replaces", _("It cannot replace itself, directly or in a circle."))

    def __str__(self) -> str:
        return self.title

    @property
    def shown_with(self) -> list[Dialogue]:
        """Where it belongs to several, first those that visitors see already, last those that were put away."""
        return sorted(self.dialogues.all(), key=lambda one: (one.status == Status.ARCHIVED, not one.is_public))

    def put_on_show(self, by: Any) -> str:
        """On the page of its dialogue."""
        if not self.shown_with:
            raise ValidationError(_("It belongs to no dialogue, so no page shows it."))
        return self.shown_with[0].put_on_show(by)


class DomainQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Those of instruments that this reader may see."""
        return self.filter(instrument__in=Instrument.objects.visible_to(user).order_by().values("pk"))


class Domain(OrderedRow):
    """A thematic domain of an instrument."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="domains")
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)

    objects = DomainQuerySet.as_manager()

    own_rows = ("priorities", "reference_countries")

    class Meta(OrderedRow.Meta):
        verbose_name = _("domain")
        verbose_name_plural = _("domains")
        ordering = ["instrument", "position", "number", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "number"],
                name="dialogues_domain_number_once",
                violation_error_message=_("This instrument has a domain with this number."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}" if self.number else self.title

    @property
    def shown_with(self) -> list[Dialogue]:
        return self.instrument.shown_with

    def put_on_show(self, by: Any) -> str:
        return self.instrument.put_on_show(by)


class Priority(OrderedRow):
    """A numbered priority within a domain."""

    domain = models.ForeignKey(Domain, models.CASCADE, related_name="priorities")
    number = models.CharField(_("number"), max_length=10, blank=True)
    text = models.TextField(_("text"))

    class Meta(OrderedRow.Meta):
        verbose_name = _("priority")
        verbose_name_plural = _("priorities")
        constraints = [
            models.UniqueConstraint(
                fields=["domain", "number"],
                condition=~Q(number=""),
                name="dialogues_priority_number_once",
                violation_error_message=_("This domain has a priority with this number."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.text}".strip()[:80]


class ReferenceCountry(Row, Period):
    """A state that leads work on a domain, often as one of a pair."""

    domain = models.ForeignKey(Domain, models.CASCADE, related_name="reference_countries")
    country = models.ForeignKey(Country, models.PROTECT, verbose_name=_("country"), related_name="reference_roles")

    objects = OnDateQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("reference country")
        verbose_name_plural = _("reference countries")
        constraints = [
            *Period.Meta.constraints,
            models.UniqueConstraint(
                "domain",
                "country",
                Coalesce("start", models.Value("")),
                name="dialogues_referencecountry_once",
                violation_error_message=_("This country is listed twice with the same start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country}: {self.domain}"


class ActivityQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Those of dialogues that this reader may see."""
        return self.filter(dialogue__in=Dialogue.objects.visible_to(user).order_by().values("pk"))


class Activity(Row):
    """Something a dialogue's states do about a domain: labelled by one state, or led by a reference pair."""

    class Kind(models.TextChoices):
        LABELLED = "labelled", _("Labelled activity")
        REFERENCE = "reference", _("Activity of reference countries")
        OTHER = "other", _("Activity")

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="activities")
    domain = models.ForeignKey(
        Domain, models.SET_NULL, verbose_name=_("domain"), null=True, blank=True, related_name="activities"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.OTHER)
    title = models.CharField(_("title"), max_length=250)
    date = PartialDateField(_("date"))
    countries = models.ManyToManyField(Country, verbose_name=_("led by"), blank=True, related_name="activities")
    meeting = models.ForeignKey(
        Meeting, models.SET_NULL, verbose_name=_("meeting"), null=True, blank=True, related_name="activities"
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta(Row.Meta):
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["-date_first", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def shown_with(self) -> list[Dialogue]:
        return [self.dialogue]

    def put_on_show(self, by: Any) -> str:
        return self.dialogue.put_on_show(by)
