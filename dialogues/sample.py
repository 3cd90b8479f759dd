"""The dialogues' share of the sample: dialogues, their meetings, what they agreed on and what they did."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from dialogues.models import (
    Activity,
    Attendance,
    ChairTerm,
    Cycle,
    Dialogue,
    DialogueName,
    Domain,
    GoverningBody,
    Instrument,
    Mandate,
    Meeting,
    MeetingSeries,
    Participation,
    Tool,
)
from portal.models import Country, CountryGroup, Organisation
from portal.prose import from_text
from portal.sample import Sample, translated

DATA = Path(__file__).parent / "data"
ROLES = {"focus": "focus country", "reference": "reference country", "chair": "", "participant": ""}
MEETING_TYPES = {
    "conference": Meeting.Type.CONFERENCE,
    "ministerial conference": Meeting.Type.MINISTERIAL,
    "forum": Meeting.Type.CONFERENCE,
    "webinar": Meeting.Type.WEBINAR,
    "peer-to-peer conference": Meeting.Type.CONFERENCE,
    "webinar series": Meeting.Type.WEBINAR,
    "thematic meeting": Meeting.Type.THEMATIC,
    "virtual conference": Meeting.Type.CONFERENCE,
    "campaign": Meeting.Type.CAMPAIGN,
    "senior officials meeting": Meeting.Type.SENIOR_OFFICIALS,
    "summit": Meeting.Type.SUMMIT,
}
ON_SITE, ONLINE, IN_ALL = "Participants on site", "Participants online", "Participants"


def load(sample: Sample) -> None:
    for row in sample.read(DATA / "dialogues.json"):
        dialogue = load_dialogue(sample, row)
        if not sample.is_kept(dialogue):
            load_parties(sample, dialogue, row)
    for row in sample.read(DATA / "events.json"):
        load_meeting(sample, row)
    for row in sample.read(DATA / "instruments.json"):
        load_instrument(sample, row)
    for row in sample.read(DATA / "cycles.json"):
        # What partners reported in them is not in the source, and nothing is made up for it.
        dialogue = sample.get(Dialogue, row["dialogue"])
        if not sample.is_kept(dialogue):
            key = {"dialogue": dialogue, "number": row["number"]}
            sample.save(Cycle, key, {"start": row["start"], "end": row["end"]})
    # Last, because an activity may point at a meeting.
    for row in sample.read(DATA / "dialogues.json"):
        dialogue = sample.get(Dialogue, row["slug"])
        if not sample.is_kept(dialogue):
            for activity in row["activities"]:
                load_activity(sample, dialogue, activity)
            for activity in row["upcoming"]:
                if not activity["meeting"]:  # else it is that meeting and nothing beside it
                    load_activity(sample, dialogue, activity)


def load_dialogue(sample: Sample, row: dict[str, Any]) -> Dialogue:
    secretariat = row["secretariat"] or {"organisation": None, "note": None}
    values = {
        **translated("title", row["name"]),
        **translated("purpose", row["purpose"]),
        **translated("description", from_text(row["description"])),
        **translated("secretariat_note", secretariat["note"]),
        **translated("participants_note", "; ".join(row["participants"])),
        **sample.provenance(row),
        "acronym": row["abbreviation"] or "",
        "stage": row["status"],
        "start": row["founded"],
        "secretariat": sample.get_if(Organisation, secretariat["organisation"]),
    }
    dialogue = sample.save(Dialogue, {"slug": row["slug"]}, values)
    if sample.is_kept(dialogue):
        return dialogue
    for name in row["names"]:
        values = {"is_former": name["kind"] == "former"}
        sample.save(DialogueName, {"dialogue": dialogue, "name": name["name"]}, values)
    for mandate in row["mandates"]:
        values = {"start": mandate["start"], "end": mandate["end"], **translated("note", mandate["note"])}
        sample.save(Mandate, {"dialogue": dialogue, "title_en": mandate["title"]}, values)
    for position, body in enumerate(row["governance_bodies"]):
        values = {**translated("name", body["name"]), "note": body["note"] or ""}
        sample.save(GoverningBody, {"dialogue": dialogue, "position": position}, values)
    for position, tool in enumerate(row["tools"]):
        sample.save(Tool, {"dialogue": dialogue, "position": position}, translated("name", tool))
    return dialogue


def load_parties(sample: Sample, dialogue: Dialogue, row: dict[str, Any]) -> None:
    """Who takes part and who chairs, as far as the source names them."""
    for party in row["countries"]:
        key = {"dialogue": dialogue, "country": sample.get(Country, party["country"])}
        sample.save(Participation, key, {"note": ROLES[party["role"]]})
    for group in sample.get_all(CountryGroup, row["country_groups"]):
        sample.save(Participation, {"dialogue": dialogue, "group": group}, {})
    for organisation in sample.get_all(Organisation, row["organisations"]):
        values = {"role": Participation.Role.PARTNER, "note": "party to the dialogue"}
        sample.save(Participation, {"dialogue": dialogue, "organisation": organisation}, values)
    for chair in row["chairs"]:
        key = {"dialogue": dialogue, "country": sample.get(Country, chair["country"])}
        values = {"start": str(chair["year"]), "end": str(chair["year"]), "note": chair["why"] or ""}
        sample.save(ChairTerm, key, values)


def load_meeting(sample: Sample, row: dict[str, Any]) -> None:
    """A meeting of several dialogues stands with the first of them; one of none is listed by itself."""
    dialogues = sample.get_all(Dialogue, row["dialogues"])
    if dialogues and sample.is_kept(dialogues[0]):
        return
    figures = {figure["label"]: figure for figure in row["figures"]}
    others = [f"Also a meeting of: {dialogue.title}." for dialogue in dialogues[1:]]
    hosts = [
        *row["other_organisers"],
        *(f"patron: {sample.get(Organisation, slug).name}" for slug in row["patrons"]),
        *(f"co-patron: {sample.get(Organisation, slug).name}" for slug in row["co_patrons"]),
    ]
    values = {
        **translated("title", row["title"]),
        **translated("summary", row["summary"]),
        "dialogue": dialogues[0] if dialogues else None,
        "is_listed": not dialogues,
        "type": MEETING_TYPES[row["type"]],
        "mode": row["mode"] or "",
        "start": row["start"],
        "end": row["end"] or row["start"],
        "place": ", ".join(filter(None, (row["venue"], row["city"]))),
        "country": sample.get_if(Country, row["country"]),
        "hosts": "; ".join(hosts),
        "series": load_series(sample, row["series"]),
        "participants": as_stated(figures.get(IN_ALL)),
        "source_note": " ".join(filter(None, (row["why"], *others))),
    }
    links: dict[str, Iterable[Any]] = {
        "organisers": sample.get_all(Organisation, row["organisers"]),
        "host_countries": sample.get_all(Country, row["organiser_countries"]),
    }
    meeting = sample.save(Meeting, {"slug": row["slug"]}, values, links)
    if sample.is_kept(meeting):
        return
    counted = [
        ("", mode, figures[label]["value"])
        for label, mode in ((ON_SITE, "in-person"), (ONLINE, "online"))
        if label in figures
    ]
    counted += [(sector["label"], "", sector["value"]) for sector in row["sectors"]]
    for position, (sector, mode, number) in enumerate(counted):
        values = {**translated("sector", sector), "mode": mode, "number": number}
        sample.save(Attendance, {"meeting": meeting, "position": position}, values)


def as_stated(figure: dict[str, Any] | None) -> str:
    if figure is None:
        return ""
    number = f"{figure['value']:,}"
    return number if figure["qualifier"] == "exact" else f"{figure['qualifier']} {number}"


def load_series(sample: Sample, row: dict[str, Any] | None) -> MeetingSeries | None:
    if row is None:
        return None
    values = {**translated("name", row["name"]), "dialogue": sample.get_if(Dialogue, row["dialogue"])}
    return sample.save(MeetingSeries, {"slug": row["slug"]}, values)


def load_instrument(sample: Sample, row: dict[str, Any]) -> None:
    values = {
        **translated("title", row["title"]),
        **translated("note", row["note"]),
        "kind": row["kind"],
        "adopted": row["adopted"],
        "adopted_at": sample.find(Meeting, row["adopted_at"]) if row["adopted_at"] else None,
        "start": row["start"],
        "end": row["end"],
    }
    links = {"dialogues": sample.get_all(Dialogue, row["dialogues"])}
    instrument = sample.save(Instrument, {"slug": row["slug"]}, values, links)
    if not sample.is_kept(instrument):
        for position, title in enumerate(row["domains"]):
            sample.save(Domain, {"instrument": instrument, "position": position}, translated("title", title))


def load_activity(sample: Sample, dialogue: Dialogue, row: dict[str, Any]) -> None:
    notes = ["; ".join(row["topics"]), row["place"], row["note"], row["why"]]
    values = {
        **translated("note", ". ".join(filter(None, notes))),
        "kind": row["kind"],
        "meeting": sample.find(Meeting, row["meeting"]) if row["meeting"] else None,
    }
    links = {"countries": sample.get_all(Country, row["countries"])}
    key = {"dialogue": dialogue, "title_en": row["what"], "date": row["date"]}
    sample.save(Activity, key, values, links)
