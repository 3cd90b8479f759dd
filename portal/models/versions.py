"""What records said over time (versions, only ever added), and what somebody wants a live one to say next (drafts)."""

from typing import Any, NoReturn, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.logs import current_request_id


class AboutRecordQuerySet(models.QuerySet):
    def about(self, record: models.Model) -> Self:
        return self.filter(content_type=ContentType.objects.get_for_model(record), object_id=str(record.pk))


class VersionQuerySet(AboutRecordQuerySet):
    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("Versions are only ever added.")

    def delete(self) -> NoReturn:
        raise TypeError("Versions are only ever added.")


class Version(models.Model):
    """What one record said at one time, with its rows; see portal/versions/content.py for the document.

    `number` counts those of one record. A draft's versions are among them: `is_draft` says that it was not live.
    """

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.CharField(max_length=40)
    target = GenericForeignKey("content_type", "object_id")
    number = models.PositiveIntegerField(_("number"))
    at = models.DateTimeField(_("when"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("who"), null=True, related_name="+")
    verb = models.CharField(_("what"), max_length=40)
    note = models.TextField(_("why"), blank=True)
    label = models.CharField(_("record"), max_length=300)
    is_draft = models.BooleanField(_("draft"), default=False)
    content = models.JSONField(_("content"))
    digest = models.CharField(max_length=64)
    batch = models.UUIDField(null=True, db_index=True)  # of a change to many records at once
    request_id = models.CharField(max_length=64, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id", "number"], name="portal_version_numbered_once")
        ]
        indexes = [models.Index(fields=["content_type", "object_id", "digest"], name="portal_version_digest")]

    def __str__(self) -> str:
        return f"{self.label}, {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("Versions are only ever added.")
        self.request_id = self.request_id or current_request_id.get()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Versions are only ever added.")


class DraftQuerySet(AboutRecordQuerySet):
    def open(self) -> Self:
        return self.filter(status__in=Draft.OPEN)


class Draft(models.Model):
    """What a live record shall say next. Visitors see nothing of it before it is put in place.

    One is open for each record. `version` is its newest text, `base` what was live when it was begun. It moves by the
    verbs of portal/versions/drafts.py.
    """

    class Status(models.TextChoices):
        WRITING = "writing", _("Draft")
        REVIEW = "review", _("In review")
        APPROVED = "approved", _("Approved")  # for a time to come, `publish_at`
        PUBLISHED = "published", _("Published")
        DISCARDED = "discarded", _("Discarded")

    OPEN = (Status.WRITING, Status.REVIEW, Status.APPROVED)

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.CharField(max_length=40)
    target = GenericForeignKey("content_type", "object_id")
    label = models.CharField(_("record"), max_length=300)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.WRITING, editable=False
    )
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    base = models.ForeignKey(Version, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    changed_at = models.DateTimeField(_("last changed"), auto_now=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    note = models.TextField(_("note"), blank=True)  # of who submitted it, or why it was sent back
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    publish_at = models.DateTimeField(_("publish at"), null=True)
    closed_at = models.DateTimeField(null=True)
    problem = models.TextField(_("why it could not be published"), blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a live page")
        verbose_name_plural = _("drafts of live pages")
        ordering = ["-changed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"],
                condition=Q(status__in=("writing", "review", "approved")),
                name="portal_draft_one_open",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("writing", "review", "approved", "published", "discarded")),
                name="portal_draft_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("approved", "published")) | Q(approved_by__isnull=False),
                name="portal_draft_published_is_approved",
            ),
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(publish_at__isnull=False), name="portal_draft_approved_for_a_time"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | ~Q(approved_by=F("changed_by")) & (Q(submitted_by__isnull=True) | ~Q(approved_by=F("submitted_by"))),
                name="portal_draft_four_eyes",
            ),
        ]
        indexes = [
            models.Index(fields=["publish_at"], condition=Q(status="approved"), name="portal_draft_due"),
            models.Index(fields=["content_type", "object_id"], name="portal_draft_record"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN
