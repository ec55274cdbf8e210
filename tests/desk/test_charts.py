"""Charts: whatever the numbers, what is drawn is inside its box, and its lines and words say those numbers."""

import re
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from desk.charts import CHART_HEIGHT, PAPER, PLOT_HEIGHT, PLOT_TOP, Chart, Series, bar, funnel, line, words

whole = some.integers(-2_000_000, 2_000_000)
broken = some.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 3))
values = some.lists(some.none() | whole | broken, max_size=120)
steps = some.lists(some.tuples(some.text(max_size=5), some.integers(0, 10**7)), max_size=8)


def drawn(*numbers: list[float | None], step: bool = False) -> Chart:
    series = [Series(f"S{place}", one) for place, one in enumerate(numbers)]
    return line([f"day {place}" for place in range(len(numbers[0]))], series, step=step)


def points_of(path: str) -> list[tuple[float, float]]:
    """Where the path goes, read as a browser reads it."""
    x = y = 0.0
    visited = []
    for command, rest in re.findall(r"([MLHV])([-\d. ]*)", path):
        given_numbers = [float(number) for number in rest.split()]
        x, y = {"H": (given_numbers[0], y), "V": (x, given_numbers[0])}.get(command) or tuple(given_numbers)
        visited.append((x, y))
    return visited


@given(values, some.booleans())
def test_every_point_lies_inside_the_box(numbers: list[float | None], step: bool) -> None:
    chart = drawn(numbers, step=step)
    for one in chart.lines:
        for x, y in points_of(one.path) + points_of(one.area):
            assert 0 <= x <= chart.box[0]
            assert 0 <= y <= chart.box[1]


@given(values)
def test_ticks_are_few_and_evenly_apart_and_hold_all_values(numbers: list[float | None]) -> None:
    ticks = drawn(numbers).y_ticks
    assert 2 <= len(ticks) <= 8
    apart = {round(lower.y - upper.y, 1) for lower, upper in pairwise(ticks)}
    assert max(apart) - min(apart) <= 0.2
    assert ticks[0].y == PLOT_TOP + PLOT_HEIGHT
    assert ticks[-1].y == PLOT_TOP
    assert [tick.is_zero for tick in ticks].count(True) == 1


@given(some.lists(whole, min_size=1))
def test_ticks_of_whole_numbers_are_different_whole_numbers_that_divide_the_highest(numbers: list[int]) -> None:
    ticks = [int(tick.words.replace(",", "")) for tick in drawn(numbers).y_ticks]
    step = ticks[1] - ticks[0]
    assert step >= 1
    assert all(tick % step == 0 for tick in ticks)
    assert ticks[0] <= min(numbers) and max(numbers) <= ticks[-1]


@given(values)
def test_a_higher_value_is_drawn_higher(numbers: list[float | None]) -> None:
    chart = drawn([*numbers, -1, 0, 1])
    path_points = points_of(chart.lines[0].path)[-3:]
    assert path_points[0][1] >= path_points[1][1] >= path_points[2][1]


@given(values)
def test_every_number_stands_in_the_table(numbers: list[float | None]) -> None:
    assert [row.values for row in drawn(numbers).rows] == [(words(number),) for number in numbers]


@given(some.lists(whole, min_size=2, max_size=400))
def test_strips_for_the_pointer_cover_the_chart_without_gaps(numbers: list[int]) -> None:
    hits = drawn(numbers).hits
    assert len(hits) == len(numbers)
    assert hits[0].x == 0
    assert hits[-1].x + hits[-1].width == pytest.approx(100, abs=0.05)
    for left, right in pairwise(hits):
        assert left.x + left.width == pytest.approx(right.x, abs=0.05)


@given(some.integers(1, 400))
def test_labels_under_the_chart_are_few_the_first_and_last_among_them(count: int) -> None:
    ticks = drawn([0] * count).x_ticks
    assert 1 <= len(ticks) <= 5
    assert len([tick for tick in ticks if not tick.is_odd]) <= 3, "what is left of them on a phone"
    assert ticks[0].words == "day 0"
    assert ticks[-1].words == f"day {count - 1}"
    assert [tick.x for tick in ticks] == sorted({tick.x for tick in ticks})
    if count > 1:
        assert (ticks[0].anchor, ticks[-1].anchor) == ("start", "end")


