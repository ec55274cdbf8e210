"""What can be read on what, and the nearest shade in which something can."""

from hypothesis import given
from hypothesis import strategies as st

from desk.colours import DARK_GROUND, LIGHT_GROUND, WHITE, contrast, legibility, nearest_readable

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
GROUNDS = st.sampled_from([WHITE, LIGHT_GROUND, DARK_GROUND])


@given(COLOURS, GROUNDS)
def test_the_nearest_shade_can_be_read(colour: str, ground: str) -> None:
    assert legibility(nearest_readable(colour, ground), ground) >= 4.5
    assert contrast(nearest_readable(colour, ground), ground) >= 4.5


@given(COLOURS, GROUNDS)
def test_what_can_be_read_is_left_alone_and_what_cannot_is_changed(colour: str, ground: str) -> None:
    assert (nearest_readable(colour, ground) == colour) == (legibility(colour, ground) >= 4.5)


@given(COLOURS, GROUNDS)
def test_a_shade_is_moved_no_further_than_it_must(colour: str, ground: str) -> None:
    found = nearest_readable(colour, ground)
    assert found == colour or contrast(found, ground) < 5.5, "a step of 256 is small"


@given(COLOURS)
def test_on_light_no_channel_grows_and_on_dark_none_shrinks(colour: str) -> None:
    def channels(one: str) -> list[int]:
        return [int(one[start : start + 2], 16) for start in (1, 3, 5)]

    darker, lighter = nearest_readable(colour, LIGHT_GROUND), nearest_readable(colour, DARK_GROUND)
    assert all(new <= old for new, old in zip(channels(darker), channels(colour), strict=True))
    assert all(new >= old for new, old in zip(channels(lighter), channels(colour), strict=True))


@given(COLOURS)
def test_white_can_be_read_on_what_can_be_read_on_a_light_page(colour: str) -> None:
    assert contrast(WHITE, nearest_readable(colour, LIGHT_GROUND)) >= 4.5
