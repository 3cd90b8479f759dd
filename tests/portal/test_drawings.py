"""Timelines: bars, points on lanes, a line for today and one for another day, mirrored for right-to-left pages."""

import datetime

import pytest
from django.utils.translation import override

from portal.dates import PartialDate
from portal.drawings import Lane, Span, timeline

TODAY = datetime.date(2026, 7, 2)


def span(label, start=None, end=None):
    return Span(label, *(PartialDate.parse(text) if text else None for text in (start, end)))


def test_nothing_dated_is_no_drawing():
    assert timeline([span("A")], TODAY, [Lane("Meetings", [span("B")])]) is None


def test_lane_alone_is_a_drawing_and_an_empty_one_takes_no_room():
    drawing = timeline([], TODAY, [Lane("Meetings", [span("A", "2021-10-19", "2021-10-20")]), Lane("Joined", [])])
    assert [lane.label for lane in drawing.lanes] == ["Meetings"]
    assert drawing.lanes[0].y + 14 < drawing.base_y


def test_known_day_is_a_point_and_a_year_is_as_long_as_itself():
    lane = Lane("Meetings", [span("Day", "2021-01-01", "2021-01-01"), span("Year", "2021", "2021"), span("Undated")])
    point, year = timeline([], TODAY, [lane]).lanes[0].dots
    assert (point.label, point.x, point.width) == ("Day", "0.00%", "")
    assert year.x == "0.00%"
    assert 16 < float(year.width.rstrip("%")) < 17  # one of six years


def test_shown_day_has_a_line_of_its_own_above_which_both_dates_have_room():
    bars = [span("A", "2016", "2021")]
    plain, dated = timeline(bars, TODAY), timeline(bars, TODAY, shown=datetime.date(2021, 6, 30))
    assert (plain.shown_x, plain.today_x) == ("", dated.today_x)
    assert plain.shown_x != dated.shown_x
    assert dated.height > plain.height
    assert dated.bars[0].y > plain.bars[0].y


def test_today_as_the_shown_day_is_drawn_once():
    assert timeline([span("A", "2016")], TODAY, shown=TODAY).shown_x == ""


@pytest.mark.parametrize("year, is_drawn, first", [(2015, True, "2015"), (2013, True, "2013"), (1950, False, "2016")])
def test_day_far_outside_does_not_squeeze_the_drawing(year, is_drawn, first):
    drawing = timeline([span("A", "2016", "2021")], TODAY, shown=datetime.date(year, 6, 30))
    assert (bool(drawing.shown_x), drawing.ticks[0].label) == (is_drawn, first)


def test_right_to_left_pages_are_mirrored():
    with override("en"):
        left = timeline([span("A", "2016", "2016")], TODAY, shown=datetime.date(2016, 1, 1))
    with override("ar"):
        right = timeline([span("A", "2016", "2016")], TODAY, shown=datetime.date(2016, 1, 1))
    assert (left.shown_x, right.shown_x) == ("0.00%", "100.00%")
    assert float(left.bars[0].x[:-1]) == 0
    assert float(right.bars[0].x[:-1]) > 80
