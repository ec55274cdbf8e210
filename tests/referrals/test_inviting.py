"""Inviting customers who have a code: as many as can be served, once each, and only who wants news."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from audit.actors import SYSTEM
from campaigns.models import Campaign
from customers import consenting
from equipment.models import Pool
from notices.models import Notice
from referrals import inviting
from referrals.invitations import NO_LIMIT, careful_share, how_many, most_open
from referrals.models import Code
from referrals.refusals import ReferralRefused
from tests.make import AT, make_campaign, make_customer, make_pool
from tests.stories import issue_to, sign_up, verify


@pytest.mark.parametrize(
    ("units", "share", "risk", "most"),
    [
        (5, 0.2, 0.05, 14), (5, 0.2, 0.01, 10), (3, 0.1, 0.05, 14), (10, 0.15, 0.05, 43), (10, 0.5, 0.05, 14), (12, 0.3, 0.05, 28),
        (1, 0.05, 0.05, 7), (5, 1.0, 0.05, 5), (0, 0.2, 0.05, 0),
    ],
)  # fmt: skip
def test_so_many_may_be_open_that_hardly_ever_more_accept_than_there_are_units(units, share, risk, most) -> None:
    assert most_open(units, share, risk) == most


@given(st.integers(0, 12), st.floats(0.05, 1), st.floats(0.01, 0.3))
def test_one_unit_more_never_allows_fewer_and_a_likelier_yes_never_more(units: int, share: float, risk: float) -> None:
    most = most_open(units, share, risk)
    assert units <= most <= most_open(units + 1, share, risk)
    assert most_open(units, min(share * 1.2, 1.0), risk) <= most


def test_units_that_may_come_back_count_with_their_probability() -> None:
    assert how_many([0.9, 0.5, 0.2]) == pytest.approx([0.04, 0.41, 0.46, 0.09])
    assert most_open(1, 0.2, 0.05, returns=[0.9, 0.5, 0.2]) == 5
    assert most_open(1, 0.2, 0.0622, returns=[0.9, 0.5, 0.2]) == 5
    assert most_open(1, 0.2, 0.0623, returns=[0.9, 0.5, 0.2]) == 6
    assert most_open(1, 0.2, 0.05, returns=[1, 1]) == most_open(3, 0.2, 0.05)


def test_a_friend_may_take_two_units_and_who_waits_comes_first() -> None:
    assert most_open(10, 0.2, 0.05, each=2) == most_open(11, 0.2, 0.05, each=2) == 14
    assert most_open(-2, 0.2, 0.05) == 0
    assert most_open(-2, 0.2, 0.05, returns=[1.0] * 7) == 14


def test_the_fewer_invitations_say_it_the_more_careful_is_the_share() -> None:
    assert careful_share(0, 0) == 1
    assert careful_share(2, 10) > careful_share(20, 100) > careful_share(200, 1000) > 0.2
    assert careful_share(10, 10) == 1


@pytest.fixture
def pool(db: None) -> Pool:
    """Six cameras: enough for three friends and who brought them."""
    return make_pool(units=6)


@pytest.fixture
def campaign(pool: Pool) -> Campaign:
    return make_campaign(pool=pool)


def make_code(campaign: Campaign, *, wants_news: bool | None = True) -> Code:
    customer = make_customer()
    if wants_news is not None:
        consent(customer, is_given=wants_news)
    return issue_to(customer, campaign)


def consent(customer, *, is_given: bool, at=AT) -> None:
    consenting.record_consent(
        customer=customer, channel="email", purpose="marketing", is_given=is_given, how="form", at=at, by=SYSTEM
    )


def invited() -> set[str]:
    return set(Notice.objects.filter(kind="invitation", state="queued").values_list("about", flat=True))


def test_without_any_experience_everybody_is_expected_to_come(campaign: Campaign) -> None:
    for _ in range(8):
        make_code(campaign)
    now = inviting.meter(campaign, at=AT)
    assert (now.units, now.share, now.most, now.open, now.ready, now.allowed) == (3, 1.0, 3, 0, 8, 3)
    assert inviting.invite(campaign=campaign, most=100, at=AT, by=SYSTEM) == 3
    with pytest.raises(ReferralRefused, match="3 invitations are open; with units for 3 more friends"):
        inviting.invite(campaign=campaign, most=100, at=AT, by=SYSTEM)
    assert len(invited()) == 3


def test_an_invitation_that_led_to_nobody_for_a_month_makes_room(campaign: Campaign) -> None:
    for _ in range(8):
        make_code(campaign)
    inviting.invite(campaign=campaign, most=100, at=AT, by=SYSTEM)
    assert inviting.meter(campaign, at=AT + timedelta(days=29)).open == 3
    later = inviting.meter(campaign, at=AT + timedelta(days=31))
    assert (later.open, later.ready) == (0, 5)


def test_a_verified_friend_closes_the_invitation_and_is_learned_from(campaign: Campaign) -> None:
    code = make_code(campaign)
    inviting.invite(campaign=campaign, most=1, at=AT, by=SYSTEM)
    verify(sign_up(code))
    assert inviting.meter(campaign, at=AT).open == 0
    later = inviting.meter(campaign, at=AT + timedelta(days=15))
    assert later.share == careful_share(1, 1)


def test_a_month_without_anybody_makes_it_bolder(campaign: Campaign) -> None:
    for _ in range(30):
        make_code(campaign)
    inviting.invite(campaign=campaign, most=3, at=AT, by=SYSTEM)
    later = inviting.meter(campaign, at=AT + timedelta(days=31))
    assert later.share == careful_share(0, 3) < 0.4
    assert later.most > 3


def test_only_who_wants_news_has_a_working_code_and_was_not_invited_is(campaign: Campaign) -> None:
    wanting = make_code(campaign)
    make_code(campaign, wants_news=False)
    make_code(campaign, wants_news=None)
    changed_mind = make_code(campaign)
    consent(changed_mind.customer, is_given=False, at=AT + timedelta(hours=1))
    Code.objects.filter(pk=make_code(campaign).pk).update(state="revoked")
    make_code(make_campaign())
    assert [code.pk for code in inviting.ready(campaign)] == [wanting.pk]
    inviting.invite(campaign=campaign, most=10, at=AT, by=SYSTEM)
    assert not inviting.ready(campaign).exists()


def test_the_invitation_carries_the_link_the_gift_the_terms_and_the_way_out(campaign: Campaign) -> None:
    code = make_code(campaign)
    inviting.invite(campaign=campaign, most=1, at=AT, by=SYSTEM)
    text = Notice.objects.get(kind="invitation").body_text
    for words in (
        code.code,
        code.get_absolute_url(),
        "Aero 7 camera, on loan for 14 days",
        "/terms/campaign-terms/1/",
        "/unsubscribe/",
    ):
        assert words in text


def test_a_campaign_that_lends_nothing_may_invite_all(db: None) -> None:
    campaign = make_campaign(both_sides=False)
    campaign.tiers.update(kind="credit", equipment_model=None, amount=10)
    make_code(campaign)
    now = inviting.meter(campaign, at=AT)
    assert (now.units, now.most, now.allowed) == (None, NO_LIMIT, 1)
    assert "lends nothing" in now.sentence


def test_a_campaign_that_is_not_live_invites_nobody(campaign: Campaign) -> None:
    make_code(campaign)
    Campaign.objects.filter(pk=campaign.pk).update(state="paused")
    with pytest.raises(ReferralRefused, match="Only a live campaign invites"):
        inviting.invite(campaign=campaign, most=1, at=AT, by=SYSTEM)


def test_the_command_says_how_things_stand_and_invites(campaign: Campaign) -> None:
    make_code(campaign)
    out = StringIO()
    call_command("invite", campaign.slug, "--dry-run", stdout=out)
    assert "1 customers with a code want news" in out.getvalue() and not invited()
    call_command("invite", campaign.slug, stdout=out)
    assert "Invited: 1." in out.getvalue() and len(invited()) == 1
    with pytest.raises(CommandError, match="There is no campaign “nothing”"):
        call_command("invite", "nothing")
