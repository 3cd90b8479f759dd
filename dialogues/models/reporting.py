"""Who reports for a partner: people without any right in the admin, who see a form of their own."""

from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dialogues.models.dialogue import Dialogue, OnDateQuerySet
from portal.models import Country, Organisation
from portal.rows import Period


class FocalPointQuerySet(OnDateQuerySet):
    def acting(self, user: Any) -> Self:
        """What somebody may report for today."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self.filter(user=user.pk).on(timezone.localdate())


class FocalPoint(Period):
    """A person who reports for one partner of a dialogue, a state or an organisation, from one date to another."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("person"),
        related_name="focal_points",
        limit_choices_to={"is_active": True, "is_staff": False},
        help_text=_("An account that cannot sign in to the admin. An administrator makes it."),
    )
    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="focal_points", verbose_name=_("dialogue"))
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        related_name="focal_points",
    )
    country = models.ForeignKey(
        Country, models.PROTECT, verbose_name=_("state"), null=True, blank=True, related_name="focal_points"
    )

    objects = FocalPointQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("focal point")
        verbose_name_plural = _("focal points")
        ordering = ["dialogue", "user"]
        constraints = [
            *Period.Meta.constraints,
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, country__isnull=True)
                | Q(organisation__isnull=True, country__isnull=False),
                name="dialogues_focalpoint_for_one_partner",
                violation_error_message=_("Choose exactly one: an organisation or a state."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.dialogue}, {self.partner}"

    def clean(self) -> None:
        super().clean()
        if self.user_id and self.user.is_staff:
            raise ValidationError({"user": _("Who works in the admin reports for nobody: choose another account.")})

    @property
    def partner(self) -> Organisation | Country | None:
        return self.organisation or self.country
