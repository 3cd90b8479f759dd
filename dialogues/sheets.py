"""Tables of meetings, of who takes part, and of initiatives."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from dialogues.models import Dialogue, Initiative, Meeting
from portal.imports.entries import Entry, Line
from portal.models import Country, Import, Organisation
from portal.sheets.columns import empty, row_key
from portal.sheets.known import Known
from portal.sheets.reading import Row, Table
from portal.sheets.rows import RowsSheet
from portal.sheets.sheet import Sheet
from portal.versions.content import Content


class ParticipationSheet(RowsSheet):
    name = "participation"
    model = Dialogue
    accessor = "participations"
    owner = "dialogue"
    label = _("Participation in dialogues, in a table")
    help_text = _(
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
    label = _("Initiatives in a table")
    help_text = _("CSV or an Excel workbook, as the list of initiatives is exported. A cycle is named jvap/1.")
    without = ("submitted_by",)
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
    label = _("Meetings in a table")
    help_text = _(
        "CSV or an Excel workbook, as the list of meetings is exported. A new meeting of a dialogue that visitors see "
        "comes into a draft of the dialogue."
    )
    without = ("is_listed",)
    required = ("title_en",)
    known_by = ("dialogue", "title_en", "start")
    proposed = (Country, Organisation)

    def marks(self, rows: list[Row]) -> dict[str, Any]:
        """Those that came in as rows of a dialogue too."""
        keys = {mark: row_key(self.name, mark) for row in rows if (mark := self.mark(row))}
        there = {str(pk) for pk in Meeting.objects.filter(pk__in=keys.values()).values_list("pk", flat=True)}
        return {mark: key for mark, key in keys.items() if key in there} | super().marks(rows)

    def entries(self, table: Table, imported: Import, known: Known) -> tuple[list[Entry], list[Line]]:
        entries, lines = super().entries(table, imported, known)
        new: dict[Any, list[Entry]] = {}
        for entry in entries:
            dialogue = entry.said["fields"].get("dialogue") if entry.record is None else None
            if dialogue is not None:
                new.setdefault(dialogue, []).append(entry)
        dialogues = Dialogue.objects.in_bulk(list(new))
        own = {id(entry) for some in new.values() for entry in some}
        rest = [entry for entry in entries if id(entry) not in own]
        return [*rest, *(_of_dialogue(dialogues[key], some) for key, some in new.items())], lines


def _of_dialogue(dialogue: Dialogue, meetings: list[Entry]) -> Entry:
    said = empty()
    rows: dict[str, Content] = {}
    for meeting in meetings:
        key = row_key(MeetingSheet.name, meeting.key)
        del meeting.said["fields"]["dialogue"]
        for line in meeting.lines:
            line.row = ("meetings", key)
        rows.setdefault(key, {"id": key} | meeting.said)
    said["rows"]["meetings"] = list(rows.values())
    lines = [line for meeting in meetings for line in meeting.lines]
    return Entry(Dialogue, said, lines, str(dialogue), dialogue)
