"""Tables as they come: each thing that cannot be read is named with its row and column, and nothing fails otherwise."""

import datetime
import io
import zipfile

import openpyxl
import pytest

from portal.models import Organisation
from portal.sheets import reading
from portal.sheets.cells import escaped, unescaped
from projects.models import Project
from tests.bringing import actions_of
from tests.factories import make_organisation, make_project
from tests.portal.sheets.conftest import cells_of, problems, sheet_of, table, workbook, written

HEAD = ["title_en", "start", "acronym"]


def message(imported):
    assert imported.state == "failed"
    return imported.problem


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_separators_and_encodings_are_told_apart(separator, encoding):
    read = reading.read(table(HEAD, ["Straße; nach, Genève", "2016", "Ж"], separator=separator, encoding=encoding))
    assert [row.cells["title_en"] for row in read.rows] == ["Straße; nach, Genève"]
    assert read.remarks == []


def test_windows_1252_is_read_with_a_remark():
    read = reading.read(table(HEAD, ["Genève – “Café”", "2016", ""], separator=";", encoding="cp1252"))
    assert read.rows[0].cells["title_en"] == "Genève – “Café”"
    assert "Windows-1252" in read.remarks[0]


def test_excel_line_that_names_the_separator_is_no_header():
    assert reading.read(b"sep=;\r\ntitle_en;start\r\nA,B;2016\r\n").columns == ["title_en", "start"]


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "no rows"),
        (b'title_en,start\n"open,2016\nmore', "quotation mark"),
        (b"title_en,title_en\nA,B\n", "two columns of one name"),
        (b"colour,taste\nA,B\n", "None of its columns is known"),
        (b"acronym,start\nA,2016\n", "A column is missing: title_en"),
        (b"title_en|start\nA|2016\n", "None of its columns is known"),
        (b"\xff\xfet\x00i\x00\x00\xd8", "encoding it names"),
        (b"title_en\nA\x00B\n", "neither CSV nor"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel file"),
        (b"%PDF-1.7", "neither CSV nor"),
        (b"PK\x03\x04 and no more", "damaged"),
        (b"title_en\n" + b"A\n" * 20_001, "more than 20,000 rows"),
        (b"title_en\n" + b"A," * 250 + b"B\n", "more than 200 columns"),
    ],
)
def test_file_that_cannot_be_read_says_why(bring, content, words):
    assert words in message(bring("projects", content))
    assert not Project.objects.exists()


def test_cell_of_200_000_characters_is_named(bring):
    imported = bring("projects", table(HEAD, ["A", "2016", ""], ["B" * 200_000, "2016", ""]))
    assert [line.number for line in imported.lines.filter(action="refuse")] == [3]
    assert "A3 holds 200,000 characters" in problems(imported)[0][2]


def test_formula_is_named_in_both_kinds_of_files(bring):
    for content in (table(HEAD, ["A", "=1+1", ""]), workbook(HEAD, ["A", "=1+1", None])):
        assert problems(bring("projects", content)) == [(2, "start", "B2 holds a formula: paste its value.")]


def test_dates_and_numbers_of_excel_become_dates_as_exact_as_they_are_shown(bring, carry):
    def show(sheet):
        for cell, shown in (("B2", "yyyy-mm-dd"), ("B3", "mmm-yy"), ("B4", "yyyy")):
            sheet[cell].number_format = shown

    day = datetime.datetime(2016, 10, 5)
    rows = [["A", day, ""], ["B", day, ""], ["C", day, ""], ["D", 2016, ""], ["E", 42648, ""], ["F", "10/2016", ""]]
    imported = bring("projects", workbook(HEAD, *rows, change=show))
    assert problems(imported) == []
    carry(imported)
    found = {one.title: str(one.start) for one in Project.objects.all()}
    assert found == {"A": "2016-10-05", "B": "2016-10", "C": "2016", "D": "2016", "E": "2016-10-05", "F": "2016-10"}


def test_merged_cells_are_named(bring):
    imported = bring(
        "projects", workbook(HEAD, ["A", "2016"], ["B"], ["C"], change=lambda one: one.merge_cells("B2:B3"))
    )
    assert [(n, text) for n, _field, text in problems(imported)] == [
        (n, "B2:B3 is merged: unmerge it and write a value in each cell.") for n in (2, 3)
    ]
    header = workbook(HEAD, ["A"], change=lambda one: one.merge_cells("B1:C1"))
    assert "header are merged" in message(bring("projects", header))


