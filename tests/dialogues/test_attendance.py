"""Who came to a meeting: what is stated against what the parts add up to."""

import pytest

from dialogues.attendance import Parts, number_in, sums_of
from dialogues.models import Meeting

SECTORS = {"Government": 462, "Private sector": 111, "Organisations": 354, "Academia": 449, "Other": 67}


def counted(participants="", totals=None, sectors=None):
    meeting = Meeting.objects.create(title="Conference", slug="conference", participants=participants, is_listed=True)
    rows = [("", mode, number) for mode, number in (totals or {}).items()]
    rows += [(sector, "", number) for sector, number in (sectors or {}).items()]
    for position, (sector, mode, number) in enumerate(rows):
        meeting.attendance.create(sector=sector, mode=mode, number=number, position=position)
    return meeting


def found(meeting):
    return {one.parts: (one.total, one.stated, one.holds) for one in sums_of(meeting)}


def test_sectors_that_do_not_add_up_and_modes_that_do(client, db):
    meeting = counted("1,477", {"in-person": 166, "online": 1311}, SECTORS)
    assert found(meeting) == {Parts.SECTORS: (1443, 1477, False), Parts.MODES: (1477, 1477, True)}
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert "The sectors add up to 1,443; 1,477 are stated." in page
    assert "By mode: the numbers add up to 1,477, as stated." in page


def test_a_row_for_all_is_the_total_where_no_other_is_stated(db):
    assert found(counted("", {"": 10}, {"A": 4, "B": 6})) == {Parts.SECTORS: (10, 10, True)}


def test_a_total_stated_twice_with_two_numbers_is_told(db):
    meeting = counted("1 477", {"": 1470})
    assert found(meeting) == {Parts.TOTAL: (1470, 1477, False)}
    assert sums_of(meeting)[0].sentence == "The total is stated twice: 1,477 and 1,470."


def test_words_in_place_of_a_total_are_compared_with_nothing(client, db):
    meeting = counted("over 500", sectors={"A": 300, "B": 220})
    assert found(meeting) == {Parts.SECTORS: (520, None, None)}
    assert "“over 500” is stated and cannot be checked" in client.get(meeting.get_absolute_url()).content.decode()


def test_parts_without_a_total_are_added_up_all_the_same(db):
    [one] = sums_of(counted(sectors={"A": 3, "B": 4}))
    assert one.sentence == "By sector: the numbers add up to 7; no total is stated."


def test_one_number_is_no_breakdown_unless_it_is_more_than_the_total(db):
    assert found(counted("100", {"in-person": 60})) == {}
    Meeting.objects.all().delete()
    assert found(counted("100", {"in-person": 160})) == {Parts.MODES: (160, 100, False)}


def test_sectors_in_one_way_of_coming_are_held_against_that_way(db):
    meeting = counted("", {"online": 10})
    meeting.attendance.create(sector="A", mode="online", number=4, position=8)
    meeting.attendance.create(sector="B", mode="online", number=5, position=9)
    assert found(meeting) == {Parts.SECTORS_ONLINE: (9, 10, False)}


def test_a_meeting_without_numbers_has_nothing_to_add_up(db):
    assert found(counted("many")) == {}


@pytest.mark.parametrize(
    "words, number",
    [
        ("1477", 1477), ("1,477", 1477), ("1.477", 1477), ("1 477", 1477), ("1\u202f477", 1477), ("0", 0), (" 12 ", 12),
        ("1,477,000", 1477000), ("over 500", None), ("1,47", None), ("14,77", None), ("1,477.000", None), ("12 (of 20)", None),
        ("١٤٧", None), ("-5", None), ("1e3", None), ("", None), ("12+", None), ("1477 people", None),
    ],
)  # fmt: skip
def test_only_plain_numbers_are_totals(words, number):
    assert number_in(words) == number
