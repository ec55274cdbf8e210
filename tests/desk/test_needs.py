"""What waits, most urgent first, with how long the oldest has waited."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, User

from campaigns.models import Campaign
from desk import needs
from desk.needs import Need, how_long, need_of, needs_of
from tests.make import AT, make_campaign


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> dict:
    """Only what the test registers."""
    known: dict = {}
    monkeypatch.setattr(needs, "_registered", known)
    return known


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (-5, "less than a minute"),
        (0.9, "less than a minute"),
        (1, "1 minute"),
        (119, "119 minutes"),
        (120, "2 hours"),
        (47 * 60, "47 hours"),
        (48 * 60, "2 days"),
        (60 * 24 * 1234, "1,234 days"),
    ],
)
def test_a_span_is_said_roughly(minutes: float, said: str) -> None:
    assert how_long(timedelta(minutes=minutes)) == said


def test_what_is_urgent_comes_first_and_what_does_not_wait_is_left_out(registered: dict) -> None:
    for name, need in {
        "info": Need(1, "a", "/", "info"),
        "none": Need(0, "b", "/", "bad"),
        "bad": Need(2, "c", "/", "bad"),
    }.items():
        needs.register(name, lambda at, need=need: need, permission="app.may")
    root = User(is_superuser=True, is_active=True)
    assert [need.label for need in needs_of(root, at=AT)] == ["c", "a"]


def test_nothing_is_said_to_those_who_can_do_nothing_about_it(registered: dict) -> None:
    needs.register("one", lambda at: Need(1, "a", "/"), permission="app.may")
    assert needs_of(AnonymousUser(), at=AT) == []


def test_the_age_of_the_oldest_is_told_in_the_words_of_the_need(registered: dict) -> None:
    needs.register("one", lambda at: Need(1, "a", "/", oldest=AT - timedelta(days=6)), permission="app.may")
    needs.register("two", lambda at: Need(1, "b", "/", oldest=AT, oldest_words="longest by {age}"), permission="app.may")
    root = User(is_superuser=True, is_active=True)
    assert [need.note for need in needs_of(root, at=AT + timedelta(days=1))] == ["the oldest for 7 days", "longest by 24 hours"]


@pytest.mark.django_db
def test_rows_that_wait_are_counted_with_their_oldest() -> None:
    for days in (3, 9):
        make_campaign(created_at=AT - timedelta(days=days))
    need = need_of(Campaign.objects.all(), "Campaigns", "/", since="created_at")
    assert (need.count, need.oldest) == (2, AT - timedelta(days=9))
    nothing = need_of(Campaign.objects.none(), "Campaigns", "/", since="created_at")
    assert (nothing.count, nothing.oldest) == (0, None)