def test_hidden_rows_are_read_and_other_sheets_are_mentioned(bring):
    def change(sheet):
        sheet.row_dimensions[2].hidden = True
        sheet.parent.create_sheet("Other")

    imported = bring("projects", workbook(HEAD, ["A"], change=change))
    assert actions_of(imported) == ["create"]
    assert "Only the first that is not hidden, “Sheet”, was read." in imported.remarks[0]


def test_sheet_that_is_hidden_is_not_read_instead_of_the_one_people_see(bring):
    def change(sheet):
        other = sheet.parent.create_sheet("Seen")
        other.append(HEAD)
        other.append(["Seen"])
        sheet.sheet_state, sheet.parent.active = "hidden", 1

    imported = bring("projects", workbook(HEAD, ["Hidden"], change=change))
    assert [line.label for line in imported.lines.all()] == ["Seen"]
    assert "“Seen”, was read." in imported.remarks[0]


def test_thousands_of_merged_ranges_are_refused(bring):
    def change(sheet):
        for n in range(2, 1004):
            sheet.merge_cells(f"B{n}:C{n}")

    assert "more than 1,000 merged ranges" in message(bring("projects", workbook(HEAD, ["A"], change=change)))


@pytest.mark.parametrize("year", [1899, 9999])
def test_date_that_no_column_holds_is_named_whether_the_record_is_new_or_not(bring, year):
    project = make_project(title="B")
    day = datetime.datetime(year, 12, 31)
    imported = bring("projects", workbook(["id", *HEAD], ["", "A", day], [project.pk, "B", day]))
    assert [(n, field) for n, field, _text in problems(imported)] == [(2, "start"), (3, "start")]


def test_name_nobody_has_is_proposed_only_if_it_can_be_one(bring):
    imported = bring("projects", table(["title_en", "donors"], ["A", "x" * 255], ["B", "x" * 50_000]))
    assert [len(one["name"]) for one in imported.names.values()] == [255]
    [(number, field, text)] = problems(imported)
    assert (number, field) == (3, "donors")
    assert len(text) < 150


def test_message_about_columns_does_not_repeat_a_whole_text(bring):
    imported = bring("projects", table(["title_en", *(f"{n}" + "x" * 50_000 for n in range(20))], ["A"]))
    assert len(imported.remarks[0]) < 700
    assert len(message(bring("projects", table(["x" * 50_000] * 2, ["A"])))) < 200


def test_one_organisation_named_twice_in_a_cell_is_one(bring):
    make_organisation(name="Sweden Aid", slug="sweden-aid")
    imported = bring("projects", table(["title_en", "donors"], ["A", "Sweden Aid; sweden-aid"]))
    assert len(imported.targets.get().said["rows"]["roles"]) == 1


@pytest.mark.parametrize("key", ["9" * 30, "9223372036854775808", "-1", "0"])
def test_id_that_no_record_can_have_is_told(bring, key):
    [(number, field, _text)] = problems(bring("projects", table(["id", "title_en"], [key, "A"])))
    assert (number, field) == (2, "id")


def test_characters_that_no_workbook_holds_do_not_damage_it(bring):
    make_project(title="P", objective="a\uffffb\ufffec\x01d")
    assert actions_of(bring("projects", written("projects", "xlsx"))) == ["skip"]


def test_text_that_a_workbook_cut_is_not_written_over_the_whole(bring):
    text = "".join(f"{n} " for n in range(10_000))
    make_project(title="P", objective=text)
    book = openpyxl.load_workbook(io.BytesIO(written("projects", "xlsx")))
    cell = next(cell for cell in book.active[2] if str(cell.value).startswith("0 1 2"))
    cell.value = cell.value.replace("0 1 2 3", "Numbers: 0 1 2 3", 1)
    out = io.BytesIO()
    book.save(out)
    [(number, field, words)] = problems(bring("projects", out.getvalue()))
    assert (number, field) == (2, "objective_en")
    assert "only the beginning" in words


def test_number_is_read_as_exactly_as_excel_shows_it(bring, carry):
    carry(bring("projects", workbook(["title_en", "budget", "currency"], ["A", 1234.1 + 0.2 + 0.26, "EUR"])))
    assert str(Project.objects.get().budget) == "1234.56"


def rezipped(content, **parts):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.pop(name, None) or old.read(name))
        for name, text in parts.items():
            new.writestr(name, text)
    return out.getvalue()


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" '
    't="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_any_encoding(bring, encoding):
    content = rezipped(workbook(HEAD, ["A"]), **{"xl/worksheets/sheet1.xml": BOMB.encode(encoding)})
    assert "declares entities" in message(bring("projects", content))


