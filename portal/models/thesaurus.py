"""The thesaurus: what things of the field are called, in every language, so that one name finds the others."""

from collections.abc import Sequence
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.languages import language_code, words
from portal.rows import Row, SlugField

LONGEST = 200  # characters of a folded term
NO_LETTERS = _("A term has letters or digits.")


class Concept(models.Model):
    """One thing, whatever it is called. Its name is among its terms."""

    slug = SlugField(
        _("short name"), help_text=_("In small letters and without spaces, for instance voluntary-return.")
    )
    note = models.TextField(
        _("note"),
        blank=True,
        help_text=_("What is meant, and what is not: for those who look after this list. Readers do not see it."),
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    own_rows = ("terms",)

    class Meta:
        verbose_name = _("concept of the thesaurus")
        verbose_name_plural = _("thesaurus")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Its terms count as changed with it: whoever keeps them in memory asks them alone."""
        super().save(*args, **kwargs)
        self.terms.update(changed_at=timezone.now())


class Term(Row):
    """What a concept is called in one language."""

    class Kind(models.TextChoices):
        PREFERRED = "preferred", _("Preferred term")
        SYNONYM = "synonym", _("Synonym")
        ACRONYM = "acronym", _("Acronym")
        HIDDEN = "hidden", _("Only found: a former name or a common mistake")

    concept = models.ForeignKey(Concept, models.CASCADE, related_name="terms", verbose_name=_("concept"))
    language = models.CharField(
        _("language"),
        max_length=12,
        default="en",
        validators=[language_code],
        help_text=_("A code: en, fr, ar, ru."),
    )
    label = models.CharField(_("term"), max_length=160, help_text=_("In the singular, as a dictionary has it."))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.SYNONYM)
    folded = models.CharField(max_length=LONGEST, editable=False)
    changed_at = models.DateTimeField(_("changed"), auto_now=True, db_index=True)

    class Meta(Row.Meta):
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["language", "kind", "label"]
        constraints = [
            models.UniqueConstraint(
                fields=["concept", "language"],
                condition=Q(kind="preferred"),
                name="portal_term_one_preferred",
                violation_error_message=_("One term of each language is the preferred one, and no more."),
            ),
            models.UniqueConstraint(
                fields=["concept", "language", "folded"],
                name="portal_term_once",
                violation_error_message=_(
                    "A concept has each term once in a language. Case and accents make no difference."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(folded=""),
                name="portal_term_has_letters",
                violation_error_message=NO_LETTERS,
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["preferred", "synonym", "acronym", "hidden"]), name="portal_term_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.language})"

    def clean(self) -> None:
        super().clean()
        self._fold()
        if not self.folded:
            raise ValidationError({"label": NO_LETTERS})
        if len(self.folded) > LONGEST:  # some signs stand for several letters
            raise ValidationError({"label": _("This is too long.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._fold()
        super().save(*args, **kwargs)

    def _fold(self) -> None:
        self.label = " ".join(self.label.split())
        self.folded = " ".join(words(self.label))

    @classmethod
    def check_together(cls, rows: Sequence[Self]) -> None:
        """A concept without a preferred term would have no name. Raises ValidationError."""
        if rows and not any(row.kind == cls.Kind.PREFERRED for row in rows):
            raise ValidationError(_("Say which term is the preferred one."))
