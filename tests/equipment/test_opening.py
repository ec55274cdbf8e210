"""Days of a place."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from equipment.opening import Opening

BERLIN = Opening("Europe/Berlin")
WEEKDAYS = Opening("Europe/Berlin", "1111100")


def test_a_day_belongs_to_the_place_and_not_to_utc() -> None:
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    assert BERLIN.day(late) == date(2026, 3, 3)
    assert Opening("America/New_York").day(late) == date(2026, 3, 2)


def test_a_loan_is_due_at_the_local_midnight_after_its_last_day() -> None:
    assert BERLIN.after(datetime(2026, 3, 2, 12, tzinfo=UTC), days=3) == datetime(2026, 3, 5, 23, tzinfo=UTC)


def test_summer_time_does_not_move_the_due_hour() -> None:
    due_at = BERLIN.after(datetime(2026, 3, 27, 12, tzinfo=UTC), days=4)
    assert due_at == datetime(2026, 3, 31, 22, tzinfo=UTC)
    assert BERLIN.last_day(due_at) == date(2026, 3, 31)


def test_what_ends_on_a_closed_day_ends_on_the_next_open_day() -> None:
    friday = datetime(2026, 3, 6, 12, tzinfo=UTC)
    assert WEEKDAYS.last_day(WEEKDAYS.after(friday, days=1)) == date(2026, 3, 9)


def test_turnaround_counts_open_days_only() -> None:
    back_on_thursday = datetime(2026, 3, 5, 15, tzinfo=UTC)
    assert WEEKDAYS.last_day(WEEKDAYS.free_again(back_on_thursday, turnaround_days=2)) == date(2026, 3, 9)


def test_without_turnaround_a_unit_is_free_at_once() -> None:
    back_at = datetime(2026, 3, 5, 15, tzinfo=UTC)
    assert WEEKDAYS.free_again(back_at, turnaround_days=0) == back_at


openings = st.builds(
    Opening,
    st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Auckland", "America/St_Johns", "Africa/Cairo"]),
    st.text("01", min_size=7, max_size=7).filter(lambda days: "1" in days),
)
instants = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (hypothesis wants naive bounds)


@given(openings, instants, st.timedeltas(timedelta(0), timedelta(days=40)), st.integers(0, 30), st.integers(0, 5))
def test_acting_earlier_never_ends_later(opening: Opening, first: datetime, later: timedelta, days: int, turnaround: int) -> None:
    second = first + later
    assert opening.after(first, days=days) <= opening.after(second, days=days)
    assert opening.free_again(first, turnaround_days=turnaround) <= opening.free_again(second, turnaround_days=turnaround)
    assert opening.is_open(opening.last_day(opening.after(first, days=days)))
    assert opening.after(first, days=days) > first