def test_workbook_that_unpacks_to_too_much_is_not_opened(bring):
    content = rezipped(workbook(HEAD, ["A"]), **{"xl/media/a.bin": b"\0" * (201 << 20)})
    assert len(content) < 1 << 20
    assert "far more than it seems" in message(bring("projects", content))


def test_opendocument_is_named(bring):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert "OpenDocument" in message(bring("projects", out.getvalue()))


def test_column_that_is_not_known_is_left_out_visibly(bring):
    imported = bring("projects", table([*HEAD, "colour", ""], ["A", "2016", "", "red", "x"]))
    assert actions_of(imported) == ["create"]
    assert imported.remarks == [
        "Left out: what stands in columns without a name (E).",
        "Left out: columns that are not known (colour).",
    ]


@pytest.mark.parametrize(
    "name, value, words",
    [
        ("start", "2016-13", "This is no date"),
        ("start", "Oct-16", "This is no date"),
        ("start", "5/10/2016", "two days"),
        ("last_checked", "2016-10", "Write the day too"),
        ("budget", "1,234", "no number that is certain"),
        ("budget", "1.234", "At most 2 decimals"),
        ("budget", "1.234,5", "no number that is certain"),
        ("start", "31.02.2020", "This is no date"),
        ("budget", "9" * 30, "too large"),
        ("phase", "two", "no whole number"),
        ("stage_stated", "asleep", "This is none of: planned, current, ended"),
        ("themes_inferred", "perhaps", "Write yes or no"),
        ("themes", "gardening", "There is no theme “gardening”."),
        ("acronym", "A" * 61, "at most 60 characters"),
    ],
)
def test_value_that_cannot_be_is_named_with_its_row_and_column(bring, name, value, words):
    imported = bring("projects", table(["title_en", name], ["A", ""], ["B", value]))
    assert actions_of(imported) == ["create", "refuse"]
    [(number, field, text)] = problems(imported)
    assert (number, field) == (3, name)
    assert words in text


PAYLOADS = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", "＋1", "－1", "＠A", "'=1+1", "''=1+1", "'quoted'",
    " =1+1", "\u00a0=1+1", "\u200b=1+1", "=HYPERLINK(\"http://x\")", "=cmd|' /C calc'!A0", "-5", "- item", "plain", "'",
]  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_looks_like_a_formula_is_none_in_a_program_and_comes_back_unchanged(payload):
    out = escaped(payload)
    bare = out.lstrip(" \u00a0\u200b")
    assert payload == "-5" or not bare or bare[0] not in "=+-@\t\r\n＝＋－＠"
    assert unescaped(out) == payload


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_texts_that_look_like_formulas_go_out_and_come_back(bring, format):
    for payload in PAYLOADS:
        make_project(title="P", objective=payload)
    content = written("projects", format)
    assert set(actions_of(bring("projects", content))) == {"skip"}
    if format == "csv":
        column = cells_of(content)[0].index("objective_en")
        assert not [
            row
            for row in cells_of(content)[1:]
            if row[column] and row[column] != "-5" and row[column][0] in "=+-@\t\r\n"
        ]


def test_text_longer_than_a_cell_of_excel_comes_back(bring):
    make_project(title="P", objective="word " * 10_000)
    assert actions_of(bring("projects", written("projects", "xlsx"))) == ["skip"]


def test_nothing_hostile_creates_anything(bring):
    for content in (
        b"\x00" * 1000,
        b"\xff" * 1000,
        b'"' * 999,
        b"," * 100_000,
        b"\n" * 100_000,
        b"title_en\n" + b"," * 150,
    ):
        bring("organisations", content)
    assert not Organisation.objects.exists()


@pytest.mark.parametrize(("of", "read_as"), [("organisations", "projects"), ("projects", "publications")])
def test_table_of_another_kind_is_refused_once_and_its_kind_is_named(bring, of, read_as):
    make_organisation("Harbour Trust")
    make_project(title="Safe Routes")
    imported = bring(read_as, written(of))
    assert imported.state == "failed"
    assert f"Its columns are those of “{sheet_of(of).label}”" in imported.problem
    assert not imported.lines.exists()


def test_table_with_columns_of_its_own_or_of_several_kinds_is_read(bring):
    rows = [["title_en", "start", "place", "colour", "taste"], ["Safe Routes", "2016-10", "Vienna", "red", "sweet"]]
    assert bring("projects", table(*rows)).state == "read"
