"""Tables as people have them: written by the portal, edited, read again."""

import csv
import io

import openpyxl
import pytest

from portal.sheets import registry, writing
from tests.bringing import read_in


def sheet_of(name):
    return next(one for one in registry.all() if one.name == name)


def written(name, format="csv", of=None):
    """The bytes of an export, of all records if none are named."""
    sheet = sheet_of(name)
    queryset = sheet.model._default_manager.order_by("pk") if of is None else of
    if format == "xlsx":
        return writing.as_workbook(sheet.header(), sheet.lines(queryset), name).read()
    return "".join(writing.as_csv(sheet.header(), sheet.lines(queryset))).encode()


def cells_of(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def table(*rows, separator=",", encoding="utf-8"):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode(encoding)


def edited(content, **changes):
    """A CSV with some cells changed: `title_en=(2, "Other")` by the number of the row."""
    rows = cells_of(content)
    for name, (number, value) in changes.items():
        rows[number - 1][rows[0].index(name)] = value
    return table(*rows)


def workbook(*rows, change=lambda sheet: None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    change(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def bring(editor):
    def do(name, content, by=None, file="list.csv"):
        return read_in(name, by or editor, file, content)

    return do


def problems(imported):
    return [
        (line.number, problem["field"], problem["message"])
        for line in imported.lines.all()
        for problem in line.problems
    ]
