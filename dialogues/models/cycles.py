"""Data-collection cycles and what is frozen when one closes: a snapshot that nobody changes, and notes beside it."""

import datetime
from typing import Any, NoReturn, Self

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dialogues.models.dialogue import Dialogue
from portal.editorial import Reader
from portal.models import AuditEntry
from portal.rows import Period

PUBLISHING = "dialogues.publish_dialogue"
CLOSED = _("This cycle is closed: what it holds no longer changes.")


class CycleQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Those of dialogues that this reader may see."""
        return self.filter(dialogue__in=Dialogue.objects.visible_to(user).order_by().values("pk"))

    def open(self) -> Self:
        return self.exclude(Exists(Snapshot.objects.filter(cycle=OuterRef("pk"))))

    def closed(self) -> Self:
        return self.filter(Exists(Snapshot.objects.filter(cycle=OuterRef("pk"))))


class Cycle(Period):
    """One round of data collection. It is closed once it has a snapshot; the database then lets nothing of it change
    (dialogues/freezing.py).
    """

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="cycles", verbose_name=_("dialogue"))
    number = models.PositiveSmallIntegerField(_("number"))
    note = models.TextField(_("note"), blank=True)

    objects = CycleQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("data-collection cycle")
        verbose_name_plural = _("data-collection cycles")
        ordering = ["dialogue", "-number"]
        constraints = [
            *Period.Meta.constraints,
            models.UniqueConstraint(
                fields=["dialogue", "number"],
                name="dialogues_cycle_once",
                violation_error_message=_("This dialogue has a cycle with this number."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dialogue}, {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("dialogues:cycle", args=[self.dialogue.slug, self.number])

    @property
    def is_closed(self) -> bool:
        """As it was when it was read; with `select_related("snapshot")` for no query."""
        return self.closed_at is not None

    @property
    def closed_at(self) -> datetime.datetime | None:
        try:
            return self.snapshot.at
        except Snapshot.DoesNotExist:
            return None

    @property
    def has_ended(self) -> bool:
        """By its dates, or because another came after it. It stays open until somebody closes it."""
        if self.end and self.end.last_day < timezone.localdate():
            return True
        return type(self).objects.filter(dialogue=self.dialogue_id, number__gt=self.number).exists()

    @property
    def previous(self) -> "Cycle | None":
        return type(self).objects.filter(dialogue=self.dialogue_id, number__lt=self.number).order_by("-number").first()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding and Snapshot.objects.filter(cycle=self.pk).exists():
            raise ValidationError(CLOSED)
        super().save(*args, **kwargs)

    def close(self, by: Any, leave_out: bool = False) -> "Snapshot":
        """Freeze what is verified, for good. What is submitted or checked stands against it unless `leave_out` says
        that it may be left behind. Raises PermissionDenied or ValidationError.
        """
        from dialogues.cycles import document  # which reads these models
        from dialogues.models.initiatives import Initiative

        if not by.has_perm(PUBLISHING):
            raise PermissionDenied(f"{by} may not close cycle {self.pk}")
        with transaction.atomic():
            # Whoever changes an initiative holds this row until they are done: see the triggers.
            cycle = type(self).objects.select_for_update(no_key=True).get(pk=self.pk)
            if cycle.is_closed:
                raise ValidationError(_("This cycle is closed already."))
            left = Initiative.objects.filter(cycle=cycle).left_behind()
            waiting = left.waiting().count()
            if waiting and not leave_out:
                raise ValidationError(
                    ngettext(
                        "%(n)d initiative is neither verified nor sent back: decide on it, or agree to leave it out.",
                        "%(n)d initiatives are neither verified nor sent back: decide on them, or agree to leave them "
                        "out.",
                        waiting,
                    )
                    % {"n": waiting}
                )
            at = timezone.now()
            content = document.frozen(cycle, by=by, at=at)
            snapshot = Snapshot(cycle=cycle, at=at, by=by, schema=document.SCHEMA, content=content)
            snapshot.digest = document.digest(content)
            snapshot.save()
            told = [f"verified: {len(content['initiatives'])}", f"sha256: {snapshot.digest}"]
            told += [f"left out: {one.title} ({one.get_status_display()})" for one in left]
            AuditEntry.record(cycle, "close", by, note="\n".join(told))
        self._state.fields_cache.pop("snapshot", None)
        return snapshot

    def correct(self, by: Any, text: str) -> "Correction":
        """Say beside a frozen snapshot what was found to be wrong with it. The snapshot stays as it is."""
        if not by.has_perm(PUBLISHING):
            raise PermissionDenied(f"{by} may not correct cycle {self.pk}")
        if not text.strip():
            raise ValidationError(_("Say what is wrong, and what would be right."))
        if not self.is_closed:
            raise ValidationError(_("This cycle is open: change what is wrong."))
        with transaction.atomic():
            note = Correction.objects.create(cycle=self, by=by, text=text.strip())
            AuditEntry.record(self, "correction note", by, note=note.text)
        return note


class OnlyAdded(models.Model):
    """Rows of a table that only grows (portal/append_only.py)."""

    only_grows = True

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise ValidationError(CLOSED)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ValidationError(CLOSED)


class Snapshot(OnlyAdded):
    """What a cycle said when it closed. `digest` is the SHA-256 of the canonical form of `content`; what that holds is
    said in dialogues/cycles/document.py.
    """

    cycle = models.OneToOneField(Cycle, models.PROTECT, related_name="snapshot", verbose_name=_("cycle"))
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("who"), related_name="+")
    schema = models.PositiveSmallIntegerField(_("version of the document's form"))
    content = models.JSONField(_("content"))
    digest = models.CharField(_("SHA-256"), max_length=64)

    class Meta:
        verbose_name = _("snapshot of a cycle")
        verbose_name_plural = _("snapshots of cycles")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.cycle}: {self.digest}"


class Correction(OnlyAdded):
    """What was found to be wrong with a snapshot, said beside it."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="corrections", verbose_name=_("cycle"))
    at = models.DateTimeField(_("when"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("who"), related_name="+")
    text = models.TextField(_("what is wrong, and what would be right"))

    class Meta:
        verbose_name = _("correction note")
        verbose_name_plural = _("correction notes")
        ordering = ["at", "pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.text[:80]
