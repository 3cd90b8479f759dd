"""Dialogues and all that hangs on them."""

from dialogues.models.commitments import Activity, Domain, Instrument, Priority, ReferenceCountry
from dialogues.models.cycles import Correction, Cycle, Snapshot
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
from dialogues.models.initiatives import Comment, Initiative
from dialogues.models.meetings import Attendance, Meeting, MeetingQuerySet, MeetingSeries, Training
from dialogues.models.reporting import FocalPoint

__all__ = [
    "Activity",
    "Attendance",
    "ChairTerm",
    "Comment",
    "Correction",
    "Cycle",
    "Dialogue",
    "DialogueName",
    "DialogueQuerySet",
    "Domain",
    "FocalPoint",
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
    "Snapshot",
    "Tool",
    "Training",
]
