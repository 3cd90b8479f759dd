"""A migration dialogue, who takes part in it and who chairs it."""

import datetime
from collections.abc import Sequence
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.dates import PartialDateField
from portal.editorial import EditorialModel, EditorialQuerySet
from portal.models import Country, CountryGroup, Organisation, Region, Theme
from portal.prose import ProseField
from portal.rows import OrderedRow, Period, Row, check_no_overlap, check_period


class DialogueQuerySet(EditorialQuerySet):
    def active(self) -> Self:
        return self.filter(stage=Dialogue.Stage.ACTIVE)


class Dialogue(EditorialModel):
    """A standing forum in which states discuss migration."""

    class Stage(models.TextChoices):
        PROSPECTIVE = "prospective", _("Prospective")
        ACTIVE = "active", _("Active")
        CLOSED = "closed", _("Closed")

    title = models.CharField(_("name"), max_length=200)
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    purpose = models.TextField(
        _("purpose"),
        blank=True,
        help_text=_("One or two sentences: what it is for. Shown large at the top and in lists."),
    )
    description = ProseField(_("description"), help_text=_("How it works: bodies, methods, focus."))
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, default=Stage.ACTIVE)
    start = PartialDateField(
        _("since"), help_text=_("As exactly as it is known: 2006, October 2006 or 5 October 2006.")
    )
    end = PartialDateField(_("until"), edge="last")
    regions = models.ManyToManyField(Region, verbose_name=_("regions"), blank=True, related_name="+")
    themes = models.ManyToManyField(Theme, verbose_name=_("themes"), blank=True, related_name="+")
    secretariat = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("secretariat"), null=True, blank=True, related_name="+"
    )
    secretariat_note = models.CharField(_("about the secretariat"), max_length=200, blank=True)
    participants_note = models.TextField(
        _("participants in words"),
        blank=True,
        help_text=_("What sources say of the participants without naming them."),
    )

    objects = DialogueQuerySet.as_manager()  # type: ignore[misc]

    own_rows = (
        "participations",
        "chair_terms",
        "meetings",
        "mandates",
        "bodies",
        "activities",
        "tools",
        "trainings",
        "other_names",
    )

    class Meta(EditorialModel.Meta):
        verbose_name = _("dialogue")
        verbose_name_plural = _("dialogues")
        permissions = [("publish_dialogue", "Can publish, send back and withdraw dialogues")]
        constraints = [
            *EditorialModel.Meta.constraints,
            models.CheckConstraint(
                condition=Q(start_first__isnull=True)
                | Q(end_last__isnull=True)
                | Q(end_last__gte=models.F("start_first")),
                name="dialogues_dialogue_ends_after_start",
                violation_error_message=_("The end lies before the start."),
            ),
            # /dialogues/meetings/ is the calendar, /dialogues/trace/ the commitment trace of all dialogues.
            models.CheckConstraint(
                condition=~Q(slug__in=["meetings", "trace"]),
                name="dialogues_dialogue_slug_not_reserved",
                violation_error_message=_(
                    "This address is taken by the calendar of meetings or by the commitment trace."
                ),
            ),
        ]

    def clean(self) -> None:
        super().clean()
        check_period(self.start, self.end)

    def get_absolute_url(self) -> str:
        return reverse("dialogues:detail", args=[self.slug])

    def chair_on(self, day: datetime.date) -> "ChairTerm | None":
        return self.chair_terms.on(day).select_related("country", "organisation", "group").first()


class OnDateQuerySet(models.QuerySet):
    def on(self, day: datetime.date) -> Self:
        """Rows that hold on a day; an unknown start or end counts as holding."""
        return self.filter(
            Q(start_first__isnull=True) | Q(start_first__lte=day),
            Q(end_last__isnull=True) | Q(end_last__gte=day),
        )


