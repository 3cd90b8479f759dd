"""Dialogues and all that hangs on them."""

from dialogues.models.commitments import Activity, Domain, Instrument, Priority, ReferenceCountry
from dialogues.models.cycles import Cycle, Initiative
from dialogues.models.dialogue import (
    ChairTerm,
    Dialogue,
    DialogueName,
    DialogueQuerySet,
    GoverningBody,
    Mandate,
    Participation,
    Tool,
)
from dialogues.models.meetings import Attendance, Meeting, MeetingQuerySet, MeetingSeries, Training

__all__ = [
    "Activity",
    "Attendance",
    "ChairTerm",
    "Cycle",
    "Dialogue",
    "DialogueName",
    "DialogueQuerySet",
    "Domain",
    "GoverningBody",
    "Initiative",
    "Instrument",
    "Mandate",
    "Meeting",
    "MeetingQuerySet",
    "MeetingSeries",
    "Participation",
    "Priority",
    "ReferenceCountry",
    "Tool",
    "Training",
]
