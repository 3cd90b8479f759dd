"""What changed in a dialogue between two days, and the days on which anything did.

A change whose date names no day may lie before or after one of the two: it is listed and says so.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogues.standing import ONE_DAY, Facts, begin_of, successor_of
from portal.dates import LATEST, PartialDate, period_label


class Topic(TextChoices):
    """What a change is about, in the order of a list."""

    ITSELF = "itself", gettext_lazy("The dialogue itself")
    CHAIRS = "chairs", gettext_lazy("Chairs")
    PARTICIPANTS = "participants", gettext_lazy("Participants")
    INSTRUMENTS = "instruments", gettext_lazy("Instruments")
    MANDATES = "mandates", gettext_lazy("Mandates")
    LEADS = "leads", gettext_lazy("Reference countries")
    MEETINGS = "meetings", gettext_lazy("Meetings and trainings")
    ACTIVITIES = "activities", gettext_lazy("Activities")


@dataclass(frozen=True)
class Change:
    """One thing that happened: what it is about, in words, when in words and as exactly as it is known.

    `first` and `last` are the days between which it happened, `url` leads to a page of its own if it has one.
    """

    topic: Topic
    text: str
    when: str
    date: PartialDate
    first: datetime.date
    last: datetime.date
    is_certain: bool = True
    url: str = ""


@dataclass(frozen=True)
class Group:
    topic: Topic
    changes: list[Change]


@dataclass(frozen=True)
class Difference:
    since: datetime.date
    day: datetime.date
    groups: list[Group]

    @property
    def count(self) -> int:
        return sum(len(group.changes) for group in self.groups)


def between(facts: Facts, since: datetime.date, day: datetime.date) -> Difference:
    """What happened after `since` and up to `day`."""
    found: dict[Topic, list[Change]] = {topic: [] for topic in Topic}
    for change in all_changes(facts):
        if change.last <= since or change.first > day:
            continue
        is_certain = since < change.first and change.last <= day
        found[change.topic].append(replace(change, is_certain=is_certain))
    for changes in found.values():
        changes.sort(key=lambda one: (one.first, one.last, one.text))
    return Difference(since, day, [Group(topic, changes) for topic, changes in found.items() if changes])


def turning_days(facts: Facts) -> list[PartialDate]:
    """Dates on which what stands in the dialogue changed, the latest first: each shows the state it led to."""
    dates = {
        change.date if change.first == change.date.first_day else PartialDate.of(change.last)
        for change in all_changes(facts)
        if change.topic not in {Topic.MEETINGS, Topic.ACTIVITIES} and change.last.year <= LATEST
    }
    return sorted(dates, key=lambda date: (date.last_day, date.first_day), reverse=True)


def all_changes(facts: Facts) -> Iterator[Change]:
    """Everything that is dated, in no order."""
    yield from _of_itself(facts)
    yield from _of_participants(facts.participations)
    for term in facts.chairs:
        yield from _lasting(Topic.CHAIRS, term, _("%(who)s: chair from then on"), _("%(who)s: no longer chair"), term)
    for one in facts.mandates:
        yield from _lasting(Topic.MANDATES, one, _("%(who)s: begins"), _("%(who)s: ends"), one.title)
    for lead in facts.leads:
        name = f"{lead.country}, “{lead.domain}”"
        begins = _("%(who)s: reference country from then on")
        yield from _lasting(Topic.LEADS, lead, begins, _("%(who)s: no longer reference country"), name)
    yield from _of_instruments(facts)
    for meeting in facts.meetings:
        yield from _held(meeting, meeting.title, meeting.get_absolute_url())
    for training in facts.trainings:
        yield from _held(training, training.title)
    for activity in facts.activities:
        if activity.date:
            yield _at(Topic.ACTIVITIES, activity.title, activity.date)


def _of_itself(facts: Facts) -> Iterator[Change]:
    dialogue = facts.dialogue
    yield from _lasting(Topic.ITSELF, dialogue, _("%(who)s: begins"), _("%(who)s: ends"), dialogue.title)
    for name in facts.names:
        yield from _lasting(
            Topic.ITSELF, name, _("%(who)s: name from then on"), _("%(who)s: name until then"), name.name
        )


def _of_participants(rows: Iterable[Any]) -> Iterator[Change]:
    """Joined, left, or, where one party's roles follow each other, changed the role."""
    by_party: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        by_party.setdefault((row.country_id, row.organisation_id, row.group_id), []).append(row)
    for own in by_party.values():
        own.sort(key=lambda row: row.start.first_day if row.start else datetime.date.min)
        taken_over = set()
        for before, after in pairwise(own):
            if _follows(before, after):
                taken_over |= {("end", before.pk), ("start", after.pk)}
                if before.role != after.role:
                    roles = {"old": before.get_role_display(), "new": after.get_role_display(), "who": before}
                    yield _at(Topic.PARTICIPANTS, _("%(who)s: %(new)s, before %(old)s") % roles, after.start)
        for row in own:
            words = {"who": row, "role": row.get_role_display()}
            if row.start and ("start", row.pk) not in taken_over:
                yield _at(Topic.PARTICIPANTS, _("%(who)s: joins, %(role)s") % words, row.start, row.start == row.end)
            if row.end and ("end", row.pk) not in taken_over:
                yield _after(Topic.PARTICIPANTS, _("%(who)s: leaves, %(role)s") % words, row.end, row.start == row.end)


