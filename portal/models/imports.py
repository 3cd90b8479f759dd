"""What is brought in from elsewhere: a file or harvest with what it would do, and where a record once came from."""

import datetime
import uuid
from typing import Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.models.versions import AboutRecordQuerySet


class Action(models.TextChoices):
    """What becomes of a row of a source."""

    CREATE = "create", _("create")
    UPDATE = "update", _("update")
    SKIP = "skip", _("skip: nothing changes")
    CONFLICT = "conflict", _("conflict")
    REFUSE = "refuse", _("cannot be read or written")


class ImportQuerySet(models.QuerySet):
    def listed(self) -> Self:
        """Without the files themselves."""
        return self.defer("file", "text").select_related("by")


class Import(models.Model):
    """A file, page or harvest. It is read first, which writes nothing but this; somebody looks at what it would do and
    agrees; then all of it is carried out in one transaction.

    `reader` names an entry of portal/imports/readers.py. `text` is what the places of pieces are counted in.
    `names` are those the portal does not know: {"new:1": {"model": "portal.organisation", "name": "…", "pk": null}},
    with the key of what somebody chose or created for it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits to be read")
        READ = "read", _("Read, nothing written")
        AGREED = "agreed", _("Being carried out")
        DONE = "done", _("Carried out")
        FAILED = "failed", _("Could not be read")
        DISCARDED = "discarded", _("Discarded")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reader = models.CharField(_("what it is"), max_length=40)
    name = models.CharField(_("name"), max_length=300, blank=True)
    options = models.JSONField(default=dict, blank=True)
    file = models.BinaryField(null=True, editable=False)
    sha256 = models.CharField(_("checksum"), max_length=64, blank=True, editable=False)
    text = models.TextField(blank=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING, editable=False)
    problem = models.TextField(_("problem"), blank=True, editable=False)
    remarks = models.JSONField(default=list, blank=True, editable=False)
    names = models.JSONField(default=dict, blank=True, editable=False)
    leaves_out = models.BooleanField(_("leave out what cannot be brought in"), default=False, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("who"), related_name="+")
    at = models.DateTimeField(_("when"), auto_now_add=True)
    done_at = models.DateTimeField(_("carried out"), null=True, editable=False)
    batch = models.UUIDField(null=True, editable=False)  # of the versions it has written

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=("waiting", "read", "agreed", "done", "failed", "discarded")),
                name="portal_import_state_known",
            )
        ]

    def __str__(self) -> str:
        return self.name or gettext("pasted text")

    @property
    def changed_at(self) -> datetime.datetime:
        """As of records in lists of things to do."""
        return self.done_at or self.at


class ImportTarget(models.Model):
    """A record that an import would create or change.

    `said` is what the source says of it, as a part of a content (portal/versions/content.py) in which names that the
    portal does not know stand by their keys in `Import.names`; `base` what it said before, where that is known.
    `sign` is of what was shown to who agrees. `likely` are records that it may be the same as, which a person decides:
    {"records": [{"pk": "12", "why": "Same title, 2016"}], "chosen": ""}; chosen is a key, or "new" for none of them.
    """

    imported = models.ForeignKey(Import, models.CASCADE, related_name="targets")
    position = models.PositiveIntegerField()
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.CharField(max_length=40, blank=True)
    label = models.CharField(_("record"), max_length=300, blank=True)
    source = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=300, blank=True)
    said = models.JSONField()
    base = models.JSONField(null=True)
    pieces = models.JSONField(default=list)
    unplaced = models.JSONField(default=list)
    remarks = models.JSONField(default=list)
    likely = models.JSONField(default=dict)
    left_out = models.BooleanField(default=False)
    action = models.CharField(max_length=10, choices=Action.choices, default=Action.SKIP)
    as_draft = models.BooleanField(default=False)
    refusal = models.TextField(blank=True)
    sign = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["imported", "position"], name="portal_import_target_once")]

    def __str__(self) -> str:
        return self.label


class ImportLine(models.Model):
    """A row of a source as it is reported: its number there, what becomes of it, and what is wrong with it.

    `row` is the path of the part of its record that it speaks of, ["meetings", key], where it is not all of it.
    `problems` are [{"field": "start", "value": "31.2.2020", "message": "…"}].
    """

    imported = models.ForeignKey(Import, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=300, blank=True)
    target = models.ForeignKey(ImportTarget, models.CASCADE, null=True, related_name="lines")
    row = models.JSONField(default=list)
    action = models.CharField(max_length=10, choices=Action.choices, default=Action.REFUSE)
    problems = models.JSONField(default=list)

    class Meta:
        ordering = ["number", "pk"]
        indexes = [models.Index(fields=["imported", "action", "number"], name="portal_import_lines")]

    def __str__(self) -> str:
        return f"{self.number}: {self.label}"


class Origin(models.Model):
    """Where a record came from, and what that source said of it last: a second reading recognises it by this.

    `scheme` and `source` say whose keys these are: ("oai", the address of a repository), ("legacy page", the page).
    """

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.CharField(max_length=40)
    target = GenericForeignKey("content_type", "object_id")
    scheme = models.CharField(max_length=40)
    source = models.CharField(_("source"), max_length=300, blank=True)
    key = models.CharField(_("key there"), max_length=300)
    said = models.JSONField()
    pieces = models.JSONField(default=list)
    unplaced = models.JSONField(default=list)
    remarks = models.JSONField(default=list)
    imported = models.ForeignKey(Import, models.PROTECT, verbose_name=_("import"), related_name="origins")
    at = models.DateTimeField(_("when"), auto_now=True)

    objects = AboutRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("origin of a record")
        verbose_name_plural = _("origins of records")
        constraints = [
            models.UniqueConstraint(fields=["content_type", "scheme", "source", "key"], name="portal_origin_once")
        ]
        indexes = [models.Index(fields=["content_type", "object_id"], name="portal_origin_record")]

    def __str__(self) -> str:
        return f"{self.scheme}: {self.key}"