def test_nothing_is_an_empty_chart() -> None:
    assert line([], []).is_empty
    assert line([], [Series("Signed up", [])]).lines == ()


def test_all_nought_is_a_line_at_the_bottom() -> None:
    chart = drawn([0, 0, 0])
    assert chart.lines[0].path == "M0 1000L500 1000L1000 1000"
    assert [tick.words for tick in chart.y_ticks] == ["0", "1"]


def test_one_day_is_a_level_line_over_the_whole_width() -> None:
    assert drawn([3]).lines[0].path == "M0 0L1000 0"


def test_a_stepped_line_holds_its_value_until_the_next_label() -> None:
    assert drawn([4, 2], step=True).lines[0].path == "M0 0H1000V500"


def test_one_series_may_be_stepped_beside_another_that_is_not() -> None:
    chart = line(["a", "b"], [Series("Supply", [4, 2], step=True), Series("Forecast", [0, 4])])
    assert [one.path for one in chart.lines] == ["M0 0H1000V500", "M0 1000L1000 0"]


def test_a_gap_breaks_the_line() -> None:
    assert drawn([4, None, 4]).lines[0].path == "M0 0M1000 0"


def test_values_below_nought_hang_from_the_line_of_nought() -> None:
    chart = drawn([2, -2], step=True)
    zero = next(tick for tick in chart.y_ticks if tick.is_zero)
    assert zero.y == PLOT_TOP + PLOT_HEIGHT / 2
    assert chart.lines[0].area == "M0 0H1000V1000V500H0Z"
    assert [tick.words for tick in chart.y_ticks] == ["-2", "-1", "0", "1", "2"]


def test_on_paper_nothing_is_stretched() -> None:
    chart = line(["a", "b"], [Series("S", [1, 2])], box=PAPER)
    assert chart.is_paper
    assert chart.lines[0].path.endswith("L640 0")
    assert chart.top + chart.plot_height < CHART_HEIGHT


def test_a_series_must_have_a_value_for_each_label() -> None:
    with pytest.raises(ValueError, match="'S' has 1 values for 2 labels"):
        line(["a", "b"], [Series("S", [1])])


def test_too_many_lines_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        line(["a"], [Series(str(number), [1]) for number in range(5)])


@given(steps)
def test_no_step_of_a_funnel_is_wider_than_its_place(given_steps: list[tuple[str, int]]) -> None:
    drawn_steps = funnel(given_steps).steps
    assert [(step.name, step.count) for step in drawn_steps] == given_steps
    assert all(0 <= step.width <= 100 for step in drawn_steps)


def test_a_funnel_says_how_much_of_the_step_before_came_through() -> None:
    made = funnel([("Visited", 200), ("Signed up", 61), ("Qualified", 0), ("On loan", 0)])
    assert [step.of_before for step in made.steps] == [None, 31, 0, None]
    assert [step.width for step in made.steps] == [100.0, 30.5, 0.0, 0.0]
    assert not made.is_empty
    assert funnel([("Visited", 0)]).is_empty


@given(some.fractions(-2, 4))
def test_a_bar_is_never_longer_than_its_place_and_says_the_true_share(share: Fraction) -> None:
    made = bar(share)
    assert 0 <= made.width <= 100
    assert abs(int(made.words.removesuffix("%")) - 100 * share) <= Fraction(1, 2)


def test_a_share_of_nothing_is_a_dash() -> None:
    assert (bar(None).width, bar(None).words) == (0, "–")


@pytest.mark.parametrize(("value", "said"), [(2000, "2,000"), (2.0, "2"), (2.25, "2.2"), (None, "–"), (Fraction(1, 3), "0.3")])
def test_numbers_are_said_shortly(value: float | None, said: str) -> None:
    assert words(value) == said
