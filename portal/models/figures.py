"""Key figures: numbers the organisation has stated, each with its year, its source and how exact it is."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.models.places import Country
from portal.models.vocabulary import Region, Source
from portal.rows import SlugField


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
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("group of figures")
        verbose_name_plural = _("groups of figures")
        ordering = ["position", "slug"]

    def __str__(self) -> str:
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
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
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
    page = models.CharField(_("page"), max_length=20, blank=True)
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
        ]

    def __str__(self) -> str:
        return self.label

    def put_on_show(self, by: Any) -> str:
        return reverse("figures")

    @property
    def number(self) -> str:
        """The number alone, in the reader's notation, with no more decimals than were stated."""
        if self.value is None:
            return gettext("not readable")
        value = self.value.normalize()
        exponent = value.as_tuple().exponent
        places = max(0, -exponent) if isinstance(exponent, int) else 0
        return number_format(value.quantize(Decimal(1).scaleb(-places)), places, force_grouping=True)

    @property
    def words(self) -> str:
        """The number with what is said of its exactness: over 90, about 3,700,000."""
        form = {
            self.Qualifier.OVER: gettext("over %(number)s"),
            self.Qualifier.AT_LEAST: gettext("at least %(number)s"),
            self.Qualifier.ABOUT: gettext("about %(number)s"),
        }.get(self.Qualifier(self.qualifier), "%(number)s")
        return form % {"number": self.number}
