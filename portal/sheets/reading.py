"""A file of somebody's as a table: its columns by name, its rows as people number them, and what cannot be read."""

import io
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from portal import sandbox
from portal.imports.entries import Problem, Unreadable
from portal.sheets.cells import FoundDate, unescaped
from portal.sheets.files import MOST_BYTES, MOST_CHARACTERS, MOST_COLUMNS, MOST_MERGED, MOST_ROWS, SEPARATORS

LIMITS = sandbox.Limits(cpu=120, wall=150, memory=1 << 30, output=1 << 27)


@dataclass
class Row:
    """`number` is that of the row in the file, the header being 1. `cells` are by the name of their column."""

    number: int
    cells: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)


@dataclass
class Table:
    columns: list[str]
    rows: list[Row]
    remarks: list[str]


def read(content: bytes) -> Table:
    """Raises Unreadable."""
    found = _opened(content)
    rows = found["rows"]
    if not rows:
        raise Unreadable(_("The file holds no rows."))
    header, remarks = _header(rows[0][1]), [_remark(code, found) for code in found["remarks"]]
    if any(top <= rows[0][0] for top, _bottom, _name in found["merged"]):
        raise Unreadable(_("Cells of the header are merged: give each column a name of its own."))
    unnamed = {place for _number, cells in rows[1:] for place in range(len(cells)) if not header.get(place)}
    unnamed = {place for place in unnamed if any(_is_full(cells, place) for _number, cells in rows[1:])}
    if unnamed:
        letters = ", ".join(get_column_letter(place + 1) for place in sorted(unnamed))
        remarks.append(_("Left out: what stands in columns without a name (%s).") % letters)
    named = {place: name for place, name in header.items() if name}
    return Table(list(named.values()), [_row(row, named, found["merged"]) for row in rows[1:]], remarks)


def _opened(content: bytes) -> dict[str, Any]:
    try:
        code, written = sandbox.run("portal.sheets.files", stdin=io.BytesIO(content), limits=LIMITS)
    except sandbox.Stopped as stopped:
        words = _("Reading the file took too long, or more memory than is allowed. Bring it in by parts, as CSV.")
        raise Unreadable(words) from stopped
    try:
        found: dict[str, Any] = json.loads(written) if code == 0 else {"problem": ["crashed"]}
    except ValueError:
        found = {"problem": ["crashed"]}
    if problem := found.get("problem"):
        raise Unreadable(_why(*problem))
    return found


def _why(code: str, about: Any = None) -> str:
    words = {
        "large": _("The file is too large: at most %s are read. Bring it in by parts.") % filesizeformat(MOST_BYTES),
        "old": _("This is an old Excel file (.xls), or one that is locked with a password. Save it as .xlsx or CSV."),
        "ods": _("This is an OpenDocument file. Save it as .xlsx or CSV."),
        "other": _("This is neither CSV nor an Excel workbook (.xlsx)."),
        "bomb": _("This workbook unpacks to far more than it seems to hold, so it is not opened. Save it as CSV."),
        "entities": _("This workbook declares entities, which are not read. Open it and save it anew as .xlsx."),
        "damaged": _("The workbook is damaged and cannot be opened. Open it and save it anew as .xlsx or CSV."),
        "merged": _("There are more than %s merged ranges of cells. Unmerge them.") % f"{MOST_MERGED:,}",
        "empty": _("The workbook holds no sheet with rows."),
        "encoding": _("The file is not in the encoding it names. Save it as “CSV UTF-8”."),
        "quotes": _("Row %s: a quotation mark is not closed, or stands in the middle of a cell.") % about,
        "rows": _("There are more than %s rows. Bring them in by parts.") % f"{MOST_ROWS:,}",
        "columns": _("Row %(row)s has more than %(n)s columns. Take out those that are not needed.")
        % {"row": about, "n": MOST_COLUMNS},
    }
    return words.get(code, _("The file cannot be read. Open it and save it anew as .xlsx or CSV."))


def _remark(code: str, found: dict[str, Any]) -> str:
    if code == "several":
        words = _("The workbook has several sheets. Only the first that is not hidden, “%s”, was read.")
        return words % found.get("sheet", "")
    return _("The file is not in UTF-8 and was read as Windows-1252. Look whether accents and quotes are right.")


def _header(cells: list[Any]) -> dict[int, str]:
    """Names by their place, in small letters; the empty text where there is none."""
    header = {place: str(cell).strip().casefold() if cell else "" for place, cell in enumerate(cells)}
    if any(isinstance(cell, list) for cell in cells):
        raise Unreadable(_("The first row must hold the names of the columns as plain text."))
    twice = sorted(name for name, n in Counter(name for name in header.values() if name).items() if n > 1)
    if twice:
        raise Unreadable(_("There are two columns of one name: %s. Rename or remove one of them.") % in_short(twice))
    if len(header) == 1 and not set(header[0]).isdisjoint(SEPARATORS):
        raise Unreadable(_("The columns cannot be told apart. Use commas, semicolons or tabs between them."))
    return header


def in_short(names: Iterable[str]) -> str:
    """Names of columns for a message: whoever forgot the header may have a whole text there."""
    return Truncator(", ".join(Truncator(name).chars(60) for name in names)).chars(600)


def _is_full(cells: list[Any], place: int) -> bool:
    return place < len(cells) and cells[place] not in (None, "")


def _row(row: tuple[int, list[Any]], header: dict[int, str], merged: list[Any]) -> Row:
    number, cells = row
    made = Row(number, {})
    for place, name in header.items():
        value = cells[place] if place < len(cells) else None
        where = f"{get_column_letter(place + 1)}{number}"
        if isinstance(value, list):
            if value[0] == "date":
                made.cells[name] = FoundDate.of(value[1], value[2])
            else:
                made.problems.append(Problem(_no_value(where, *value), name))
        elif isinstance(value, str):
            made.cells[name] = unescaped(value)
        else:
            made.cells[name] = value
    for top, bottom, range_ in merged:
        if top <= number <= bottom:
            made.problems.append(Problem(_("%s is merged: unmerge it and write a value in each cell.") % range_))
    return made


def _no_value(where: str, kind: str, about: Any = None) -> str:
    if kind == "formula":
        return _("%s holds a formula: paste its value.") % where
    if kind == "error":
        return _("%(cell)s holds the error %(error)s.") % {"cell": where, "error": about}
    told = {"cell": where, "n": f"{about:,}", "most": f"{MOST_CHARACTERS:,}"}
    return _("%(cell)s holds %(n)s characters: at most %(most)s are read.") % told
