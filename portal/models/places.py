"""Countries, groups of countries, what they were called before, and the notes that go with some territories."""

from typing import Any, Self

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.dates import PartialDateField
from portal.languages import columns, fold, translated
from portal.models.vocabulary import Region
from portal.rows import Period, Row, SlugField


class TerritorialNote(models.Model):
    """A mark and a footnote that go with every mention of a territory, from one day to another."""

    slug = SlugField(_("short name"))
    mark = models.CharField(_("mark"), max_length=4, default="*")
    text = models.TextField(_("footnote"))
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    own_rows = ("terms",)

    class Meta:
        verbose_name = _("territorial note")
        verbose_name_plural = _("territorial notes")
        ordering = ["slug"]

    def __str__(self) -> str:
        return f"{self.mark} {self.slug}"


class TerritorialTerm(Row):
    """A name whose mention carries the mark: of the territory or of a place in it, in any language."""

    note = models.ForeignKey(TerritorialNote, models.CASCADE, related_name="terms", verbose_name=_("note"))
    term = models.CharField(_("name"), max_length=120)

    class Meta(Row.Meta):
        verbose_name = _("name that carries the mark")
        verbose_name_plural = _("names that carry the mark")
        ordering = ["term"]
        constraints = [models.UniqueConstraint(fields=["term"], name="portal_territorialterm_once")]

    def __str__(self) -> str:
        return self.term


class CountryQuerySet(models.QuerySet):
    def by_name(self) -> Self:
        return self.order_by(translated("name", lower=True))

    def called(self, text: str) -> Self:
        """Those one of whose names, in any language or of any time, holds these words; accents do not count."""
        words = fold(text).split()
        names: dict[int, str] = {}
        for pk, *own in self.order_by().values_list("pk", *columns("name"), "other_names__name"):
            names[pk] = " ".join([names.get(pk, ""), *(fold(name) for name in own if name)])
        return self.filter(
            pk__in=[pk for pk, all_names in names.items() if words and all(w in all_names for w in words)]
        )


class Country(models.Model):
    """A state or territory of ISO 3166-1, and XK for Kosovo, which the standard leaves to its users."""

    iso2 = models.CharField(
        _("ISO code"),
        max_length=2,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{2}\Z", _("Two capital letters."))],
    )
    iso3 = models.CharField(_("three-letter code"), max_length=3, unique=True)
    m49 = models.CharField(_("UN M49 number"), max_length=3, blank=True)
    subregion = models.CharField(_("UN M49 sub-region"), max_length=3, blank=True)
    name = models.CharField(_("name"), max_length=120, help_text=_("As the organisation writes it, without a mark."))
    region = models.ForeignKey(
        Region, models.PROTECT, verbose_name=_("region"), null=True, blank=True, related_name="countries"
    )
    territorial_note = models.ForeignKey(
        TerritorialNote, models.PROTECT, verbose_name=_("territorial note"), null=True, blank=True
    )

    objects = CountryQuerySet.as_manager()

    own_rows = ("other_names", "memberships")

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["iso2"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("country", args=[self.iso2.lower()])

    def put_on_show(self, by: Any) -> str:
        return self.get_absolute_url()


class CountryName(Row, Period):
    """Another name of a country: before, short, or as some documents spell it."""

    class Kind(models.TextChoices):
        FORMER = "former", _("Former name")
        SHORT = "short", _("Short form")
        VARIANT = "variant", _("Other spelling")
        MISPRINT = "misprint", _("Misprint in a source")

    country = models.ForeignKey(Country, models.CASCADE, related_name="other_names", verbose_name=_("country"))
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.VARIANT)

    class Meta(Period.Meta):
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["name"]
        constraints = [
            *Period.Meta.constraints,
            models.UniqueConstraint(fields=["country", "name"], name="portal_countryname_once"),
        ]

    def __str__(self) -> str:
        return self.name


class CountryGroup(models.Model):
    """A group of states that work is done for: ECOWAS, the Western Balkans. Its members may be unknown."""

    slug = SlugField(_("short name"))
    name = models.CharField(_("name"), max_length=120)
    members = models.ManyToManyField(
        Country,
        verbose_name=_("members"),
        blank=True,
        related_name="groups",
        help_text=_("Leave empty where no source says who belongs to the group."),
    )

    class Meta:
        verbose_name = _("group of states")
        verbose_name_plural = _("groups of states")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class Membership(Row, Period):
    """A state's standing in the organisation."""

    class Standing(models.TextChoices):
        MEMBER = "member", _("Member state")
        OBSERVER = "observer", _("Observer")
        INVITED = "invited", _("Invited to join")
        CANDIDATE = "candidate", _("Priority for enlargement")

    country = models.ForeignKey(Country, models.CASCADE, related_name="memberships", verbose_name=_("country"))
    standing = models.CharField(_("standing"), max_length=10, choices=Standing.choices, default=Standing.MEMBER)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta(Period.Meta):
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["start_first", "pk"]
        constraints = [
            *Period.Meta.constraints,
            models.UniqueConstraint(fields=["country", "standing", "start"], name="portal_membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.country}: {self.get_standing_display()}"


class SteeringGroupChair(Row):
    """Which state chaired the organisation's Steering Group in a year."""

    country = models.ForeignKey(
        Country, models.CASCADE, related_name="steering_group_chairs", verbose_name=_("country")
    )
    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    theme = models.CharField(_("theme of the year"), max_length=200, blank=True)

    class Meta(Row.Meta):
        verbose_name = _("Steering Group chair")
        verbose_name_plural = _("Steering Group chairs")
        ordering = ["-year"]

    def __str__(self) -> str:
        return f"{self.year}: {self.country}"

    def put_on_show(self, by: Any) -> str:
        return self.country.put_on_show(by)


class Office(models.Model):
    """An office or duty station."""

    class Kind(models.TextChoices):
        HEADQUARTERS = "headquarters", _("Headquarters")
        REGIONAL = "regional", _("Regional office")
        MISSION = "mission", _("Mission")
        COUNTRY = "country", _("Country office")
        PROJECT = "project", _("Project office")
        OFFICE = "office", _("Office")
        RESOURCE_CENTRE = "resource-centre", _("Migrant Resource Centre")
        PRESENCE = "presence", _("Presence")

    class Standing(models.TextChoices):
        OPEN = "open", _("Open")
        PLANNED = "planned", _("Planned")
        CLOSED = "closed", _("Closed")

    city = models.CharField(_("city"), max_length=120, blank=True, help_text=_("Empty where no source names it."))
    country = models.ForeignKey(Country, models.PROTECT, related_name="offices", verbose_name=_("country"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.OFFICE)
    standing = models.CharField(_("standing"), max_length=10, choices=Standing.choices, default=Standing.OPEN)
    opened = PartialDateField(_("opened"))
    closed = PartialDateField(_("closed"), edge="last")
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["country__iso2", "city", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["city", "country", "kind"], name="portal_office_once"),
            models.CheckConstraint(
                condition=models.Q(opened_first__isnull=True)
                | models.Q(closed_last__isnull=True)
                | models.Q(closed_last__gte=models.F("opened_first")),
                name="portal_office_closes_after_opening",
                violation_error_message=_("The office closed before it opened."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city or self.country}, {self.get_kind_display()}"

    def put_on_show(self, by: Any) -> str:
        return self.country.put_on_show(by)
