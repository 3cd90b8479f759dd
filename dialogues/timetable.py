"""The timeline of a dialogue: one list of everything that lasts or happens, which is drawn and is a table."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from dialogues.changes import Topic
from dialogues.days import Hold, Phase, hold, phase_of_meeting
from dialogues.standing import Facts, begin_of, hold_instrument, last_of
from portal.dates import PartialDate, period_label
from portal.drawings import Lane, Span, Timeline, timeline

# Chairs darkest, texts and mandates paler; a pattern of its own is not needed, because each bar bears its name.
STYLES = {Topic.CHAIRS: "step-5", Topic.INSTRUMENTS: "step-4", Topic.MANDATES: "step-3", Topic.LEADS: "step-2"}


@dataclass(frozen=True)
class Line:
    """One line of the table: what it is, its name, when, and how it stands to the day that is shown."""

    topic: Topic
    name: str
    start: PartialDate | None
    end: PartialDate | None
    state: str
    url: str = ""

    @property
    def period(self) -> str:
        return period_label(self.start, self.end)


def lines_of(facts: Facts, day: datetime.date) -> list[Line]:
    """In the order of the drawing; what is undated stands in the table only."""
    return [*_lasting(facts, day), *_joined(facts, day), *_happened(facts, day)]


def drawing_of(lines: list[Line], day: datetime.date, today: datetime.date) -> Timeline | None:
    spans = [Span(one.name, one.start, one.end, STYLES[one.topic]) for one in lines if one.topic in STYLES]
    lanes = [
        # A beginning or an end, each a point of its own: what lies between is no event.
        Lane(
            _("Joined or left"),
            [
                Span(one.name, date, date)
                for one in lines
                if one.topic == Topic.PARTICIPANTS
                for date in (one.start, one.end)
                if date
            ],
        ),
        Lane(_("Meetings"), [Span(one.name, one.start, one.end) for one in lines if one.topic == Topic.MEETINGS]),
    ]
    return timeline(spans, today, lanes, day)


def _lasting(facts: Facts, day: datetime.date) -> Iterator[Line]:
    for term in reversed(facts.chairs):
        yield Line(Topic.CHAIRS, str(term), term.start, term.end, _state(hold(term.start, term.end, day)))
    for one in facts.mandates:
        yield Line(Topic.MANDATES, one.title, one.start, one.end, _state(hold(one.start, one.end, day)))
    for one in reversed(facts.instruments):
        state = _state(hold_instrument(one, day))
        yield Line(Topic.INSTRUMENTS, one.title, begin_of(one), last_of(one), state)
    for lead in facts.leads:
        name = f"{lead.country}, “{lead.domain}”"
        yield Line(Topic.LEADS, name, lead.start, lead.end, _state(hold(lead.start, lead.end, day)))


def _joined(facts: Facts, day: datetime.date) -> Iterator[Line]:
    """Only those who joined or left at a known time: all others are listed with the participants."""
    for row in facts.participations:
        if row.start or row.end:
            name = f"{row}, {row.get_role_display()}"
            yield Line(Topic.PARTICIPANTS, name, row.start, row.end, _state(hold(row.start, row.end, day)))


def _happened(facts: Facts, day: datetime.date) -> Iterator[Line]:
    words: dict[Any, str] = {
        Phase.EARLIER: _("held"),
        Phase.NOW: _("going on"),
        Phase.AROUND: _("the sources do not say on which day"),
        Phase.LATER: _("to come"),
        Phase.UNDATED: _("dates not stated"),
    }
    for meeting in facts.meetings:
        state = words[phase_of_meeting(meeting.start, meeting.end, day)]
        yield Line(Topic.MEETINGS, meeting.title, meeting.start, meeting.end, state, meeting.get_absolute_url())
    for training in facts.trainings:
        state = words[phase_of_meeting(training.start, training.end, day)]
        yield Line(Topic.MEETINGS, training.title, training.start, training.end, state)


def _state(found: Hold | Phase) -> str:
    if isinstance(found, Hold):
        return found.unsure or _("holds")
    return _("is over") if found == Phase.EARLIER else _("to come")
