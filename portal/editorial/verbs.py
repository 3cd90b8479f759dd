"""The verbs that move a record between its states: the one door through which status changes."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.editorial.records import EditorialRecord
from portal.editorial.states import State, Status
from portal.models.audit import AuditEntry
from portal.telling import tell_of_step
from portal.versions import drafts


def _period(start: datetime.datetime | None, end: datetime.datetime | None) -> str:
    """Of an audit entry, the same in every language and for everybody: 2026-03-10T12:00+01:00/-"""
    zone = timezone.get_default_timezone()
    return "/".join(timezone.localtime(at, zone).isoformat(timespec="minutes") if at else "-" for at in (start, end))


class EditorialModel(EditorialRecord):
    """What every kind inherits. Each verb takes who does it, checks that they may, and writes the row, its
    audit entry and letters to the people concerned in one transaction. All raise PermissionDenied or ValidationError.
    """

    class Meta(EditorialRecord.Meta):
        abstract = True

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

        Somebody else must do it than who submitted it and who changed it last; a database constraint backs that.
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
            if self.changed_by is not None and self.changed_by == by:
                raise ValidationError(_("The last change is yours: save it, and somebody else must publish it."))
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
                first_published_at=self.first_public(at),
            )

    def reschedule(self, by: Any, at: datetime.datetime | None, until: datetime.datetime | None) -> None:
        """Change from when to when a published record is public. Its beginning moves only while it is to come: `at`
        None leaves it as it is. No `until` means for good.
        """
        now = timezone.now()
        with transaction.atomic():
            self._lock()
            self._check_open({Status.PUBLISHED})
            before = (self.published_at, self.expires_at)
            start = at or before[0]
            if start != before[0] and self.state != State.SCHEDULED:
                raise ValidationError(_("It has been published already: only its end can be changed."))
            if until and start and until <= start:
                raise ValidationError(_("It would expire before it is published."))
            if until and until != before[1] and until <= now:
                raise ValidationError(_("That time has passed. Withdraw it instead."))
            if (start, until) == before:
                raise ValidationError(_("These are its dates already."))
            if self._is_unseen:
                self.first_published_at = None
            self._move(
                "reschedule",
                by,
                "publish",
                {Status.PUBLISHED},
                Status.PUBLISHED,
                f"{_period(*before)} → {_period(start, until)}",
                published_at=start,
                expires_at=until,
                first_published_at=self.first_public(start) if start else None,
            )

    def take_back(self, by: Any, note: str = "") -> None:
        """Make a scheduled record a draft again, before anybody outside has seen it."""
        with transaction.atomic():
            self._lock()
            if self.state != State.SCHEDULED:
                self._check_open(set())
            drafts.take_over(self, by)
            self._move(
                "take back",
                by,
                "publish",
                {Status.PUBLISHED},
                Status.DRAFT,
                note,
                approved_by=None,
                published_at=None,
                expires_at=None,
                first_published_at=None if self._is_unseen else self.first_published_at,
            )

    def withdraw(self, by: Any, reason: str) -> None:
        """Take a public record off the site; its address answers 410 with the reason."""
        if not reason.strip():
            raise ValidationError(_("Give a reason: it is shown at the old address."))
        with transaction.atomic():
            self._lock()
            drafts.let_go(self, by)
            self._move(
                "withdraw",
                by,
                "publish",
                {Status.PUBLISHED},
                Status.ARCHIVED,
                reason,
                withdrawal_reason=reason.strip()[:300],
                first_published_at=None if self._is_unseen else self.first_published_at,
            )

    def archive(self, by: Any, note: str = "") -> None:
        """Put a draft away without ever publishing it."""
        self._move("archive", by, "change", {Status.DRAFT, Status.REVIEW}, Status.ARCHIVED, note)

    def reopen(self, by: Any, note: str = "") -> None:
        """Make an archived record a draft again, which goes on from the draft it had when it was live."""
        with transaction.atomic():
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
            drafts.take_over(self, by)

    def record_change(self, by: Any, note: str, verb: str = "change") -> None:
        """The audit entry of a save that changed facts and not the status."""
        AuditEntry.record(self, verb, by, note=note, before=self.status, after=self.status)

    @property
    def _is_unseen(self) -> bool:
        return self.first_published_at is None or self.first_published_at > timezone.now()

    def _check_open(self, allowed: set[Status]) -> None:
        if self.status not in allowed:
            told = {"state": self.state.label.lower()}
            raise ValidationError(_("This is %(state)s by now, so that step is no longer open.") % told)

    def _lock(self) -> None:
        """Take the row as the database has it now, so that two people cannot both move it."""
        fresh = type(self)._default_manager.select_for_update(no_key=True).get(pk=self.pk)
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
            self._check_open(allowed)
            before, self.status = self.status, target
            for name, value in changes.items():
                setattr(self, name, value)
            self.save(update_fields=["status", "changed_at", *changes])
            entry = AuditEntry.record(self, verb, by, note=note, before=before, after=target)
            tell_of_step(self, verb, by, note, act=f"audit:{entry.pk}")
