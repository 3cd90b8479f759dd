"""Dates that keep their precision: a year, a half, a quarter, a month or a day.

Stored and exchanged in the notation of ISO 8601-2 / EDTF level 1: 2016, 2016-10, 2016-10-05, and 2021-41 for
the second half of 2021. A column beside each one holds the first or last day it can mean, for comparisons.
"""

import calendar
import datetime
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dates import MONTHS, MONTHS_3, MONTHS_ALT
from django.utils.formats import date_format
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

# ISO 8601-2, 4.8: sub-year groupings. Quarters are 33 to 36, halves 40 and 41.
GROUPINGS = {33: (1, 3), 34: (4, 6), 35: (7, 9), 36: (10, 12), 40: (1, 6), 41: (7, 12)}
EARLIEST, LATEST = 1900, 2200


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as exactly as it is known. `month` may be a grouping of ISO 8601-2 (33-36, 40, 41)."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if not EARLIEST <= self.year <= LATEST:
            raise ValueError(f"the year must lie between {EARLIEST} and {LATEST}")
        if self.month is not None and not (1 <= self.month <= 12 or self.month in GROUPINGS):
            raise ValueError("there is no such month")
        if self.day is not None:
            if self.month is None or self.month > 12:
                raise ValueError("a day needs a month")
            datetime.date(self.year, self.month, self.day)

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read 2016, 2016-10, 2016-10-05 or 2021-41; raises ValueError for anything else."""
        if not (match := re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", text.strip(), re.ASCII)):
            raise ValueError(f"not a date: {text!r}")
        return cls(*(int(part) for part in match.groups() if part))

    @classmethod
    def of(cls, day: datetime.date) -> "PartialDate":
        return cls(day.year, day.month, day.day)

    def __str__(self) -> str:
        parts = [f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part is not None)]
        return "-".join(parts)

    @property
    def first_day(self) -> datetime.date:
        month = GROUPINGS[self.month][0] if self.month in GROUPINGS else self.month
        return datetime.date(self.year, month or 1, self.day or 1)

    @property
    def last_day(self) -> datetime.date:
        month = (GROUPINGS[self.month][1] if self.month in GROUPINGS else self.month) or 12
        return datetime.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def machine(self) -> str:
        """For <time datetime>, which knows years, months and days but no halves."""
        return str(self.year) if self.month in GROUPINGS else str(self)

    def label(self) -> str:
        """In words, in the reader's language: October 2016, second half of 2021."""
        if self.month in GROUPINGS:
            return _grouping_label(self.month) % {"year": self.year}
        if self.month is None:
            return str(self.year)
        return date_format(self.first_day, "DATE_FORMAT" if self.day else "YEAR_MONTH_FORMAT")


def _grouping_label(code: int) -> str:
    return {
        33: gettext("first quarter of %(year)s"),
        34: gettext("second quarter of %(year)s"),
        35: gettext("third quarter of %(year)s"),
        36: gettext("fourth quarter of %(year)s"),
        40: gettext("first half of %(year)s"),
        41: gettext("second half of %(year)s"),
    }[code]


def period_label(start: PartialDate | None, end: PartialDate | None) -> str:
    """Two dates in words; what is not known is said, not filled in."""
    if start and end:
        if start == end:
            return start.label()
        if start.day and end.day and (start.year, start.month) == (end.year, end.month):
            return f"{start.day}–{end.label()}"
        return f"{start.label()} – {end.label()}"
    if start:
        return gettext("since %(date)s") % {"date": start.label()}
    if end:
        return gettext("until %(date)s") % {"date": end.label()}
    return gettext("dates not stated")


