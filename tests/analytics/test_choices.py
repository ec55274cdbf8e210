"""What an address chooses, and what becomes of nonsense in it."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from analytics.choices import LONGEST, OWN, choose
from campaigns.models import Campaign

AT = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
SUMMER = Campaign(slug="summer", name="Summer", time_zone="Europe/Berlin")
WINTER = Campaign(slug="winter", name="Winter", time_zone="America/Lima")


def test_an_empty_address_shows_the_last_30_days_of_all_campaigns() -> None:
    choice = choose({}, [SUMMER, WINTER], at=AT)
    assert (choice.campaign, choice.words, choice.days.zone, choice.problems) == (None, "last 30 days", "UTC", [])
    assert (choice.days.first, choice.days.last) == (date(2026, 10, 24), date(2026, 11, 22))


def test_days_are_those_of_the_chosen_campaign_or_of_the_zone_that_all_share() -> None:
    assert choose({"campaign": "winter"}, [SUMMER, WINTER], at=AT).days.zone == "America/Lima"
    assert choose({}, [SUMMER], at=AT).days.zone == "Europe/Berlin"
    assert choose({}, [], at=AT).days.zone == "UTC"


@pytest.mark.parametrize("step", ["7", "30", "90"])
def test_a_step_is_so_many_days_up_to_today(step: str) -> None:
    choice = choose({"span": step}, [SUMMER], at=AT)
    assert (choice.days.length, choice.days.last, choice.step) == (int(step), date(2026, 11, 22), step)
    assert choice.words_before == f"the {step} days before"


def test_own_days_are_taken_also_without_the_word_for_them() -> None:
    for query in ({"span": "own", "first": "2026-11-01", "last": "2026-11-01"}, {"first": "2026-11-01", "last": "2026-11-01"}):
        choice = choose(query, [SUMMER], at=AT)
        assert (choice.step, choice.words, choice.words_before) == (OWN, "1 Nov 2026 to 1 Nov 2026", "the day before")


def test_days_to_come_are_left_out() -> None:
    choice = choose({"first": "2026-11-20", "last": "2026-12-24"}, [SUMMER], at=AT)
    assert (choice.days.last, choice.problems) == (date(2026, 11, 22), [])


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"span": "31"}, "“31” is no period."),
        ({"span": "own"}, "The first day is missing."),
        ({"first": "2026-11-01"}, "The last day is missing."),
        ({"first": "yesterday", "last": "2026-11-01"}, "“yesterday” is no day; write it like 2026-11-22."),
        ({"first": "2026-02-30", "last": "2026-11-01"}, "“2026-02-30” is no day"),
        ({"first": "2026-11-09", "last": "2026-11-01"}, "The last day, 1 Nov 2026, is before the first, 9 Nov 2026."),
        ({"first": "2027-01-01", "last": "2027-02-01"}, "The first day, 1 Jan 2027, has not come yet."),
        ({"first": "2024-01-01", "last": "2026-11-01"}, f"A period has at most {LONGEST} days."),
        ({"first": "0001-01-01", "last": "0001-01-02"}, "not between the years 2000 and 2100"),
    ],
)
def test_days_that_cannot_be_used_fall_back_with_a_word(query: dict[str, str], said: str) -> None:
    choice = choose(query, [SUMMER], at=AT)
    assert choice.step == "30" and choice.days.length == 30
    assert said in choice.problems[0] and choice.problems[0].endswith("You see the last 30 days.")


def test_an_unknown_campaign_falls_back_to_all_with_a_word() -> None:
    choice = choose({"campaign": "gone", "span": "7"}, [SUMMER], at=AT)
    assert (choice.campaign, choice.step) == (None, "7")
    assert choice.problems == ["There is no campaign “gone”. You see all campaigns."]


@given(some.dictionaries(some.sampled_from(["campaign", "span", "first", "last"]), some.text() | some.dates().map(str)))
def test_whatever_the_address_says_some_days_are_shown(query: dict[str, str]) -> None:
    choice = choose(query, [SUMMER, WINTER], at=AT)
    assert 1 <= choice.days.length <= LONGEST
    assert choice.days.last <= date(2026, 11, 22)
    assert all(len(problem) < 200 for problem in choice.problems)
