"""The page of a campaign as staff preview it: in a frame of ours, of any state, leaving nothing behind."""

from typing import Any

import pytest
from django.test import Client

from campaigns.models import Campaign
from referrals.models import Code, Touch
from tests.admin.conftest import clock, desk, eve, manager, signed_in_as  # noqa: F401
from tests.make import make_campaign, make_pool

PREVIEW = "/admin/campaigns/spring/preview/"


@pytest.fixture(autouse=True)
def campaign(clock: object) -> Campaign:  # noqa: F811
    """A draft without terms."""
    return make_campaign(pool=make_pool(), slug="spring", state="draft", launched_at=None, campaign_terms=None)


def test_a_draft_without_terms_shows_too(manager: Client) -> None:  # noqa: F811
    words = manager.get(PREVIEW).content.decode()
    for said in ("Ada C. invited you", "Bring a friend, borrow a camera", "Aero 7 camera", "no published terms yet"):
        assert said in words


def test_only_our_own_pages_may_frame_it(manager: Client, client: Client) -> None:  # noqa: F811
    answer = manager.get(PREVIEW)
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" not in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'none'" in manager.get("/admin/")["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_it_leaves_no_visit_and_holds_no_token(manager: Client) -> None:  # noqa: F811
    words = manager.get(PREVIEW).content.decode()
    assert "csrfmiddlewaretoken" not in words
    assert 'name="touch" value="' not in words
    assert not Touch.objects.exists()
    assert not Code.objects.exists()


def test_words_that_are_not_saved_show_and_stay_unsaved(manager: Client, campaign: Campaign) -> None:  # noqa: F811
    typed: dict[str, Any] = {
        "headline": "Typed <b>just</b> now",
        "proof": "first_purchase",
        "rewarded": "referrer",
        "hold_days": "nonsense",
    }
    words = manager.post(PREVIEW, typed).content.decode()
    assert "Typed &lt;b&gt;just&lt;/b&gt; now" in words
    assert "make a first purchase" in words
    campaign.refresh_from_db()
    assert (campaign.headline, campaign.proof) == ("Bring a friend, borrow a camera", "verified_signup")


def test_staff_alone_see_it(client: Client, desk: Client, eve: Client) -> None:  # noqa: F811
    assert client.get(PREVIEW)["Location"].startswith("/admin/login/")
    assert desk.get(PREVIEW).status_code == 403
    assert eve.get(PREVIEW).status_code == 200
