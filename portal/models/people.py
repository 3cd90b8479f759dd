"""What people choose for themselves: the time zone they work in, and whether letters reach them."""

import functools
import zoneinfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

# Other names, such as "Factory", "localtime" or "EST5EDT", say nothing about a place.
AREAS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


@functools.cache
def time_zones() -> tuple[str, ...]:
    """The zones of places that this machine knows, and UTC."""
    return (*sorted(name for name in zoneinfo.available_timezones() if name.startswith(AREAS)), "UTC")


def known_time_zone(name: str) -> None:
    """Raises ValidationError."""
    if name not in time_zones():
        raise ValidationError(_("There is no time zone of this name."))


class Preference(models.Model):
    """Of one person, who has none until they choose something."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="preference")
    time_zone = models.CharField(
        _("time zone"),
        max_length=60,
        blank=True,
        validators=[known_time_zone],
        help_text=_("Times in the admin and at the staff's desk are shown and read in it. Visitors see the portal's."),
    )
    wants_letters = models.BooleanField(
        _("letters"),
        default=True,
        help_text=_(
            "Tell me by e-mail when something waits for my review, and when what I wrote or submitted is sent back, "
            "published, taken back or withdrawn. Letters about saved searches are chosen with each search."
        ),
    )

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user}: {self.time_zone or settings.TIME_ZONE}"

    @property
    def zone(self) -> zoneinfo.ZoneInfo | None:
        """None for the portal's own, also where this machine does not know the name any more."""
        try:
            return zoneinfo.ZoneInfo(self.time_zone) if self.time_zone else None
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            return None
