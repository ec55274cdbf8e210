"""Counting per pool is exact while nobody is pinned to a unit in the future; future pins break it.

Intervals of which at most c overlap can always be laid on c units (interval graphs are perfect). Units that are out now are
pins that all cover the present; they leave that true. Pins that lie in the future do not.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from equipment.intervals import Block, fitting, least_free, taken

HORIZON = 16


@dataclass(frozen=True)
class Case:
    """A pool of so many units, blocks that are named to units, and blocks that are not; a count says that all of it fits."""

    units: int
    pinned: Sequence[tuple[int, Block[int]]]
    loose: Sequence[Block[int]]

    @property
    def blocks(self) -> list[Block[int]]:
        return [*(block for _, block in self.pinned), *self.loose]

    def is_counted_as_feasible(self) -> bool:
        """At every instant no more are taken than there are, and no unit is named twice at once."""
        fits = all(taken(self.blocks, instant) <= self.units for instant in range(HORIZON))
        return fits and all(not one.overlaps(other.start, other.end or HORIZON) for one, other in self._pairs())

    def _pairs(self) -> list[tuple[Block[int], Block[int]]]:
        pins = list(self.pinned)
        return [(a, b) for n, (unit, a) in enumerate(pins) for other, b in pins[n + 1 :] if unit == other]

    def can_be_laid(self) -> bool:
        """Whether some laying gives every block a unit of its own: tried in full, not by a rule of thumb."""
        units: dict[int, list[Block[int]]] = {unit: [] for unit in range(self.units)}
        for unit, block in self.pinned:
            units[unit].append(block)
        return _lay(units, sorted(self.loose, key=lambda block: block.start))


def _lay(units: dict[int, list[Block[int]]], left: list[Block[int]]) -> bool:
    if not left:
        return True
    first, *rest = left
    for unit in fitting(units, first.start, first.end or HORIZON):
        units[unit].append(first)
        if _lay(units, rest):
            return True
        units[unit].remove(first)
    return False


def _block(start: int, length: int) -> Block[int]:
    return Block(start, min(start + length, HORIZON))


loose = st.lists(st.builds(_block, st.integers(0, HORIZON - 2), st.integers(1, 6)), max_size=6)


def _thinned(case: Case) -> Case:
    """The case with blocks left out until a count says that it fits."""
    kept: list[Block[int]] = []
    for block in case.loose:
        if Case(case.units, case.pinned, [*kept, block]).is_counted_as_feasible():
            kept.append(block)
    return Case(case.units, case.pinned, kept)


@given(st.integers(1, 4), loose)
def test_what_is_counted_as_feasible_can_be_laid_when_nobody_is_pinned(units: int, blocks: list[Block[int]]) -> None:
    assert _thinned(Case(units, [], blocks)).can_be_laid()


@given(st.integers(1, 4), loose, st.lists(st.integers(1, HORIZON), max_size=4))
def test_units_that_are_out_now_leave_the_count_exact(units: int, blocks: list[Block[int]], ends: list[int]) -> None:
    pins = [(unit, Block(0, end)) for unit, end in enumerate(ends[:units])]
    assert _thinned(Case(units, pins, blocks)).can_be_laid()


def test_two_pins_in_the_future_are_the_counter_example() -> None:
    case = Case(2, [(0, Block(0, 2)), (1, Block(3, 5))], [Block(1, 4)])
    assert case.is_counted_as_feasible() and least_free(2, [Block(0, 2), Block(3, 5)], 1, 4) == 1
    assert not case.can_be_laid()


def test_of_thirteen_thousand_cases_only_those_with_future_pins_fail() -> None:
    chance = random.Random(13207)
    failed = {"no pins": 0, "present pins": 0, "future pins": 0}
    for number in range(13_207):
        kind = list(failed)[number % 3]
        units = chance.randint(2, 3)
        starts = {"no pins": [], "present pins": [0, 0], "future pins": [chance.randint(0, 9), chance.randint(0, 9)]}[kind]
        pins = [(unit, _block(start, chance.randint(1, 5))) for unit, start in enumerate(starts)]
        blocks = [_block(chance.randint(0, 12), chance.randint(1, 5)) for _ in range(4)]
        failed[kind] += not _thinned(Case(units, pins, blocks)).can_be_laid()
    assert (failed["no pins"], failed["present pins"]) == (0, 0)
    assert failed["future pins"] > 0
