"""The promise book on the pages of a campaign and of its equipment."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import Campaign
from desk.columns import page_of
from equipment.models import Pool
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
