"""Which arm of a test a code shows: always the same, in proportion to the weights."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from campaigns.arms import arm_of

ARMS = st.lists(st.tuples(st.text("abcdef", min_size=1), st.integers(0, 50)), max_size=5, unique_by=lambda arm: arm[0])


@given(st.text(), st.text(), ARMS)
def test_a_code_has_one_arm_and_it_is_one_that_takes_part(code: str, campaign: str, arms: list[tuple[str, int]]) -> None:
    chosen = arm_of(code, campaign, arms)
    assert chosen == arm_of(code, campaign, arms)
    assert chosen in {key for key, weight in arms if weight} or (chosen == "" and not any(weight for _, weight in arms))


def test_arms_are_given_out_in_proportion_to_their_weights() -> None:
    counts = Counter(arm_of(f"CODE{number}", "1", [("plain", 1), ("loud", 3)]) for number in range(8000))
    assert 5800 < counts["loud"] < 6200


def test_another_campaign_divides_the_same_codes_differently() -> None:
    arms = [("plain", 1), ("loud", 1)]
    same = sum(arm_of(f"CODE{n}", "1", arms) == arm_of(f"CODE{n}", "2", arms) for n in range(4000))
    assert 1800 < same < 2200
