"""Milestones are told when they are near and when they are reached, each once."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.actors import SYSTEM
from campaigns.models import Campaign, Tier
from campaigns.states import RewardKind, Rhythm
from customers.consenting import record_consent
from notices.models import Notice
from rewards import jobs
from rewards.milestones import goal_after, near_within
from tests.make import AT, make_campaign, make_customer, make_tier
from tests.stories import issue_to, sign_up, verify

KINDS = ("milestone_near", "milestone_reached")


def ladder(**changes: object) -> Campaign:
    """A campaign that gives 50 EUR at the third friend."""
    campaign = make_campaign(both_sides=False)
    make_tier(campaign, kind=RewardKind.CREDIT, amount=50, nth=3, **{"rhythm": Rhythm.ONCE, "title": "50 EUR", **changes})
    return campaign


def said() -> list[tuple[str, str]]:
    return list(Notice.objects.filter(kind__in=KINDS).order_by("pk").values_list("kind", "subject"))


@pytest.mark.django_db
def test_two_friends_are_near_three_and_three_are_there_and_each_is_said_once() -> None:
    asha = make_customer()
    record_consent(customer=asha, channel="email", purpose="marketing", is_given=True, how="a box", at=AT, by=SYSTEM)
    code = issue_to(asha, ladder())
    for n, name in enumerate(("Ben", "Chloe", "Dev", "Finn")):
        at = AT + timedelta(hours=n)
        verify(sign_up(code, f"{name} Okoro", at=at), at=at)
        for _ in range(2):
            jobs.tell_milestones(at + timedelta(minutes=1))
    assert said() == [("milestone_near", "You are close: 50 EUR"), ("milestone_reached", "You made it: 50 EUR")]
    near, reached = Notice.objects.filter(kind__in=KINDS).order_by("pk")
    assert "One more friend, and this is yours: 50 EUR" in near.body_text
    assert "3 friends have joined through you" in reached.body_text
    assert (near.is_marketing, reached.is_marketing) == (True, False)


@pytest.mark.django_db
def test_the_rungs_of_a_campaign_are_asked_for_once_however_many_refer(django_assert_num_queries) -> None:
    campaign = ladder()
    for number in range(3):
        verify(sign_up(issue_to(make_customer(), campaign), f"Friend{number} Okoro"))
    with django_assert_num_queries(2):
        jobs.tell_milestones(AT + timedelta(hours=1))


@pytest.mark.django_db
def test_friends_who_came_while_nothing_ran_lead_to_one_message() -> None:
    asha = make_customer(language="de")
    code = issue_to(asha, ladder())
    for name in ("Ben", "Chloe", "Dev"):
        verify(sign_up(code, f"{name} Okoro"))
    jobs.tell_milestones(AT + timedelta(hours=1))
    assert said() == [("milestone_reached", "Geschafft: 50 EUR")]
    jobs.tell_milestones(AT + timedelta(days=9))
    assert len(said()) == 1


def tier(nth: int, rhythm: str) -> Tier:
    return Tier(nth=nth, rhythm=rhythm)


@pytest.mark.parametrize(
    ("nth", "rhythm", "friends", "goal"),
    [
        (3, Rhythm.ONCE, 2, 3),
        (3, Rhythm.ONCE, 3, 3),
        (3, Rhythm.ONCE, 4, None),
        (3, Rhythm.EVERY, 4, 6),
        (3, Rhythm.EVERY, 6, 6),
        (1, Rhythm.EVERY, 1, None),
        (3, Rhythm.EACH, 2, None),
    ],
)
def test_the_next_goal_of_a_tier(nth: int, rhythm: str, friends: int, goal: int | None) -> None:
    assert goal_after(tier(nth, rhythm), friends) == goal


@given(nth=st.integers(2, 50), friends=st.integers(1, 500))
def test_a_goal_is_never_behind_and_never_further_than_one_round(nth: int, friends: int) -> None:
    goal = goal_after(tier(nth, Rhythm.EVERY), friends)
    assert goal is not None
    assert friends <= goal < friends + nth
    assert 1 <= near_within(goal) <= max(1, goal)
