"""The coming days of a pool, as the availability page shows them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from equipment import board, lending
from equipment.models import Pool
from equipment.outlook import outlooks
from equipment.states import LoanState as S
from tests.equipment import walk
from tests.make import AT, make_pool

pytestmark = pytest.mark.django_db
DAYS = 28


def look(pool: Pool, at=AT):
    (found,) = outlooks([pool], at=at, weeks=4)
    return found


def test_a_pool_that_promised_nothing_has_all_its_units_to_spare(pool: Pool) -> None:
    found = look(pool)
    assert (found.units, found.lendable, found.gap, found.tone) == (3, 3, 3, "ok")
    assert len(found.days) == DAYS and {day.needed for day in found.days} == {0}
    assert found.headline == "Aero 7 camera, Berlin has 3 units to spare on its fullest day."
    assert found.changes == []


def test_a_unit_that_is_out_is_counted_until_the_day_it_can_go_out_again(pool: Pool) -> None:
    loan = walk.to(S.ON_LOAN, pool)
    found = look(pool)
    assert loan.blocked_until is not None
    free_again = pool.opening().day(loan.blocked_until)
    assert [day.promised for day in found.days if day.on < free_again] == [1] * (free_again - found.days[0].on).days
    assert {day.promised for day in found.days if day.on >= free_again} == {0}
    assert [(change.on, change.sentence) for change in found.changes] == [(free_again, "1 unit can go out again.")]
    assert found.out == 1 and found.out_share == 1 / 3


def test_an_overdue_unit_is_missing_to_the_end_of_what_can_be_foreseen(lone: Pool) -> None:
    loan = walk.to(S.ON_LOAN, lone)
    assert loan.due_at is not None
    found = look(lone, loan.due_at + timedelta(hours=1))
    assert found.overdue == 1
    assert {day.promised for day in found.days} == {1}
    assert found.headline == "Aero 7 camera, Berlin has no unit to spare on its fullest day."


def test_who_waits_makes_the_shortage_and_the_headline_says_from_when_and_until_when(lone: Pool) -> None:
    walk.to(S.ON_LOAN, lone)
    walk.hold(lone)
    walk.hold(lone)
    found = look(lone)
    assert (found.waiting, found.gap, found.tone) == (2, -2, "bad")
    end = lone.opening().day(lone.blocked_by_hold(lone.opening().after(AT, days=lone.claim_days)))
    assert found.days[-1].on < end
    assert found.headline == "Aero 7 camera, Berlin is short of 2 units now to the end of what can be foreseen."
    (longer,) = outlooks([lone], at=AT, weeks=12)
    assert longer.headline == f"Aero 7 camera, Berlin is short of 2 units now until {end:%-d %B}."


def test_what_is_kept_in_reserve_is_not_to_lend() -> None:
    pool = make_pool(units=2, reserve=2)
    found = look(pool)
    assert (found.units, found.lendable, found.gap) == (2, 0, 0)


def test_a_pool_without_a_unit_says_so() -> None:
    assert look(make_pool(units=0)).headline == "Aero 7 camera, Berlin has no unit in service."


def test_the_pool_that_needs_somebody_most_comes_first_and_more_pools_ask_no_more_often(lone: Pool) -> None:
    lending.unlock(loan=walk.hold(lone), at=AT, by=walk.SYSTEM)
    walk.hold(lone)
    pools = [make_pool(place=place) for place in ("Bonn", "Ulm", "Kiel")]
    counts = []
    for some in ([lone], [lone, *pools]):
        rows = list(Pool.objects.filter(pk__in=[pool.pk for pool in some]).select_related("model"))
        with CaptureQueriesContext(connection) as queries:
            found = outlooks(rows[::-1], at=AT, weeks=4)
        counts.append(len(queries))
        assert found[0].pool == lone
    assert counts == [6, 6]


def test_the_board_has_a_column_for_each_state_somebody_works_on_and_the_late_ones_on_top(pool: Pool) -> None:
    for _ in range(2):
        late = walk.to(S.ON_LOAN, pool)
    walk.to(S.RETURNED, make_pool(place="Bonn"))
    assert late.due_at is not None
    found = {column.state: column for column in board.columns(at=late.due_at + timedelta(days=1))}
    assert (found[S.ON_LOAN].count, found[S.ON_LOAN].late, found[S.ON_LOAN].more) == (2, 2, 0)
    assert found[S.RETURNED].count == 1 and found[S.READY].count == 0
    here = {column.state: column.count for column in board.columns(at=AT, place="Bonn")}
    assert here == {**dict.fromkeys(here, 0), S.RETURNED: 1}
    of_model = {column.state: column.count for column in board.columns(at=AT, model=pool.model_id)}
    assert of_model[S.ON_LOAN] == 2 and of_model[S.RETURNED] == 0
