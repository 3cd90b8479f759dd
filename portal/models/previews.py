"""Links by which somebody without an account sees what is not public yet, for some days.

Their verbs are in portal/versions/sharing.py.
"""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models.versions import AboutRecordQuerySet, Draft


class PreviewLinkQuerySet(AboutRecordQuerySet):
    def open(self, at: datetime.datetime | None = None) -> Self:
        """Neither ended by somebody nor by the clock; what they lead to may have gone all the same."""
        return self.filter(ended_at__isnull=True, expires_at__gt=at or timezone.now())


class PreviewLink(models.Model):
    """A link to the preview of one record: of its open `draft`, or of itself while it is not public.

    Only a digest of its token is kept, so nobody can read working links out of the database.
    """

    digest = models.CharField(max_length=64, unique=True)
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.CharField(max_length=40)
    target = GenericForeignKey("content_type", "object_id")
    draft = models.ForeignKey(Draft, models.PROTECT, null=True, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("made by"), related_name="+")
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    expires_at = models.DateTimeField(_("ends"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    seen = models.PositiveIntegerField(_("times opened"), default=0)
    last_seen = models.DateTimeField(_("last opened"), null=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link to a preview")
        verbose_name_plural = _("links to previews")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="portal_previewlink_ends_after_it_was_made"
            )
        ]
        indexes = [models.Index(fields=["content_type", "object_id"], name="portal_previewlink_record")]

    def __str__(self) -> str:
        return f"{self.content_type} {self.object_id}"
