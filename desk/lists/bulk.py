"""One move on many rows: chosen on a list, summed up on a page of its own, then made row by row, each in its own transaction."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from desk.admin.moves import Move
from desk.refusals import Refused

CAP = 100
"""Rows moved at a time."""
_NAMED = 10


def fitting(move: Move) -> Callable[[Sequence[Any], datetime], Mapping[Any, str]]:
    """Foresees refusals by asking each row whether it is its time."""

    def look(rows: Sequence[Any], at: datetime) -> Mapping[Any, str]:
        return {row.pk: f"“{move.label}” does not fit its state." for row in rows if not move.fits(row, at)}

    return look


def no_facts(rows: Sequence[Any], at: datetime) -> Sequence[tuple[str, str]]:
    """For a move that costs nothing worth saying."""
    return ()


@dataclass(frozen=True)
class BulkMove:
    """A move of the row's page, offered for many rows. `done` says what happened to them ("approved").

    `look(rows, at)` foresees refusals: key -> sentence. `facts(rows, at)` answers what the move means for those that can be
    moved, such as cost, as (label, value). `elsewhere(rows)` answers the address of another page that sums up instead.
    """

    move: Move
    done: str
    look: Callable[[Sequence[Any], datetime], Mapping[Any, str]] | None = None
    facts: Callable[[Sequence[Any], datetime], Sequence[tuple[str, str]]] = no_facts
    elsewhere: Callable[[Sequence[Any]], str] | None = None

    @property
    def name(self) -> str:
        """Its name in addresses."""
        return self.move.name

    def refusals(self, rows: Sequence[Any], at: datetime) -> Mapping[Any, str]:
        """Which of the rows will be refused, and why, as far as can be foreseen."""
        return (self.look or fitting(self.move))(rows, at)


@dataclass
class Outcome:
    """What came of it."""

    done: int = 0
    refused: list[tuple[Any, str]] = field(default_factory=list)

    def sentences(self) -> Iterable[str]:
        """Refusals in words; many with the same sentence are one."""
        by_sentence = defaultdict(list)
        for row, sentence in self.refused:
            by_sentence[sentence].append(str(row))
        for sentence, names in by_sentence.items():
            which = "It is" if len(names) == 1 else "They are"
            cut = ", …" if len(names) > _NAMED else ""
            yield f"{len(names)} refused: {sentence} {which} {', '.join(names[:_NAMED])}{cut}."


def make(move: Move, rows: Sequence[Any], data: dict[str, Any], *, by: Any, at: datetime) -> Outcome:
    """Make the move on one row after the other; a refusal stops none of the others. Raises `PermissionDenied`."""
    outcome = Outcome()
    for row in rows:
        try:
            move.act(row, data, by, at)
        except Refused as refusal:
            outcome.refused.append((row, refusal.sentence))
        else:
            outcome.done += 1
    return outcome
