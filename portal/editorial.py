"""What every kind of content shares: its states, the verbs that move it between them, and who may see it.

A record is a draft, in review, published or archived. "Scheduled" and "expired" are not stored: they are
what "published" means before and after its dates, decided when the page is read, so that no worker has to run.
"""

import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from portal.languages import translated
from portal.models.audit import AuditEntry
from portal.models.pages import Redirect
from portal.models.vocabulary import Source
from portal.rows import SlugField, make_slug

Reader = AbstractBaseUser | AnonymousUser


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("In review")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


class State(models.TextChoices):
    """What a status means at this moment."""

    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("In review")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    EXPIRED = "expired", _("Expired")
    ARCHIVED = "archived", _("Archived")


class EditorialQuerySet(models.QuerySet):
    """The words every kind's QuerySet begins with."""

    def published(self, at: datetime.datetime | None = None) -> Self:
        """What visitors may see at an instant, now unless told."""
        at = at or timezone.now()
        return self.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=at), status=Status.PUBLISHED, published_at__lte=at
        )

    def visible_to(self, user: Reader) -> Self:
        """The one home of who may see what: every page, count, feed and suggestion starts here."""
        return self if self._may_see_drafts(user) else self.published()

    def _may_see_drafts(self, user: Reader) -> bool:
        meta = self.model._meta
        return bool(getattr(user, "is_staff", False)) and user.has_perm(
            f"{meta.app_label}.view_{meta.model_name}"
        )

    def withdrawn(self, at: datetime.datetime | None = None) -> Self:
        """Once public and no longer: their address answers 410."""
        at = at or timezone.now()
        return self.filter(first_published_at__lte=at).filter(
            ~Q(status=Status.PUBLISHED) | Q(expires_at__lte=at) | Q(published_at__gt=at)
        )

    def in_state(self, state: str) -> Self:
        now = timezone.now()
        live = Q(status=Status.PUBLISHED)
        return self.filter(
            {
                State.SCHEDULED: live & Q(published_at__gt=now),
                State.EXPIRED: live & Q(expires_at__lte=now),
                State.PUBLISHED: live
                & Q(published_at__lte=now)
                & (Q(expires_at=None) | Q(expires_at__gt=now)),
            }.get(State(state), Q(status=state))
        )

    def newest(self) -> Self:
        return self.order_by(F("published_at").desc(nulls_last=True), "pk")

    def by_title(self) -> Self:
        """In the reader's language, where a translation is missing in the language the record has."""
        return self.order_by(translated("title", lower=True), "pk")


