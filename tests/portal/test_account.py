"""The account says what is owed and what runs out soon."""

from datetime import timedelta
from decimal import Decimal

import pytest

from audit.actors import SYSTEM
from referrals import reviewing
from referrals.models import Referral
from rewards import jobs, redeeming
from tests.make import AT, make_customer
from tests.portal.walking import inside
from tests.rewards.given import DAY, earned, paying

pytestmark = pytest.mark.django_db


def account(customer) -> str:
    return inside(customer).get("/my/account/").content.decode()


def test_credit_that_ends_within_thirty_days_is_named_with_its_last_day(clock) -> None:
    reward = earned(paying(balance_days=40), make_customer("Asha Rao"))
    assert "Runs out soon" not in account(reward.beneficiary)
    clock.move_to(AT + 15 * DAY)
    page = account(reward.beneficiary)
    assert "Runs out soon" in page and "The last day to spend it is Saturday 11 April 2026." in page
    german = make_customer("Ben Berg", language="de")
    earned(paying(balance_days=20), german, "Cem Aydin", at=AT + 15 * DAY)
    assert "Der letzte Tag, um es zu nutzen, ist Montag, 6. April 2026." in account(german)


def test_what_is_owed_is_explained(clock) -> None:
    reward = earned(paying(), make_customer("Asha Rao"))
    assert "are owed" not in account(reward.beneficiary)
    redeeming.redeem(
        customer=reward.beneficiary, kind="credit", unit="EUR", amount=Decimal(15), external_id="till-1", at=AT + DAY, by=SYSTEM
    )
    reviewing.block(referral=Referral.objects.get(pk=reward.referral_id), reason="Invented.", at=AT + DAY, by=SYSTEM)
    jobs.claw_back(AT + DAY)
    clock.move_to(AT + DAY + timedelta(hours=1))
    assert "15.00 EUR are owed" in account(reward.beneficiary)


def test_a_reader_of_german_finds_the_reward_by_its_german_title_in_what_was_taken_back(clock) -> None:
    campaign = paying(translations={"de": {"Thank you": "Ein Dankeschön"}})
    reward = earned(campaign, make_customer("Asha Rao", language="de"))
    reviewing.block(referral=Referral.objects.get(pk=reward.referral_id), reason="Invented.", at=AT + DAY, by=SYSTEM)
    jobs.claw_back(AT + DAY)
    clock.move_to(AT + DAY + timedelta(hours=1))
    page = account(reward.beneficiary)
    assert "Zurückgenommen: Ein Dankeschön." in page
    assert "Thank you" not in page


@pytest.mark.parametrize(("language", "written"), [("en", "1,250.00 EUR"), ("de", "1.250,00 EUR")])
def test_an_account_writes_an_amount_as_every_other_page_does(language: str, written: str) -> None:
    reward = earned(paying(amount="1250.00", cost="1250.00"), make_customer("Asha Rao", language=language))
    assert written in account(reward.beneficiary)
