"""The promise book on the pages of a campaign and of its equipment."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import Campaign
from desk.columns import page_of
from equipment.models import Pool
from referrals.models import Promise
from tests.make import AT, make_campaign, make_customer, make_pool
from tests.stories import issue_to, sign_up


@pytest.fixture
def pool(clock: object) -> Pool:
    return make_pool(units=1)


@pytest.fixture
def campaign(pool: Pool) -> Campaign:
    return make_campaign(pool=pool, both_sides=False, slug="spring")


def read(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_tab_says_where_every_promise_stands_and_what_can_be_promised(manager: Client, campaign: Campaign) -> None:
    url = reverse("admin:campaign_promises", args=["spring"])
    assert "This campaign has promised nothing yet." in read(manager, url)
    code = issue_to(make_customer(), campaign)
    first = sign_up(code)
    waiting = sign_up(code, "Chloe Lund", AT + timedelta(minutes=1))
    words = read(manager, url)
    assert "<b>1</b> Open" in words and "<b>1</b> In the queue" in words
    assert first.reference in words and waiting.reference in words
    only = read(manager, f"{url}?standing=waitlisted")
    assert waiting.reference in only and first.reference not in only
    assert "No promise of this campaign stands there." in read(manager, f"{url}?standing=kept")


def test_the_tab_names_people_only_to_those_who_may_see_them(signed_in_as, manager: Client, campaign: Campaign) -> None:
    asha = make_customer("Asha Rao")
    sign_up(issue_to(asha, campaign))
    url = reverse("admin:campaign_promises", args=["spring"])
    assert "Asha Rao" in read(manager, url)
    assert signed_in_as("Handover desk").get(url).status_code == 403


def test_the_pages_of_a_pool_and_a_model_show_who_promised_from_them(manager: Client, campaign: Campaign, pool: Pool) -> None:
    assert "No campaign has promised anything of this." in read(manager, page_of(pool))
    sign_up(issue_to(make_customer(), campaign))
    for row in (pool, pool.model):
        words = read(manager, page_of(row))
        assert "Promise book" in words and reverse("admin:campaign_promises", args=["spring"]) in words


def test_the_tiers_say_what_a_friend_who_joined_now_would_meet(manager: Client, campaign: Campaign) -> None:
    url = reverse("admin:campaign_tiers", args=["spring"])
    assert "1 free now." in read(manager, url)
    sign_up(issue_to(make_customer(), campaign))
    assert "None free today; who joins now is number 1 in the queue." in read(manager, url)


@pytest.fixture
def at_risk(campaign: Campaign, pool: Pool) -> Promise:
    """A promise whose only unit has left service."""
    promise = sign_up(issue_to(make_customer(), campaign)).promises.get()
    pool.units.update(service="repair")
    return promise


def fix_url(promise: Promise, fix: str, pool: Pool) -> str:
    return reverse("admin:promise_fix", args=[promise.pk, fix, pool.pk])


def test_the_board_names_the_promise_that_breaks_with_a_link_for_each_fix(manager: Client, at_risk: Promise) -> None:
    bonn = make_pool(units=1, model=at_risk.loan.pool.model, place="Bonn")
    drones = make_pool(units=1)
    words = read(manager, reverse("admin:promises_at_risk"))
    assert "0 units are in service, and 1 are out or promised" in words
    assert fix_url(at_risk, "swap", bonn) in words and fix_url(at_risk, "substitute", drones) in words
    assert "Invite nobody until then" in words


def test_a_promise_is_served_from_elsewhere_after_a_confirmation(manager: Client, at_risk: Promise) -> None:
    bonn = make_pool(units=1, model=at_risk.loan.pool.model, place="Bonn")
    url = fix_url(at_risk, "swap", bonn)
    assert "Nothing has happened yet." in read(manager, url)
    assert manager.post(url, {"reason": ""}).status_code == 422
    assert manager.post(url, {"reason": "Bonn has one."}, follow=True).status_code == 200
    at_risk.loan.refresh_from_db()
    assert at_risk.loan.pool == bonn
    assert "Every promise can be kept" in read(manager, reverse("admin:promises_at_risk"))


def test_a_substitute_is_offered_with_a_reason_and_shown_on_the_board(manager: Client, at_risk: Promise) -> None:
    drones = make_pool(units=1)
    url = fix_url(at_risk, "substitute", drones)
    manager.post(url, {"reason": "Yours broke.", "days": "4"})
    assert at_risk.offers.get().reason == "Yours broke."
    assert "Offered instead" in read(manager, reverse("admin:promises_at_risk"))
    again = manager.post(fix_url(at_risk, "substitute", make_pool(units=1)), {"reason": "Yours broke.", "days": "4"})
    assert again.status_code == 409 and "waits for an answer" in again.content.decode()


def test_a_fix_is_only_for_those_who_may_make_it_and_only_where_it_makes_sense(
    eve: Client, manager: Client, at_risk: Promise
) -> None:
    drones = make_pool(units=1)
    assert "Invite nobody until then" in read(eve, reverse("admin:promises_at_risk"))
    assert eve.get(fix_url(at_risk, "substitute", drones)).status_code == 403
    assert eve.post(fix_url(at_risk, "swap", drones), {"reason": "x"}).status_code == 403
    assert manager.get(fix_url(at_risk, "nothing", drones)).status_code == 404


def test_the_answer_to_a_substitute_is_recorded_on_the_page_of_the_loan(manager: Client, at_risk: Promise) -> None:
    drones = make_pool(units=1)
    loan = at_risk.loan
    assert "The customer takes the substitute" not in read(manager, page_of(loan))
    manager.post(fix_url(at_risk, "substitute", drones), {"reason": "Yours broke.", "days": "4"})
    words = read(manager, page_of(loan))
    assert "The customer takes the substitute" in words and "Yours broke." in words
    manager.post(reverse("admin:equipment_loan_move", args=[loan.pk, "accept-substitute"]))
    loan.refresh_from_db()
    assert loan.pool == drones
    again = manager.post(reverse("admin:equipment_loan_move", args=[loan.pk, "decline-substitute"]), follow=True)
    assert "This offer is over." in again.content.decode()
