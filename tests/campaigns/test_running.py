"""The life of a campaign, and what must be true before it goes live."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from audit.actors import SYSTEM, staff
from campaigns import readiness, running
from campaigns.jobs import open_and_close_campaigns
from campaigns.models import Campaign, EligibilityRule, Promotion, Quota, Variant
from campaigns.refusals import CampaignRefused
from equipment.models import Unit
from tests.make import AT, make_campaign, make_customer, make_model, make_pool, make_tier

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def only_own_checks(monkeypatch):
    """What the floors above check is tested there."""
    monkeypatch.setattr(readiness, "_registered", [])


@pytest.fixture
def draft():
    """A draft that is ready, with a customer who qualifies."""
    make_customer()
    return make_campaign(state="draft", launched_at=None, starts_at=None)


def failing(campaign, at=AT):
    return [check.code for check in readiness.failing(campaign, at=at)]


def act(verb, campaign, at=AT, by=SYSTEM, reason="Because."):
    verb(campaign=campaign, at=at, by=by, reason=reason)


def refusal(verb, campaign, **changes):
    with pytest.raises(CampaignRefused) as caught:
        act(verb, campaign, **changes)
    return caught.value


def test_a_ready_campaign_passes_every_check(draft):
    checks = readiness.check(draft, at=AT)
    assert [check.code for check in checks if check.is_ok] == [
        "terms", "loan_terms", "tiers", "tiers", "stock", "rules", "dates", "audience",
    ]  # fmt: skip
    assert all(check.sentence and not check.fix for check in checks)


def test_launching_puts_it_live_and_records_it_once(draft, trail_of):
    act(running.launch, draft)
    draft.refresh_from_db()
    assert (draft.state, draft.launched_at, draft.starts_at) == ("live", AT, AT)
    assert trail_of(draft.slug) == ["campaign.launched"]


def test_a_campaign_that_is_not_ready_is_refused_with_all_reasons_at_once(trail_of):
    pool = make_pool(units=0)
    draft = make_campaign(pool=pool, state="draft", launched_at=None, campaign_terms=None, loan_terms=None, both_sides=False)
    refused = refusal(running.launch, draft)
    assert refused.code == "not_ready"
    assert len(refused.reasons) == 5
    assert refused.reasons[0] == "The campaign terms are not published. Write the terms and publish them: [terms] in the recipe."
    assert failing(draft) == ["terms", "loan_terms", "tiers", "units", "audience"]
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert trail_of(draft.slug) == []


def test_a_model_without_a_pool_is_not_ready(draft):
    make_tier(draft, equipment_model=make_model())
    assert failing(draft) == ["pools"]


def test_a_model_a_promotion_swaps_in_must_be_there_too(draft):
    window = {"starts_at": AT, "ends_at": AT + DAY}
    Promotion.objects.create(campaign=draft, key="p", name="P", effect="swap", equipment_model=make_model(), **window)
    assert failing(draft) == ["pools"]


@pytest.mark.parametrize("reserve", [3, 5])
def test_stock_that_is_all_in_reserve_cannot_be_promised(draft, reserve):
    draft.equipment_model.pools.update(reserve=reserve)
    assert failing(draft) == ["stock"]


def test_a_quota_of_none_promises_nothing(draft):
    Quota.objects.create(campaign=draft, pool=draft.equipment_model.pools.get(), units=0)
    assert failing(draft) == ["stock"]


def test_units_in_repair_are_no_stock(draft):
    Unit.objects.update(service="repair")
    assert failing(draft) == ["units"]


def test_every_arm_of_a_test_must_reward_both_sides(draft):
    Variant.objects.create(campaign=draft, key="b")
    arm = Variant.objects.create(campaign=draft, key="a")
    assert failing(draft) == []
    draft.tiers.filter(side="referee").update(variant=arm)
    (check,) = readiness.failing(draft, at=AT)
    assert check.sentence == "Nothing is given to the friend in the arm b."


def test_a_campaign_without_equipment_needs_no_loan_terms(draft):
    draft.tiers.all().delete()
    make_tier(draft, kind="credit", amount=5)
    make_tier(draft, kind="credit", amount=5, side="referee")
    draft.loan_terms = None
    draft.save()
    assert failing(draft) == []


def test_a_rule_that_makes_no_sense_is_told(draft):
    EligibilityRule.objects.create(campaign=draft, field="shoe_size", operator="is", value=43, sentence="Size 43.")
    assert failing(draft) == ["rules", "audience"]


def test_an_end_in_the_past_is_told(draft):
    draft.ends_at = AT
    draft.save()
    assert failing(draft) == ["dates"]
    assert failing(draft, at=AT - DAY) == []


def test_upper_floors_add_checks(draft):
    def has_letters(campaign, /, *, at):
        yield readiness.Check("letters", False, "No letter is written.", "Write one.")

    readiness.register(has_letters)
    readiness.register(has_letters)
    assert failing(draft) == ["letters"]


def test_the_whole_life_is_on_the_trail(draft, trail_of):
    draft.starts_at = AT + DAY
    draft.save()
    for verb in (running.schedule, running.unschedule, running.launch, running.pause, running.resume, running.end, running.archive):
        act(verb, draft)
    draft.refresh_from_db()
    assert draft.state == "archived"
    assert trail_of(draft.slug) == [
        "campaign.scheduled", "campaign.unscheduled", "campaign.launched", "campaign.paused", "campaign.resumed",
        "campaign.ended", "campaign.archived",
    ]  # fmt: skip


@pytest.mark.parametrize("starts_at", [None, AT, AT - DAY])
def test_scheduling_needs_a_start_to_come(draft, starts_at):
    draft.starts_at = starts_at
    draft.save()
    assert refusal(running.schedule, draft).code == "start_missing"


def test_scheduling_needs_a_ready_campaign():
    draft = make_campaign(state="draft", launched_at=None, starts_at=AT + DAY)
    assert refusal(running.schedule, draft).code == "not_ready"


def test_pausing_needs_a_reason(draft):
    act(running.launch, draft)
    assert refusal(running.pause, draft, reason=" ").code == "reason_missing"
    act(running.pause, draft, reason="Out of cameras.")
    assert draft.state_reason == "Out of cameras."


def test_a_campaign_past_its_end_cannot_be_resumed(draft):
    draft.ends_at = AT + DAY
    draft.save()
    act(running.launch, draft)
    act(running.pause, draft)
    assert refusal(running.resume, draft, at=AT + DAY).code == "past_end"


@pytest.mark.parametrize(
    ("verb", "state"),
    [
        (running.launch, "live"), (running.launch, "paused"), (running.launch, "ended"), (running.schedule, "live"),
        (running.pause, "draft"), (running.resume, "draft"), (running.resume, "live"), (running.end, "draft"),
        (running.archive, "live"), (running.unschedule, "live"),
    ],
)  # fmt: skip
def test_moves_that_make_no_sense_are_refused(verb, state):
    make_customer()
    campaign = make_campaign(state=state)
    assert refusal(verb, campaign).code == "wrong_state"


@pytest.mark.parametrize(
    "verb",
    [running.schedule, running.unschedule, running.launch, running.pause, running.resume, running.end, running.archive],
)
def test_every_verb_needs_the_permission(verb, draft):
    with pytest.raises(PermissionDenied, match="launch_campaign"):
        act(verb, draft, by=staff(User.objects.create_user("eve")))


def test_the_job_opens_and_closes_campaigns_when_their_time_has_come(draft):
    draft.starts_at, draft.ends_at = AT + DAY, AT + 2 * DAY
    draft.save()
    act(running.schedule, draft)
    nothing = {"opened": 0, "closed": 0, "refused": 0, "failed": 0}
    assert open_and_close_campaigns(AT) == nothing
    assert open_and_close_campaigns(AT + DAY) == nothing | {"opened": 1}
    assert open_and_close_campaigns(AT + DAY) == nothing
    assert Campaign.objects.get(pk=draft.pk).launched_at == AT + DAY
    assert open_and_close_campaigns(AT + 2 * DAY) == nothing | {"closed": 1}
    assert Campaign.objects.get(pk=draft.pk).state == "ended"


def test_the_job_ends_paused_campaigns_too_and_one_that_is_not_ready_stops_no_other(draft):
    Campaign.objects.filter(pk=draft.pk).update(state="scheduled", starts_at=AT)
    unready = make_campaign(state="scheduled", launched_at=None, starts_at=AT, campaign_terms=None)
    make_campaign(state="paused", ends_at=AT)
    assert open_and_close_campaigns(AT) == {"opened": 1, "closed": 1, "refused": 1, "failed": 0}
    assert Campaign.objects.get(pk=unready.pk).state == "scheduled"


def test_the_job_survives_a_row_that_breaks(draft, monkeypatch, caplog):
    Campaign.objects.filter(pk=draft.pk).update(state="live", launched_at=AT, ends_at=AT + DAY)

    def broken(**arguments):
        raise RuntimeError("The disk is gone.")

    monkeypatch.setattr(running, "end", broken)
    assert open_and_close_campaigns(AT + DAY)["failed"] == 1
    assert "could not be moved" in caplog.text


def test_the_job_may_be_called_without_a_clock():
    assert open_and_close_campaigns()["opened"] == 0
