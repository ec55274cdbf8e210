"""Referrals, rewards, codes and campaigns at their screens."""

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from campaigns import recipes
from campaigns.models import Campaign
from referrals.models import Code, Referral
from rewards.models import Reward
from tests.admin.conftest import At
from tests.make import make_campaign, make_customer, make_pool
from tests.stories import give, issue_to, sign_up, verify


@pytest.fixture
def campaign(clock: At) -> Campaign:
    return make_campaign(pool=make_pool(units=3), approval="manual", both_sides=False)


@pytest.fixture
def code(campaign: Campaign) -> Code:
    return issue_to(make_customer("Asha Rao"), campaign)


@pytest.fixture
def referral(code: Code) -> Referral:
    return sign_up(code)


@pytest.fixture
def reward(referral: Referral) -> Reward:
    """A reward that waits for a person."""
    verify(referral)
    return give(referral)[0]


def make(client: Client, row: object, move: str, **data: object) -> str:
    meta = row._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_move", args=[row.pk, move])
    text = client.post(url, data, follow=True).content.decode()
    row.refresh_from_db()
    return text


def test_a_reward_is_approved_once(approver: Client, reward: Reward) -> None:
    assert reward.state == "held"
    assert "It goes out in a minute; until then you can undo it." in make(approver, reward, "approve", note="Looks right.")
    assert reward.state == "approved"
    assert "approver approved this reward on 2 Mar 2026, 12:10 UTC." in make(approver, reward, "approve", note="")
    assert Entry.objects.filter(event="reward.approved").count() == 1


def test_a_reward_is_declined_with_a_note_and_can_be_looked_at_again(approver: Client, reward: Reward) -> None:
    assert "This field is required." in make(approver, reward, "decline", note="")
    make(approver, reward, "decline", note="The friend was a customer already.")
    assert reward.state == "rejected"
    make(approver, reward, "reopen", reason="They were not.")
    assert reward.state == "held"


def test_several_rewards_are_chosen_on_the_list_and_summed_up_on_a_page_of_their_own(approver: Client, reward: Reward) -> None:
    data = {"move": "approve", "rows": [reward.pk]}
    page = approver.post(reverse("admin:rewards_reward_changelist"), data, follow=True)
    assert page.status_code == 200
    assert page.request["QUERY_STRING"] == f"item={reward.reference}"
    reward.refresh_from_db()
    assert reward.state == "held"


def test_a_campaign_editor_may_not_decide(signed_in_as, reward: Reward) -> None:
    editor = signed_in_as("Campaign editor")
    url = reverse("admin:rewards_reward_move", args=[reward.pk, "approve"])
    assert editor.post(url, {"note": ""}).status_code == 403
    list_url = reverse("admin:rewards_reward_changelist")
    assert editor.post(list_url, {"move": "approve", "rows": [reward.pk]}).status_code == 403
    reward.refresh_from_db()
    assert reward.state == "held"


def test_a_referral_is_verified_by_hand(manager: Client, referral: Referral) -> None:
    assert "The referral is now “qualified”." in make(manager, referral, "verify", how="called back")
    assert referral.referee.verified_at


def test_a_referral_is_flagged_cleared_and_blocked_with_reasons(approver: Client, referral: Referral) -> None:
    make(approver, referral, "flag", reason="Same street.")
    assert (referral.standing, referral.standing_reason) == ("flagged", "Same street.")
    make(approver, referral, "clear", reason="Neighbours.")
    assert referral.standing == "clear"
    assert "what was held for it is free" in make(approver, referral, "block", reason="Confirmed by both.")
    assert referral.standing == "blocked"
    assert "Confirmed by both." in approver.get(reverse("admin:referrals_referral_change", args=[referral.pk])).content.decode()


def test_a_code_is_paused_resumed_and_revoked(manager: Client, code: Code) -> None:
    for move, state in (("pause", "paused"), ("resume", "active"), ("revoke", "revoked")):
        make(manager, code, move, reason="Asked for it.")
        assert code.state == state


def test_codes_are_issued_from_the_page_of_the_campaign(manager: Client, campaign: Campaign) -> None:
    make_customer("Chloe Lund")
    text = make(manager, campaign, "issue-codes")
    assert "Got a code now" in text
    assert campaign.codes.count() == 1


def test_a_campaign_is_made_from_a_recipe_checked_changed_and_run(manager: Client) -> None:
    assert manager.get(reverse("admin:campaigns_campaign_add"))["Location"] == reverse("admin:campaign_start")
    campaign = make_campaign(state="draft", launched_at=None, slug="summer")
    text = manager.get(reverse("admin:campaigns_campaign_change", args=[campaign.pk])).content.decode()
    assert "No customer qualifies as a referrer." in text
    assert "No customer qualifies as a referrer." in make(manager, campaign, "launch", reason="")
    assert campaign.state == "draft"

    make_customer()
    recipe = recipes.dump(campaign).replace("Bring a friend, borrow a camera", "Bring two friends")
    make(manager, campaign, "recipe", recipe=recipe)
    assert campaign.headline == "Bring two friends"


@pytest.mark.parametrize("text", ["[campaign", "", "[campaign]\nslug = 1"])
def test_a_recipe_that_cannot_be_read_is_explained_and_kept(manager: Client, campaign: Campaign, text: str) -> None:
    url = reverse("admin:campaigns_campaign_move", args=[campaign.pk, "recipe"])
    response = manager.post(url, {"recipe": text})
    assert response.status_code == 422


def test_a_campaign_is_paused_resumed_and_ended(manager: Client, campaign: Campaign) -> None:
    for move, state in (("pause", "paused"), ("resume", "live"), ("end", "ended"), ("archive", "archived")):
        make(manager, campaign, move, reason="Stock-taking.")
        assert campaign.state == state


def test_a_campaign_editor_changes_the_recipe_but_launches_nothing(signed_in_as, clock: At) -> None:
    editor = signed_in_as("Campaign editor")
    campaign = make_campaign(state="draft", launched_at=None, slug="summer")
    make(editor, campaign, "recipe", recipe=recipes.dump(campaign).replace("borrow a camera", "borrow a lens"))
    assert campaign.headline.endswith("borrow a lens")
    assert editor.post(reverse("admin:campaigns_campaign_move", args=[campaign.pk, "launch"])).status_code == 403
