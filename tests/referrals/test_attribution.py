from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.states import Attribution
from referrals.attribution import MODELS, Touch, credit

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def visit(days_ago: float, code: str = "ASHA", **changes: object) -> Touch:
    values = {"token": f"{code}-{days_ago}", "code": code, "at": AT - timedelta(days=days_ago)}
    return Touch(**{**values, **changes})  # type: ignore[arg-type]


def weights(touches: list[Touch], model: str, window_days: int = 30) -> list[tuple[str, str]]:
    shares = credit(touches, model=model, window_days=window_days, at=AT)
    return [(share.code, str(share.weight.normalize())) for share in shares]


THREE = [visit(14, "ASHA"), visit(7, "BEN"), visit(0, "CHLOE")]


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("first_click", [("ASHA", "1")]),
        ("last_click", [("CHLOE", "1")]),
        ("linear", [("ASHA", "0.333333333333"), ("BEN", "0.333333333333"), ("CHLOE", "0.333333333334")]),
        ("time_decay", [("ASHA", "0.142857142857"), ("BEN", "0.285714285714"), ("CHLOE", "0.571428571429")]),
        ("position_based", [("ASHA", "0.4"), ("BEN", "0.2"), ("CHLOE", "0.4")]),
    ],
)
def test_each_model_shares_three_weekly_visits_as_its_definition_says(model: str, expected: list[tuple[str, str]]) -> None:
    assert weights(THREE, model) == expected


def test_two_visits_share_evenly_by_position() -> None:
    assert weights([visit(2, "ASHA"), visit(1, "BEN")], "position_based") == [("ASHA", "0.5"), ("BEN", "0.5")]


def test_four_visits_leave_the_middle_two_ten_per_cent_each() -> None:
    shares = weights([visit(4, "A"), visit(3, "B"), visit(2, "C"), visit(1, "D")], "position_based")
    assert shares == [("A", "0.4"), ("B", "0.1"), ("C", "0.1"), ("D", "0.4")]


def test_the_models_are_those_a_campaign_offers() -> None:
    assert set(Attribution.values) == MODELS


def test_nothing_is_credited_without_a_touch() -> None:
    assert credit([], model="linear", window_days=30, at=AT) == []


def test_an_unknown_model_is_named_in_the_refusal() -> None:
    with pytest.raises(ValueError, match="no attribution model called magic"):
        credit([], model="magic", window_days=30, at=AT)


def test_bots_and_visits_outside_the_window_and_after_the_sign_up_are_left_out() -> None:
    touches = [visit(31, "OLD"), visit(3, "BOT", is_bot=True), visit(-1, "LATER"), visit(2, "ASHA")]
    assert weights(touches, "linear") == [("ASHA", "1")]


def test_a_visit_exactly_as_old_as_the_window_counts() -> None:
    assert weights([visit(30)], "first_click") == [("ASHA", "1")]


@pytest.mark.parametrize("model", sorted(MODELS))
def test_the_newest_typed_code_beats_every_visit(model: str) -> None:
    touches = [visit(9, "OLDER", is_typed=True), visit(5, "TYPED", is_typed=True), visit(1, "CLICKED")]
    shares = credit(touches, model=model, window_days=30, at=AT)
    assert [(share.code, share.weight) for share in shares] == [("TYPED", Decimal(1))]
    assert "typed by hand" in shares[0].reason


def test_a_typed_code_outside_the_window_beats_nothing() -> None:
    assert weights([visit(40, "TYPED", is_typed=True), visit(1, "CLICKED")], "last_click") == [("CLICKED", "1")]


def test_the_same_touch_handed_in_twice_counts_once() -> None:
    assert weights([visit(2), visit(2)], "linear") == [("ASHA", "1")]


def test_a_very_old_visit_still_gets_a_share_under_time_decay() -> None:
    shares = weights([visit(360, "OLD"), visit(0, "NEW")], "time_decay", window_days=365)
    assert shares[0] == ("OLD", "1E-12")


def test_the_reason_fits_its_column_and_says_how_many_visits_were_counted() -> None:
    share = credit(THREE, model="position_based", window_days=30, at=AT)[0]
    assert share.reason == "Of 3 visits in 30 days, first and last take 40 % each, the others share 20 %."


def test_one_visit_and_one_day_are_said_as_one() -> None:
    share = credit([visit(0)], model="linear", window_days=1, at=AT)[0]
    assert share.reason == "Each of 1 visit in 1 day counts alike."


TOUCHES = st.lists(
    st.builds(
        Touch,
        token=st.uuids().map(str),
        code=st.sampled_from(["ASHA", "BEN", "CHLOE"]),
        at=st.integers(-5, 400 * 24 * 60).map(lambda minutes: AT - timedelta(minutes=minutes)),
        is_typed=st.integers(0, 9).map(lambda n: n == 0),
        is_bot=st.booleans(),
    ),
    max_size=40,
)


@given(touches=TOUCHES, model=st.sampled_from(sorted(MODELS)), window_days=st.integers(1, 365), data=st.data())
def test_weights_sum_to_exactly_one_whatever_the_order_and_only_from_the_window(
    touches: list[Touch], model: str, window_days: int, data: st.DataObject
) -> None:
    shares = credit(touches, model=model, window_days=window_days, at=AT)
    assert credit(data.draw(st.permutations(touches)), model=model, window_days=window_days, at=AT) == shares
    counted = [t for t in touches if not t.is_bot and timedelta(0) <= AT - t.at <= timedelta(days=window_days)]
    assert bool(shares) == bool(counted)
    assert sum(share.weight for share in shares) == (1 if counted else 0)
    for share in shares:
        assert share.touch in counted
        assert share.weight > 0
        assert share.weight == share.weight.quantize(Decimal("1e-12"))
        assert len(share.reason) <= 200
