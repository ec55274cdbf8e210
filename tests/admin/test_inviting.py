"""Inviting customers from the page of a campaign."""

from django.test import Client

from audit.actors import SYSTEM
from campaigns.models import Campaign
from customers import consenting
from notices.models import Notice
from tests.make import AT, make_campaign, make_customer, make_pool
from tests.stories import issue_to


def address(campaign: Campaign) -> str:
    return f"/admin/campaigns/campaign/{campaign.pk}/moves/invite/"


def test_the_manager_invites_as_many_as_can_be_served_and_a_second_click_invites_nobody_twice(manager: Client) -> None:
    campaign = make_campaign(pool=make_pool(units=4))
    for _ in range(3):
        asha = make_customer()
        consenting.record_consent(customer=asha, channel="email", purpose="marketing", is_given=True, how="form", at=AT, by=SYSTEM)
        issue_to(asha, campaign)
    answer = manager.post(address(campaign), {"most": 50}, follow=True)
    assert "2 customers are invited" in answer.content.decode()
    again = manager.post(address(campaign), {"most": 50})
    assert again.status_code == 409 and "Nobody was invited." in again.content.decode()
    assert Notice.objects.filter(kind="invitation").count() == 2


def test_a_number_that_makes_no_sense_is_said_beside_the_field(manager: Client) -> None:
    answer = manager.post(address(make_campaign()), {"most": "0"})
    assert answer.status_code == 422 and "greater than or equal to 1" in answer.content.decode()


def test_the_auditor_invites_nobody(eve: Client) -> None:
    assert eve.post(address(make_campaign()), {"most": 5}).status_code == 403
