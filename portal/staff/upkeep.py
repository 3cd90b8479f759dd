"""The reports on every kind of record that the desk offers beside those of the kinds."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.kinds import Report


def reports() -> Iterable[Report]:
    """What each tells is not counted here: that would be more work than the whole desk."""
    yield Report(_("Completeness of records"), reverse("staff:completeness"), _("what readers and IATI would miss"))
    yield Report(_("Stale records"), reverse("staff:stale"), _("due for review, or checked long ago"))
    yield Report(_("Names that may have drifted"), reverse("staff:names"), _("spellings a slip from a known name"))
    yield Report(_("Links"), reverse("staff:links"), _("vague ones, and those that lead nowhere"))
    yield Report(_("Figures that do not add up"), reverse("staff:figures"), _("and those that do, with their parts"))
