"""What staff keep at their desk: saved searches, baskets; and what people looked for and did not find."""

import secrets
import unicodedata
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

LONGEST_NAME = 120
MOST_SEARCHES, MOST_BASKETS, MOST_ITEMS = 30, 50, 500  # of one person, of one person, in one basket


def new_token() -> str:
    """What nobody can guess: 256 bits, in letters that need no quoting in an address."""
    return secrets.token_urlsafe(32)


def one_line(text: str) -> str:
    """A name as it may stand in a subject line: no line ends, no controls, no signs that turn the text round."""
    seen = "".join(" " if unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp", "Cs"} else char for char in text)
    return unicodedata.normalize("NFC", " ".join(seen.split()))


class SavedSearch(models.Model):
    """A query somebody wants to put again, and what is remembered of its hits.

    `memory` maps "kind:key" to what is known of that hit: `pages` on which the record has matched so far, as
    "language:number", `at`, the moment (seconds) at which it or a page of it was first met, `new` pages of that
    moment, and whether it is `gone`. A hit is news for the portal if `at` is later than `looked_at`, for the post if
    it is later than `told_at` too. `checked_transaction` and `checked_change` say how far the change log had been
    followed. `revision` counts the writes: who remembers from an older one must look again.
    """

    class Alert(models.TextChoices):
        NONE = "none", _("No e-mail")
        DAILY = "daily", _("At most once a day")
        WEEKLY = "weekly", _("At most once a week")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches")
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    text = models.CharField(_("query"), max_length=512)
    filters = models.CharField(_("filters"), max_length=2000, blank=True, editable=False)
    alert = models.CharField(_("e-mail about new hits"), max_length=6, choices=Alert.choices, default=Alert.NONE)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    memory = models.JSONField(default=dict, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    revision = models.PositiveIntegerField(default=0, editable=False)
    checked_transaction = models.BigIntegerField(default=-1, editable=False)
    checked_change = models.BigIntegerField(default=-1, editable=False)
    looked_at = models.DateTimeField(null=True, editable=False)
    told_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["name", "pk"]
        default_permissions = ()
        permissions = [("use_desk", "Can use the staff's desk")]
        constraints = [
            models.CheckConstraint(
                condition=Q(alert__in=["none", "daily", "weekly"]), name="portal_savedsearch_alert_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("staff:saved", args=[self.pk])


class BasketQuerySet(models.QuerySet):
    def with_sizes(self) -> Self:
        return self.annotate(size=models.Count("items"))


class Basket(models.Model):
    """Records and passages that somebody puts together, in an order of their own. Shared where it has a token."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="baskets")
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    token = models.CharField(max_length=64, unique=True, null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = BasketQuerySet.as_manager()

    class Meta:
        verbose_name = _("basket")
        verbose_name_plural = _("baskets")
        ordering = ["-changed_at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("staff:basket", args=[self.pk])


class BasketItem(models.Model):
    """A record, or one page of it with the passage that was found there.

    The record is named by kind and key, and read as its reader may see it; nothing of it is copied but the passage.
    """

    basket = models.ForeignKey(Basket, models.CASCADE, related_name="items")
    kind = models.CharField(max_length=40)
    record = models.CharField(max_length=40)
    language = models.CharField(max_length=12, blank=True)
    page = models.PositiveIntegerField(_("page"), default=0, help_text=_("0 is the record as a whole."))
    label = models.CharField(max_length=20, blank=True)
    url = models.CharField(max_length=400, blank=True)
    passage = models.TextField(blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    position = models.PositiveIntegerField(_("place"), default=0)

    class Meta:
        verbose_name = _("item of a basket")
        verbose_name_plural = _("items of baskets")
        ordering = ["position", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["basket", "kind", "record", "language", "page"], name="portal_basketitem_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.record}" + (f":{self.language}:{self.page}" if self.page else "")


class UnansweredQuerySet(models.QuerySet):
    def shown(self) -> Self:
        """What was asked more than once: only then is its text kept at all."""
        return self.exclude(text="").filter(is_dismissed=False).order_by("-last_day", "-count", "pk")


class UnansweredQuery(models.Model):
    """What was looked for and not found. Nothing tells who asked, from where, or at what time of the day.

    Until it is asked a second time there is only `key`, from which the text cannot be read.
    """

    key = models.CharField(max_length=64, unique=True, editable=False)
    text = models.CharField(_("query"), max_length=120, blank=True)
    count = models.PositiveIntegerField(_("times"), default=1)
    first_day = models.DateField(_("first"))
    last_day = models.DateField(_("last"), db_index=True)
    is_dismissed = models.BooleanField(_("dismissed"), default=False)

    objects = UnansweredQuerySet.as_manager()

    class Meta:
        verbose_name = _("query without hits")
        verbose_name_plural = _("queries without hits")
        ordering = ["-last_day", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.text or self.key[:12]


def valid_name(text: str) -> str:
    """Raises ValidationError."""
    name = one_line(text)
    if not name:
        raise ValidationError(_("Give it a name."))
    if len(name) > LONGEST_NAME:
        raise ValidationError(_("A name has at most %(most)d characters.") % {"most": LONGEST_NAME})
    return name
