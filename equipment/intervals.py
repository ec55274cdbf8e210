"""Counting what is taken over time. Pure: intervals in, numbers out; instants may be datetimes or plain integers.

Intervals are half open, `[start, end)`: a unit may leave at the very instant it came back. While no unit is named for a
loan that lies in the future, counting per pool is exact (interval graphs are perfect: intervals of which at most c overlap
can always be laid on c units). That is why a unit is pinned to a loan as late as possible.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Generic, TypeVar

Instant = TypeVar("Instant", int, datetime)
Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True)
class Block(Generic[Instant]):
    """One unit is taken from `start` until just before `end`; `end` None: nobody knows until when."""

    start: Instant
    end: Instant | None

    def covers(self, instant: Instant) -> bool:
        """Whether the unit is taken at `instant`."""
        return self.start <= instant and (self.end is None or instant < self.end)

    def overlaps(self, start: Instant, end: Instant) -> bool:
        """Whether the unit is taken at any instant of `[start, end)`."""
        return self.start < end and (self.end is None or start < self.end)


def taken(blocks: Iterable[Block[Instant]], instant: Instant) -> int:
    """How many units are taken at `instant`."""
    return sum(block.covers(instant) for block in blocks)


def fullest(blocks: Sequence[Block[Instant]], start: Instant, end: Instant) -> Instant:
    """The first instant of `[start, end)` at which the most units are taken.

    The number taken only rises where a block starts, so only those instants and the start of the window are looked at.
    """
    worst, most = start, taken(blocks, start)
    inside = {block.start for block in blocks if start < block.start < end}
    for instant in sorted(inside):
        number = taken(blocks, instant)
        if number > most:
            worst, most = instant, number
    return worst


def most_taken(blocks: Iterable[Block[Instant]], edges: Sequence[Instant]) -> list[int]:
    """For each `[edges[i], edges[i + 1])`, the most units taken at any instant of it. `edges` ascend strictly.

    One sweep: what it costs grows with the number of blocks and edges (and the logarithm of both), not with their product.
    """
    changes = sorted([(block.start, 1) for block in blocks] + [(block.end, -1) for block in blocks if block.end is not None])
    answer, now, position = [], 0, 0
    for start, end in pairwise(edges):
        while position < len(changes) and changes[position][0] <= start:
            now += changes[position][1]
            position += 1
        most = now
        while position < len(changes) and changes[position][0] < end:
            # An end sorts before a start of the same instant, so that a unit may leave when it comes back.
            now += changes[position][1]
            most = max(most, now)
            position += 1
        answer.append(most)
    return answer


def least_free(units: int, blocks: Sequence[Block[Instant]], start: Instant, end: Instant, *, reserve: int = 0) -> int:
    """Units free throughout `[start, end)`: in service, less the most that are taken at once, less the reserve.

    `end` includes the turnaround of the asker. Signed: a negative answer says how many promises are too many.
    """
    return units - taken(blocks, fullest(blocks, start, end)) - reserve


def fitting(pinned: Mapping[Name, Sequence[Block[Instant]]], start: Instant, end: Instant) -> list[Name]:
    """Names of the units that are free throughout `[start, end)`, each seen with its own blocks, in the order given."""
    return [name for name, blocks in pinned.items() if not any(block.overlaps(start, end) for block in blocks)]
