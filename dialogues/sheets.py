"""Tables of meetings, of who takes part, and of initiatives."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogues.models import Dialogue, Initiative, Meeting
from portal.imports.entries import Entry, Line, Problem
from portal.imports.planning import in_parts
from portal.models import Country, Import, Organisation
from portal.sheets.columns import empty, row_key
from portal.sheets.known import Known
from portal.sheets.reading import Row, Table
from portal.sheets.rows import RowsSheet
from portal.sheets.sheet import Sheet
from portal.sheets.shown import AT_ONCE, Records, kept_rows, mark_of_rows, told_rows
from portal.versions.content import Content


class ParticipationSheet(RowsSheet):
    name = "participation"
    model = Dialogue
    accessor = "participations"
    owner = "dialogue"
    label = gettext_lazy("Participation in dialogues, in a table")
    help_text = gettext_lazy(
        "One row for each state, organisation or group in a dialogue, as the list of dialogues exports it. "
        "Participants that the table does not name stay as they are."
    )
    required = ("role",)
    known_by = ("role", "country", "organisation", "group", "start")
    proposed = (Country, Organisation)

    def label_of(self, row: Row) -> str:
        names = (self.owner, "country", "organisation", "group")
        return ", ".join(text for name in names if (text := str(row.cells.get(name) or "").strip()))


class InitiativeSheet(Sheet):
    name = "initiatives"
    model = Initiative
    label = gettext_lazy("Initiatives in a table")
    help_text = gettext_lazy(
        "CSV or an Excel workbook, as the list of initiatives is exported. A cycle is named jvap/1."
    )
    without = ("submitted_by", "continues")
    required = ("title_en", "cycle")
    known_by = ("cycle", "title_en", "reported_by")
    by = {"cycle": ("dialogue__slug", "number"), "domains": ("instrument__slug", "number")}
    proposed = (Country, Organisation)

    def complete_new(self, said: Content, imported: Import) -> None:
        """Who brought it in does not verify it."""
        super().complete_new(said, imported)
        said["fields"]["submitted_by"] = imported.by_id


class MeetingSheet(Sheet):
    """A new meeting of a dialogue is a row of it: what visitors see of the dialogue gets a draft."""

    name = "meetings"
    model = Meeting
    label = gettext_lazy("Meetings in a table")
    help_text = gettext_lazy(
        "CSV or an Excel workbook, as the list of meetings is exported. A new meeting of a dialogue that visitors see "
        "comes into a draft of the dialogue."
    )
    without = ("is_listed",)
    required = ("title_en",)
    known_by = ("dialogue", "title_en", "start")
    proposed = (Country, Organisation)

    def look_for_marks(self, rows: list[Row], records: Records) -> None:
        """Those that came in as rows of a dialogue too, with what they said then."""
        keys = {mark: row_key(self.name, mark) for row in rows if (mark := self.mark(row))}
        there = {
            str(pk): dialogue
            for part in in_parts(keys.values(), AT_ONCE)
            for pk, dialogue in Meeting.objects.filter(pk__in=part).values_list("pk", "dialogue")
        }
        told = told_rows(self.scheme, "meetings", {dialogue for dialogue in there.values() if dialogue})
        for mark, key in keys.items():
            if key in there:
                records.by_mark[mark] = key
                if row := told.get(there[key], {}).get(key):
                    records.told[mark] = row
        super().look_for_marks(rows, records)

    def entries(self, table: Table, imported: Import, known: Known) -> tuple[list[Entry], list[Line]]:
        entries, lines = super().entries(table, imported, known)
        new: dict[Any, list[Entry]] = {}
        for entry in entries:
            dialogue = entry.said["fields"].get("dialogue") if entry.record is None else None
            if dialogue is not None:
                new.setdefault(dialogue, []).append(entry)
        dialogues = Dialogue.objects.in_bulk(list(new))
        told = told_rows(self.scheme, "meetings", new)
        own = {id(entry) for some in new.values() for entry in some}
        rest = [entry for entry in entries if id(entry) not in own]
        return [*rest, *(_of_dialogue(dialogues[key], some, told.get(key, {})) for key, some in new.items())], lines


def _of_dialogue(dialogue: Dialogue, meetings: list[Entry], told: dict[str, Content]) -> Entry:
    said, base = empty(), empty()
    rows: dict[str, Content] = {}
    for meeting in meetings:
        key = row_key(MeetingSheet.name, meeting.key)
        del meeting.said["fields"]["dialogue"]
        for line in meeting.lines:
            line.row = ("meetings", key)
            if key in rows:
                line.problems.append(Problem(_("A row before it is the same one."), "title_en", line.label))
        rows.setdefault(key, {"id": key} | meeting.said)
    before = {key: told[key] for key in rows if key in told}
    kept_rows(rows, before, told)
    said["rows"]["meetings"], base["rows"]["meetings"] = list(rows.values()), list(before.values())
    lines = [line for meeting in meetings for line in meeting.lines]
    mark = mark_of_rows("meetings", dialogue.pk)
    return Entry(Dialogue, said, lines, str(dialogue), dialogue, key=mark, base=base)
