"""Rows in the states that background work looks at."""

import itertools
from datetime import datetime, timedelta
from typing import Any

from equipment.models import Loan
from equipment.states import LoanState
from notices.models import Notice
from referrals.models import Code, Referral
from rewards.models import Reward
from tests.make import AT, make_campaign, make_customer, make_pool

_count = itertools.count(100_000)


def make_notice(**changes: Any) -> Notice:
    """A queued notice, due at once."""
    n = next(_count)
    asha = make_customer()
    values: dict[str, Any] = {
        "dedupe_key": f"key-{n}",
        "kind": "reward_given",
        "channel": "email",
        "customer": asha,
        "address": asha.email,
        "language": "en",
        "body_text": "Hello.",
        "message_id": f"<{n}@example.org>",
        "created_at": AT,
        "next_attempt_at": AT,
    }
    return Notice.objects.create(**{**values, **changes})


def make_referral(**changes: Any) -> Referral:
    """A signed-up referral of Ben by Asha."""
    campaign = changes.pop("campaign", None) or make_campaign()
    asha, ben = make_customer("Asha Rao"), make_customer("Ben Ode", membership="prospect")
    code = Code.objects.create(
        campaign=campaign,
        customer=asha,
        equipment_model=campaign.equipment_model,
        code=f"CODE{next(_count):06}",
        rules_version=1,
        issued_at=AT,
    )
    values: dict[str, Any] = {
        "campaign": campaign,
        "code": code,
        "referrer": asha,
        "referee": ben,
        "progress_reason": "Signed up.",
        "signed_up_at": AT - timedelta(days=1),
        "proof_due_at": AT + timedelta(days=30),
    }
    return Referral.objects.create(**{**values, **changes})


def make_reward(**changes: Any) -> Reward:
    """A pending reward of equipment for the referrer of a qualified referral."""
    referral = make_referral(progress="verified", verified_at=AT)
    tier = referral.campaign.tiers.filter(side="referrer").get()
    values: dict[str, Any] = {
        "referral": referral,
        "tier": tier,
        "side": "referrer",
        "beneficiary": referral.referrer,
        "kind": "equipment",
        "equipment_model": tier.equipment_model,
        "reason": "A friend was verified.",
        "promised_by": AT.date(),
        "created_at": AT,
    }
    return Reward.objects.create(**{**values, **changes})


def make_loan(state: LoanState, at: datetime) -> Loan:
    """A loan in the queue or held."""
    values: dict[str, Any] = {"queued_at": at, "place_at_joining": 1}
    if state == LoanState.HELD:
        end = at + timedelta(days=30)
        values = {"starts_at": at, "blocked_until": end, "hold_expires_at": end}
    return Loan.objects.create(
        pool=make_pool(), borrower=make_customer(), purpose=f"purpose-{next(_count)}", state=state, created_at=at, **values
    )
