"""Which tiers fall due when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.states import Rhythm
from campaigns.tiers import Rung, due, falls_on, ordinal, rhythm_in_words

RUNGS = st.builds(
    Rung,
    key=st.sampled_from("abcdef"),
    side=st.sampled_from(["referrer", "referee"]),
    nth=st.integers(1, 12),
    rhythm=st.sampled_from(Rhythm.values),
    variant=st.sampled_from(["", "", "a", "b"]),
)


@pytest.mark.parametrize(
    ("rhythm", "nth", "due_at"),
    [
        ("each", 1, {1, 2, 3, 4, 5, 6}),
        ("each", 3, {3, 4, 5, 6}),
        ("once", 3, {3}),
        ("every", 3, {3, 6}),
        ("every", 1, {1, 2, 3, 4, 5, 6}),
    ],
)
def test_each_rhythm_falls_on_its_referrals(rhythm, nth, due_at):
    rung = Rung("t", "referrer", nth, rhythm)
    assert {n for n in range(-1, 7) if falls_on(rung, n)} == due_at


@given(st.lists(RUNGS, max_size=8), st.sampled_from(["referrer", "referee"]), st.sampled_from(["", "a", "b"]))
def test_over_thirty_referrals_every_tier_is_due_as_often_as_its_rhythm_says(rungs, side, variant):
    given_out = [rung for n in range(1, 31) for rung in due(rungs, side=side, nth=n, variant=variant)]
    assert all(rung.side == side and rung.variant in ("", variant) for rung in given_out)
    for rung in set(rungs):
        serves = rung.side == side and rung.variant in ("", variant)
        times = {"each": 31 - rung.nth, "once": 1, "every": 30 // rung.nth}[rung.rhythm]
        assert given_out.count(rung) == (times * rungs.count(rung) if serves else 0)


@given(st.lists(RUNGS, max_size=8), st.integers(1, 40))
def test_the_order_in_which_tiers_are_written_does_not_matter(rungs, nth):
    forward, backward = due(rungs, side="referrer", nth=nth), due(rungs[::-1], side="referrer", nth=nth)
    assert [(rung.nth, rung.key) for rung in forward] == [(rung.nth, rung.key) for rung in backward]


def test_a_tier_of_one_arm_is_not_due_in_another_nor_outside_the_test():
    rung = Rung("t", "referrer", 1, "each", variant="a")
    assert due([rung], side="referrer", nth=1, variant="a") == [rung]
    assert due([rung], side="referrer", nth=1, variant="b") == []
    assert due([rung], side="referrer", nth=1) == []


def test_an_unknown_rhythm_is_never_due():
    assert not falls_on(Rung("t", "referrer", 1, "sometimes"), 1)


@pytest.mark.parametrize(
    ("rhythm", "nth", "words"),
    [
        ("each", 1, "for each referral"),
        ("each", 3, "from the 3rd referral on, each time"),
        ("once", 5, "once, at the 5th referral"),
        ("every", 10, "at every 10th referral"),
        ("every", 1, "for each referral"),
    ],
)
def test_a_rhythm_can_be_said(rhythm, nth, words):
    assert rhythm_in_words(Rung("t", "referrer", nth, rhythm)) == words


def test_ordinals_are_english():
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th",
    ]  # fmt: skip
