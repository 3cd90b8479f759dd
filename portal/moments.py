"""Boxes for an instant, typed in the time zone of whoever types it.

Where clocks are changed some times do not exist and others come twice: those are refused, and the words say which
times are there instead. What is left as it was shown stands for the very instant it was, also if that comes twice.
"""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

MINUTE = datetime.timedelta(minutes=1)


def clock_change(
    moment: datetime.datetime, zone: datetime.tzinfo
) -> tuple[datetime.datetime, datetime.datetime] | None:
    """The local times between which a naive time does not exist or comes twice; None for a time like any other."""
    before, after = (moment.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    if before is None or after is None or before == after:
        return None
    # The change lies between the two instants that the time could mean.
    early, late = sorted((moment - before, moment - after))
    while late - early > datetime.timedelta(seconds=1):
        middle = early + (late - early) // 2
        offset = middle.replace(tzinfo=datetime.UTC).astimezone(zone).utcoffset()
        early, late = (early, middle) if offset == after else (middle, late)
    change = late.replace(microsecond=0)
    return min(change + before, change + after), max(change + before, change + after)


def explained(error: ValidationError) -> ValidationError:
    """What Django says of a time that cannot be told from another, in words that help."""
    if getattr(error, "code", None) != "ambiguous_timezone" or not error.params:
        return error
    typed, zone = error.params["datetime"], error.params["current_timezone"]
    try:
        change = clock_change(typed, zone)
    except OverflowError:
        change = None
    if change is None:
        return error
    start, end = change
    told = {
        "typed": _shown(typed),
        "zone": timezone.get_current_timezone_name(),
        "before": _shown(start - MINUTE),
        "after": _shown(end),
    }
    first, second = (typed.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.astimezone(datetime.UTC) < second.astimezone(datetime.UTC):
        words = _(
            "%(typed)s comes twice in the time zone %(zone)s, because the clocks are put back. "
            "Write %(before)s or earlier, or %(after)s or later."
        )
    else:
        words = _(
            "%(typed)s does not exist in the time zone %(zone)s, because the clocks are put forward. "
            "Write %(before)s or earlier, or %(after)s or later."
        )
    return ValidationError(words % told, code=error.code)


def _shown(moment: datetime.datetime) -> str:
    return date_format(moment, "DATETIME_FORMAT")


class KeepsInstant:
    """For a form field: what was not touched is not read again."""

    def _clean_bound_field(self, box: Any) -> Any:
        if box.initial and not self.has_changed(box.initial, box.data):  # type: ignore[attr-defined]
            return box.initial
        return super()._clean_bound_field(box)  # type: ignore[misc]


class MomentField(KeepsInstant, forms.DateTimeField):
    """One box."""

    def to_python(self, value: Any) -> datetime.datetime | None:
        try:
            return super().to_python(value)
        except ValidationError as error:
            raise explained(error) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        if initial and data == self.widget.format_value(self.prepare_value(initial)):  # type: ignore[attr-defined]
            return False
        return super().has_changed(initial, data)


class SplitMomentField(KeepsInstant, forms.SplitDateTimeField):
    """A box for the day and one for the time of the day."""

    def compress(self, data_list: Any) -> datetime.datetime | None:
        try:
            return super().compress(data_list)
        except ValidationError as error:
            raise explained(error) from None
