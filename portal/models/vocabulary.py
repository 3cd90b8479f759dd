"""Lists that all kinds share: regions of the portfolio, themes, and the sources that facts come from."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.dates import PartialDateField
from portal.models.pages import KeepsAddress
from portal.rows import SlugField


class Region(KeepsAddress):
    """One of the organisation's own portfolios; not a region of the United Nations."""

    slug = SlugField(_("address"))
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("region", args=[self.slug])


class Theme(KeepsAddress):
    """A subject of migration policy, or a way of working on it."""

    slug = SlugField(_("address"))
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    iati_sector = models.CharField(
        _("IATI sector"),
        max_length=5,
        blank=True,
        help_text=_("Five-digit purpose code of the OECD DAC list, for instance 15190. Empty where none fits."),
    )

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(iati_sector="") | models.Q(iati_sector__regex=r"^[0-9]{5}$"),
                name="portal_theme_sector_has_five_digits",
                violation_error_message=_("A DAC purpose code has five digits."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("theme", args=[self.slug])


class Source(models.Model):
    """A document or page that facts were read from."""

    slug = SlugField(_("short name"))
    title = models.CharField(_("title"), max_length=300)
    url = models.URLField(_("link"), blank=True, max_length=500)
    date = PartialDateField(_("date"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title
