"""Tables as files that come back as they went out: texts are no formulas, dates stay as exact as they are."""

import csv
import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from portal.sheets.cells import CONTROLS, MOST_IN_CELL, escaped

BOM = "\ufeff"  # without it Excel takes UTF-8 for something else
Line = list[str]


class _Echo:
    """A file that hands back what is written."""

    def write(self, text: str) -> str:
        return text


def as_csv(header: Line, lines: Iterable[Line]) -> Iterator[str]:
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield BOM + str(writer.writerow(header))
    for line in lines:
        yield str(writer.writerow([escaped(text) for text in line]))


def as_workbook(header: Line, lines: Iterable[Line], title: str) -> IO[bytes]:
    """Every cell is text, so that no program reads more into it. A file on disk, at its start."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "C2"
    for line in chain([header], lines):
        sheet.append([_cell(sheet, text) for text in line])
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    book.save(file)
    file.seek(0)
    return file


def _cell(sheet: object, text: str) -> WriteOnlyCell:
    text = escaped(text) if text.startswith("'") else text  # so that reading takes off what was put there
    cell = WriteOnlyCell(sheet, CONTROLS.sub("", text)[:MOST_IN_CELL])
    cell.data_type = "s"
    cell.number_format = "@"
    return cell