class DialogueName(Row, Period):
    """A former name or another spelling of a dialogue."""

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="other_names")
    name = models.CharField(_("name"), max_length=200)
    is_former = models.BooleanField(_("former name"), default=False)

    class Meta(Period.Meta):
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["name"]
        constraints = [
            *Period.Meta.constraints,
            models.UniqueConstraint(fields=["dialogue", "name"], name="dialogues_dialoguename_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Mandate(Row, Period):
    """A period for which states have given the dialogue its task."""

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="mandates")
    title = models.CharField(_("title"), max_length=200)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = OnDateQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ["start_first", "title"]

    def __str__(self) -> str:
        return self.title


class GoverningBody(OrderedRow):
    """A body of the dialogue: senior officials' meeting, steering committee, reference group."""

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="bodies")
    name = models.CharField(_("name"), max_length=200)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta(OrderedRow.Meta):
        verbose_name = _("body")
        verbose_name_plural = _("bodies")

    def __str__(self) -> str:
        return self.name


class Party(models.Model):
    """A state, an organisation or a group of states: exactly one of the three."""

    country = models.ForeignKey(
        Country, models.PROTECT, verbose_name=_("state"), null=True, blank=True, related_name="%(class)ss"
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        related_name="%(class)ss",
    )
    group = models.ForeignKey(
        CountryGroup,
        models.PROTECT,
        verbose_name=_("group of states"),
        null=True,
        blank=True,
        related_name="%(class)ss",
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(country__isnull=False, organisation__isnull=True, group__isnull=True)
                | Q(country__isnull=True, organisation__isnull=False, group__isnull=True)
                | Q(country__isnull=True, organisation__isnull=True, group__isnull=False),
                name="%(app_label)s_%(class)s_is_one_party",
                violation_error_message=_("Choose a state, an organisation or a group of states: exactly one."),
            )
        ]

    def __str__(self) -> str:
        return str(self.party or "")

    @property
    def party(self) -> Country | Organisation | CountryGroup | None:
        return self.country or self.organisation or self.group


class Participation(Row, Period, Party):
    class Role(models.TextChoices):
        PARTICIPANT = "participant", _("Participating state")
        OBSERVER = "observer", _("Observer")
        PARTNER = "partner", _("Partner organisation")

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="participations")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.PARTICIPANT)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = OnDateQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["role", "country__iso2", "pk"]
        constraints = [
            *Period.Meta.constraints,
            *Party.Meta.constraints,
            models.UniqueConstraint(
                "dialogue",
                "role",
                Coalesce("country", 0),
                Coalesce("organisation", 0),
                Coalesce("group", 0),
                Coalesce("start", models.Value("")),
                name="dialogues_participation_once",
                violation_error_message=_("This participant is listed twice with the same role and start."),
            ),
        ]

    @classmethod
    def check_together(cls, rows: Sequence[Any]) -> None:
        """One party holds one role at a time."""
        by_party: dict[tuple[Any, ...], list[Any]] = {}
        for row in rows:
            by_party.setdefault((row.country_id, row.organisation_id, row.group_id), []).append(row)
        for own in by_party.values():
            check_no_overlap(own, _("%(one)s is listed twice for the same time."))


class ChairTerm(Row, Period, Party):
    """Who chairs the dialogue, from when to when."""

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="chair_terms")
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = OnDateQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("chair")
        verbose_name_plural = _("chairs")
        ordering = ["-start_first", "pk"]
        constraints = [*Period.Meta.constraints, *Party.Meta.constraints]

    @classmethod
    def check_together(cls, rows: Sequence[Any]) -> None:
        check_no_overlap(rows, _("The terms of %(one)s and %(two)s overlap."))


class Tool(OrderedRow):
    """Something the dialogue keeps: a database, a training academy, an observatory."""

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="tools")
    name = models.CharField(_("name"), max_length=200)
    url = models.URLField(_("link"), blank=True, max_length=500)

    class Meta(OrderedRow.Meta):
        verbose_name = _("tool")
        verbose_name_plural = _("tools")

    def __str__(self) -> str:
        return self.name
