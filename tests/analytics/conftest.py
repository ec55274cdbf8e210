"""Rows that figures are computed from, made directly: figures read states, they do not care which verb made them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from campaigns.models import Campaign
from customers.models import Customer
from equipment.models import Loan, Unit
from referrals.models import Code, Referral
from tests.make import AT, make_customer


def make_code(campaign: Campaign, customer: Customer | None = None, **changes: Any) -> Code:
    values = {"code": uuid4().hex[:12].upper(), "rules_version": 1, "issued_at": AT, "equipment_model": campaign.equipment_model}
    return Code.objects.create(campaign=campaign, customer=customer or make_customer(), **{**values, **changes})


def make_referral(code: Code, *, signed_up_at: datetime, qualified_at: datetime | None = None, **changes: Any) -> Referral:
    values: dict[str, Any] = {"progress_reason": "signed up", "proof_due_at": signed_up_at + timedelta(days=30)}
    if qualified_at:
        number = Referral.objects.filter(campaign=code.campaign, referrer=code.customer, progress="qualified").count() + 1
        values |= {"progress": "qualified", "verified_at": qualified_at, "qualified_at": qualified_at, "qualified_number": number}
    return Referral.objects.create(
        campaign=code.campaign,
        code=code,
        referrer=code.customer,
        signed_up_at=signed_up_at,
        **{**values, **changes, "referee": changes.get("referee") or make_customer("Ben Okoro")},
    )


def make_past_loan(unit: Unit, start: datetime, end: datetime, account: str = "") -> Loan:
    return Loan.objects.create(
        pool=unit.pool,
        unit=unit,
        borrower=make_customer(),
        purpose=uuid4().hex,
        account=account,
        state="closed",
        created_at=start,
        starts_at=start,
        blocked_until=end + timedelta(days=2),
        handed_over_at=start,
        first_due_at=end,
        due_at=end,
        returned_at=end,
        ended_at=end,
    )
