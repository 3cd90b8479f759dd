"""What partners report in a cycle, and the verbs that take it from a draft to what visitors see."""

from typing import Any, Self

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dialogues.models.commitments import Domain
from dialogues.models.cycles import CLOSED, PUBLISHING, Cycle, Snapshot
from dialogues.models.dialogue import Dialogue
from dialogues.models.reporting import FocalPoint
from portal.dates import PartialDateField
from portal.editorial import Reader
from portal.models import AuditEntry, Country, Organisation
from portal.rows import Row, check_chain, check_period, currency_code
from portal.versions import history

CHECKING = "dialogues.change_initiative"
MOST_LINKS = 10


def web_addresses(text: str) -> None:
    """Raises ValidationError for a text that is not one address of the web a line."""
    lines = text.split()
    if len(lines) > MOST_LINKS:
        raise ValidationError(_("At most %(n)d addresses."), params={"n": MOST_LINKS})
    check = URLValidator(schemes=["http", "https"])
    for line in lines:
        try:
            check(line)
        except ValidationError:
            raise ValidationError(_("“%(text)s” is not an address of the web."), params={"text": line[:80]}) from None


class InitiativeQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Visitors see verified ones of dialogues they may see."""
        seen = self.filter(cycle__dialogue__in=Dialogue.objects.visible_to(user).order_by().values("pk"))
        if getattr(user, "is_staff", False) and user.has_perm("dialogues.view_initiative"):
            return seen
        return seen.verified()

    def verified(self) -> Self:
        return self.filter(status=Initiative.Status.VERIFIED)

    def left_behind(self) -> Self:
        """What closing their cycle now would leave out."""
        return self.exclude(status=Initiative.Status.VERIFIED)

    def waiting(self) -> Self:
        """For somebody of the secretariat."""
        return self.filter(status__in=(Initiative.Status.SUBMITTED, Initiative.Status.CHECKED))

    def of_partner(self, role: FocalPoint) -> Self:
        """What a focal point answers for."""
        partner = Q(reported_by=role.organisation_id) if role.organisation_id else Q(reporting_state=role.country_id)
        return self.filter(partner, cycle__dialogue=role.dialogue_id)


class Initiative(Row):
    """What a partner reports to have done for a domain. It moves by verbs, each one transaction with its audit entry;
    they raise PermissionDenied or ValidationError.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        RETURNED = "returned", _("Sent back")
        CHECKED = "checked", _("Checked")
        VERIFIED = "verified", _("Verified")

    # Others have put their name to these: they are reopened before they change.
    SETTLED = (Status.CHECKED, Status.VERIFIED)

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="initiatives", verbose_name=_("cycle"))
    title = models.CharField(_("title"), max_length=250)
    description = models.TextField(_("description"), blank=True)
    domains = models.ManyToManyField(Domain, verbose_name=_("domains"), blank=True, related_name="initiatives")
    countries = models.ManyToManyField(Country, verbose_name=_("countries"), blank=True, related_name="initiatives")
    reported_by = models.ForeignKey(
        Organisation,
        models.PROTECT,
        verbose_name=_("reported by"),
        null=True,
        blank=True,
        related_name="initiatives",
    )
    reporting_state = models.ForeignKey(
        Country,
        models.PROTECT,
        verbose_name=_("or by a state"),
        null=True,
        blank=True,
        related_name="reported_initiatives",
    )
    start = PartialDateField(_("from"))
    end = PartialDateField(_("to"), edge="last")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, validators=[currency_code])
    links = models.TextField(
        _("links"), blank=True, validators=[web_addresses], help_text=_("Addresses of the web, one a line.")
    )
    continues = models.ForeignKey(
        "self",
        models.SET_NULL,
        verbose_name=_("continues"),
        null=True,
        blank=True,
        related_name="continued_by",
        help_text=_("The same initiative as it was reported in an earlier cycle."),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.SUBMITTED, editable=False
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    changed_at = models.DateTimeField(_("last changed"), auto_now=True)

    own_facts = ("submitted_by",)

    objects = InitiativeQuerySet.as_manager()

    class Meta(Row.Meta):
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["draft", "submitted", "returned", "checked", "verified"]),
                name="dialogues_initiative_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["checked", "verified"]) | Q(checked_by__isnull=False),
                name="dialogues_initiative_checked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status="verified", verified_by__isnull=False)
                | ~Q(status="verified") & Q(verified_by__isnull=True),
                name="dialogues_initiative_verified_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True)
                | (Q(submitted_by__isnull=True) | ~Q(verified_by=F("submitted_by")))
                & (Q(checked_by__isnull=True) | ~Q(verified_by=F("checked_by")))
                & (Q(changed_by__isnull=True) | ~Q(verified_by=F("changed_by"))),
                name="dialogues_initiative_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0) & ~Q(currency=""),
                name="dialogues_initiative_amount_has_currency",
                violation_error_message=_("An amount needs its currency."),
            ),
            models.CheckConstraint(
                condition=Q(reported_by__isnull=True) | Q(reporting_state__isnull=True),
                name="dialogues_initiative_one_partner",
                violation_error_message=_("An organisation or a state reports it, not both."),
            ),
            models.CheckConstraint(
                condition=Q(continues__isnull=True) | ~Q(continues=F("id")),
                name="dialogues_initiative_continues_another",
                violation_error_message=_("It cannot continue itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        check_period(self.start, self.end)
        if self.cycle_id and self.cycle.is_closed:
            raise ValidationError({"cycle": CLOSED})
        check_chain(self, "continues", _("It cannot continue itself, directly or in a circle."))
        if self.continues is not None and self.cycle_id:
            before = self.continues.cycle
            if before.dialogue_id != self.cycle.dialogue_id or before.number >= self.cycle.number:
                raise ValidationError({"continues": _("Choose one of an earlier cycle of the same dialogue.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises ValidationError where what is settled would say something else: every route to a text ends here, and
        the database's own triggers look after what is closed.
        """
        names = kwargs.get("update_fields")
        if not self._state.adding and (names is None or not set(names) <= STEPS):
            stored = type(self)._base_manager.get(pk=self.pk)
            stored.refuse_frozen()
            if stored.status in self.SETTLED and any(
                getattr(stored, field.attname) != field.to_python(getattr(self, field.attname))
                for field in self._meta.concrete_fields
                if field.name not in NO_TEXT
            ):
                raise ValidationError(SETTLED)
        super().save(*args, **kwargs)

    @property
    def partner(self) -> Organisation | Country | None:
        return self.reported_by or self.reporting_state

    @property
    def is_frozen(self) -> bool:
        return self.cycle.is_closed

    @property
    def is_settled(self) -> bool:
        return self.status in self.SETTLED

    def refuse_frozen(self) -> None:
        if Snapshot.objects.filter(cycle=self.cycle_id).exists():
            raise ValidationError(CLOSED)

    # Verbs

    def submit(self, by: Any, note: str = "") -> None:
        """Hand it to the secretariat. A focal point of its partner does, or who may change it there."""
        if self.status == self.Status.SUBMITTED:
            raise ValidationError(_("It is submitted already."))
        roles = FocalPoint.objects.acting(by).filter(dialogue=self.cycle.dialogue_id)
        own = any(
            (role.organisation_id, role.country_id) == (self.reported_by_id, self.reporting_state_id) for role in roles
        )
        self._move(
            "submit", by, own or by.has_perm(CHECKING), {"draft", "returned"}, "submitted", note, submitted_by=by
        )

    def send_back(self, by: Any, reason: str) -> None:
        """To its partner, with what should be changed."""
        if not reason.strip():
            raise ValidationError(_("Say what should be changed before it is sent back."))
        allowed = {"submitted", "checked"}
        self._move("send back", by, by.has_perm(CHECKING), allowed, "returned", reason, checked_by=None)

    def check_quality(self, by: Any, note: str = "") -> None:
        self._move("check", by, by.has_perm(CHECKING), {"submitted"}, "checked", note, checked_by=by)

    def verify(self, by: Any, note: str = "") -> None:
        """Make it public, by somebody who has neither submitted nor checked nor changed it; a constraint backs that."""
        may = by.has_perm(PUBLISHING)
        with transaction.atomic():
            self._lock()
            if may and (why := self.why_not_verified(by)):
                raise ValidationError(why)
            self._move("verify", by, may, {"checked"}, "verified", note, verified_by=by)

    def reopen(self, by: Any, reason: str) -> None:
        """Take back what was checked or verified, as long as its cycle is open."""
        if not reason.strip():
            raise ValidationError(_("Say why it is opened again."))
        changes = {"checked_by": None, "verified_by": None}
        self._move("reopen", by, by.has_perm(PUBLISHING), {"checked", "verified"}, "submitted", reason, **changes)

    def why_not_verified(self, by: Any) -> str:
        if by.pk in (self.submitted_by_id, self.checked_by_id, self.changed_by_id):
            return str(_("You have submitted, changed or checked this yourself: somebody else must verify it."))
        return ""

    def comment(self, by: Any, text: str) -> None:
        """Add to the thread of the quality check, which the partner reads."""
        self.refuse_frozen()
        if text.strip():
            self.thread.create(by=by, text=text.strip())

    def _lock(self) -> None:
        fresh = history.lock(self)
        for name in ("status", "submitted_by_id", "checked_by_id", "verified_by_id", "changed_by_id", "cycle_id"):
            setattr(self, name, getattr(fresh, name))

    def _move(self, verb: str, by: Any, may: bool, allowed: set[str], target: str, note: str, **changes: Any) -> None:
        if not may:
            raise PermissionDenied(f"{by} may not {verb} initiative {self.pk}")
        with transaction.atomic():
            self._lock()
            self.refuse_frozen()
            if self.status not in allowed:
                told = {"state": self.get_status_display().lower()}
                raise ValidationError(_("This is %(state)s by now, so that step is no longer open.") % told)
            before, self.status = self.status, self.Status(target)
            for name, value in changes.items():
                setattr(self, name, value)
            try:
                with transaction.atomic():
                    self.save(update_fields=["status", *changes])
            except IntegrityError as error:  # closed by somebody else while this waited for the lock
                raise ValidationError(CLOSED) from error
            self.comment(by, note)
            AuditEntry.record(self, verb, by, note=note, before=before, after=target)


class Comment(models.Model):
    """One entry in the thread of a quality check: read by the secretariat and the partner, never by the public."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="thread", verbose_name=_("initiative"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("who"), null=True, related_name="+")
    at = models.DateTimeField(_("when"), auto_now_add=True)
    text = models.TextField(_("comment"))

    class Meta:
        verbose_name = _("comment of the quality check")
        verbose_name_plural = _("comments of the quality check")
        ordering = ["at", "pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.text[:80]


STEPS = {"status", "submitted_by", "checked_by", "verified_by", "changed_by", "changed_at"}
# What is no part of the text somebody has checked. Two organisations that become one are still who reported it.
NO_TEXT = {*STEPS, "reported_by"}
SETTLED = _("It is checked or verified: it has to be reopened before it is changed.")
