"""The leaderboard: only who wants to be on it, names shortened, equals on one place."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from audit.actors import SYSTEM, customer
from audit.models import Entry
from campaigns.models import Campaign
from customers import erasing
from referrals.models import Code, Referral
from referrals.voices import leaderboard as board
from tests.make import AT, make_customer
from tests.stories import issue_to, sign_up, verify


def bring(campaign: Campaign, name: str, friends: int, *, seen: bool = True) -> Code:
    """A customer who brought so many friends."""
    code = issue_to(make_customer(name), campaign)
    for number in range(friends):
        verify(sign_up(code, f"{name.split()[0]}{number} Friend"), at=AT + timedelta(minutes=number + 1))
    if seen:
        board.join_leaderboard(code=code, at=AT, by=customer(code.customer.reference))
    return code


@pytest.mark.django_db
def test_places_go_by_friends_who_qualified_and_equals_share_one(campaign: Campaign) -> None:
    bring(campaign, "Asha Rao", 1)
    bring(campaign, "Ben Okoro", 3)
    bring(campaign, "Chloe Dubois", 1)
    bring(campaign, "Dev Patel", 0)
    bring(campaign, "Eve Lund", 2, seen=False)
    assert [(rank.place, rank.name, rank.friends, rank.is_shared) for rank in board.leaderboard(campaign)] == [
        (1, "Ben O.", 3, False),
        (2, "Asha R.", 1, True),
        (2, "Chloe D.", 1, True),
    ]


@pytest.mark.django_db
def test_the_readers_own_line_is_there_even_far_down(campaign: Campaign) -> None:
    codes = [bring(campaign, f"Person{number} Lund", 2 if number < 2 else 1) for number in range(4)]
    ranks = board.leaderboard(campaign, reader=codes[3], most=2)
    assert [(rank.place, rank.is_reader) for rank in ranks] == [(1, False), (1, False), (3, True)]


@pytest.mark.django_db
def test_blocked_friends_do_not_count_and_revoked_codes_are_not_shown(campaign: Campaign) -> None:
    asha, ben = bring(campaign, "Asha Rao", 2), bring(campaign, "Ben Okoro", 1)
    first = Referral.objects.filter(code=asha).first()
    assert first is not None
    Referral.objects.filter(pk=first.pk).update(standing="blocked", standing_reason="Not real.")
    Code.objects.filter(pk=ben.pk).update(state="revoked")
    assert [(rank.name, rank.friends) for rank in board.leaderboard(campaign)] == [("Asha R.", 1)]


@pytest.mark.django_db
def test_who_leaves_or_is_erased_is_gone_and_joining_twice_is_told_once(campaign: Campaign) -> None:
    asha, ben = bring(campaign, "Asha Rao", 1), bring(campaign, "Ben Okoro", 0)
    for code in (asha, asha, ben):
        board.join_leaderboard(code=code, at=AT, by=customer(code.customer.reference))
    assert Entry.objects.filter(event="code.leaderboard_joined").count() == 2
    for _ in range(2):
        board.leave_leaderboard(code=asha, at=AT, by=customer(asha.customer.reference))
    assert board.leaderboard(campaign) == []
    assert Entry.objects.filter(event="code.leaderboard_left").count() == 1
    erasing.erase(customer=ben.customer, reason="Asked for it.", at=AT, by=SYSTEM)
    ben.refresh_from_db()
    assert ben.on_leaderboard_since is None


@pytest.mark.django_db
def test_nobody_puts_somebody_else_on_it(campaign: Campaign) -> None:
    code = bring(campaign, "Asha Rao", 0, seen=False)
    eve = customer(make_customer("Eve Lund").reference)
    for verb in (board.join_leaderboard, board.leave_leaderboard):
        with pytest.raises(PermissionDenied):
            verb(code=code, at=AT, by=eve)


@given(st.lists(st.integers(1, 5), max_size=20).map(lambda counts: sorted(counts, reverse=True)))
def test_a_place_is_one_more_than_how_many_have_more(counts: list[int]) -> None:
    assert board._places(counts) == [1 + sum(other > count for other in counts) for count in counts]
