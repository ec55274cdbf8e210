"""When news may arrive, by the clock of where the reader lives."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.countries import COUNTRIES
from notices.quiet_hours import is_open, opening
from notices.time_zones import zones_of

BERLIN = (ZoneInfo("Europe/Berlin"),)
_INSTANTS = st.integers(1_735_689_600, 1_830_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("2026-03-02T12:00", "2026-03-02T12:00"),
        ("2026-03-02T06:30", "2026-03-02T08:00"),
        ("2026-03-02T18:59", "2026-03-02T18:59"),
        ("2026-03-02T19:00", "2026-03-03T08:00"),
        ("2026-03-28T22:00", "2026-03-29T07:00"),  # the night the clocks go forward
    ],
)
def test_in_germany_news_waits_for_nine_o_clock(asked: str, answered: str) -> None:
    at = datetime.fromisoformat(asked).replace(tzinfo=UTC)
    assert opening(at, BERLIN, first=9, last=20) == datetime.fromisoformat(answered).replace(tzinfo=UTC)


def test_in_a_country_with_several_times_it_has_to_be_right_in_all_of_them() -> None:
    evening_in_hawaii = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)  # 16:00 in Honolulu, 21:00 in New York
    found = opening(evening_in_hawaii, zones_of("US"), first=9, last=20)
    assert found == datetime(2026, 3, 3, 19, 0, tzinfo=UTC)  # 9:00 in Honolulu, 14:00 in New York


@given(at=_INSTANTS, country=st.sampled_from(sorted(COUNTRIES)), first=st.integers(0, 11), span=st.integers(9, 12))
def test_what_is_put_off_arrives_within_two_days_and_never_in_a_quiet_hour(
    at: datetime, country: str, first: int, span: int
) -> None:
    zones = zones_of(country) or (ZoneInfo("UTC"),)
    found = opening(at, zones, first=first, last=first + span)
    assert at <= found <= at + timedelta(days=2)
    assert is_open(found, zones[:1], first=first, last=first + span)
    if is_open(at, zones, first=first, last=first + span):
        assert found == at


def test_every_country_has_its_time() -> None:
    assert {country for country in COUNTRIES if not zones_of(country)} <= {"BV", "HM"}, "nobody lives there"
