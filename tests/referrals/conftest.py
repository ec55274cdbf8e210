"""A live campaign with three cameras, and Asha with her code."""

import pytest

from campaigns.models import Campaign
from customers.models import Customer
from equipment.models import Pool
from referrals.models import Code
from tests.make import make_campaign, make_customer, make_pool
from tests.stories import issue_to


@pytest.fixture
def pool(db: None) -> Pool:
    return make_pool(units=3)


@pytest.fixture
def campaign(pool: Pool) -> Campaign:
    return make_campaign(pool=pool)


@pytest.fixture
def asha(db: None) -> Customer:
    return make_customer("Asha Rao")


@pytest.fixture
def code(campaign: Campaign, asha: Customer) -> Code:
    return issue_to(asha, campaign)
