"""What the admin remembers of its forms: which were sent and saved, so that none is saved twice, and who has which one
open. Nothing here is content; the worker throws it away when it is old.
"""

import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

REMEMBERED = datetime.timedelta(days=2)
# A page whose script reports every 30 seconds; browsers let pages in the background report once a minute.
REPORTING = datetime.timedelta(seconds=150)
SILENT = datetime.timedelta(minutes=10)  # a page without script, which says nothing when it is left
LEAVING = datetime.timedelta(seconds=10)  # who comes back so soon, as after a save, was not away


class SentFormQuerySet(models.QuerySet):
    def prune(self, now: datetime.datetime) -> None:
        self.filter(at__lt=now - REMEMBERED).delete()


class SentForm(models.Model):
    """One form that was saved, under the token its page was made with.

    `digest` stands for what was sent with it. `result_url` is where the save led; a small window that was opened from
    another form has none, and `handed_back` is what it told that form.
    """

    token = models.UUIDField(unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    digest = models.CharField(max_length=64)
    result_url = models.TextField(blank=True)
    handed_back = models.TextField(blank=True)

    objects = SentFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("form that was sent")
        verbose_name_plural = _("forms that were sent")
        ordering = ["-at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.token)


class FormOpenQuerySet(models.QuerySet):
    def of(self, record: models.Model) -> Self:
        return self.filter(content_type=ContentType.objects.get_for_model(record), object_id=str(record.pk))

    def others(self, user: Any) -> Self:
        """Those who have the form open now, but for one person; who opened it first comes first."""
        return self.filter(until__gt=timezone.now()).exclude(user=user).select_related("user").order_by("opened_at")

    def prune(self, now: datetime.datetime) -> None:
        self.filter(until__lt=now).delete()


class FormOpen(models.Model):
    """One person at the form of one record. `page` is the page that reported last, and `until` how long that counts."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    page = models.UUIDField()
    opened_at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)

    objects = FormOpenQuerySet.as_manager()

    class Meta:
        verbose_name = _("open form")
        verbose_name_plural = _("open forms")
        ordering = ["opened_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id", "user"], name="portal_formopen_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.content_type} {self.object_id}"

    @classmethod
    def report(cls, record: models.Model, user: Any, page: Any, lasting: datetime.timedelta) -> None:
        """Somebody is at the form now. Who was here until a moment ago has had it open since then."""
        now = timezone.now()
        whose = {"content_type": ContentType.objects.get_for_model(record), "object_id": str(record.pk), "user": user}
        told = {"page": page, "until": now + lasting}
        if not cls.objects.filter(**whose, until__gt=now).update(**told):
            cls.objects.update_or_create(**whose, defaults=told | {"opened_at": now})

    @classmethod
    def leave(cls, record: models.Model, user: Any, page: Any) -> None:
        """That page was left. If the same person has opened it anew since, they are still there."""
        end = timezone.now() + LEAVING
        cls.objects.of(record).filter(user=user, page=page, until__gt=end).update(until=end)