def _follows(before: Any, after: Any) -> bool:
    """Without a day between them that nobody could mean."""
    if not before.end or not after.start:
        return False
    return before.end.first_day <= after.start.last_day and after.start.first_day <= before.end.last_day + ONE_DAY


def _of_instruments(facts: Facts) -> Iterator[Change]:
    for one in facts.instruments:
        words = {"who": one.title}
        if one.adopted:
            yield _at(Topic.INSTRUMENTS, _("%(who)s: adopted") % words, one.adopted)
        if one.start and one.start != one.adopted:
            yield _at(Topic.INSTRUMENTS, _("%(who)s: comes into force") % words, one.start, one.start == one.end)
        if one.end:
            yield _after(Topic.INSTRUMENTS, _("%(who)s: expires") % words, one.end, one.start == one.end)
        if (successor := successor_of(one)) and (begin := begin_of(successor)):
            yield _at(Topic.INSTRUMENTS, _("%(who)s: replaced by %(new)s") % (words | {"new": successor.title}), begin)


def _lasting(topic: Topic, row: Any, begins: str, ends: str, who: Any) -> Iterator[Change]:
    is_whole = row.start == row.end
    if row.start:
        yield _at(topic, begins % {"who": who}, row.start, is_whole)
    if row.end:
        yield _after(topic, ends % {"who": who}, row.end, is_whole)


def _at(topic: Topic, text: str, date: PartialDate, is_whole: bool = False) -> Change:
    """Something that begins. What lasts a whole year begins on its first day."""
    return Change(topic, text, date.label(), date, date.first_day, date.first_day if is_whole else date.last_day)


def _after(topic: Topic, text: str, date: PartialDate, is_whole: bool = False) -> Change:
    """Something of which `date` is the last that was: it has changed on the day after."""
    first = date.last_day if is_whole else date.first_day
    when = _("after %(date)s") % {"date": date.label()}
    return Change(topic, text, when, date, first + ONE_DAY, date.last_day + ONE_DAY)


def _held(row: Any, text: str, url: str = "") -> Iterator[Change]:
    first, last = row.start or row.end, row.end or row.start
    if first and last:
        # Certain if all of it lies between the two days.
        when = period_label(row.start, row.end)
        yield Change(Topic.MEETINGS, text, when, first, first.first_day, last.last_day, url=url)
