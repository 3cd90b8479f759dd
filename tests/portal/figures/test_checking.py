"""The rule of tolerance, on numbers alone."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.figures import checking
from portal.figures.checking import Stated, Verdict, step_of
from portal.models import KeyFigure

EXACT = st.decimals(min_value=-(10**6), max_value=10**6, places=4, allow_nan=False)


def stated(value, step="0", is_exact=True, pk=1):
    value = None if value is None else Decimal(value)
    return Stated(f"n{pk}", value, str(value), KeyFigure(pk=pk), Decimal(step), is_exact)


def rounded(value, places):
    step = Decimal(1).scaleb(-places)
    return stated((value / step).quantize(Decimal(1), ROUND_HALF_UP) * step, step)


def add_up(parts, total):
    return checking.add_up("k", "Sum", parts, total)


@settings(max_examples=200, deadline=None)
@given(st.lists(EXACT, min_size=1, max_size=40), st.integers(-3, 3), st.integers(-3, 3))
def test_a_true_sum_holds_however_its_parts_and_total_were_rounded(values, places, of_total):
    check = add_up([rounded(value, places) for value in values], rounded(sum(values), of_total))
    assert check.verdict is Verdict.HOLDS


@settings(max_examples=200, deadline=None)
@given(st.lists(EXACT, min_size=1, max_size=40), st.integers(0, 3))
def test_a_total_further_off_than_all_halves_together_fails(values, places):
    parts = [rounded(value, places) for value in values]
    step = Decimal(1).scaleb(-places)
    off = step / 2 * (len(parts) + 1)
    total = sum(part.value for part in parts)
    assert add_up(parts, stated(total + off, step)).verdict is Verdict.HOLDS
    assert add_up(parts, stated(total + off + step, step)).verdict is Verdict.FAILS
    assert add_up(parts, stated(total - off - step, step)).verdict is Verdict.FAILS


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(-(10**14), 10**14), min_size=1, max_size=40), st.integers(1, 10))
def test_what_was_counted_may_not_be_off_by_one(values, off):
    parts = [stated(value) for value in values]
    assert add_up(parts, stated(sum(values))).verdict is Verdict.HOLDS
    assert add_up(parts, stated(sum(values) + off)).verdict is Verdict.FAILS


@settings(max_examples=200, deadline=None)
@given(EXACT, st.lists(st.integers(-3, 3), min_size=2, max_size=6))
def test_one_number_rounded_in_different_ways_agrees_with_itself(value, places):
    check = checking.agree("k", "Same", [rounded(value, one) for one in places])
    assert check.verdict is Verdict.HOLDS


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(EXACT, st.booleans(), st.booleans()), min_size=1, max_size=10), EXACT)
def test_what_is_vague_or_lost_is_never_a_finding(rows, total):
    parts = [stated(value if is_there else None, "0.1", is_exact) for value, is_exact, is_there in rows]
    check = add_up(parts, stated(total, "0.1"))
    if all(part.is_known for part in parts):
        assert check.verdict is not Verdict.OPEN
    else:
        assert check.verdict is Verdict.OPEN
        assert check.reason


@settings(max_examples=100, deadline=None)
@given(st.lists(EXACT, min_size=2, max_size=12))
def test_the_order_of_the_parts_makes_no_difference(values):
    parts = [stated(value, "0.1", pk=n) for n, value in enumerate(values)]
    there, back = add_up(parts, stated(1, "1", pk=99)), add_up(parts[::-1], stated(1, "1", pk=99))
    assert (there.verdict, there.digest) == (back.verdict, back.digest)


@settings(max_examples=200, deadline=None)
@given(
    st.decimals(min_value=1, max_value=10**6, places=1, allow_nan=False),
    st.decimals(min_value=1, max_value=10**6, places=1, allow_nan=False),
    st.integers(0, 3),
)
def test_a_change_that_follows_from_its_values_as_printed_holds(old, new, places):
    change = rounded(100 * (new - old) / old, places)
    check = checking.changed("k", "Change", stated(old, "0.1"), stated(new, "0.1"), change, in_per_cent=True)
    assert check.verdict is Verdict.HOLDS


def test_a_change_of_too_many_decimals_is_found_and_said_to_lie_within_rounding():
    values = stated("58.0", "0.1"), stated("58.2", "0.1")
    check = checking.changed("k", "Change", *values, stated("0.30", "0.01"), in_per_cent=True)
    assert check.verdict is Verdict.FAILS
    assert "0.34" in check.words
    assert "could explain" in check.reason
    far = checking.changed("k", "Change", *values, stated("3.0", "0.1"), in_per_cent=True)
    assert (far.verdict, far.reason) == (Verdict.FAILS, "")
    fair = checking.changed("k", "Change", *values, stated("0.3", "0.1"), in_per_cent=True)
    assert fair.verdict is Verdict.HOLDS


@pytest.mark.parametrize("old", ["0", "-5"])
def test_there_is_no_percentage_of_nothing(old):
    check = checking.changed("k", "Change", stated(old), stated(7), stated(1), in_per_cent=True)
    assert check.verdict is Verdict.OPEN
    in_units = checking.changed("k", "Change", stated(old), stated(7), stated(7 - int(old)), in_per_cent=False)
    assert in_units.verdict is Verdict.HOLDS


@pytest.mark.parametrize(
    ("value", "decimals", "alike", "step"),
    [
        ("58", 1, 0, "0.1"), ("58", None, 0, "0"), ("58", 0, 0, "1"), ("58000", -3, 0, "1000"), ("58.2", None, 0, "0.1"),
        ("2", None, 1, "0.1"), ("0.3", 2, 0, "0.01"), (None, None, 0, "0"), ("10", None, 0, "0"),
    ],
)  # fmt: skip
def test_step_follows_from_the_decimals_that_are_stated(value, decimals, alike, step):
    assert step_of(None if value is None else Decimal(value), decimals, alike) == Decimal(step)


def test_thousands_of_huge_parts_lose_no_decimal():
    parts = [stated("99999999999999.9999", "0.0001", pk=n) for n in range(5000)]
    check = add_up(parts, stated("499999999999999999.5", "0.0001"))
    assert check.verdict is Verdict.HOLDS
    assert "499,999,999,999,999,999.5" in check.words
    assert add_up(parts, stated("499999999999999990", "0.0001")).verdict is Verdict.FAILS


def test_nothing_adds_up_to_nothing():
    assert add_up([stated(0), stated(0)], stated(0)).verdict is Verdict.HOLDS
    assert add_up([stated(-3), stated(3)], stated(0)).verdict is Verdict.HOLDS
    assert add_up([stated(0)], stated(1)).verdict is Verdict.FAILS


def test_digest_changes_with_a_value_and_not_with_a_name():
    one, two = stated(1, pk=1), stated(2, pk=2)
    renamed = Stated("Other", Decimal("1.00"), "one", KeyFigure(pk=1))
    assert add_up([one, two], stated(4, pk=3)).digest == add_up([renamed, two], stated(4, pk=3)).digest
    for other in (stated(2, pk=1), stated(1, "1", pk=1), stated(1, is_exact=False, pk=1), stated(1, pk=9)):
        assert add_up([one, two], stated(4, pk=3)).digest != add_up([other, two], stated(4, pk=3)).digest
