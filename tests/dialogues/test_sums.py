"""Participants of a meeting, by sector and way of taking part, against all of them."""

import pytest

from dialogues import sums
from dialogues.models import Attendance, Meeting
from tests.factories import make_dialogue

pytestmark = pytest.mark.django_db


def make_meeting(participants="", dialogue=None, **sectors):
    meeting = Meeting.objects.create(
        title="Conference", slug="conference", participants=participants, dialogue=dialogue, is_listed=dialogue is None
    )
    for name, number in sectors.items():
        mode = name if name in {"online"} else "in-person" if name == "on_site" else ""
        Attendance.objects.create(meeting=meeting, sector="" if mode else name, mode=mode, number=number)
    return meeting


def found(reader=None):
    return [(check.verdict.value, check.computed) for check in sums.find(reader)]


def test_sectors_are_added_up_and_compared_with_what_is_stated():
    make_meeting("1,477", on_site=166, online=1311, government=462, private=111, others=870)
    assert found() == [("holds", 1477), ("fails", 1443)]


def test_ways_of_taking_part_stand_in_for_a_total_nobody_states():
    make_meeting("", on_site=2, online=3, government=5)
    assert found() == [("holds", 5)]


@pytest.mark.parametrize("words", ["over 500", "500+", "some", "about 1,477", "1,477 to 1,500"])
def test_total_in_vague_words_is_no_finding(words):
    make_meeting(words, government=3)
    assert [verdict for verdict, _computed in found()] == ["open"]


@pytest.mark.parametrize("words", ["1477", "1,477", "1.477", "1 477", "1\u00a0477"])
def test_total_is_read_however_thousands_are_written(words):
    make_meeting(words, government=1477)
    assert found() == [("holds", 1477)]


def test_meeting_nobody_may_see_is_not_told_of(colleague, editor):
    make_meeting("5", dialogue=make_dialogue(), government=3)
    assert found(colleague) == []
    assert found(editor) == [("fails", 3)]


def test_all_meetings_cost_three_queries(django_assert_max_num_queries):
    for n in range(6):
        meeting = Meeting.objects.create(title=f"M{n}", slug=f"m{n}", participants="3", is_listed=True)
        Attendance.objects.create(meeting=meeting, sector="All", number=3)
    with django_assert_max_num_queries(3):
        assert len(found()) == 6
