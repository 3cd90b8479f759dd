"""A sheet of rows that are part of a record: one line for each row, one entry for each record.

Rows that a sheet does not name stay: it may hold a part of a list only.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from portal.imports.entries import Entry, Line, Problem
from portal.models import Import
from portal.sheets.columns import Column, RowsColumn, Told, empty, of_shape, row_key
from portal.sheets.known import Known
from portal.sheets.reading import Row, Table
from portal.sheets.sheet import Sheet, is_full, text_of
from portal.sheets.shown import Shown, kept_rows, look_at, mark_of_rows, sign_of, told_rows
from portal.sheets.values import words
from portal.versions.content import Content, digest
from portal.versions.shape import Rows, Shape


class RowsSheet(Sheet):
    """Rows of `accessor`; the column `owner` names the record they belong to. `known_by` tells a row without an id
    from the others of its record.
    """

    accessor: str
    owner: str

    @property
    def rows(self) -> Rows:
        return next(rows for rows in self.shape.rows if rows.accessor == self.accessor)

    @property
    def plural(self) -> str:
        return str(self.rows.shape.model._meta.verbose_name_plural)

    def columns(self, shape: Shape) -> dict[str, Column | RowsColumn]:
        told: dict[str, Any] = {self.owner: Told(self.owner)}
        return told | of_shape(self.rows.shape, self.without, self.by)

    # Out

    def lines_of(self, key: Any, content: Content, known: Known) -> Iterator[list[str]]:
        sign, code = sign_of(digest(content)), known.code(self.model, key)
        for row in content["rows"].get(self.accessor, []):
            yield self.export_resource(row | {"version": sign, self.owner: code}, known=known)

    # In

    def look_at_header(self, table: Table) -> list[str]:
        self.must_have(table, (self.owner,))
        return super().look_at_header(table)

    def entries(self, table: Table, imported: Import, known: Known) -> tuple[list[Entry], list[Line]]:
        by_owner: dict[Any, list[Row]] = {}
        lines = []
        for row in table.rows:
            try:
                key = known.key(self.model, text_of(row, self.owner))
            except ValueError as error:
                problem = Problem(str(error), self.owner, text_of(row, self.owner))
                lines.append(Line(row.number, self.label_of(row), problems=[*row.problems, problem]))
                continue
            by_owner.setdefault(key, []).append(row)
        signs = {key: {text_of(row, "version") for row in rows} for key, rows in by_owner.items()}
        shown, bases = look_at(self.model, signs)
        told = told_rows(self.scheme, self.accessor, shown)
        entries = []
        for key, rows in by_owner.items():
            entries.append(self.entry_of(rows, key, shown[key], bases, told.get(key, {}), known))
        return entries, lines

    def entry_of(
        self,
        rows: list[Row],
        key: Any,
        shown: Shown,
        bases: dict[Any, Content],
        told: dict[str, Content],
        known: Known,
    ) -> Entry:
        lines, lost = [], []
        said: dict[str, Content] = {}
        before: dict[str, Content] = {}
        there, by_name = self.by_key(shown.content), self.by_name(shown.content, known)
        for row in rows:
            line = Line(row.number, self.label_of(row), problems=list(row.problems))
            lines.append(line)
            sign = text_of(row, "version")
            base = shown.content if sign == shown.sign else bases.get((key, sign))
            name = self.name_in(row)
            own = text_of(row, "id").lower() or by_name.get(name) or row_key(self.name, key, *name)
            old = self.by_key(base).get(own) if base else None
            problems = self.look_at_row(row, own, own in there or old is not None, own in said)
            line.problems += problems
            if problems:
                continue
            line.row = (self.accessor, own)
            compared = self.compare(row, old, there.get(own), own, known)
            line.problems += compared.problems
            if sign and base is None and compared.cells:
                lost.append(own)
            if own not in there and old is None:
                line.problems += self.missing(compared.said, compared.problems)
            said[own] = {"id": own} | compared.said
            if old is not None or own in told:
                before[own] = {"id": own} | (compared.before if old is not None else told[own])
        mark = "" if all(is_full(row, "id") for row in rows) else mark_of_rows(self.accessor, key)
        if mark:
            kept_rows(said, before, told)
        whole, base = empty(), empty() | {"lost": lost}
        whole["rows"][self.accessor] = [row for own, row in said.items() if row["fields"] or row["links"]]
        base["rows"][self.accessor] = [row for own, row in before.items() if row["fields"] or row["links"]]
        return Entry(self.model, whole, lines, str(shown.record), shown.record, key=mark, base=base)

    def look_at_row(self, row: Row, own: str, is_there: bool, is_second: bool) -> list[Problem]:
        text = text_of(row, "id")
        if is_second:
            return [Problem(_("A row before it is the same one."), "id", text)]
        if text and not is_there:
            return [Problem(_("There is no such row. Leave the id empty for a new one."), "id", text)]
        return []

    def by_key(self, content: Content) -> dict[str, Content]:
        return {str(row["id"]): row for row in content["rows"].get(self.accessor, [])}

    def by_name(self, content: Content, known: Known) -> dict[tuple[str, ...], str]:
        """Keys of rows by what they are known by, as a sheet says it."""
        columns = [self.own[name] for name in self.known_by]
        return {
            tuple(words(column.export(row, known=known)).casefold() for column in columns): own
            for own, row in self.by_key(content).items()
        }

    def name_in(self, row: Row) -> tuple[str, ...]:
        return tuple(text_of(row, name).casefold() for name in self.known_by)
