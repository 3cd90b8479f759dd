"""Key figures: numbers the organisation has stated, each with its year, its source and how exact it is."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.models.places import Country
from portal.models.vocabulary import Region, Source
from portal.rows import SlugField

MOST = Decimal(99_999_999_999_999)  # SQLite rounds what is longer, to more digits than it would read again

MEASURES_HELP = _(
    "A key of small letters and hyphens for what is measured, such as employees. Whatever has the same key and the "
    "same year says the same thing, wherever it stands; the figures check compares it."
)


class FigureGroup(models.Model):
    """Figures that belong together: a series of years, shares of one whole, parts of a total, or a list."""

    class Presentation(models.TextChoices):
        LIST = "list", _("A list of figures")
        SERIES = "series", _("One figure over the years")
        SHARES = "shares", _("Shares that add up to 100")
        PARTS = "parts", _("Parts of one total")

    slug = SlugField(_("short name"))
    name = models.CharField(_("name"), max_length=160)
    presentation = models.CharField(
        _("presentation"), max_length=10, choices=Presentation.choices, default=Presentation.LIST
    )
    measures = models.SlugField(
        _("what it measures"),
        max_length=80,
        blank=True,
        help_text=format_lazy(
            "{} {}",
            MEASURES_HELP,
            _("Of a series it is what every year states; of parts, what they add up to, here or in another group."),
        ),
    )
    note = models.CharField(
        _("note"),
        max_length=300,
        blank=True,
        help_text=_("What readers of these figures must know."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("group of figures")
        verbose_name_plural = _("groups of figures")
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("figure-group", args=[self.slug])

    @property
    def title(self) -> str:
        """As a citation calls it."""
        return self.name

    def put_on_show(self, by: Any) -> str:
        return reverse("figures")


class KeyFigure(models.Model):
    class Qualifier(models.TextChoices):
        EXACT = "exact", _("Exactly")
        OVER = "over", _("More than")
        AT_LEAST = "at_least", _("At least")
        ABOUT = "about", _("About")
        UNKNOWN = "unknown", _("Not readable in the source")

    slug = SlugField(_("short name"), max_length=120, help_text=_("By which imports and links know this figure."))
    group = models.ForeignKey(FigureGroup, models.CASCADE, related_name="figures", verbose_name=_("group"))
    label = models.CharField(_("label"), max_length=200)
    qualifier = models.CharField(_("how exact"), max_length=10, choices=Qualifier.choices, default=Qualifier.EXACT)
    value = models.DecimalField(
        _("value"),
        max_digits=18,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(-MOST), MaxValueValidator(MOST)],
    )
    decimals = models.SmallIntegerField(
        _("decimals stated"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-12), MaxValueValidator(4)],
        help_text=_(
            "As the source prints it: 1 for 58.0, 0 for a number rounded to a whole one, -3 for one rounded to "
            "thousands. Empty, a whole number counts as exact (but a share as rounded), any other as rounded to its "
            "last decimal."
        ),
    )
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    measures = models.SlugField(_("what it measures"), max_length=80, blank=True, help_text=MEASURES_HELP)
    change_since = models.PositiveSmallIntegerField(
        _("change since"),
        null=True,
        blank=True,
        help_text=_(
            "For a figure that says by how much what it measures has changed: the year from which. Its own year is the "
            "one to which. In per cent where its unit is %, else in the unit of what it measures."
        ),
    )
    is_total = models.BooleanField(_("total of its group"), default=False)
    on_home_page = models.BooleanField(_("on the home page"), default=False)
    country = models.ForeignKey(
        Country, models.PROTECT, verbose_name=_("country"), null=True, blank=True, related_name="figures"
    )
    region = models.ForeignKey(
        Region, models.PROTECT, verbose_name=_("region"), null=True, blank=True, related_name="figures"
    )
    source = models.ForeignKey(
        Source, models.PROTECT, verbose_name=_("source"), null=True, blank=True, related_name="+"
    )
    page = models.CharField(
        _("page"), max_length=20, blank=True, help_text=_("As printed: 34. Of a text without pages: lines 12-14.")
    )
    note = models.CharField(
        _("note"), max_length=300, blank=True, help_text=_("What a reader of the figure must know.")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("key figure")
        verbose_name_plural = _("key figures")
        ordering = ["group", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(qualifier="unknown", value__isnull=True)
                | (~Q(qualifier="unknown") & Q(value__isnull=False)),
                name="portal_keyfigure_value_unless_unknown",
                violation_error_message=_("Give a value, or say that the source is not readable."),
            ),
            models.CheckConstraint(
                condition=Q(change_since__isnull=True) | (Q(year__gt=F("change_since")) & ~Q(measures="")),
                name="portal_keyfigure_change_complete",
                violation_error_message=_("A change needs what it measures, and a year later than the one it began."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return f"{self.group.get_absolute_url()}#{self.slug}"

    def put_on_show(self, by: Any) -> str:
        return reverse("figures")

    @property
    def key(self) -> str:
        """Of what it measures. A total and a year of a series say what their group does, a part only what it says."""
        stands_for_group = self.is_total or self.group.presentation == FigureGroup.Presentation.SERIES
        return (self.measures or (self.group.measures if stands_for_group else "")).casefold()

    @property
    def place(self) -> str:
        """Where in its source it stands: p. 34, or lines 12-14."""
        return f"{gettext('p.')} {self.page}" if self.page[:1].isdigit() else self.page

    @property
    def places(self) -> int:
        """Decimals, as they were stated, or as many as the value needs."""
        exponent = self.value.normalize().as_tuple().exponent if self.value is not None else 0
        return max(0, self.decimals or 0, -exponent if isinstance(exponent, int) else 0)

    @property
    def number(self) -> str:
        """The number alone, in the reader's notation, with the decimals that were stated."""
        if self.value is None:
            return gettext("not readable")
        return number_format(self._rounded, self.places, force_grouping=True)

    @property
    def plain(self) -> str | None:
        """The same for programs."""
        return None if self.value is None else format(self._rounded, "f")

    @property
    def _rounded(self) -> Decimal:
        return Decimal(self.value or 0).quantize(Decimal(1).scaleb(-self.places))

    @property
    def words(self) -> str:
        """The number with what is said of its exactness: over 90, about 3,700,000."""
        form = {
            self.Qualifier.OVER: gettext("over %(number)s"),
            self.Qualifier.AT_LEAST: gettext("at least %(number)s"),
            self.Qualifier.ABOUT: gettext("about %(number)s"),
        }.get(self.Qualifier(self.qualifier), "%(number)s")
        return form % {"number": self.number}


class FigureExplanation(models.Model):
    """Why a finding of the figures check is right to stand, by somebody who may change what it compares.

    It holds for the values it was written for and no others; `check_key` says which comparison it is about.
    """

    check_key = models.CharField(max_length=300, db_index=True, editable=False)
    shown = models.CharField(_("comparison"), max_length=300)
    values = models.CharField(_("values"), max_length=300)
    digest = models.CharField(max_length=64, editable=False)
    note = models.CharField(_("note"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("who"), related_name="+")
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("explanation of a finding")
        verbose_name_plural = _("explanations of findings")
        ordering = ["-at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.shown
