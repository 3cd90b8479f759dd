"""Single cells: texts that no program shall take for a formula, and dates as workbooks hold them."""

import datetime
import re
from dataclasses import dataclass

from portal.dates import EARLIEST, LATEST, PartialDate

# Full-width forms too: some programs read them as the signs they look like. What cannot be seen may stand before.
FORMULA = re.compile(r"[ \u00a0\u200b-\u200f\u2060\ufeff]*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # a workbook cannot hold them
MOST_IN_CELL = 32_767  # characters, in a workbook of Excel
TAIL = 60  # characters by which the end of a text that was cut is known
NUMBER = re.compile(r"-\d+(?:\.\d+)?")


def escaped(text: str) -> str:
    """With an apostrophe before what may be taken for a formula, and one more where there is such a one already."""
    return f"'{text}" if FORMULA.match(text.lstrip("'")) and not NUMBER.fullmatch(text) else text


def unescaped(text: str) -> str:
    """What `escaped` made it from."""
    return text[1:] if text.startswith("'") and FORMULA.match(text.lstrip("'")) else text


def same(one: str, written: str) -> bool:
    """Whether a cell holds what was written, as far as it could hold it."""
    one, written = (CONTROLS.sub("", text).strip() for text in (one, written))
    return one == written or (len(one) > MOST_IN_CELL - 100 and written.startswith(one))


def is_cut(one: str, written: str) -> bool:
    """Whether a cell that somebody edited ends where a workbook could not hold more of what was written."""
    whole = CONTROLS.sub("", written)
    near = whole[MOST_IN_CELL - 1_000 : MOST_IN_CELL]  # who added something had to take as much away
    return len(whole) > MOST_IN_CELL and one.rstrip()[-TAIL:] in near


@dataclass(frozen=True)
class FoundDate:
    """A date of a workbook, and what of it its cell shows: a year, a month, a day, or a time too."""

    at: datetime.datetime
    shows: str

    @classmethod
    def of(cls, text: str, shows: str) -> "FoundDate":
        return cls(datetime.datetime.fromisoformat(text), shows)

    @property
    def partial(self) -> PartialDate:
        if self.shows == "year":
            return PartialDate(self.at.year)
        if self.shows == "month":
            return PartialDate(self.at.year, self.at.month)
        return PartialDate.of(self.at.date())

    def __str__(self) -> str:
        if self.shows == "time" or not EARLIEST <= self.at.year <= LATEST:
            return self.at.isoformat(" ")
        return str(self.partial)
