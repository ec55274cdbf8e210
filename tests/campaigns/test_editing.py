"""Rules change as a new version only."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from audit.actors import SYSTEM, staff
from audit.models import Entry
from campaigns import audience, editing
from campaigns.models import Campaign
from campaigns.recipe_parts import RulePart
from campaigns.refusals import CampaignRefused
from tests.make import AT, make_campaign, make_customer

pytestmark = pytest.mark.django_db

GERMANY = RulePart("referrer", "country", "is", "DE", "Living in Germany.")
FRANCE = RulePart("referrer", "country", "one_of", ("FR",), "Living in France.")


def change(campaign, rules, by=SYSTEM):
    return editing.new_rules_version(campaign=campaign, rules=rules, at=AT, by=by)


def test_new_rules_are_in_force_and_the_old_can_still_be_asked(trail_of):
    campaign = make_campaign()
    asha = make_customer(country="FR")
    assert change(campaign, [GERMANY]) == 2
    assert change(campaign, [FRANCE]) == 3
    assert audience.verdict(campaign, "referrer", asha, on=AT.date()).is_eligible
    assert not audience.verdict(campaign, "referrer", asha, on=AT.date(), version=2).is_eligible
    assert trail_of(campaign.slug) == ["campaign.rules_changed"] * 2
    assert Entry.objects.last().sentence == "Version 3 of the eligibility rules is in force."


def test_the_same_rules_again_change_and_record_nothing(trail_of):
    campaign = make_campaign()
    change(campaign, [FRANCE])
    assert change(campaign, [FRANCE]) == 2
    assert len(trail_of(campaign.slug)) == 1


def test_someone_with_an_old_copy_of_the_campaign_gets_the_next_number():
    campaign = make_campaign()
    copy = Campaign.objects.get(pk=campaign.pk)
    change(campaign, [GERMANY])
    assert change(copy, [FRANCE]) == 3


def test_invalid_rules_are_refused_with_all_problems():
    with pytest.raises(CampaignRefused) as caught:
        change(make_campaign(), [RulePart("referrer", "age", "at_least", "old", "")])
    assert caught.value.code == "rules_invalid"
    assert len(caught.value.reasons) == 3


def test_the_rules_of_an_ended_campaign_stay():
    with pytest.raises(CampaignRefused) as caught:
        change(make_campaign(state="ended"), [GERMANY])
    assert caught.value.code == "over"


def test_changing_rules_needs_the_permission():
    with pytest.raises(PermissionDenied):
        change(make_campaign(), [GERMANY], by=staff(User.objects.create_user("eve")))
