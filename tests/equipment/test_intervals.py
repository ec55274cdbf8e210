"""Counting what is taken over time."""

from hypothesis import given
from hypothesis import strategies as st

from equipment.intervals import Block, fitting, fullest, least_free, most_taken, taken

TURNAROUND = 2
# Four units; loans A [0,10), B [3,8), C [6,12), D [12,20), each blocking two days more.
BOOK = [Block(0, 12), Block(3, 10), Block(6, 14), Block(12, 22)]


def free(start: int, end: int) -> int:
    return least_free(4, BOOK, start, end + TURNAROUND)


def test_the_worked_example_gives_its_numbers() -> None:
    assert [free(0, 3), free(3, 8), free(8, 12), free(12, 14), free(20, 22), free(0, 22)] == [2, 1, 1, 2, 3, 1]


def test_a_unit_can_leave_at_the_instant_it_came_back() -> None:
    assert least_free(1, [Block(0, 5)], 5, 9) == 1
    assert least_free(1, [Block(5, 9)], 0, 5) == 1


def test_nobody_counts_on_a_unit_that_is_out_without_end() -> None:
    assert least_free(1, [Block(0, None)], 1000, 1001) == 0


def test_the_reserve_is_kept_and_too_many_promises_show_as_a_negative_number() -> None:
    assert least_free(2, [Block(0, 5)], 0, 1, reserve=1) == 0
    assert least_free(1, [Block(0, 5), Block(0, 5), Block(0, 5)], 0, 1) == -2


def test_two_future_pins_can_leave_no_unit_although_counting_says_one_is_free() -> None:
    pins = {"first": [Block(0, 2)], "second": [Block(3, 5)]}
    assert least_free(2, [*pins["first"], *pins["second"]], 1, 4) == 1
    assert fitting(pins, 1, 4) == []


blocks = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 10), st.booleans()).map(lambda b: Block(b[0], None if b[2] else b[0] + b[1])),
    max_size=12,
)


@given(blocks, st.integers(0, 20), st.integers(1, 12), st.integers(0, 6))
def test_the_sweep_agrees_with_looking_at_every_instant(book: list[Block[int]], start: int, length: int, units: int) -> None:
    slowly = min(units - taken(book, instant) for instant in range(start, start + length))
    assert least_free(units, book, start, start + length) == slowly


@given(blocks)
def test_loans_that_are_not_pinned_always_fit_on_as_many_units_as_overlap_at_once(book: list[Block[int]]) -> None:
    needed = max((taken(book, block.start) for block in book), default=0)
    units: list[list[Block[int]]] = [[] for _ in range(needed)]
    for block in sorted(book, key=lambda block: block.start):
        free_unit = next(unit for unit in units if not any(other.covers(block.start) for other in unit))
        free_unit.append(block)


@given(blocks, st.integers(0, 20), st.integers(1, 12))
def test_a_unit_fits_only_where_nothing_of_its_own_overlaps(book: list[Block[int]], start: int, length: int) -> None:
    fits = fitting({"unit": book}, start, start + length) == ["unit"]
    assert fits == all(taken(book, instant) == 0 for instant in range(start, start + length))


BLOCKS = st.lists(
    st.tuples(st.integers(0, 30), st.one_of(st.none(), st.integers(1, 12))).map(
        lambda pair: Block(pair[0], None if pair[1] is None else pair[0] + pair[1])
    ),
    max_size=12,
)


def test_the_fullest_moment_of_each_day_of_the_worked_example() -> None:
    assert most_taken(BOOK, [0, 3, 6, 8, 12, 14, 30]) == [1, 2, 3, 3, 2, 1]


@given(BLOCKS, st.lists(st.integers(0, 40), min_size=2, max_size=9, unique=True).map(sorted))
def test_one_sweep_over_many_days_finds_for_each_what_a_look_at_that_day_finds(blocks: list[Block[int]], edges: list[int]) -> None:
    each = [taken(blocks, fullest(blocks, start, end)) for start, end in zip(edges, edges[1:], strict=False)]
    assert most_taken(blocks, edges) == each
