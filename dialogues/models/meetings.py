"""Meetings of a dialogue, their series and who came; trainings."""

from collections.abc import Sequence
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dialogues.models.dialogue import Dialogue
from portal.editorial import Reader
from portal.models import Country, Organisation
from portal.models.pages import KeepsAddress
from portal.rows import OrderedRow, Period, Row, SlugField, make_slug


class MeetingSeriesQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """A series is seen with the first of its meetings that is."""
        return self.filter(pk__in=Meeting.objects.visible_to(user).filter(series__isnull=False).values("series"))


class MeetingSeries(models.Model):
    """Meetings that continue each other: a yearly conference, a round of webinars."""

    slug = SlugField(_("short name"))
    name = models.CharField(_("name"), max_length=200)
    dialogue = models.ForeignKey(
        Dialogue, models.CASCADE, verbose_name=_("dialogue"), null=True, blank=True, related_name="series"
    )

    objects = MeetingSeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("series of meetings")
        verbose_name_plural = _("series of meetings")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """A meeting is seen with its dialogue; one without a dialogue once it is listed."""
        own = Q(dialogue__in=Dialogue.objects.visible_to(user).values("pk"))
        listed = Q(dialogue__isnull=True)
        if not (getattr(user, "is_staff", False) and user.has_perm("dialogues.view_meeting")):
            listed &= Q(is_listed=True)
        return self.filter(own | listed)

    def upcoming(self) -> Self:
        """To come or going on, the next one first."""
        return self.filter(end_last__gte=timezone.localdate()).order_by("start_first", "pk")

    def past(self) -> Self:
        """Held, the latest first; those without a date come last."""
        today = timezone.localdate()
        return self.filter(Q(end_last__lt=today) | Q(end_last__isnull=True)).order_by(
            models.F("start_first").desc(nulls_last=True), "pk"
        )


