"""A simulated stretch of days: the same friends, with the promise book and without."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from campaigns.models import Campaign
from config.simulation import scratch, year
from config.simulation.calendar import Calendar
from config.simulation.fate import Fate, fates
from config.simulation.truth import Story, Tally, Truth
from config.simulation.year import START, Year
from customers.models import Customer
from tests.make import make_customer

DAY = timedelta(days=1)


def fate(**changes: object) -> Fate:
    values = {
        "number": 1, "joins": DAY, "confirms_after": DAY, "comes_after": DAY, "comes": True, "late": DAY, "ends": "fine", "away": DAY,
    }  # fmt: skip
    return Fate(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.django_db
def test_the_book_keeps_its_promises_where_a_look_at_the_shelf_does_not_and_counts_what_is_true() -> None:
    lived = []
    found = year.live(seed=3, days=60, units=4, progress=lambda: lived.append(1))
    assert found.is_honest and found.with_book.kept > 5
    assert (found.with_book.broken, found.with_book.kept_rate) == (0, 1.0)
    assert found.without.broken > 0
    assert found.with_book.friends == found.without.friends
    assert len(lived) == 120
    assert not Campaign.objects.exists() and not Customer.objects.exists(), "nothing of it stays"


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_figures_and_another_seed_other_ones() -> None:
    first, again, other = (year.live(seed=seed, days=20, units=3) for seed in (5, 5, 6))
    assert first == again != other


def test_friends_are_drawn_from_the_seed_alone_and_more_of_them_before_christmas() -> None:
    all_year = fates(seed=1, days=365)
    assert all_year == fates(seed=1, days=365) != fates(seed=2, days=365)
    assert [one.number for one in all_year] == list(range(1, len(all_year) + 1))
    many = fates(seed=1, days=365, per_week=70)
    busy = sum(305 * DAY <= one.joins < 365 * DAY for one in many) / 60
    quiet = sum(one.joins < 305 * DAY for one in many) / 305
    assert 1.3 < busy / quiet < 1.7


@pytest.mark.parametrize(
    ("said", "got", "kept", "broken"),
    [(5, 4, True, False), (5, 6, False, True), (5, None, False, True), (50, None, False, False), (None, 9, True, False)],
)
def test_a_promise_is_measured_by_what_was_said_and_what_they_got(said, got, kept, broken) -> None:
    story = Story(fate())
    story.confirm(START)
    story.say(START + said * DAY if said else None)
    story.got = START + got * DAY if got else None
    assert (story.is_kept(), story.is_broken(START + 20 * DAY)) == (kept, broken)


def test_whoever_did_not_do_their_part_cannot_be_let_down() -> None:
    for one in (fate(comes=False), fate(confirms_after=None)):
        story = Story(one, said=START, confirmed=START)
        assert not story.is_broken(START + DAY)
    late = Story(fate(), said=START)
    late.confirm(START + DAY)
    assert late.said is None
    late.say(START + 3 * DAY)
    late.say(START + 9 * DAY)
    assert late.said == START + 3 * DAY, "of two days the earlier one counts"


def test_a_year_in_which_nothing_was_promised_has_no_rate() -> None:
    assert Truth().tally(START) == Tally(0, 0, 0, 0, 0.0, 0.0)
    assert Truth().tally(START).kept_rate is None


def test_the_calendar_keeps_the_order_and_does_what_is_written_down_meanwhile() -> None:
    calendar, done = Calendar(), []
    calendar.later(START + DAY, lambda at: done.append("second"))
    calendar.later(START, lambda at: calendar.later(at, lambda then: done.append("first")))
    calendar.later(START + 3 * DAY, lambda at: done.append("never"))
    calendar.run_until(START + 2 * DAY)
    assert done == ["first", "second"]


@pytest.mark.django_db(transaction=True)
def test_a_scratch_database_stands_in_for_the_real_one_and_leaves_no_trace() -> None:
    make_customer()
    with scratch.database():
        assert connection.vendor == "sqlite" and not Customer.objects.exists()
        make_customer("Ben Okoro")
    assert [one.name for one in Customer.objects.all()] == ["Asha Rao"]


@pytest.fixture
def unrolled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command, in the database of the test."""

    @contextmanager
    def database() -> Iterator[None]:
        yield

    monkeypatch.setattr(scratch, "database", database)


@pytest.mark.django_db
def test_the_command_prints_both_years_side_by_side(unrolled: None) -> None:
    out = StringIO()
    call_command("simulate", "--days", "10", "--seed", "2", "--units", "3", stdout=out)
    assert "with the promise book" in out.getvalue() and "agrees with what happened" in out.getvalue()
    out = StringIO()
    call_command("simulate", "--days", "10", "--seed", "2", "--units", "3", "--json", stdout=out)
    assert json.loads(out.getvalue())["is_honest"] is True
    with pytest.raises(CommandError, match="at least one day"):
        call_command("simulate", "--days", "0")


@pytest.mark.django_db
def test_a_book_that_does_not_agree_with_the_truth_fails_the_command(unrolled: None, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = Tally(1, 1, 1, 0, 1.0, 1.0)
    monkeypatch.setattr(year, "live", lambda **how: Year(nothing, nothing, 0, 1))
    with pytest.raises(CommandError, match="does not agree"):
        call_command("simulate", "--days", "1", stdout=StringIO())
