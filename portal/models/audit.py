"""Who did what to which record, and when: rows that are only ever added."""

from typing import Any, NoReturn, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.logs import current_request_id


class AuditEntryQuerySet(models.QuerySet):
    def about(self, record: models.Model) -> Self:
        return self.filter(content_type=ContentType.objects.get_for_model(record), object_id=str(record.pk))

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("The audit log only grows.")

    def delete(self) -> NoReturn:
        raise TypeError("The audit log only grows.")


class AuditEntry(models.Model):
    """One act on one record. Times are UTC; `before` and `after` are statuses."""

    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("who"), null=True, related_name="+")
    verb = models.CharField(_("what"), max_length=40)
    content_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name=_("kind"), related_name="+")
    object_id = models.CharField(max_length=40)
    target = GenericForeignKey("content_type", "object_id")
    label = models.CharField(_("record"), max_length=300)
    before = models.CharField(_("before"), max_length=10, blank=True)
    after = models.CharField(_("after"), max_length=10, blank=True)
    note = models.TextField(_("note"), blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="portal_audit_record")]

    def __str__(self) -> str:
        return f"{self.verb}: {self.label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("The audit log only grows.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("The audit log only grows.")

    @classmethod
    def record(cls, obj: models.Model, verb: str, by: Any, note: str = "", before: str = "", after: str = "") -> Self:
        entry = cls.of(obj, verb, by, note, before, after)
        entry.save()
        return entry

    @classmethod
    def of(cls, obj: models.Model, verb: str, by: Any, note: str = "", before: str = "", after: str = "") -> Self:
        """One that is not written yet: who has many writes them together."""
        return cls(
            by=by,
            verb=verb,
            content_type=ContentType.objects.get_for_model(obj),
            object_id=str(obj.pk),
            label=str(obj)[:300],
            note=note,
            before=before,
            after=after,
            request_id=current_request_id.get(),
        )
