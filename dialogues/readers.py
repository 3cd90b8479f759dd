"""What can be brought into dialogues."""

from dialogues.sheets import InitiativeSheet, MeetingSheet, ParticipationSheet
from portal.sheets import registry

registry.register([MeetingSheet, ParticipationSheet, InitiativeSheet])
