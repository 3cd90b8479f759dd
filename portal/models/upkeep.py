"""What looking after the records leaves behind: spellings that people have judged, and links that were tried."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SettledName(models.Model):
    """Two spellings that somebody has judged to be right as they are, so that nobody is asked again.

    Both are folded, `one` before `other`.
    """

    one = models.CharField(max_length=200, editable=False)
    other = models.CharField(max_length=200, editable=False)
    shown = models.CharField(_("spellings"), max_length=420)
    note = models.CharField(_("note"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("who"), related_name="+")
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("settled pair of names")
        verbose_name_plural = _("settled pairs of names")
        ordering = ["-at", "-pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="portal_settledname_once")]

    def __str__(self) -> str:
        return self.shown


class LinkCheckQuerySet(models.QuerySet):
    def troubled(self) -> Self:
        return self.exclude(problem="")


class LinkCheck(models.Model):
    """What became of trying an address: the status that was answered, 0 for none, and what is wrong in one word."""

    class Problem(models.TextChoices):
        NONE = "", _("It answers")
        GONE = "gone", _("Nothing is there any more")
        FAILS = "fails", _("It answers with an error")
        CLOSED = "closed", _("It answers, but not to programs or strangers")
        MOVED = "moved", _("It leads on to another address")
        SILENT = "silent", _("Nobody answers")
        UNKNOWN_HOST = "unknown-host", _("There is no such host")
        INSECURE = "insecure", _("Its certificate is not valid")
        REFUSED = "refused", _("Not tried: it leads to where the portal does not look")

    url = models.CharField(_("address"), max_length=1000, unique=True)
    status = models.PositiveSmallIntegerField(_("status"), default=0)
    problem = models.CharField(_("what is wrong"), max_length=12, choices=Problem.choices, blank=True)
    target = models.CharField(_("leads to"), max_length=1000, blank=True)
    checked_at = models.DateTimeField(_("tried"))

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("link that was tried")
        verbose_name_plural = _("links that were tried")
        ordering = ["checked_at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.url
