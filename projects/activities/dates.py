"""When an activity runs, and its status.

IATI gives days, also where only a month is known. A day is taken as it stands: whether "2016-10-01" means a month is
not ours to say. What actually happened comes before what was planned, which is kept in words.
"""

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from portal.dates import PartialDate
from portal.imports.entries import Problem
from projects.activities.elements import attribute
from projects.models import Stage

if TYPE_CHECKING:
    from projects.activities.placing import Placing

# The codelists ActivityDateType and ActivityStatus.
TYPES = {"1": "planned start", "2": "actual start", "3": "planned end", "4": "actual end"}
START, END = ("2", "1"), ("4", "3")
STATUSES = {
    "1": "pipeline",
    "2": "implementation",
    "3": "finalisation",
    "4": "closed",
    "5": "cancelled",
    "6": "suspended",
}
STAGES = {"1": Stage.PLANNED, "2": Stage.CURRENT, "3": Stage.CURRENT, "4": Stage.ENDED}
DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:T[\d:.]{1,20})?(?:Z|[+-]\d\d:\d\d)?", re.ASCII)


class Dates:
    def __init__(self, placing: "Placing") -> None:
        self.placing = placing
        self.found: dict[str, PartialDate] = {}

    def place(self) -> None:
        for element in self.placing.all("activity-date"):
            self._read(element)
        start, end = (next((self.found[kind] for kind in kinds if kind in self.found), None) for kinds in (START, END))
        for name, value in (("start", start), ("end", end)):
            if value is not None:
                self.placing.fields[name] = str(value)
        for planned, actual in (("1", "2"), ("3", "4")):
            if planned in self.found and actual in self.found:
                self.placing.keep_words("activity-date", f"{TYPES[planned]} {self.found[planned]}")
        if start and end and end.last_day < start.first_day:
            message = _("The end lies before the start. Mend the dates of this activity in the file.")
            self.placing.problems.append(Problem(message, "activity-date", f"{start} – {end}"))
        self._status(start is not None, end is not None)

    def _read(self, element: Element) -> None:
        kind, said = attribute(element, "type"), attribute(element, "iso-date")
        if kind not in TYPES:
            self.placing.remark(_("activity-date: there is no type “%s” of a date; it is kept in words.") % kind)
            self.placing.keep(element)
            return
        match = DAY.fullmatch(said)
        try:
            if match is None:
                raise ValueError
            day = PartialDate.parse(match.group(1))
        except ValueError:
            message = _("This is no day between 1900 and 2200. Write it as 2016-10-31 in the file.")
            self.placing.problems.append(Problem(message, f"activity-date ({TYPES[kind]})", said))
            return
        if self.found.setdefault(kind, day) != day:
            words = _("activity-date: the %(kind)s is stated twice; %(day)s was taken.")
            self.placing.remark(words % {"kind": TYPES[kind], "day": self.found[kind]})
            self.placing.keep(element)

    def _status(self, has_start: bool, has_end: bool) -> None:
        """The portal tells the stage by the dates. Only where they cannot tell it, the status does."""
        element = self.placing.activity.find("activity-status")
        if element is None:
            return
        code = attribute(element, "code")
        stage = STAGES.get(code)
        as_of = self._said_on()
        if stage == Stage.ENDED and not has_end:
            self.placing.fields |= {"stage_stated": stage.value}
        elif stage and not has_start and not has_end and as_of:
            self.placing.fields |= {"stage_stated": stage.value, "stage_as_of": as_of}
        if code in STATUSES:
            self.placing.keep_words("activity-status", f"{code}: {STATUSES[code]}")
        else:
            self.placing.keep(element)
            self.placing.remark(_("activity-status: there is no status with the code “%s”.") % code)
        if code in ("5", "6"):
            words = _("The activity is %s at its source: say so in the text, the portal has no such stage.")
            self.placing.remark(words % STATUSES[code])

    def _said_on(self) -> str:
        """The day on which the file says what it says, where that is one."""
        if not (match := DAY.match(self.placing.said_on)):
            return ""
        try:
            return str(PartialDate.parse(match.group(1)))
        except ValueError:
            return ""
