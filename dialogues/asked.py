"""Reading the days that an address asks for: ?on=2021-06-30, ?on=2021-06, ?on=2021, and ?since= to compare with."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal.dates import EARLIEST, LATEST, PartialDate

LONGEST = 10  # characters of a date


class Unreadable(Exception):
    """What is wrong with the address, in words."""


@dataclass(frozen=True)
class Asked:
    """The day that is shown, and the one it is compared with; each with the date it was asked by."""

    day: datetime.date
    on: PartialDate | None = None
    since: PartialDate | None = None

    @property
    def since_day(self) -> datetime.date | None:
        """A year or a month is compared from its first day."""
        return self.since.first_day if self.since else None

    @property
    def query(self) -> str:
        given = {name: str(date) for name, date in (("on", self.on), ("since", self.since)) if date}
        return f"?{urlencode(given)}" if given else ""

    @property
    def is_dated(self) -> bool:
        return bool(self.on or self.since)

    @property
    def is_rounded(self) -> bool:
        """A month or a year was asked for, and one of its days stands for it."""
        return bool(self.on and not self.on.day)


def read(query: QueryDict, today: datetime.date | None = None) -> Asked:
    """Of a month or a year the last day is shown: what it had led to; of the present one, today. Raises Unreadable."""
    today = today or timezone.localdate()
    on, since = _date(query, "on"), _date(query, "since")
    day = today
    if on:
        day = today if on.first_day <= today <= on.last_day and not on.day else on.last_day
    if since and since.first_day > day:
        raise Unreadable(_("The day to compare with lies after the day that is shown."))
    return Asked(day, on, since)


def _date(query: QueryDict, name: str) -> PartialDate | None:
    given = [text for text in query.getlist(name) if text]
    if not given:
        return None
    if len(given) > 1:
        raise Unreadable(_("The address names several days where one is meant."))
    text = given[0].strip()
    if len(text) > LONGEST:
        raise Unreadable(_("This is no day. Write 2021, 2021-06 or 2021-06-30."))
    year: Mapping[str, Any] = {"first": EARLIEST, "last": LATEST}
    if text[:4].isascii() and text[:4].isdigit() and not EARLIEST <= int(text[:4]) <= LATEST:
        raise Unreadable(_("The portal knows days from %(first)s to %(last)s.") % year)
    try:
        return PartialDate.parse(text)
    except ValueError:
        raise Unreadable(_("This is no day. Write 2021, 2021-06 or 2021-06-30.")) from None