def read_date(text: str) -> PartialDate:
    """What an editor types: 2016, 10/2016, October 2016, 5 October 2016, 5.10.2016, 2021 H2, 2016-10.

    Month names are read in the active language and in English. Raises ValueError.
    """
    text = " ".join(text.replace(",", " ").split()).casefold()
    if match := re.fullmatch(r"(\d{4}) ?-? ?(h|q)([1-4])|(h|q)([1-4])[ /-]?(\d{4})", text):
        year, letter, number = match.group(1, 2, 3) if match.group(1) else match.group(6, 4, 5)
        if letter == "h" and int(number) > 2:
            raise ValueError("a year has two halves")
        return PartialDate(int(year), (39 if letter == "h" else 32) + int(number))
    if match := re.fullmatch(r"(?:(\d{1,2})[./])?(\d{1,2})[./](\d{4})", text, re.ASCII):
        day, month, year = match.groups()
        if not 1 <= int(month) <= 12:
            raise ValueError("there is no such month")
        return PartialDate(int(year), int(month), int(day) if day else None)
    if match := re.fullmatch(r"(?:(\d{1,2})\.? )?([^\W\d]+)\.? (\d{4})", text):
        day, name, year = match.groups()
        if month := _month_names().get(name):
            return PartialDate(int(year), month, int(day) if day else None)
    return PartialDate.parse(text)


def _month_names() -> dict[str, int]:
    def names() -> dict[str, int]:
        # MONTHS_ALT: as in a full date, where a language inflects it (5 октября).
        return {str(name).casefold(): n for table in (MONTHS, MONTHS_ALT, MONTHS_3) for n, name in table.items()}

    with override("en"):
        english = names()
    return english | names()


class PartialDateFormField(forms.CharField):
    """One box for a date of any precision."""

    default_error_messages = {
        "invalid": _("Write a year, a month or a day, for instance 2016, October 2016 or 5 October 2016."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"size": 18, "placeholder": "2016-10", "autocomplete": "off"})
        )
        kwargs["max_length"] = 40
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, PartialDate) else value

    def to_python(self, value: Any) -> PartialDate | None:  # type: ignore[override]
        if isinstance(value, PartialDate):
            return value
        text = super().to_python(value)
        if not text:
            return None
        try:
            return read_date(text)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def run_validators(self, value: Any) -> None:
        super().run_validators(str(value) if isinstance(value, PartialDate) else value)  # they expect text

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


if TYPE_CHECKING:  # what may be assigned, what is read
    _Column = models.CharField[PartialDate | str | None, PartialDate | None]
else:
    _Column = models.CharField


class PartialDateField(_Column):
    """A column for a PartialDate, with a date column `<name>_first` or `<name>_last` that is kept with it.

    `edge` says which day comparisons use: "first" for a start, "last" for an end.
    """

    description = _("Date of any precision")

    def __init__(self, *args: Any, edge: Literal["first", "last"] = "first", **kwargs: Any) -> None:
        self.edge = edge
        kwargs["max_length"] = 10
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("max_length", None)
        return name, path, args, kwargs | {"edge": self.edge}

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        self.edge_name = f"{name}_{self.edge}"
        # A migration's state ("__fake__") lists the companion itself; an abstract parent leaves it to its heirs.
        if not cls._meta.abstract and cls.__module__ != "__fake__":
            companion = models.DateField(null=True, blank=True, editable=False)
            companion.creation_counter = self.creation_counter
            cls.add_to_class(self.edge_name, companion)

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        value = self.to_python(getattr(instance, self.attname))
        setattr(instance, self.attname, value)
        setattr(instance, self.edge_name, getattr(value, f"{self.edge}_day") if value else None)
        return value

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        value = self.to_python(value)
        if model_instance is not None:  # so that check constraints on the companion see what is being saved
            setattr(model_instance, self.edge_name, getattr(value, f"{self.edge}_day") if value else None)
        self.validate(value, model_instance)
        return value

    def to_python(self, value: Any) -> PartialDate | None:
        if value is None or value == "" or isinstance(value, PartialDate):
            return value or None
        if isinstance(value, datetime.date):
            return PartialDate.of(value)
        try:
            return PartialDate.parse(str(value))
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> PartialDate | None:
        return PartialDate.parse(value) if value else None

    def get_prep_value(self, value: Any) -> str | None:
        value = self.to_python(value)
        return str(value) if value else None

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return str(value) if value else ""

    def formfield(self, **kwargs: Any) -> Any:
        return models.Field.formfield(self, **{"form_class": PartialDateFormField, **kwargs})