class Meeting(KeepsAddress, Row, Period):
    """A conference, ministerial or senior officials' meeting, workshop or webinar."""

    class Type(models.TextChoices):
        MINISTERIAL = "ministerial", _("Ministerial conference")
        SUMMIT = "summit", _("Summit")
        SENIOR_OFFICIALS = "senior-officials", _("Senior officials’ meeting")
        STEERING = "steering", _("Steering committee")
        THEMATIC = "thematic", _("Thematic meeting")
        EXPERT = "expert", _("Expert meeting")
        FOCAL_POINTS = "focal-points", _("Focal points’ consultation")
        CONFERENCE = "conference", _("Conference")
        WEBINAR = "webinar", _("Webinar")
        WORKSHOP = "workshop", _("Workshop")
        CAMPAIGN = "campaign", _("Campaign")
        OTHER = "other", _("Meeting")

    class Mode(models.TextChoices):
        UNKNOWN = "", _("Not stated")
        IN_PERSON = "in-person", _("In person")
        ONLINE = "online", _("Online")
        HYBRID = "hybrid", _("Hybrid")

    dialogue = models.ForeignKey(
        Dialogue, models.CASCADE, verbose_name=_("dialogue"), null=True, blank=True, related_name="meetings"
    )
    slug = SlugField(_("address"), blank=True, max_length=120, help_text=_("Left empty, it is made from the title."))
    title = models.CharField(_("title"), max_length=250)
    type = models.CharField(_("type"), max_length=20, choices=Type.choices, default=Type.OTHER)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices, default=Mode.UNKNOWN, blank=True)
    place = models.CharField(_("place"), max_length=160, blank=True)
    country = models.ForeignKey(
        Country, models.PROTECT, verbose_name=_("country"), null=True, blank=True, related_name="meetings"
    )
    host_countries = models.ManyToManyField(
        Country,
        verbose_name=_("hosted by"),
        blank=True,
        related_name="hosted_meetings",
        help_text=_("States that host it."),
    )
    hosts = models.CharField(
        _("other hosts"), max_length=300, blank=True, help_text=_("In words, where they are in no list.")
    )
    organisers = models.ManyToManyField(Organisation, verbose_name=_("organisers"), blank=True, related_name="meetings")
    series = models.ForeignKey(
        MeetingSeries,
        models.SET_NULL,
        verbose_name=_("series"),
        null=True,
        blank=True,
        related_name="meetings",
    )
    summary = models.TextField(_("summary"), blank=True)
    participants = models.CharField(
        _("participants in all"), max_length=60, blank=True, help_text=_("As stated: 1,477, or: over 500.")
    )
    source_note = models.CharField(_("note on the source"), max_length=300, blank=True)
    is_listed = models.BooleanField(
        _("listed"),
        default=False,
        help_text=_("For a meeting without a dialogue: shown to visitors. A dialogue's meetings are shown with it."),
    )
    changed_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = MeetingQuerySet.as_manager()

    own_rows = ("attendance",)

    class Meta(Period.Meta):
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-start_first", "slug"]

    def __str__(self) -> str:
        return self.title

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._ensure_slug()
        super().full_clean(*args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._ensure_slug()
        self.end = self.end or self.start  # one date given: the meeting begins and ends within it
        super().save(*args, **kwargs)

    def _ensure_slug(self) -> None:
        if not self.slug:
            self.slug = make_slug(self.title, taken=type(self).objects.exclude(pk=self.pk))

    def get_absolute_url(self) -> str:
        if self.dialogue:
            return reverse("dialogues:meeting", args=[self.dialogue.slug, self.slug])
        return reverse("dialogues:other-meeting", args=[self.slug])

    @property
    def shown_with(self) -> list[Dialogue]:
        return [self.dialogue] if self.dialogue else []

    def put_on_show(self, by: Any) -> str:
        if self.dialogue:
            self.dialogue.put_on_show(by)  # its page lies under that of its dialogue
        else:
            type(self)._base_manager.filter(pk=self.pk).update(is_listed=True)
        return super().put_on_show(by)

    @property
    def has_days(self) -> bool:
        """Whether the day is known on which it begins, so that it can stand in a calendar."""
        return bool(self.start and self.start.day)

    @property
    def lacks_day(self) -> bool:
        """Whether one date that is not exact is all that is known."""
        return self.start == self.end and not self.has_days

    @property
    def standing(self) -> str:
        """In words, whether it was held, as far as its dates tell."""
        today = timezone.localdate()
        if self.end is None:
            return ""
        if self.end.last_day < today:
            return gettext("held")
        if self.start and self.start.first_day > today:
            return gettext("to come")
        if self.start and self.start.last_day <= today <= self.end.first_day:
            return gettext("going on")
        return gettext("not known whether held yet")


class Attendance(OrderedRow):
    """How many came from one sector, or in one way."""

    class Mode(models.TextChoices):
        ALL = "", _("In all")
        IN_PERSON = "in-person", _("In person")
        ONLINE = "online", _("Online")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendance")
    sector = models.CharField(_("sector"), max_length=120, blank=True, help_text=_("Empty for a total."))
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices, default=Mode.ALL, blank=True)
    number = models.PositiveIntegerField(_("number"))

    class Meta(OrderedRow.Meta):
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")

    def __str__(self) -> str:
        return f"{self.sector or self.get_mode_display()}: {self.number}"

    @property
    def words(self) -> str:
        return number_format(self.number, force_grouping=True)

    @classmethod
    def check_together(cls, rows: Sequence[Any]) -> None:
        counted = [(row.sector.casefold(), row.mode) for row in rows]
        if len(counted) != len(set(counted)):
            raise ValidationError(_("A sector is counted twice."))


class Training(Row, Period):
    """A course or series of courses held under a dialogue."""

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="trainings")
    title = models.CharField(_("title"), max_length=250)
    place = models.CharField(_("place"), max_length=160, blank=True)
    participants = models.PositiveIntegerField(_("participants"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta(Period.Meta):
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        ordering = ["-start_first", "title"]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def check_together(cls, rows: Sequence[Any]) -> None:
        titles = [(row.title.casefold(), str(row.start)) for row in rows]
        if len(titles) != len(set(titles)):
            raise ValidationError(_("A training is listed twice."))
