"""What is compared with what follows from the data alone."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from portal import sums
from portal.figures import checking
from portal.models import KeyFigure, Source
from portal.models.figures import MOST
from portal.sheets import registry
from tests.factories import make_country
from tests.portal.figures.conftest import make_figure, make_group

pytestmark = pytest.mark.django_db


def checks():
    return list(sums.find(None))


def verdicts():
    return [(check.rule.value, check.verdict.value) for check in checks()]


def test_parts_are_compared_with_the_total_of_their_group():
    group = make_group()
    for value in (1, 2, 3):
        make_figure(group, value)
    total = make_figure(group, 6, is_total=True)
    assert verdicts() == [("sum", "holds")]
    KeyFigure.objects.filter(pk=total.pk).update(value=7)
    assert verdicts() == [("sum", "fails")]


def test_parts_without_a_total_are_compared_with_what_states_the_same_elsewhere():
    make_figure(make_group("list"), 463, measures="employees", unit="people")
    for parts in ((277, 186), (200, 263), (200, 152)):
        group = make_group(measures="employees")
        for value in parts:
            make_figure(group, value, unit="people")
    assert verdicts() == [("sum", "holds"), ("sum", "holds"), ("sum", "fails")]


def test_total_of_another_year_is_no_total():
    make_figure(make_group("list"), 3, measures="employees", year=2020)
    group = make_group(measures="employees")
    make_figure(group, 1)
    make_figure(group, 1)
    assert verdicts() == [("sum", "open")]


def test_each_year_of_a_group_is_added_up_by_itself():
    group = make_group()
    for year, total in ((2020, 2), (2021, 3), (None, 2)):
        make_figure(group, 1, year=year)
        make_figure(group, 1, year=year)
        make_figure(group, total, year=year, is_total=True)
    assert verdicts() == [("sum", "holds"), ("sum", "fails"), ("sum", "holds")]


def test_whole_shares_count_as_rounded_and_stated_decimals_as_stated():
    group = make_group("shares")
    for value in (33, 33, 33):
        make_figure(group, value, unit="%")
    assert verdicts() == [("shares", "holds")]
    group.figures.update(decimals=1)
    assert verdicts() == [("shares", "fails")]


def test_parts_printed_with_decimals_are_rounded_alike():
    group = make_group()
    for value in ("2.0", "42.9"):  # the first is stored as a whole number, and was none
        make_figure(group, value)
    make_figure(group, "45.0", is_total=True)
    (check,) = checks()
    assert [str(part.step) for part in check.stated] == ["0.1", "0.1", "0.1"]
    assert check.verdict == "holds"


@pytest.mark.parametrize("qualifier", ["over", "at_least", "about", "unknown"])
@pytest.mark.parametrize("is_total", [True, False])
def test_figure_that_is_not_exact_is_never_a_finding(qualifier, is_total):
    group = make_group()
    make_figure(group, 1, is_total=not is_total)
    make_figure(group, None if qualifier == "unknown" else 90, qualifier=qualifier, is_total=is_total)
    (check,) = checks()
    assert check.verdict == "open"
    assert ("Not readable" if qualifier == "unknown" else "Not exact") in check.reason


def test_different_units_are_not_added_up():
    group = make_group()
    make_figure(group, 1, unit="EUR")
    make_figure(group, 2, unit="EUR million")
    make_figure(group, 5, unit="EUR", is_total=True)
    (check,) = checks()
    assert check.verdict == "open"
    assert "units differ" in check.reason


def test_same_key_and_year_say_the_same_thing_wherever_they_stand():
    make_figure(make_group("list"), 29, measures="duty-stations")
    make_figure(make_group("list"), 14, measures="Duty-Stations")
    make_figure(make_group("list"), 7, measures="duty-stations", year=2020)
    make_figure(make_group("list"), 7)
    (check,) = checks()
    assert (check.rule, check.verdict) == ("same", "fails")
    assert [part.value for part in check.parts] == [29, 14]


def test_same_key_of_two_countries_is_two_things():
    for iso2, value in (("RS", 1), ("TR", 2)):
        make_figure(make_group("list"), value, measures="staff", country=make_country(iso2, iso2))
    assert checks() == []


def test_same_figure_without_a_year_is_not_compared_with_one_that_has_one():
    make_figure(make_group("list"), 1, measures="staff")
    make_figure(make_group("list"), 2, measures="staff", year=None)
    assert verdicts() == [("same", "open")]


def test_years_of_a_series_state_what_the_series_measures():
    series = make_group("series", measures="implementation")
    for year, value in ((2020, "58.0"), (2021, "58.2")):
        make_figure(series, value, year=year, decimals=1, unit="EUR million")
    change = {"measures": "implementation", "change_since": 2020, "unit": "%"}
    told = make_figure(make_group("list"), "0.30", decimals=2, **change)
    assert verdicts() == [("change", "fails")]
    KeyFigure.objects.filter(pk=told.pk).update(decimals=1)
    assert verdicts() == [("change", "holds")]
    make_figure(make_group("list"), "58.2", unit="EUR million", measures="implementation")
    assert verdicts() == [("same", "holds"), ("change", "holds")]


def test_change_in_units_is_their_difference():
    series = make_group("series", measures="staff")
    make_figure(series, 336, year=2020, unit="people")
    make_figure(series, 463, unit="people")
    told = make_figure(make_group("list"), 127, measures="staff", change_since=2020, unit="people")
    assert verdicts() == [("change", "holds")]
    KeyFigure.objects.filter(pk=told.pk).update(value=128)
    assert verdicts() == [("change", "fails")]


def test_change_whose_year_is_not_stated_cannot_be_checked():
    series = make_group("series", measures="staff")
    make_figure(series, 463)
    make_figure(make_group("list"), 27, measures="staff", change_since=2020, unit="%")
    (check,) = checks()
    assert (check.rule, check.verdict) == ("change", "open")


def test_change_needs_its_key_and_an_earlier_year():
    figure = make_figure(make_group("list"), 1)
    for told in (
        {"change_since": 2020},
        {"change_since": 2021, "measures": "a"},
        {"change_since": 2022, "measures": "a"},
    ):
        figure.measures = ""
        for name, value in told.items():
            setattr(figure, name, value)
        with pytest.raises(ValidationError):
            figure.full_clean()
    figure.change_since, figure.measures = 2020, "a"
    figure.full_clean()


@pytest.mark.parametrize("value", [MOST, -MOST, MOST - Decimal("0.0001")])
def test_largest_values_are_read_back_and_larger_ones_refused(value):
    figure = make_figure(make_group(), value, unit="EUR")
    figure.source = Source.objects.create(title="Report")
    figure.full_clean()
    figure.refresh_from_db()
    assert abs(figure.value - value) < Decimal("0.02")  # SQLite holds 15 digits
    figure.value = MOST.copy_sign(value) * 2
    with pytest.raises(ValidationError):
        figure.full_clean()


def test_check_costs_one_query_for_however_many_figures(django_assert_num_queries):
    for _n in range(5):
        group = make_group(measures="many")
        for value in range(8):
            make_figure(group, value)
        make_figure(group, 28, is_total=True)
    with django_assert_num_queries(1):
        assert len(checks()) == 6


def test_group_of_thousands_is_one_comparison():
    group = make_group()
    told = {"group": group, "value": MOST, "year": 2021}
    KeyFigure.objects.bulk_create(KeyFigure(slug=f"p{n}", label=f"P{n}", label_en=f"P{n}", **told) for n in range(3000))
    make_figure(group, -1, is_total=True)
    assert verdicts() == [("sum", "fails")]


def test_what_is_measured_comes_and_goes_with_tables():
    columns = {one.name: one.header() for one in registry.all()}
    assert {"measures", "decimals", "change_since", "is_total"} <= set(columns["key-figures"])
    assert {"measures", "note", "presentation"} <= set(columns["figure-groups"])


def test_an_app_may_bring_comparisons_of_its_own(monkeypatch):
    check = checking.add_up("k", "Lamps", [], None)
    monkeypatch.setattr(checking, "_sources", dict(checking._sources))
    checking.register(checking.Source("lamps", lambda reader: [check], ()))
    assert check in checking.all_checks(None)
    with pytest.raises(ValueError, match="lamps"):
        checking.register(checking.Source("lamps", lambda reader: [], ()))


def test_total_says_what_its_group_measures_and_a_part_does_not():
    group = make_group(measures="Lamps")
    assert make_figure(group, 1, is_total=True).key == "lamps"
    assert make_figure(group, 1).key == ""
    assert make_figure(group, 1, measures="red").key == "red"
    assert make_figure(make_group("series", measures="lamps"), 1).key == "lamps"
