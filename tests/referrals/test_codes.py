"""Referral codes: readable, checked, unguessable."""

from hypothesis import given
from hypothesis import strategies as st

from referrals import codes

bodies = st.text(alphabet=codes.ALPHABET, min_size=9, max_size=9)


def test_a_new_code_is_well_formed() -> None:
    assert codes.is_well_formed(codes.new_code())


def test_a_million_codes_would_hardly_ever_meet() -> None:
    assert len({codes.new_code() for _ in range(5000)}) == 5000


def test_look_alikes_spaces_and_case_are_forgiven() -> None:
    assert codes.normalise(" o1l-i abc") == "0111ABC"


@given(bodies, st.integers(0, 9), st.sampled_from(codes.ALPHABET))
def test_one_wrong_character_is_always_caught(body: str, position: int, other: str) -> None:
    code = body + codes.check_character(body)
    wrong = code[:position] + other + code[position + 1 :]
    assert codes.is_well_formed(wrong) == (wrong == code)


@given(st.text(max_size=40))
def test_anything_typed_is_answered_without_an_error(text: str) -> None:
    assert codes.is_well_formed(codes.normalise(text)) in (True, False)
