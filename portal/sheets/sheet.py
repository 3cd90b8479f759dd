"""A sheet of one model: its columns, and how each of its rows becomes an entry.

A row is known by its key (`id`), else by its short name, else by what an earlier import made of it. `version` is a
digest of what its record said when the sheet was written: with it a row that comes back changes what was edited, and
nothing else, whatever others have changed meanwhile.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from import_export.resources import Resource

from portal.imports.entries import Entry, Found, Line, Names, Problem, Unreadable
from portal.imports.planning import in_parts
from portal.models import Import, Origin
from portal.sheets import reading
from portal.sheets.cells import is_cut, same
from portal.sheets.columns import Column, RowsColumn, Told, empty, of_shape
from portal.sheets.known import Known
from portal.sheets.reading import Row, Table
from portal.sheets.shown import AT_ONCE, Records, look_at, sign_of
from portal.sheets.values import words
from portal.versions import batches
from portal.versions.content import Content, digest, key_of
from portal.versions.shape import Shape, shape_of


class Sheet(Resource):
    """`name` is that of its reader. `without` are columns that no sheet says. `required` must be there for a row to
    become a new record; `known_by` tells new rows apart where they have no short name.
    """

    name: str
    model: type[models.Model]
    label: Any = ""
    help_text: Any = ""
    without: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    known_by: tuple[str, ...] = ()
    proposed: tuple[type[models.Model], ...] = ()  # of which names that are not known are proposed
    by: dict[str, tuple[str, ...]] = {}

    def __init__(self) -> None:
        super().__init__()
        self.fields = {"id": Told("id"), "version": Told("version"), **self.columns(self.shape)}

    @property
    def shape(self) -> Shape:
        return shape_of(self.model)

    def columns(self, shape: Shape) -> dict[str, Column | RowsColumn]:
        return dict(of_shape(shape, self.without, self.by))

    @property
    def own(self) -> dict[str, Column | RowsColumn]:
        return {name: one for name, one in self.fields.items() if not isinstance(one, Told)}

    @property
    def plural(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    # Out

    def header(self) -> list[str]:
        return list(self.get_export_headers())

    def lines(self, queryset: models.QuerySet[Any]) -> Iterator[list[str]]:
        """One for each record, as its form shows it: what waits in a draft stands in it."""
        known = Known()
        keys = queryset.values_list("pk", flat=True).iterator(chunk_size=AT_ONCE)
        for part in in_parts(keys, AT_ONCE):
            shown = {subject.record.pk: subject.shown for subject in batches.look(self.model, part)}
            for key in part:
                if key in shown:
                    yield from self.lines_of(key, shown[key], known)

    def lines_of(self, key: Any, content: Content, known: Known) -> Iterator[list[str]]:
        told = content | {"id": str(key), "version": sign_of(digest(content))}
        yield self.export_resource(told, known=known)

    # In

    def found_in(self, table: Table, imported: Import) -> Found:
        """Raises Unreadable where there is nothing to read."""
        names = Names()
        remarks = [*table.remarks, *self.look_at_header(table)]
        known = Known(names, self.proposed)
        entries, lines = self.entries(table, imported, known)
        return Found(entries, names, remarks=remarks, lines=lines)

    def look_at_header(self, table: Table) -> list[str]:
        """Remarks on columns that are not read. Raises Unreadable where there is nothing to read."""
        named = set(table.columns)
        if not named & set(self.own):
            told = ", ".join(self.header())
            raise Unreadable(_("None of its columns is known. The first row must name some of: %s.") % told)
        if not all(is_full(row, "id") for row in table.rows) and not ("slug" in named and "slug" in self.own):
            self.must_have(table, self.required)
        strange = [name for name in table.columns if name not in self.fields]
        if not strange:
            return []
        return [_("Left out: columns that are not known (%s).") % reading.in_short(strange)]

    def must_have(self, table: Table, names: tuple[str, ...]) -> None:
        if missing := [name for name in names if name not in table.columns]:
            raise Unreadable(_("A column is missing: %s.") % ", ".join(missing))

    def entries(self, table: Table, imported: Import, known: Known) -> tuple[list[Entry], list[Line]]:
        records = self.records(table.rows)
        entries, lines = [], []
        for row in table.rows:
            key = self.key_of_row(row, records)
            if isinstance(key, Problem) or (key is not None and key not in records.shown):
                problem = key if isinstance(key, Problem) else Problem(_("There is no such record."), "id", str(key))
                lines.append(Line(row.number, self.label_of(row), problems=[*row.problems, problem]))
                continue
            entries.append(self.entry(row, key, records, imported, known))
        return entries, lines

    def entry(self, row: Row, key: Any, records: Records, imported: Import, known: Known) -> Entry:
        shown = records.shown.get(key)
        line = Line(row.number, self.label_of(row), problems=list(row.problems))
        mark = "" if is_full(row, "id") else self.mark(row)
        said, base, problems = self.said(row, key, records, known)
        line.problems += problems
        if shown is None:
            line.problems += self.missing(said, problems)
            self.complete_new(said, imported)
        return Entry(self.model, said, [line], line.label, shown.record if shown else None, key=mark, base=base)

    def said(self, row: Row, key: Any, records: Records, known: Known) -> tuple[Content, Content | None, list[Problem]]:
        """What a row says, and what that is to be compared with: what it was written from, else what such a row said
        before, else what the record says now, which it replaces.
        """
        shown = records.shown.get(key)
        mark = "" if is_full(row, "id") else self.mark(row)
        sign = text_of(row, "version") if shown else ""
        base = None if not (shown and sign) else shown.content if shown.sign == sign else records.bases.get((key, sign))
        told = records.told.get(mark) if records.by_mark.get(mark) == key else None
        compared = self.compare(row, base, shown.content if shown else None, mark or key, known, told)
        problems, before = compared.problems, compared.before
        if sign and base is None and compared.cells:
            before = before | {"lost": [""]}
        elif told is not None and base is None:
            before = told
        if told is not None:
            self.keep_told(told, compared, before)
        slug = compared.said["fields"].get("slug")
        if shown is not None and slug and slug != shown.content["fields"].get("slug"):
            problems.append(Problem(_("The address is changed in the form only."), "slug", slug))
        return compared.said, before if shown else None, problems

    def keep_told(self, told: Content, compared: "Compared", before: Content) -> None:
        """What an earlier table has told stays told, though this one does not speak of it."""
        for name, column in self.own.items():
            if name not in compared.spoken and column.is_in(told):
                column.take(told, compared.said)
                if before is not told:
                    column.take(told, before)

    def compare(
        self,
        row: Row,
        base: Content | None,
        shown: Content | None,
        key: Any,
        known: Known,
        told: Content | None = None,
    ) -> "Compared":
        """A cell that reads as what it was written from says nothing; one that reads as what is there says that, to
        the letter. `key` is what the keys of its rows are made from.
        """
        old = base if base is not None else shown
        said, before = empty(), empty()
        cells = {name: value for name, value in row.cells.items() if name in self.own}
        spoken, problems = set(cells), []
        for name in list(cells):
            column = self.own[name]
            text = words(column.export(old, known=known)) if old is not None else ""
            if old is not None and same(words(cells[name]), text):
                if base is None:
                    column.take(old, said)
                    column.take(old, before)
                else:
                    spoken.discard(name)
                del cells[name]
            elif old is not None:
                column.take(old, before)
                if is_cut(words(cells[name]), text):
                    problems.append(Problem(_("A workbook holds only the beginning of this. Use the form."), name))
        problems += self.fill(said, cells, known, {"texts": (shown, told, base), "key": key})
        return Compared(said, before, problems, set(cells), spoken)

    def fill(self, said: Content, cells: dict[str, Any], known: Known, told: dict[str, Any]) -> list[Problem]:
        """Read cells into what is said."""
        try:
            self.import_instance(said, cells, known=known, **told)
        except ValidationError as error:
            names = {one.attribute: name for name, one in self.own.items()}
            found = [(names[attribute], texts) for attribute, texts in error.message_dict.items()]
            return [Problem(text, name, words(cells.get(name))) for name, texts in found for text in texts]
        return []

    def missing(self, said: Content, problems: list[Problem]) -> list[Problem]:
        values, told = {**said["fields"], **said["links"]}, {problem.field for problem in problems}
        names = [name for name in self.required if name not in told and not values.get(name)]
        return [Problem(_("A new row needs this."), name) for name in names]

    def complete_new(self, said: Content, imported: Import) -> None:
        """What a new record says besides its row."""

    # Which record

    def label_of(self, row: Row) -> str:
        return next((text for name in ("title_en", "name_en", "label_en", "slug") if (text := text_of(row, name))), "")

    def key_of_row(self, row: Row, records: Records) -> Any:
        """None for one that is new, a Problem for one whose key cannot be."""
        text, own = text_of(row, "id"), self.model._meta.pk
        if not text:
            return records.by_slug.get(text_of(row, "slug")) or records.by_mark.get(self.mark(row))
        try:
            key = own.to_python(text)
            own.run_validators(key)  # of a number that no database holds
            return key_of(key)
        except ValidationError:
            return Problem(_("This is no key of a record. Leave it empty for a new one."), "id", text)

    def mark(self, row: Row) -> str:
        """By which a row without a key is recognised the next time."""
        if slug := text_of(row, "slug"):
            return f"slug {slug}"[:300]
        parts = [text_of(row, name) for name in self.known_by]
        mark = " | ".join(parts).casefold() if any(parts) else ""
        return mark if len(mark) <= 300 else f"sha256 {hashlib.sha256(mark.encode()).hexdigest()}"

    def records(self, rows: list[Row]) -> Records:
        records = Records(self.slugs(rows))
        self.look_for_marks(rows, records)
        signs: dict[Any, set[str]] = {}
        for row in rows:
            key = self.key_of_row(row, records)
            if key is not None and not isinstance(key, Problem):
                signs.setdefault(key, set()).add(text_of(row, "version"))
        records.shown, records.bases = look_at(self.model, signs)
        return records

    def slugs(self, rows: list[Row]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        wanted = {slug for row in rows if (slug := text_of(row, "slug"))} if "slug" in self.own else set()
        for part in in_parts(wanted, AT_ONCE):
            records = self.model._base_manager.filter(slug__in=part)
            found |= {slug: key_of(pk) for slug, pk in records.values_list("slug", "pk")}
        return found

    def look_for_marks(self, rows: list[Row], records: Records) -> None:
        """What earlier imports have made of rows without a key, where it is still there."""
        kind = ContentType.objects.get_for_model(self.model)
        wanted = {mark for row in rows if not is_full(row, "id") and (mark := self.mark(row))}
        for part in in_parts(wanted, AT_ONCE):
            origins = Origin.objects.filter(content_type=kind, scheme=self.scheme, source="", key__in=part)
            found = {origin.key: origin for origin in origins}
            keys = {mark: self.model._meta.pk.to_python(origin.object_id) for mark, origin in found.items()}
            there = set(self.model._base_manager.filter(pk__in=keys.values()).values_list("pk", flat=True))
            records.by_mark |= {mark: key_of(pk) for mark, pk in keys.items() if pk in there}
            records.told |= {mark: found[mark].said for mark, pk in keys.items() if pk in there}

    @property
    def scheme(self) -> str:
        return f"sheet {self.name}"


def text_of(row: Row, name: str) -> str:
    return words(row.cells.get(name)).strip()


def is_full(row: Row, name: str) -> bool:
    return bool(text_of(row, name))


@dataclass
class Compared:
    """What a row says, what was there before of that, in which `cells` they differ, and of which columns it has
    `spoken`.
    """

    said: Content
    before: Content
    problems: list[Problem]
    cells: set[str]
    spoken: set[str]
