"""Moving a row from one state to the next: the table of moves is asked, the database decides.

A move is a conditional UPDATE; its row count says who won. Nobody looks first and writes after.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Model

from desk.refusals import Refused

Moves = Mapping[Any, frozenset[Any]]


def move(
    row: Model,
    *,
    to: Any,
    moves: Moves,
    refusal: Callable[[str, str], Refused],
    field: str = "state",
    **changes: Any,
) -> None:
    """Move `row` to the state `to`, writing `changes` with it, or raise `refusal`.

    Refuses with `wrong_state` when the table has no such move, with `changed_meanwhile` when another process moved the
    row since it was read.
    """
    start = getattr(row, field)
    name = row._meta.verbose_name
    if to not in moves.get(start, frozenset()):
        raise refusal("wrong_state", f"This {name} is “{_label(row, field, start)}” and cannot become “{_label(row, field, to)}”.")
    manager = type(row)._default_manager
    if not manager.filter(pk=row.pk, **{field: start}).update(**{field: to}, **changes):
        raise refusal("changed_meanwhile", f"Someone else changed this {name} a moment ago. Reload the page and look again.")
    for attribute, value in {field: to, **changes}.items():
        setattr(row, attribute, value)


def _label(row: Model, field: str, value: Any) -> str:
    choices = dict(getattr(row._meta.get_field(field), "flatchoices", ()))
    return str(choices.get(value, value)).lower()
