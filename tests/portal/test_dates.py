"""Dates that keep their precision: read, shown, compared and stored as exactly as they are known."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from portal.dates import PartialDate, PartialDateFormField, period_label, read_date
from projects.models import Project
from tests.factories import make_project

parse = PartialDate.parse


@pytest.mark.parametrize("text", ["2016", "2016-10", "2016-10-05", "2021-33", "2021-36", "2021-40", "2021-41"])
def test_date_is_written_as_it_was_read(text):
    assert str(parse(text)) == text


@pytest.mark.parametrize(
    "text, first, last",
    [
        ("2016", (2016, 1, 1), (2016, 12, 31)),
        ("2016-10", (2016, 10, 1), (2016, 10, 31)),
        ("2023-02", (2023, 2, 1), (2023, 2, 28)),
        ("2024-02", (2024, 2, 1), (2024, 2, 29)),
        ("2016-10-05", (2016, 10, 5), (2016, 10, 5)),
        ("2021-33", (2021, 1, 1), (2021, 3, 31)),
        ("2021-34", (2021, 4, 1), (2021, 6, 30)),
        ("2021-35", (2021, 7, 1), (2021, 9, 30)),
        ("2021-36", (2021, 10, 1), (2021, 12, 31)),
        ("2021-40", (2021, 1, 1), (2021, 6, 30)),
        ("2021-41", (2021, 7, 1), (2021, 12, 31)),
    ],
)
def test_first_and_last_day_a_date_can_mean(text, first, last):
    assert parse(text).first_day == datetime.date(*first)
    assert parse(text).last_day == datetime.date(*last)


@pytest.mark.parametrize(
    "text",
    [
        "", "16", "20160", "2016-1", "2016-00", "2016-13", "2016-32", "2016-37", "2016-42", "2016-02-30", "2023-02-29",
        "2016-10-00", "2021-41-05", "2016/10", "2016-10-05T00:00", "1899", "2201", "-2016", "2016-", "last year",
        "٢٠١٦",
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError):
        parse(text)


def test_day_without_a_month_is_refused():
    with pytest.raises(ValueError):
        PartialDate(2016, None, 5)


def test_same_date_at_different_precision_is_not_the_same():
    assert parse("2016") != parse("2016-01") != parse("2016-01-01")
    assert parse("2016-10-05") == PartialDate.of(datetime.date(2016, 10, 5))


@pytest.mark.parametrize(
    "text, words",
    [
        ("2016", "2016"),
        ("2016-10", "October 2016"),
        ("2016-10-05", "5 October 2016"),
        ("2021-36", "fourth quarter of 2021"),
        ("2021-41", "second half of 2021"),
    ],
)
def test_date_in_words_is_no_more_exact_than_it_is(text, words):
    assert parse(text).label() == words


@pytest.mark.parametrize("language, month", [("fr", "octobre 2016"), ("ru", "Октябрь 2016"), ("ar", "أكتوبر 2016")])
def test_month_is_in_the_language_of_the_reader(language, month):
    with override(language):
        assert parse("2016-10").label().removesuffix(" г.") == month


def test_machines_get_a_year_where_they_know_no_halves():
    assert parse("2021-41").machine == "2021"
    assert parse("2016-10").machine == "2016-10"


@pytest.mark.parametrize(
    "start, end, words",
    [
        ("2016-10", "2018-10", "October 2016 – October 2018"),
        ("2021", "2021", "2021"),
        ("2021", None, "since 2021"),
        (None, "2021-03", "until March 2021"),
        (None, None, "dates not stated"),
    ],
)
def test_period_says_what_is_not_known(start, end, words):
    assert period_label(start and parse(start), end and parse(end)) == words


@pytest.mark.parametrize(
    "typed, meant",
    [
        ("2016", "2016"),
        ("  2016 ", "2016"),
        ("2016-10", "2016-10"),
        ("10/2016", "2016-10"),
        ("10.2016", "2016-10"),
        ("5.10.2016", "2016-10-05"),
        ("05/10/2016", "2016-10-05"),
        ("October 2016", "2016-10"),
        ("OCTOBER  2016", "2016-10"),
        ("Oct. 2016", "2016-10"),
        ("5 October 2016", "2016-10-05"),
        ("5. October, 2016", "2016-10-05"),
        ("2021 H2", "2021-41"),
        ("2021-H1", "2021-40"),
        ("H2 2021", "2021-41"),
        ("h2/2021", "2021-41"),
        ("Q3 2021", "2021-35"),
        ("2021q1", "2021-33"),
    ],
)
def test_what_editors_type_is_understood(typed, meant):
    assert str(read_date(typed)) == meant


@pytest.mark.parametrize(
    "typed", ["soon", "2021 H3", "Q5 2021", "13/2016", "0/2016", "31.2.2016", "Octember 2016", "5 2016", "10/16", ""]
)
def test_what_cannot_be_understood_is_refused(typed):
    with pytest.raises(ValueError):
        read_date(typed)


@pytest.mark.parametrize(
    "language, typed",
    [("fr", "5 octobre 2016"), ("ru", "5 октября 2016"), ("ar", "5 أكتوبر 2016"), ("fr", "5 October 2016")],
)
def test_months_are_read_in_the_language_of_the_editor_and_in_english(language, typed):
    with override(language):
        assert str(read_date(typed)) == "2016-10-05"


def test_box_takes_any_precision_and_shows_what_is_stored():
    box = PartialDateFormField(required=False)
    assert box.clean("October 2016") == parse("2016-10")
    assert box.clean("  ") is None
    assert box.prepare_value(parse("2016-10")) == "2016-10"
    assert not box.has_changed(parse("2016-10"), "10/2016")
    assert box.has_changed(parse("2016-10"), "2016-11")
    assert box.has_changed(parse("2016-10"), "nonsense")


def test_box_says_how_to_write_a_date():
    with pytest.raises(ValidationError, match="for instance 2016, October 2016"):
        PartialDateFormField().clean("next spring")


@pytest.mark.django_db
def test_stored_date_comes_back_with_its_precision_and_its_edges():
    project = make_project(start="2016-10", end="2021-40")
    project.refresh_from_db()
    assert (project.start, project.end) == (parse("2016-10"), parse("2021-40"))
    assert project.start_first == datetime.date(2016, 10, 1)
    assert project.end_last == datetime.date(2021, 6, 30)


@pytest.mark.django_db
def test_edge_follows_the_date_when_it_changes_or_goes():
    project = make_project(start="2016-10", end="2017")
    project.start, project.end = parse("2015"), None
    project.save()
    project.refresh_from_db()
    assert (project.start_first, project.end, project.end_last) == (datetime.date(2015, 1, 1), None, None)


@pytest.mark.django_db
def test_edge_is_kept_when_many_rows_are_written_at_once():
    Project.objects.bulk_create([Project(title="One", slug="one", start="2021-41")])
    assert Project.objects.get(slug="one").start_first == datetime.date(2021, 7, 1)


@pytest.mark.django_db
def test_dates_are_found_by_their_text_and_by_their_day():
    make_project(start="2016-10")
    assert Project.objects.filter(start="2016-10", start_first__lte=datetime.date(2016, 10, 1)).exists()
    assert not Project.objects.filter(start="2016").exists()


@pytest.mark.django_db
def test_end_before_start_is_refused_at_the_end():
    project = Project(title="Backwards", start="2018-10", end="2016-10")
    with pytest.raises(ValidationError) as refused:
        project.full_clean()
    assert "end" in refused.value.message_dict


@pytest.mark.django_db
def test_end_within_the_year_of_the_start_is_no_contradiction():
    Project(title="Short", start="2021-11", end="2021").full_clean()


@pytest.mark.django_db
def test_column_refuses_what_is_no_date():
    with pytest.raises(ValidationError) as refused:
        Project(title="Vague", start="around 2016").full_clean()
    assert list(refused.value.message_dict) == ["start"]


@pytest.mark.django_db
def test_day_of_the_calendar_is_taken_as_it_is():
    project = make_project(start=datetime.date(2016, 10, 5))
    project.refresh_from_db()
    assert str(project.start) == "2016-10-05"
