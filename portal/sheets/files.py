"""A CSV file or workbook in, its cells out. Runs in the sandbox (python -m portal.sheets.files < FILE); no Django.

Writes one JSON object: `rows`, each [number, cells]; `remarks`, codes that reading.py has words for; `merged`, ranges
as [first row, last row, name]; or `problem`, a code with what it is about. A cell is a text, a number, a boolean, null,
or [kind, …] for what is no value: ["date", "2016-10-01", "month"], ["formula"], ["error", "#N/A"], ["long", 200000].
"""

import csv
import datetime
import io
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Iterable
from typing import Any
from xml.etree.ElementTree import ParseError

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PARTS = 2_000
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_MERGED = 1_000  # ranges of cells
MOST_CHARACTERS = 100_000
SEPARATORS = ",;\t"

Cell = Any
Found = dict[str, Any]


class Problem(Exception):
    """A code, and what it is about."""


def read(content: bytes) -> Found:
    """By what the content is, whatever it is called."""
    if len(content) > MOST_BYTES:
        raise Problem("large")
    if content.startswith(b"PK\x03\x04"):
        return read_workbook(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Problem("old")  # .xls, or a workbook that is locked with a password
    if content.startswith((b"%PDF", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8", b"<?xml", b"<!DOCTYPE", b"<html")):
        raise Problem("other")
    return read_text(content)


# CSV


def read_text(content: bytes) -> Found:
    text, remarks = decoded(content)
    if "\x00" in text:
        raise Problem("other")
    text, separator = separated(text)
    csv.field_size_limit(MOST_BYTES)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[Any]] = []
    number = 0
    while True:
        number += 1
        try:
            cells = next(lines)
        except StopIteration:
            break
        except csv.Error as error:
            raise Problem("quotes", number) from error
        put(rows, number, [typed(cell) for cell in cells])
    return {"rows": rows, "remarks": remarks, "merged": []}


def decoded(content: bytes) -> tuple[str, list[str]]:
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16"), []
        if content[1:400:2].count(0) > len(content[:400]) // 4:
            return content.decode("utf-16-le"), []
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        if content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
            raise Problem("encoding") from error  # it says what it is, and is not
        return content.decode("cp1252", "replace"), ["cp1252"]


def separated(text: str) -> tuple[str, str]:
    """The text from its header on, and what stands most often between the names there."""
    if named := re.match(r'"?sep=([,;\t])"?\r?\n', text):  # for Excel alone
        return text[named.end() :], named.group(1)
    header = re.sub(r'"[^"]*"', "", next(iter(text.lstrip("\r\n").splitlines()), "")[:MOST_CHARACTERS])
    return text, max(SEPARATORS, key=header.count)


def typed(cell: str) -> Cell:
    if cell.startswith("="):
        return ["formula"]
    return ["long", len(cell)] if len(cell) > MOST_CHARACTERS else cell


def put(rows: list[list[Any]], number: int, cells: list[Cell]) -> None:
    while cells and cells[-1] in (None, ""):
        cells.pop()
    if not cells:
        return
    if len(cells) > MOST_COLUMNS:
        raise Problem("columns", number)
    if len(rows) > MOST_ROWS:
        raise Problem("rows")
    rows.append([number, cells])


# Workbooks


def read_workbook(content: bytes) -> Found:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    check_parts(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "iter_rows")]
        if not sheets:
            raise Problem("empty")
        rows: list[list[Any]] = []
        sheet = next((one for one in sheets if one.sheet_state == "visible"), sheets[0])
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), start=1):
            put(rows, number, [value_of(cell) for cell in cells])
        merged = list(merged_in(content, sheet))
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError, OSError) as error:
        raise Problem("damaged") from error
    except (ParseError, InvalidFileException, zipfile.BadZipFile, zlib.error, RuntimeError) as error:
        raise Problem("damaged") from error
    remarks = ["several"] if len(book.sheetnames) > 1 else []
    return {"rows": rows, "remarks": remarks, "merged": merged, "sheet": sheet.title}


def check_parts(content: bytes) -> None:
    """What unpacks to too much, declares entities, or is no workbook is not opened at all."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "mimetype" in names:
                with archive.open("mimetype") as stream:
                    if b"opendocument" in stream.read(200):
                        raise Problem("ods")
            if "xl/workbook.xml" not in names:
                raise Problem("other")
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise Problem("bomb")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    check_part(archive, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError) as error:
        raise Problem("damaged") from error


def check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """A declaration stands before the first element. It is looked for there in any encoding; the size that is stated
    may be a lie, and reading stops where it does.
    """
    with archive.open(part) as stream:
        head = stream.read(100_000).replace(b"\x00", b"")
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise Problem("entities")


def value_of(cell: Any) -> Cell:
    value = cell.value
    if value is None or isinstance(value, (bool, int)):
        return value
    if cell.data_type == "f":
        return ["formula"]
    if cell.data_type == "e":
        return ["error", str(value)]
    if isinstance(value, float):
        value = float(f"{value:.15g}")  # as exactly as programs show it: 0.1 + 0.2 is 0.3
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, (datetime.datetime, datetime.date)):
        return ["date", value.isoformat(), precision(str(cell.number_format))]
    if isinstance(value, str):
        return ["long", len(value)] if len(value) > MOST_CHARACTERS else value
    return str(value)


def precision(shown_as: str) -> str:
    """What of a date the cell shows: Oct-16 is a month to who reads it, whatever day lies beneath."""
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", shown_as).lower()
    if "d" in bare:
        return "time" if "h" in bare else "day"
    if "m" in bare and "y" in bare:
        return "month"
    return "year" if "y" in bare else "day"


def merged_in(content: bytes, sheet: Any) -> Iterable[tuple[int, int, str]]:
    """They stand behind all rows. openpyxl does not tell of them while it reads row by row."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read(sheet._worksheet_path)
    end = text.rfind(b"<mergeCells")
    found = re.findall(rb'<mergeCell\s+ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"', text[end:])
    if end >= 0 and len(found) > MOST_MERGED:
        raise Problem("merged")
    for one in found if end >= 0 else ():
        left, top, right, bottom = (part.decode() for part in one)
        yield int(top), int(bottom), f"{left}{top}:{right}{bottom}"


if __name__ == "__main__":
    try:
        json.dump(read(sys.stdin.buffer.read(MOST_BYTES + 1)), sys.stdout)
    except Problem as problem:
        json.dump({"problem": list(problem.args)}, sys.stdout)
