"""Asha and Chloe, each with a loan, a reward and something asked, at the clock of the portal's tests."""

from dataclasses import dataclass

import pytest
from django.test import Client

from audit.actors import SYSTEM
from audit.actors import customer as acting
from customers.models import Customer
from equipment import requesting
from equipment.models import Loan, LoanRequest, Pool
from equipment.states import LoanState
from referrals.models import Code, Referral
from rewards.models import DataExport, PortalSession, Reward
from rewards.portal import exporting
from tests.make import AT, make_campaign, make_customer, make_pool
from tests.portal.conftest import as_customer, asha, browser, campaign, clock, code, me, pool
from tests.portal.walking import inside
from tests.stories import give, hand_over, issue_to, sign_up, verify

__all__ = ["as_customer", "asha", "browser", "campaign", "clock", "code", "me", "pool"]


@dataclass(frozen=True)
class Person:
    """A customer with something of everything."""

    customer: Customer
    client: Client
    loan: Loan
    asked: LoanRequest
    reward: Reward
    export: DataExport
    session: PortalSession
    code: Code
    referral: Referral

    def values(self) -> dict[str, str]:
        """What stands in the addresses of their pages."""
        return {
            "friends": self.referral.reference,
            "share": self.code.code,
            "loan": self.loan.reference,
            "reward": self.reward.reference,
            "data": self.export.reference,
        }


def person(name: str, pool: Pool) -> Person:
    somebody = make_customer(name)
    campaign = make_campaign(pool=pool)
    referral = verify(
        sign_up(issue_to(somebody, campaign), f"Friend {name}", email=f"friend-{name.split()[0].lower()}@example.net")
    )
    give(referral)
    loan = Loan.objects.get(promise__referral=referral, borrower=somebody)
    loan = hand_over(loan, pool.units.exclude(loans__state=LoanState.ON_LOAN)[0], at=AT)
    by = acting(somebody.reference)
    asked = requesting.tell_problem(loan=loan, words=f"A problem of {name}.", at=AT, by=by)
    export = exporting.make(export=exporting.ask(customer=somebody, at=AT, by=by), at=AT, by=SYSTEM)
    reward = Reward.objects.get(beneficiary=somebody)
    client = inside(somebody)
    return Person(
        somebody,
        client,
        loan,
        asked,
        reward,
        export,
        PortalSession.objects.get(customer=somebody),
        Code.objects.get(customer=somebody),
        referral,
    )


@pytest.fixture
def people(db: None) -> tuple[Person, Person]:
    pool = make_pool(units=6)
    return person("Asha Rao", pool), person("Chloe Lund", pool)
