"""Letters that wait to be sent: written in the transaction of the act they tell of, so that both are there or none."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MOST_ATTEMPTS = 8  # over ten hours; a server that cannot be reached at all counts as none
WORTH_SENDING = datetime.timedelta(days=3)  # what is older is no news


class LetterQuerySet(models.QuerySet):
    def waiting(self, now: datetime.datetime) -> Self:
        """What may be tried at an instant, the oldest first."""
        return self.filter(
            sent_at=None, attempts__lt=MOST_ATTEMPTS, due_at__lte=now, created_at__gt=now - WORTH_SENDING
        ).order_by("created_at", "pk")


class Letter(models.Model):
    """Plain text to one person. `key` names the act and the person: nobody is told of one act twice.

    `right` is what the person must be allowed, when it is sent too, for instance to see the record it tells of.
    `due_at` is when it may be tried next; while somebody tries it lies ahead, so that nobody else does.
    """

    key = models.CharField(max_length=120, unique=True)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    content_type = models.ForeignKey(ContentType, models.CASCADE, null=True, related_name="+")
    object_id = models.CharField(max_length=40, blank=True)
    about = GenericForeignKey("content_type", "object_id")
    right = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["created_at", "pk"]
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["created_at", "id"], condition=models.Q(sent_at__isnull=True), name="portal_letter_waiting"
            )
        ]

    def __str__(self) -> str:
        return self.subject
