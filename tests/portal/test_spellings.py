"""Spellings of names: what is the same, what is a slip of the hand, how much two names have in common."""

import pytest

from portal import spellings


@pytest.mark.parametrize(
    ("one", "other"),
    [("MC2MC", "MC2CM"), ("AEDPT", "ADEPT"), ("AEDP", "ADEPT"), ("UNCHR", "UNHCR"), ("BUDAPST", "BUDAPEST"), ("EUDIFF", "EUDiF")],
)  # fmt: skip
def test_slip_of_the_hand_is_known_as_one(one, other):
    assert spellings.is_slip(one, other)
    assert spellings.is_slip(other, one)
    assert other in spellings.Near([other]).to(one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("MC2CM", "MC2CM"), ("MC2CM", "MC3CM"), ("EUTM1", "EUTM2"), ("UNDP", "UNEP"), ("FRONTEX", "EUROJUST"), ("ABC", "ACB"), ("MIEUX", "mieux")],
)  # fmt: skip
def test_different_names_numbered_ones_and_short_ones_are_no_slips(one, other):
    assert not spellings.is_slip(one, other)


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [("", "", 0), ("ab", "ba", 1), ("abc", "ac", 1), ("abcd", "badc", 2), ("kitten", "sitting", 3), ("a", "abcd", 3)],
)
def test_distance_counts_a_swap_as_one_step(one, other, steps):
    assert spellings.distance(one, other) == spellings.distance(other, one) == steps


def test_same_name_in_other_signs_is_the_same():
    assert spellings.folded("Türkiye – 2nd (Phase)") == spellings.folded("turkiye 2ND, phase")


def test_small_words_do_not_tell_names_apart():
    assert spellings.telling("The Ministry of Foreign Affairs") == spellings.telling("Ministry for Foreign Affairs")


def test_share_in_common_counts_words_of_both():
    assert spellings.in_common(["sea", "rescue"], ["sea", "rescue", "fund", "sea"]) == 2 / 3
    assert spellings.in_common([], ["sea"]) == spellings.in_common(["sea"], []) == 0
