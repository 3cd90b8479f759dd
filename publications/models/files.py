"""The files of a publication, and the pages of text that were read from them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.languages import language_code
from portal.rows import OrderedRow, Row
from publications.files import CONTENT_TYPES, clean_name, inspect, store
from publications.models.publication import Publication


def checksum_path(file: "PublicationFile", name: str) -> str:
    return f"publications/{file.sha256[:2]}/{file.sha256}.{file.format}"


class PublicationFile(OrderedRow):
    """One file in one language. What it is (format, size, pages, checksum) is read from its content."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for its text to be read")
        RUNNING = "running", _("Being read")
        DONE = "done", _("Read")
        FAILED = "failed", _("Could not be read")

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="files")
    language = models.CharField(
        _("language"),
        max_length=12,
        default="en",
        validators=[language_code],
        help_text=_("A code: en, fr, ar, ru."),
    )
    file = models.FileField(
        _("file"),
        upload_to=checksum_path,
        storage=store,
        max_length=160,
        help_text=_("PDF, Word (docx), HTML or plain text."),
    )
    original_name = models.CharField(_("original name"), max_length=255, editable=False)
    format = models.CharField(
        _("format"), max_length=5, editable=False, choices=[(f, f.upper()) for f in CONTENT_TYPES]
    )
    size = models.PositiveBigIntegerField(_("size in bytes"), editable=False)
    pages = models.PositiveIntegerField(_("pages"), null=True, editable=False)
    sha256 = models.CharField(_("checksum"), max_length=64, unique=True, editable=False)
    state = models.CharField(_("text"), max_length=8, choices=State.choices, default=State.WAITING, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    reader = models.UUIDField(null=True, editable=False)  # who holds the lease
    last_error = models.TextField(_("last error"), blank=True, editable=False)
    text_quality = models.FloatField(_("text quality"), null=True, editable=False, help_text=_("From 0 to 1."))
    cover_height = models.PositiveSmallIntegerField(default=0, editable=False)  # as drawn; 0: there is no picture
    # What it offers those who do not see it (see accessible.py); null: not looked at, or it cannot be told.
    pictures = models.PositiveIntegerField(_("pictures"), null=True, editable=False)
    undescribed = models.PositiveIntegerField(_("pictures without description"), null=True, editable=False)
    is_tagged = models.BooleanField(_("tagged"), null=True, editable=False)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    _inspected: Any = None  # the upload that `clean` has seen: opening it takes a process

    own_facts = ("original_name", "format", "size", "pages", "sha256")

    class Meta(OrderedRow.Meta):
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "language", "format"],
                name="publications_publicationfile_once",
                violation_error_message=_("There is a file of this format in this language already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.original_name} ({self.language})"

    def clean(self) -> None:
        """Reads the content and fills in what the file is; the same file may stand at one place only."""
        super().clean()
        if not self._is_new or self._inspected is self.file.file:
            return
        name = clean_name(self.file.name or "")
        try:
            facts = inspect(self.file.file, name)
        except ValidationError as error:
            raise ValidationError({"file": error}) from error
        same = type(self).objects.filter(sha256=facts.sha256).exclude(pk=self.pk).select_related("publication").first()
        if same:
            raise ValidationError(
                {"file": _("This very file belongs to “%(title)s” already.") % {"title": same.publication}}
            )
        self._inspected = self.file.file
        self.original_name = name
        self.format, self.size, self.sha256, self.pages = facts.format, facts.size, facts.sha256, facts.pages
        self._begin_anew()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new file is inspected (also for those who did not validate), and its text asked for."""
        from publications.extraction import ask_for

        is_new = self._is_new
        if is_new:
            self.clean()
        super().save(*args, **kwargs)
        if is_new:
            ask_for(self)

    def put_back(self, changed: set[str], **options: Any) -> None:
        """Of a version: the file lies in the store already, and its text is read again where it is another one. Raises
        ValidationError where it does not lie there any more.
        """
        from publications.extraction import ask_for

        if "file" in changed and not store().exists(self.file.name or ""):
            raise ValidationError(_("The file “%(name)s” is not there any more.") % {"name": self.original_name})
        is_other = "sha256" in changed
        if is_other:
            self._begin_anew()
        self.save(**options)
        if is_other:
            ask_for(self)

    def _begin_anew(self) -> None:
        self.state, self.attempts, self.last_error = self.State.WAITING, 0, ""
        self.reader, self.leased_until, self.cover_height = None, None, 0
        self.pictures = self.undescribed = self.is_tagged = None

    @property
    def _is_new(self) -> bool:
        """An upload that has not been stored yet."""
        return bool(self.file) and not self.file._committed  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        return reverse("publications:file", args=[self.publication.slug, self.language, self.format])


class FilePage(Row):
    """One page of a file. `text` is what is shown and searched, `original_text` what the file itself holds."""

    file = models.ForeignKey(PublicationFile, models.CASCADE, related_name="text_pages")
    number = models.PositiveIntegerField(_("number"), help_text=_("From 1, as they lie in the file."))
    label = models.CharField(_("label"), max_length=20, blank=True, help_text=_("As printed on the page."))
    text = models.TextField(_("text"), blank=True)
    original_text = models.TextField(_("original text"), blank=True)
    repairs = models.PositiveIntegerField(_("repaired words"), default=0)
    gaps = models.PositiveIntegerField(_("lost characters"), default=0)
    quality = models.FloatField(
        _("quality"), default=1.0, help_text=_("From 0 to 1: the share of words and figures that read as such.")
    )
    tokens = models.JSONField(default=list, editable=False, help_text="What was repaired: see repair/marks.py.")
    is_ocr = models.BooleanField(_("read by optical character recognition"), default=False)

    class Meta(Row.Meta):
        verbose_name = _("page of text")
        verbose_name_plural = _("pages of text")
        ordering = ["file", "number"]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="publications_filepage_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="publications_filepage_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.file}, {self.label or self.number}"