class EditorialModel(models.Model):
    """A record with an address of its own that editors write, reviewers publish and visitors read.

    `status` and what belongs to it are changed by the verbs below and nowhere else.
    """

    slug = SlugField(
        _("address"),
        blank=True,
        help_text=_(
            "The last part of the page's address. Left empty, it is made from the acronym or the title."
        ),
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
    withdrawal_reason = models.CharField(
        _("reason for withdrawal"), max_length=300, blank=True, editable=False
    )

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
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="%(app_label)s_%(class)s_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.PUBLISHED)
                | Q(published_at__isnull=False, approved_by__isnull=False, first_published_at__isnull=False),
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

    @property
    def slug_candidates(self) -> tuple[str, ...]:
        return (getattr(self, "acronym", ""), self.title)  # type: ignore[attr-defined]

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._ensure_slug()
        super().full_clean(*args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """An address that was public goes on working: the old one redirects to the new one."""
        self._ensure_slug()
        if self.pk and self.first_published_at:
            before = type(self)._default_manager.filter(pk=self.pk).exclude(slug=self.slug).first()
            if before:
                with transaction.atomic(), override(settings.LANGUAGE_CODE):
                    super().save(*args, **kwargs)
                    Redirect.move(before.get_absolute_url(), self.get_absolute_url())
                return
        super().save(*args, **kwargs)

    def _ensure_slug(self) -> None:
        if not self.slug:
            others = type(self)._default_manager.exclude(pk=self.pk)
            self.slug = make_slug(*self.slug_candidates, taken=others)

    def get_absolute_url(self) -> str:
        raise NotImplementedError

    @property
    def state(self) -> State:
        if self.status != Status.PUBLISHED:
            return State(self.status)
        now = timezone.now()
        if self.published_at > now:
            return State.SCHEDULED
        return State.EXPIRED if self.expires_at and self.expires_at <= now else State.PUBLISHED

    @property
    def is_public(self) -> bool:
        """For everybody, at this moment."""
        return self.state == State.PUBLISHED

    # Verbs: the one door through which status changes. Each takes who does it, checks that they may, and
    # writes the row and its audit entry in one transaction. All raise PermissionDenied or ValidationError.

    def submit(self, by: Any, note: str = "") -> None:
        """Hand a draft to the reviewers."""
        self._move(
            "submit",
            by,
            "change",
            {Status.DRAFT},
            Status.REVIEW,
            note,
            submitted_by=by,
            submitted_at=timezone.now(),
            approved_by=None,
        )

    def send_back(self, by: Any, reason: str) -> None:
        """Return a record to its editor, with a reason."""
        if not reason.strip():
            raise ValidationError(_("Say what should be changed before it is sent back."))
        self._move("send back", by, "publish", {Status.REVIEW}, Status.DRAFT, reason)

    def publish(
        self,
        by: Any,
        at: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        note: str = "",
    ) -> None:
        """Make a record public now or `at` a time to come, `until` a time if one is given.

        Somebody else than its author must do it; a database constraint backs that.
        """
        now = timezone.now()
        at = at or now
        if until and until <= at:
            raise ValidationError(_("It would expire before it is published."))
        with transaction.atomic():
            self._lock()
            author = self.submitted_by or self.changed_by
            if author is not None and author == by:
                raise ValidationError(_("You wrote this yourself: somebody else must publish it."))
            self._move(
                "publish",
                by,
                "publish",
                {Status.DRAFT, Status.REVIEW},
                Status.PUBLISHED,
                note,
                submitted_by=author,
                approved_by=by,
                published_at=at,
                expires_at=until,
                withdrawal_reason="",
                first_published_at=min(self.first_published_at or at, at),
            )

    def withdraw(self, by: Any, reason: str) -> None:
        """Take a public record off the site; its address answers 410 with the reason."""
        if not reason.strip():
            raise ValidationError(_("Give a reason: it is shown at the old address."))
        with transaction.atomic():
            self._lock()
            unseen = self.first_published_at and self.first_published_at > timezone.now()
            self._move(
                "withdraw",
                by,
                "publish",
                {Status.PUBLISHED},
                Status.ARCHIVED,
                reason,
                withdrawal_reason=reason.strip()[:300],
                first_published_at=None if unseen else self.first_published_at,
            )

    def archive(self, by: Any, note: str = "") -> None:
        """Put a draft away without ever publishing it."""
        self._move("archive", by, "change", {Status.DRAFT, Status.REVIEW}, Status.ARCHIVED, note)

    def reopen(self, by: Any, note: str = "") -> None:
        """Make an archived record a draft again."""
        self._move(
            "reopen",
            by,
            "change",
            {Status.ARCHIVED},
            Status.DRAFT,
            note,
            submitted_by=None,
            submitted_at=None,
            approved_by=None,
        )

    def record_change(self, by: Any, note: str, verb: str = "change") -> None:
        """The audit entry of a save that changed facts and not the status."""
        AuditEntry.record(self, verb, by, note=note, before=self.status, after=self.status)

    def _lock(self) -> None:
        """Take the row as the database has it now, so that two people cannot both move it."""
        fresh = type(self)._default_manager.select_for_update().get(pk=self.pk)
        for name in (
            "status",
            "submitted_by",
            "changed_by",
            "first_published_at",
            "published_at",
            "expires_at",
        ):
            setattr(self, name, getattr(fresh, name))

    def _move(
        self, verb: str, by: Any, right: str, allowed: set[Status], target: Status, note: str, **changes: Any
    ) -> None:
        meta = self._meta
        if not by.has_perm(f"{meta.app_label}.{right}_{meta.model_name}"):
            raise PermissionDenied(f"{by} may not {verb} {self._meta.verbose_name} {self.pk}")
        with transaction.atomic():
            self._lock()
            if self.status not in allowed:
                raise ValidationError(
                    _("This is %(state)s by now, so that step is no longer open.")
                    % {"state": self.state.label.lower()}
                )
            before, self.status = self.status, target
            for name, value in changes.items():
                setattr(self, name, value)
            self.save(update_fields=["status", "changed_at", *changes])
            AuditEntry.record(self, verb, by, note=note, before=before, after=target)
