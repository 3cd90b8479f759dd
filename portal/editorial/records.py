"""The record: its columns, the constraints that back the verbs, and its address."""

import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.editorial.selection import EditorialQuerySet
from portal.editorial.states import State, Status
from portal.models.pages import KeepsAddress
from portal.models.vocabulary import Source
from portal.rows import SlugField, make_slug


class EditorialRecord(KeepsAddress):
    """A record with an address of its own that editors write, reviewers publish and visitors read.

    `status` and what belongs to it are changed by the verbs below and nowhere else.
    """

    slug = SlugField(
        _("address"),
        blank=True,
        help_text=_("The last part of the page's address. Left empty, it is made from the acronym or the title."),
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status.choices,
        default=Status.DRAFT,
        editable=False,
        db_index=True,
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("last changed"), auto_now=True, db_index=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("last changed by"),
        null=True,
        editable=False,
        related_name="+",
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), null=True, editable=False, db_index=True)
    first_published_at = models.DateTimeField(null=True, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, editable=False)
    withdrawal_reason = models.CharField(_("reason for withdrawal"), max_length=300, blank=True, editable=False)

    source = models.ForeignKey(
        Source,
        models.PROTECT,
        verbose_name=_("source"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The document the facts of this record were taken from."),
    )
    source_locator = models.CharField(
        _("place in the source"), max_length=120, blank=True, help_text=_("For instance a page or lines.")
    )
    last_checked = models.DateField(
        _("last checked"),
        null=True,
        blank=True,
        help_text=_("The day somebody last compared this record with its source."),
    )
    review_due = models.DateField(
        _("review due"),
        null=True,
        blank=True,
        help_text=_("From this day on the record appears on the list of stale records."),
    )
    editors_note = models.TextField(
        _("editors' note"),
        blank=True,
        help_text=_("Only seen here in the admin: doubts, readings, things to ask."),
    )

    objects = EditorialQuerySet.as_manager()

    class Meta:
        abstract = True
        get_latest_by = "published_at"
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="%(app_label)s_%(class)s_status_known"),
            models.CheckConstraint(
                condition=~Q(status=Status.PUBLISHED) | Q(published_at__isnull=False, approved_by__isnull=False),
                name="%(app_label)s_%(class)s_published_is_approved",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(submitted_by__isnull=True)
                | ~Q(approved_by=F("submitted_by")),
                name="%(app_label)s_%(class)s_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("published_at")),
                name="%(app_label)s_%(class)s_expires_after_publishing",
            ),
            models.CheckConstraint(condition=~Q(slug=""), name="%(app_label)s_%(class)s_has_slug"),
        ]

    def __str__(self) -> str:
        return self.title  # type: ignore[attr-defined]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._ensure_slug()
        super().save(*args, **kwargs)

    def was_seen(self) -> bool:
        """Now or before: the address of what was withdrawn says so, wherever it has moved."""
        return self.first_published_at is not None and self.first_published_at <= timezone.now()

    def put_on_show(self, by: Any) -> str:
        if not self.is_public:
            type(self)._base_manager.filter(pk=self.pk).update(
                status=Status.PUBLISHED,
                published_at=timezone.now(),
                expires_at=None,
                submitted_by=None,  # nobody approves what they submitted: the constraint holds here too
                approved_by=by,
            )
        return super().put_on_show(by)

    def first_public(self, at: datetime.datetime) -> datetime.datetime | None:
        """When everybody could first see it if it is published at an instant; None for never."""
        return min(self.first_published_at or at, at)

    @property
    def slug_candidates(self) -> tuple[str, ...]:
        return (getattr(self, "acronym", ""), self.title)  # type: ignore[attr-defined]

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._ensure_slug()
        super().full_clean(*args, **kwargs)

    def _ensure_slug(self) -> None:
        if not self.slug:
            others = type(self)._default_manager.exclude(pk=self.pk)
            self.slug = make_slug(*self.slug_candidates, taken=others)

    @property
    def state(self) -> State:
        if self.status != Status.PUBLISHED:
            return State(self.status)
        now = timezone.now()
        if self.published_at and self.published_at > now:
            return State.SCHEDULED
        return State.EXPIRED if self.expires_at and self.expires_at <= now else State.PUBLISHED

    @property
    def is_held_back(self) -> bool:
        """From visitors, even when it is published: for staff only, or for now."""
        return False

    @property
    def is_public(self) -> bool:
        """For everybody, at this moment."""
        return self.state == State.PUBLISHED
