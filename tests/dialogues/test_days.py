"""How dates that name no day stand to a day: edges, months, years, halves, and what is left open."""

import datetime

import pytest

from dialogues.days import Hold, Phase, hold, phase_of_meeting, phase_of_point
from portal.dates import PartialDate


def date(text):
    return PartialDate.parse(text) if text else None


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    "start, end, on, found",
    [
        # A whole year, month or half holds on all of its days and on no other.
        ("2021", "2021", "2020-12-31", Phase.LATER),
        ("2021", "2021", "2021-01-01", Hold()),
        ("2021", "2021", "2021-06-30", Hold()),
        ("2021", "2021", "2021-12-31", Hold()),
        ("2021", "2021", "2022-01-01", Phase.EARLIER),
        ("2021-02", "2021-02", "2021-01-31", Phase.LATER),
        ("2021-02", "2021-02", "2021-02-28", Hold()),
        ("2021-02", "2021-02", "2021-03-01", Phase.EARLIER),
        ("2024-02", "2024-02", "2024-02-29", Hold()),
        ("2021-41", "2021-41", "2021-06-30", Phase.LATER),
        ("2021-41", "2021-41", "2021-07-01", Hold()),
        # Days are exact: the first and the last of them belong to it.
        ("2021-03-15", "2021-09-14", "2021-03-14", Phase.LATER),
        ("2021-03-15", "2021-09-14", "2021-03-15", Hold()),
        ("2021-03-15", "2021-09-14", "2021-09-14", Hold()),
        ("2021-03-15", "2021-09-14", "2021-09-15", Phase.EARLIER),
        # Within the year of its beginning or end it may hold, and that is said.
        ("2016", "2021", "2016-03-01", Hold(in_start=True)),
        ("2016", "2021", "2016-12-31", Hold()),
        ("2016", "2021", "2018-03-01", Hold()),
        ("2016", "2021", "2021-01-01", Hold()),
        ("2016", "2021", "2021-01-02", Hold(in_end=True)),
        ("2016", "2021", "2022-01-01", Phase.EARLIER),
        ("2021-03", "2021", "2021-03-30", Hold(in_start=True, in_end=True)),
        # What the sources leave open.
        (None, None, "1900-01-01", Hold(no_start=True, no_end=True)),
        (None, "2021", "1950-01-01", Hold(no_start=True)),
        (None, "2021", "2022-01-01", Phase.EARLIER),
        ("2009", None, "2026-01-01", Hold(no_end=True)),
        ("2009", None, "2009-06-01", Hold(no_end=True, in_start=True)),
        ("2009", None, "2008-12-31", Phase.LATER),
    ],
)
def test_what_lasts_stands_to_a_day_as_exactly_as_its_dates_allow(start, end, on, found):
    assert hold(date(start), date(end), day(on)) == found


def test_what_is_open_is_said_in_words_and_what_is_sure_in_none():
    assert Hold().unsure == ""
    assert Hold(no_start=True, no_end=True).unsure == "the sources leave the years open"
    both = Hold(no_end=True, in_start=True).unsure
    assert both == "the sources leave the end open; the sources do not say on which day it began"


@pytest.mark.parametrize(
    "when, on, found",
    [
        ("2021", "2021-06-30", Phase.AROUND),
        ("2021", "2021-12-31", Phase.EARLIER),
        ("2021", "2020-12-31", Phase.LATER),
        ("2021-06", "2021-06-30", Phase.EARLIER),
        ("2021-06", "2021-06-29", Phase.AROUND),
        ("2021-06-30", "2021-06-30", Phase.EARLIER),
        ("2021-07-01", "2021-06-30", Phase.LATER),
        (None, "2021-06-30", Phase.UNDATED),
    ],
)
def test_what_is_done_once_is_past_only_when_it_surely_is(when, on, found):
    assert phase_of_point(date(when), day(on)) == found


@pytest.mark.parametrize(
    "start, end, on, found",
    [
        ("2022-10-24", "2022-10-25", "2022-10-23", Phase.LATER),
        ("2022-10-24", "2022-10-25", "2022-10-24", Phase.NOW),
        ("2022-10-24", "2022-10-25", "2022-10-25", Phase.NOW),
        ("2022-10-24", "2022-10-25", "2022-10-26", Phase.EARLIER),
        ("2021", "2021", "2021-06-30", Phase.AROUND),
        ("2021", None, "2022-01-01", Phase.EARLIER),
        (None, "2021", "2020-12-31", Phase.LATER),
        (None, None, "2021-06-30", Phase.UNDATED),
    ],
)
def test_meeting_goes_on_during_its_days_only(start, end, on, found):
    assert phase_of_meeting(date(start), date(end), day(on)) == found
