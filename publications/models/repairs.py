"""What people decided about the repairs of a page's text."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.rows import Row


class RepairDecision(Row):
    """One token of one page, accepted or refused, wherever it stands on the page.

    It goes by the file's checksum, not by rows: pages are exchanged when a file is read again, and a file that is
    taken away may come back. Accepting speaks of one reading, refusing of the original.
    """

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")

    sha256 = models.CharField(_("checksum"), max_length=64)
    number = models.PositiveIntegerField(_("page"))
    token = models.TextField(_("in the file"), help_text="The key of repair/marks.py.")
    reading = models.TextField(_("read as"))
    verdict = models.CharField(_("decision"), max_length=8, choices=Verdict.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("who"), related_name="+")
    at = models.DateTimeField(_("when"), auto_now=True)

    class Meta(Row.Meta):
        verbose_name = _("decision on a repair")
        verbose_name_plural = _("decisions on repairs")
        ordering = ["sha256", "number", "token"]
        constraints = [
            models.UniqueConstraint(fields=["sha256", "number", "token"], name="publications_repairdecision_once"),
            models.CheckConstraint(
                condition=models.Q(verdict__in=["accepted", "refused"]), name="publications_repairdecision_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.token}: {self.verdict}"

    def about(self, reading: str) -> str:
        """What it means for a reading of today."""
        if self.verdict == self.Verdict.ACCEPTED and self.reading != reading.strip():
            return ""
        return self.verdict
