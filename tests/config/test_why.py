from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from config.references import find
from equipment.models import Loan
from referrals.models import Referral
from tests.make import make_campaign, make_customer, make_pool
from tests.stories import bring_back, give, hand_over, issue_to, sign_up, verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Referral:
    """A referral from the code to the inspected return."""
    pool = make_pool(units=2)
    asha = make_customer("Asha Rao", external_id="CRM-1", email="asha@example.org")
    referral = sign_up(issue_to(asha, make_campaign(pool=pool, slug="summer")))
    verify(referral)
    give(referral)
    loan = Loan.objects.get(promise__referral=referral, borrower=asha)
    bring_back(hand_over(loan, pool.units.order_by("pk")[0]))
    return referral


def why(name: str) -> str:
    out = StringIO()
    call_command("why", name, stdout=out)
    return out.getvalue()


def test_the_story_of_a_referral_holds_its_rewards_and_loans_in_order(story: Referral) -> None:
    text = why(story.reference)
    assert text.startswith(f"referral {story.reference}")
    events = ["referral.signed_up", "referral.verified", "referral.qualified", "loan.unlocked", "loan.checked_out", "loan.closed"]
    places = [text.index(f"  {event}") for event in events]
    assert places == sorted(places)
    assert "reward.fulfilled" in text
    assert "– system" in text


def test_every_name_at_the_desk_is_found(story: Referral) -> None:
    loan = Loan.objects.get(promise__referral=story, borrower=story.referrer)
    reward = story.rewards.order_by("pk")[0]
    code = story.code.code
    for name, kind in {
        story.reference: "referral",
        reward.reference: "reward",
        loan.reference: "loan",
        story.referrer.reference: "customer",
        "CRM-1": "customer",
        "Asha@Example.org": "customer",
        code: "code",
        f" {code.lower()} ": "code",
        "summer": "campaign",
        loan.unit.serial: "unit",
        loan.pool.model.sku: "equipment model",
        "loan-terms": "agreement",
        story.referrer.notices.all()[0].reference: "notice",
    }.items():
        assert [found.kind for found in find(name)] == [kind], name
        assert why(name)


def test_a_reward_and_a_loan_lead_to_their_referral(story: Referral) -> None:
    reward = story.rewards.filter(loan__isnull=False)[0]
    assert story.reference in find(reward.reference)[0].linked
    assert story.reference in find(reward.loan.reference)[0].linked


def test_something_new_says_that_nothing_happened_yet() -> None:
    customer = make_customer()
    assert "Nothing has been recorded about it yet." in why(customer.reference)


@pytest.mark.parametrize("name", ["ref_NOBODY", "nobody@example.org", "", "  ", "' OR 1=1 --", "ASHA-2"])
def test_what_nobody_knows_is_said_to_be_unknown(name: str) -> None:
    with pytest.raises(CommandError, match="Nothing is known by the name"):
        why(name)


def test_names_of_people_are_not_in_a_timeline(story: Referral) -> None:
    text = why(story.reference)
    assert "Asha" not in text
    assert "example.org" not in text
