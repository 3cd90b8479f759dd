"""Small abstract models that rows and vocabularies of every app share."""

import datetime
import uuid
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from portal.dates import PartialDate, PartialDateField, period_label

ascii_slug = RegexValidator(
    r"^[a-z0-9]+(?:-[a-z0-9]+)*\Z",
    _("Use small letters a to z, digits and single hyphens, for instance mimak-iii."),
)
currency_code = RegexValidator(r"^[A-Z]{3}\Z", _("Use the three-letter code of ISO 4217, for instance EUR."))


class SlugField(models.SlugField):
    """The last part of an address: ASCII, in small letters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 80)
        kwargs.setdefault("unique", True)
        super().__init__(*args, **kwargs)
        self.validators = [ascii_slug]

    def formfield(self, **kwargs: Any) -> Any:
        """A plain box: our own validator says what is wrong, Django's form field would speak of another rule."""
        return models.CharField.formfield(self, **kwargs)


def make_slug(*candidates: str, taken: models.QuerySet[Any]) -> str:
    """The first candidate that leaves something in ASCII, numbered when another record has it."""
    base = next((slug for text in candidates if (slug := slugify(text or "")[:70].strip("-_"))), "record")
    base = "-".join(part for part in base.replace("_", "-").split("-") if part)
    if not taken.filter(slug=base).exists():
        return base
    used = set(taken.filter(slug__startswith=f"{base}-").values_list("slug", flat=True))
    return next(slug for n in range(2, len(used) + 3) if (slug := f"{base}-{n}") not in used)


def names_in(expression: Any) -> list[str]:
    """The columns an expression of a constraint speaks of."""
    if isinstance(expression, models.F):
        return [expression.name]  # type: ignore[attr-defined]
    return [name for part in expression.get_source_expressions() for name in names_in(part)]


class Row(models.Model):
    """A row edited inside another record's form.

    The key is a UUID because a draft of a live page holds rows that do not exist yet: a number could be given
    to somebody else's row before the draft is published.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def check_together(cls, rows: Sequence[Self]) -> None:
        """Rules that hold between all rows of one record. Raises ValidationError."""


class OrderedRow(Row):
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta(Row.Meta):
        abstract = True
        ordering = ["position", "id"]


class Period(models.Model):
    """Something that holds from one date to another, each as exactly as it is known."""

    start = PartialDateField(_("from"), edge="first")
    end = PartialDateField(_("to"), edge="last")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(start_first__isnull=True)
                | models.Q(end_last__isnull=True)
                | models.Q(end_last__gte=models.F("start_first")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("The end lies before the start."),
            )
        ]

    def clean(self) -> None:
        super().clean()
        check_period(self.start, self.end)

    @property
    def period(self) -> str:
        return period_label(self.start, self.end)


def check_period(start: PartialDate | None, end: PartialDate | None, field: str = "end") -> None:
    """Raises ValidationError on `field` when the end lies before the start, as exactly as both are known."""
    if isinstance(start, PartialDate) and isinstance(end, PartialDate) and end.last_day < start.first_day:
        raise ValidationError({field: _("The end lies before the start.")})


def check_chain(record: models.Model, field: str, message: Any) -> None:
    """Raises ValidationError on `field` when following it from a record leads back to the record."""
    seen, other = set(), getattr(record, field)
    while other is not None and other.pk not in seen:
        if other.pk == record.pk:
            raise ValidationError({field: message})
        seen.add(other.pk)
        other = getattr(other, field)


def check_no_overlap(rows: Sequence[Any], message: Any) -> None:
    """Raises ValidationError when two periods certainly share a day.

    Two terms that meet in one month or year ("to 2021", "from 2021") are a hand-over, not an overlap.
    """

    def certain(row: Any) -> tuple[datetime.date, datetime.date]:
        first = row.start.last_day if row.start else datetime.date.min
        last = row.end.first_day if row.end else datetime.date.max
        return first, last

    undated = [row for row in rows if not row.start and not row.end]
    if len(undated) > 1:  # each of them may hold on any day
        raise ValidationError(message % {"one": undated[0], "two": undated[1]})
    dated = sorted((certain(row), str(row)) for row in rows if row.start or row.end)
    for ((_first, last), one), ((first, _last), two) in pairwise(dated):
        if first < last:
            raise ValidationError(message % {"one": one, "two": two})
