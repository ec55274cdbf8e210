"""The head of a campaign's pages: where it stands, what fits now, and what each move asks and says."""

from datetime import timedelta

import pytest
from django.test import Client

from audit.models import Entry
from campaigns import recipes
from campaigns.models import Campaign
from tests.admin.conftest import As
from tests.make import AT, make_campaign, make_customer, make_pool
from tests.stories import issue_to, sign_up

PAGE = "/admin/campaigns/spring/"


@pytest.fixture(autouse=True)
def campaign(clock: object) -> Campaign:
    """A live campaign; tests put it where they need it."""
    return make_campaign(pool=make_pool(), slug="spring", name="Spring", ends_at=AT + timedelta(days=12))


def put(campaign: Campaign, state: str, **changes: object) -> None:
    is_new = state in ("draft", "scheduled")
    launched = {"launched_at": None} if is_new else {}
    Campaign.objects.filter(pk=campaign.pk).update(state=state, **{**launched, **changes})


def head(client: Client):
    return client.get(f"{PAGE}set-up/").context["head"]


@pytest.mark.parametrize(
    ("state", "first"),
    [("draft", "Launch now"), ("scheduled", "Launch now"), ("live", "Pause"), ("paused", "Resume"), ("ended", "Archive")],
)
def test_one_action_fits_each_state(manager: Client, campaign: Campaign, state: str, first: str) -> None:
    put(campaign, state)
    assert head(manager).primary.label == first


def test_an_archived_campaign_offers_copies_only(manager: Client, campaign: Campaign) -> None:
    put(campaign, "archived")
    assert head(manager).primary is None
    assert "Clone" in [action.label for action in head(manager).others]


def test_the_head_says_how_long_it_lasts(manager: Client, campaign: Campaign) -> None:
    assert "12 days left" in manager.get(f"{PAGE}set-up/").content.decode()
    put(campaign, "scheduled", starts_at=AT + timedelta(days=3))
    assert "Starts in 3 days" in manager.get(f"{PAGE}set-up/").content.decode()


def test_the_page_of_the_row_is_the_first_tab_under_the_same_head(manager: Client, campaign: Campaign) -> None:
    words = manager.get(f"/admin/campaigns/campaign/{campaign.pk}/change/").content.decode()
    assert 'aria-current="page">Overview</a>' in words
    assert "12 days left" in words
    assert "A promised unit is kept for 14 days." in words, "it says the campaign in short"
    assert f'<a href="{PAGE}tiers/">Go to Tiers</a>' in words
    assert manager.get(f"{PAGE}overview/")["Location"] == f"/admin/campaigns/campaign/{campaign.pk}/change/"


def test_a_launch_says_all_that_is_missing_at_once_each_with_the_way_to_mend_it(manager: Client, campaign: Campaign) -> None:
    put(campaign, "draft", campaign_terms=None)
    campaign.tiers.filter(side="referee").delete()
    page = manager.get(f"{PAGE}do/launch/")
    ways = {one.check.code: one.url for one in page.context["missing"]}
    assert ways["terms"] == f"{PAGE}terms/"
    assert ways["tiers"] == f"{PAGE}tiers/"
    answer = manager.post(f"{PAGE}do/launch/", {"reason": "Go"})
    assert answer.status_code == 409
    campaign.refresh_from_db()
    assert campaign.state == "draft"


def test_a_launch_puts_it_live_and_a_second_click_does_no_harm(manager: Client, campaign: Campaign) -> None:
    put(campaign, "draft", ends_at=None)
    make_customer()
    for kind in ("terms",):
        assert kind not in {one.check.code for one in manager.get(f"{PAGE}do/launch/").context["missing"]}
    first = manager.post(f"{PAGE}do/launch/", {"reason": ""}, follow=True)
    missing = first.context.get("missing")
    assert not missing, [one.check.sentence for one in missing or []]
    campaign.refresh_from_db()
    assert campaign.state == "live"
    assert manager.post(f"{PAGE}do/launch/", {"reason": ""}).status_code == 409
    assert Entry.objects.filter(subject_reference="spring", event="campaign.launched").count() == 1


def test_a_pause_asks_for_the_reason_that_colleagues_read(manager: Client, campaign: Campaign) -> None:
    words = manager.get(f"{PAGE}do/pause/").content.decode()
    assert "Customers read that the offer takes a break, not why." in words
    assert "Whoever opens a link reads that the offer takes a break, not why." in words
    assert manager.post(f"{PAGE}do/pause/", {"reason": ""}).status_code == 422
    assert manager.post(f"{PAGE}do/pause/", {"reason": "New cameras arrive on Monday."}).status_code == 302
    campaign.refresh_from_db()
    assert (campaign.state, campaign.state_reason) == ("paused", "New cameras arrive on Monday.")
    for page in (f"{PAGE}rules/", f"/admin/campaigns/campaign/{campaign.pk}/change/"):
        assert "<p>New cameras arrive on Monday.</p>" in manager.get(page).content.decode(), "why it is paused stands in the head"


def test_the_end_says_what_becomes_of_open_referrals(manager: Client, campaign: Campaign) -> None:
    assert "No referral is open now." in manager.get(f"{PAGE}do/end/").content.decode()
    sign_up(issue_to(make_customer(), campaign))
    words = manager.get(f"{PAGE}do/end/").content.decode()
    assert "Open now: 1 referral." in words
    assert "Held for them: 2 units." in words
    manager.post(f"{PAGE}do/end/", {"reason": "Over"})
    campaign.refresh_from_db()
    assert campaign.state == "ended"


def test_a_move_whose_time_it_is_not_leads_back_with_a_sentence(manager: Client, campaign: Campaign) -> None:
    answer = manager.get(f"{PAGE}do/resume/", follow=True)
    assert "is live, so there is nothing to do under “Resume”" in answer.content.decode()


def test_the_recipe_can_be_downloaded_and_read_again(manager: Client, campaign: Campaign) -> None:
    answer = manager.get(f"{PAGE}recipe.toml")
    assert answer["Content-Disposition"] == 'attachment; filename="spring.toml"'
    assert recipes.parse(answer.content.decode()) == recipes.recipe_of(campaign)
    assert manager.post(f"{PAGE}recipe.toml").status_code == 405


def test_who_may_not_launch_is_offered_nothing_and_refused(eve: Client, signed_in_as: As, campaign: Campaign) -> None:
    carl = signed_in_as("Campaign editor")
    assert head(eve).primary is None
    assert [action.label for action in head(eve).others] == ["Download as a recipe"]
    assert head(carl).primary is None
    for client in (eve, carl):
        for name in ("pause", "end", "launch", "archive"):
            assert client.get(f"{PAGE}do/{name}/").status_code == 403
            assert client.post(f"{PAGE}do/{name}/", {"reason": "No"}).status_code == 403
    assert "spring" in eve.get(f"{PAGE}recipe.toml").content.decode()
    assert eve.post(f"{PAGE}recipe.toml").status_code == 403
    campaign.refresh_from_db()
    assert campaign.state == "live"


def test_strangers_and_moves_that_do_not_exist(client: Client, manager: Client) -> None:
    assert client.get(f"{PAGE}do/pause/")["Location"].startswith("/admin/login/")
    assert manager.get(f"{PAGE}do/nonsense/").status_code == 404
