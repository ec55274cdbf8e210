"""Whoever invites says beforehand what they would rather have; it is shown, promised and given from then on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from audit.actors import Actor, customer
from audit.models import Entry
from campaigns.models import Campaign
from campaigns.states import RewardKind
from customers.models import Customer
from equipment.states import LoanState
from notices.models import Notice
from referrals import wishing
from referrals.models import Code, Promise
from referrals.outcome import outcome_of
from referrals.refusals import ReferralRefused
from rewards import jobs, ledger, milestones
from rewards.models import Reward
from tests.make import AT, make_customer, make_model, make_pool, make_tier
from tests.portal.walking import inside
from tests.referrals.pages.conftest import browser, clock
from tests.stories import give, issue_to, sign_up, verify

__all__ = ["browser", "clock"]
pytestmark = pytest.mark.django_db
CREDIT, CAMERA = "25 EUR on your account", "Aero 7 camera, on loan for 14 days"


@pytest.fixture
def campaign(campaign: Campaign) -> Campaign:
    """A camera for whoever invites, or 25 EUR, as they like."""
    first = campaign.tiers.get(side="referrer")
    make_tier(campaign, kind=RewardKind.CREDIT, amount=25, cost=25, title=CREDIT, key="money", instead_of=first.key)
    return campaign


def wished(code: Code, tier: str, by: Actor) -> Code:
    return wishing.wish(code=code, tier=tier, at=AT, by=by)


def asked(code: Code) -> list[tuple[str, list[tuple[str, bool]], bool]]:
    choices = wishing.choices_of(Code.objects.get(pk=code.pk), at=AT)
    return [(one.occasion, [(option.gift, option.is_chosen) for option in one.options], one.is_wished) for one in choices]


def test_what_may_be_chosen_is_there_with_its_occasion_and_the_first_is_taken_as_long_as_nobody_chose(
    code: Code, herself: Actor
) -> None:
    assert asked(code) == [("For each friend", [(CAMERA, True), (CREDIT, False)], False)]
    wished(code, "money", herself)
    assert asked(code) == [("For each friend", [(CAMERA, False), (CREDIT, True)], True)]


def test_the_friend_is_shown_what_the_inviter_would_rather_have(
    client: Client, code: Code, herself: Actor, campaign: Campaign
) -> None:
    mine = campaign.tiers.get(side="referrer", instead_of="").key
    before = client.get(f"/r/{code.code}/").content.decode()
    wished(code, "money", herself)
    after = client.get(f"/r/{code.code}/").content.decode()
    assert CREDIT not in before and CREDIT in after
    assert [wording for wording in outcome_of(sign_up(code), at=AT).theirs] == [CREDIT]
    wished(code, mine, herself)
    assert CREDIT not in client.get(f"/r/{code.code}/").content.decode()


def test_a_kept_page_is_another_one_for_each_wish(
    browser: Client, code: Code, herself: Actor, campaign: Campaign, settings: Any
) -> None:
    settings.LANDING_KEPT_SECONDS = 60
    other = issue_to(make_customer("Chloe Lund"), campaign)
    assert CREDIT not in browser.get(f"/r/{code.code}/").content.decode()
    wished(code, "money", herself)
    for _ in range(2):
        assert CREDIT in browser.get(f"/r/{code.code}/").content.decode()
        assert CREDIT not in browser.get(f"/r/{other.code}/").content.decode()


def test_no_unit_is_held_for_somebody_who_would_rather_have_something_else(code: Code, herself: Actor) -> None:
    wished(code, "money", herself)
    referral = sign_up(code)
    assert {promise.side for promise in referral.promises.all()} == {"referee"}


def test_it_is_given_without_asking_again(code: Code, herself: Actor, asha: Customer) -> None:
    wished(code, "money", herself)
    give(verify(sign_up(code)))
    reward = Reward.objects.get(beneficiary=asha)
    assert (reward.tier.key, reward.choose_by, reward.amount, reward.state) == ("money", None, 25, "fulfilled")
    assert ledger.balance(asha, "credit", "EUR") == 25
    assert not Notice.objects.filter(kind="reward_choice").exists()


def test_who_wished_for_the_first_is_not_asked_again_either(code: Code, herself: Actor, asha: Customer, campaign: Campaign) -> None:
    wished(code, campaign.tiers.get(side="referrer", instead_of="").key, herself)
    give(verify(sign_up(code)))
    reward = Reward.objects.select_related("loan").get(beneficiary=asha)
    assert (reward.choose_by, reward.loan.state) == (None, LoanState.UNLOCKED)


def test_who_wished_for_nothing_is_asked_as_before(code: Code, asha: Customer) -> None:
    give(verify(sign_up(code)))
    assert Reward.objects.get(beneficiary=asha).choose_by == AT + timedelta(minutes=6, days=7)
    assert Notice.objects.filter(kind="reward_choice", customer=asha).exists()


def test_a_change_of_mind_before_the_friend_is_complete_gives_the_promised_unit_back(
    code: Code, herself: Actor, asha: Customer
) -> None:
    referral = sign_up(code)
    held = Promise.objects.select_related("loan").get(referral=referral, side="referrer")
    wished(code, "money", herself)
    give(verify(referral))
    held.loan.refresh_from_db()
    assert held.loan.state == LoanState.CANCELLED
    assert ledger.balance(asha, "credit", "EUR") == 25


def test_a_change_of_mind_towards_the_unit_finds_one_or_a_place_in_the_queue(
    code: Code, herself: Actor, asha: Customer, campaign: Campaign
) -> None:
    wished(code, "money", herself)
    referral = sign_up(code)
    wished(code, campaign.tiers.get(side="referrer", instead_of="").key, herself)
    give(verify(referral))
    reward = Reward.objects.select_related("loan").get(beneficiary=asha)
    assert reward.loan.state == LoanState.UNLOCKED


def test_rewards_that_are_there_are_not_changed_by_it(code: Code, herself: Actor, asha: Customer) -> None:
    give(verify(sign_up(code)))
    before = Reward.objects.filter(beneficiary=asha).values().get()
    wished(code, "money", herself)
    jobs.fulfil_approved_rewards(AT + timedelta(hours=1))
    assert Reward.objects.filter(beneficiary=asha).values().get() == before


def test_the_same_again_changes_nothing_and_each_change_is_on_the_trail(code: Code, herself: Actor) -> None:
    code.campaign.tiers.filter(key="money").update(title="40 EUR of credit")
    for _ in range(2):
        wished(code, "money", herself)
    (entry,) = Entry.objects.filter(event="code.wished")
    assert entry.sentence == "Would rather have “40 EUR of credit” where there is a choice."


@pytest.mark.parametrize("tier", ["", "nothing", "gift", "x" * 3000, "welcome"])
def test_what_is_not_offered_is_refused_in_words_and_what_was_kept_stays(
    code: Code, herself: Actor, campaign: Campaign, tier: str
) -> None:
    make_tier(campaign, side="referee", kind=RewardKind.CREDIT, amount=999, key="gift", nth=1)
    make_tier(campaign, kind=RewardKind.CREDIT, amount=999, key="welcome", nth=9)
    wished(code, "money", herself)
    with pytest.raises(ReferralRefused, match="not_a_choice"):
        wished(code, tier, herself)
    assert list(Code.objects.get(pk=code.pk).wishes.values()) == ["money"]


def test_nobody_wishes_for_somebody_else(code: Code) -> None:
    with pytest.raises(PermissionDenied):
        wished(code, "money", customer("cus_somebody"))


def test_a_choice_that_marketing_took_away_is_given_no_more(code: Code, herself: Actor, campaign: Campaign, asha: Customer) -> None:
    wished(code, "money", herself)
    campaign.tiers.filter(key="money").delete()
    assert asked(code) == []
    give(verify(sign_up(code)))
    assert Reward.objects.get(beneficiary=asha).kind == RewardKind.EQUIPMENT


def test_a_milestone_is_said_once_and_names_what_was_wished(code: Code, herself: Actor, campaign: Campaign) -> None:
    tent = make_pool(units=1, model=make_model("Tent")).model
    make_tier(campaign, equipment_model=tent, key="tent", nth=2, rhythm="once")
    make_tier(campaign, kind=RewardKind.CREDIT, amount=40, key="forty", title="40 EUR", nth=2, rhythm="once", instead_of="tent")
    verify(sign_up(code))
    assert [(one.kind, one.gives.key) for one in milestones.unsaid(at=AT + timedelta(hours=1))] == [("milestone_near", "tent")]
    wished(code, "forty", herself)
    (near,) = milestones.unsaid(at=AT + timedelta(hours=1))
    assert "40 EUR" in milestones.say(milestone=near, at=AT + timedelta(hours=1)).body_text
    assert milestones.unsaid(at=AT + timedelta(hours=1)) == []
    assert [choice.occasion for choice in wishing.choices_of(code, at=AT)] == ["For each friend", "For your friend number 2"]


def test_it_is_chosen_on_the_page_and_refused_there(code: Code, asha: Customer, as_page: Callable[[], str]) -> None:
    me = inside(asha)
    assert (
        "What would you rather have? For each friend" in as_page() and "If you choose nothing, we ask you each time." in as_page()
    )
    assert me.post(f"/my/share/{code.code}/wish/", {"tier": "money"}).status_code == 302
    assert 'value="money" checked' in as_page() and "without asking again" in as_page()
    wrong = me.post(f"/my/share/{code.code}/wish/", {"tier": "<script>"})
    assert wrong.status_code == 409
    assert "This cannot be chosen instead." in wrong.content.decode() and "<script>" not in wrong.content.decode()
    other = inside(make_customer("Eve Fox"))
    assert other.post(f"/my/share/{code.code}/wish/", {"tier": "money"}).status_code == 404


@pytest.fixture
def as_page(asha: Customer) -> Callable[[], str]:
    return lambda: inside(asha).get("/my/share/").content.decode()
