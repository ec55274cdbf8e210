"""The steps of the story, as tests tell them: each calls the verb and fills in what does not matter there."""

from datetime import datetime, timedelta
from typing import Any

from audit.actors import SYSTEM, customer
from campaigns.models import Campaign
from customers.models import Customer
from equipment import lending, returning
from equipment.models import Loan, Unit
from equipment.states import Grade
from referrals import issuing, qualifying
from referrals.models import Code, Referral
from referrals.states import CodeBasis
from rewards import fulfilling, granting
from rewards.models import Reward
from rewards.states import RewardState
from tests.make import AT, make_acceptance


def issue_to(person: Customer, campaign: Campaign, at: datetime = AT) -> Code:
    """This person's code of the campaign."""
    return issuing.issue_code(
        campaign=campaign, customer=person, at=at, by=SYSTEM, reason="Meets the rules.", basis=CodeBasis.RULES
    )


def sign_up(code: Code, name: str = "Ben Okoro", at: datetime = AT, **changes: Any) -> Referral:
    """A friend signs up on the page of a code."""
    assert code.campaign.campaign_terms is not None
    values: dict[str, Any] = {
        "email": f"{(name.split() or ['nobody'])[0].lower()}@example.net",
        "terms_version": code.campaign.campaign_terms.current(),
        "typed_name": name,
        "country": "DE",
    }
    return qualifying.sign_up(code=code, name=name, at=at, by=SYSTEM, **{**values, **changes})


def verify(referral: Referral, at: datetime = AT + timedelta(minutes=5)) -> Referral:
    """The friend presses the button."""
    return qualifying.verify(referral=referral, how="button on the page", at=at, by=customer(referral.referee.reference))


def give(referral: Referral, at: datetime = AT + timedelta(minutes=6)) -> list[Reward]:
    """Rewards are worked out, and what is approved is given."""
    rewards = granting.accrue(referral=referral, at=at, by=SYSTEM)
    return [
        fulfilling.fulfil(reward=reward, at=at, by=SYSTEM) if reward.state == RewardState.APPROVED else reward for reward in rewards
    ]


def hand_over(loan: Loan, unit: Unit, at: datetime = AT + timedelta(days=1)) -> Loan:
    """The desk picks a unit and hands it over, terms accepted."""
    loan.refresh_from_db()
    lending.prepare(loan=loan, unit=unit, at=at, by=SYSTEM)
    agreement = loan.terms or loan.promise.referral.campaign.loan_terms
    assert agreement is not None
    acceptance = make_acceptance(loan.borrower, agreement, loan.reference)
    lending.check_out(
        loan=loan, acceptance=acceptance, checklist_done=loan.pool.model.checklist, grade=Grade.GOOD, at=at, by=SYSTEM
    )
    return loan


def bring_back(loan: Loan, at: datetime = AT + timedelta(days=10)) -> Loan:
    """The unit comes back and passes inspection."""
    returning.check_in(loan=loan, grade=Grade.GOOD, at=at, by=SYSTEM)
    returning.close(loan=loan, at=at, by=SYSTEM)
    return loan
