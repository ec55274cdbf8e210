"""A sweep goes over its rows, each on its own, and ends in time."""

from dataclasses import dataclass

import pytest
from django_q.models import OrmQ

from desk import sweeping
from desk.refusals import Refused


@dataclass
class Row:
    reference: str
    fate: str = "fine"


def act(row: Row) -> None:
    if row.fate == "refused":
        raise Refused("no", "It cannot be.")
    if row.fate == "broken":
        raise RuntimeError("a broken row")


def test_one_row_that_fails_costs_no_other() -> None:
    rows = [Row("a"), Row("b", "refused"), Row("c", "broken"), Row("d")]
    assert sweeping.each(rows, act, "done") == {"done": 2, "failed": 2}


@pytest.mark.django_db
def test_when_its_time_is_over_it_stops_and_wakes_itself_for_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "BUDGET_SECONDS", -1.0)
    assert sweeping.each([Row("a")], act, "done", again="config.jobs.beat") == {"done": 0, "failed": 0}
    assert OrmQ.objects.count() == 1
