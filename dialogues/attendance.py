"""Whether the numbers of those who came to a meeting add up: its sectors and its modes against the stated total.

Says what it finds and corrects nothing. A total that is no plain number ("over 500") is compared with nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dialogues.models import Attendance, Meeting

# 1477, 1,477, 1.477, 1 477: digits, or groups of three with one sign between them.
PLAIN = re.compile(r"\d{1,3}(?:([,.' \u2019\u00a0\u2009\u202f])\d{3}(?:\1\d{3})*)?|\d+", re.ASCII)


class Parts(TextChoices):
    SECTORS = "sectors", _("By sector")
    MODES = "modes", _("By mode")
    SECTORS_IN_PERSON = "sectors-in-person", _("By sector, in person")
    SECTORS_ONLINE = "sectors-online", _("By sector, online")
    TOTAL = "total", _("In all")


@dataclass(frozen=True)
class Sum:
    """Numbers of one kind that together should be what is stated for all of them.

    `stated` is None where no plain number is; `words` is then what stands in its place, if anything does.
    """

    parts: Parts
    numbers: tuple[int, ...]
    stated: int | None
    words: str = ""

    @property
    def total(self) -> int:
        return sum(self.numbers)

    @property
    def holds(self) -> bool | None:
        """None where it cannot be checked."""
        return None if self.stated is None else self.total == self.stated

    @property
    def sentence(self) -> str:
        said = {
            "parts": self.parts.label,
            "total": number_format(self.total, force_grouping=True),
            "stated": self.words if self.stated is None else number_format(self.stated, force_grouping=True),
        }
        return self._pattern() % said

    def _pattern(self) -> str:
        if self.parts == Parts.TOTAL:
            return gettext("The total is stated twice: %(stated)s and %(total)s.")
        if self.stated is None and not self.words:
            return gettext("%(parts)s: the numbers add up to %(total)s; no total is stated.")
        if self.stated is None:
            return gettext("%(parts)s: the numbers add up to %(total)s; “%(stated)s” is stated and cannot be checked.")
        if self.holds:
            return gettext("%(parts)s: the numbers add up to %(total)s, as stated.")
        if self.parts == Parts.SECTORS:
            return gettext("The sectors add up to %(total)s; %(stated)s are stated.")
        return gettext("%(parts)s: the numbers add up to %(total)s; %(stated)s are stated.")


def number_in(words: str) -> int | None:
    """The number that words are, "1,477" for instance; None for "over 500" and for whatever else is none."""
    words = words.strip()
    return int(re.sub(r"\D", "", words)) if PLAIN.fullmatch(words) else None


def sums_of(meeting: Meeting, rows: Iterable[Attendance] | None = None) -> list[Sum]:
    """What can be added up of a meeting's attendance; `rows` where they were fetched already."""
    rows = list(meeting.attendance.all() if rows is None else rows)
    mode = Attendance.Mode
    counted = {(row.sector, row.mode): row.number for row in rows}
    words = meeting.participants.strip()
    stated, listed = number_in(words), counted.get(("", mode.ALL))
    total = listed if stated is None else stated

    def by_sector(how: str) -> tuple[int, ...]:
        return tuple(n for (sector, mode_of_row), n in counted.items() if sector and mode_of_row == how)

    modes = tuple(n for how in (mode.IN_PERSON, mode.ONLINE) if (n := counted.get(("", how))) is not None)
    found = [
        Sum(Parts.MODES, modes, total, words),
        Sum(Parts.SECTORS, by_sector(mode.ALL), total, words),
        Sum(Parts.SECTORS_IN_PERSON, by_sector(mode.IN_PERSON), counted.get(("", mode.IN_PERSON))),
        Sum(Parts.SECTORS_ONLINE, by_sector(mode.ONLINE), counted.get(("", mode.ONLINE))),
    ]
    if stated is not None and listed is not None and stated != listed:
        found.append(Sum(Parts.TOTAL, (listed,), stated))
    return [one for one in found if _says_something(one)]


def _says_something(one: Sum) -> bool:
    """A single number is no breakdown: others may be missing. It says something where it is more than the total."""
    return len(one.numbers) > 1 or one.parts == Parts.TOTAL or (one.stated is not None and one.total > one.stated)
