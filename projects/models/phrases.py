"""The words of old pages: labels and phrases by which their values are found. Editors extend the list."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.languages import language_code, words


class LegacyPhrase(models.Model):
    """A label ("Donors:") or a phrase of running text ("funded by") and what it says."""

    class Meaning(models.TextChoices):
        TITLE = "title", _("title")
        ACRONYM = "acronym", _("acronym")
        FORMER = "former", _("former name; a word for “formerly”")
        OBJECTIVE = "objective", _("objective")
        SUMMARY = "summary", _("summary")
        RESULTS = "results", _("results or components")
        DONOR = "donor", _("donor")
        IMPLEMENTING = "implementing", _("implementing organisation")
        PARTNER = "partner", _("partner")
        BENEFICIARY = "beneficiary", _("beneficiary")
        TARGET_GROUPS = "target_groups", _("target groups")
        START = "start", _("start")
        END = "end", _("end")
        PERIOD = "period", _("period")
        COUNTRY = "country", _("countries")
        REGION = "region", _("regions")
        BUDGET = "budget", _("budget")
        CALL = "call", _("call")
        LINK = "link", _("link")
        CONTACT = "contact", _("contact: kept, not placed")
        STAGE = "stage", _("stage")
        THEMES = "themes", _("themes")
        PROGRAMME = "programme", _("facility or programme")
        IDENTIFIERS = "identifiers", _("identifier")
        NOTE = "note", _("another label: kept, not placed")
        PHASE = "phase", _("a word for “phase”")
        SUPPORT = "support", _("a word for “with the support of”")
        ARTICLE = "article", _("an article")
        JOINER = "joiner", _("a word for “and”")
        TO = "to", _("a word between two dates")
        UNTIL = "until", _("a word before an end")
        SINCE = "since", _("a word before a start")
        OPEN = "open", _("a word for an open end")
        EXTENDED = "extended", _("a word for “extended”")
        DATE_WORD = "date_word", _("a word in a date that says nothing itself")
        ABOUT = "about", _("a word that makes a date less exact, or a season")
        GROUPING = "grouping", _("half or quarter of a year")
        MONTH = "month", _("another name of a month")
        UNIT = "unit", _("month or year, as a length")
        CURRENCY = "currency", _("currency")
        MULTIPLIER = "multiplier", _("thousand, million")
        ORGANISATION_WORD = "organisation_word", _("a word that names of organisations begin with")

    # What a phrase of these stands for has to be said.
    NEED_NUMBER = ("multiplier", "grouping", "unit", "month")
    NEED_VALUE = ("currency", *NEED_NUMBER)

    phrase = models.CharField(_("label or phrase"), max_length=120, help_text=_("As it is written, without a colon."))
    language = models.CharField(
        _("language"),
        max_length=12,
        default="en",
        validators=[language_code],
        help_text=_("A code: en, fr, de."),
    )
    meaning = models.CharField(_("meaning"), max_length=20, choices=Meaning.choices)
    is_label = models.BooleanField(
        _("is a label"),
        default=True,
        help_text=_("Not ticked: a phrase within running text, for instance “funded by”."),
    )
    value = models.CharField(
        _("stands for"),
        max_length=20,
        blank=True,
        help_text=_(
            "Where the meaning does not tell it: EUR; 1000000; the number of a month; 1 for months and 12 for years; "
            "33 to 36 and 40, 41 for quarters and halves; experts, tenders, proposals; current, ended, planned; "
            "component; contract."
        ),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    folded = models.CharField(max_length=200, editable=False)

    class Meta:
        verbose_name = _("phrase of old pages")
        verbose_name_plural = _("phrases of old pages")
        ordering = ["language", "meaning", "phrase"]
        constraints = [
            models.UniqueConstraint(
                fields=["language", "folded", "is_label", "meaning"],
                name="projects_legacyphrase_once",
                violation_error_message=_("This phrase is in the list. Case and accents make no difference."),
            ),
            models.CheckConstraint(condition=~models.Q(folded=""), name="projects_legacyphrase_has_letters"),
        ]

    def __str__(self) -> str:
        return f"{self.phrase} ({self.language})"

    def save(self, *args: object, **kwargs: object) -> None:
        self._fold()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def clean(self) -> None:
        super().clean()
        self._fold()
        if not self.folded:
            raise ValidationError({"phrase": _("A phrase has letters or digits.")})
        if self.meaning in self.NEED_VALUE and not self.value:
            raise ValidationError({"value": _("Say what it stands for.")})
        if self.meaning in self.NEED_NUMBER and not (self.value.isascii() and self.value.isdigit()):
            raise ValidationError({"value": _("This has to be a number.")})

    def _fold(self) -> None:
        self.phrase = " ".join(self.phrase.split())
        self.folded = " ".join(words(self.phrase))[:200]
