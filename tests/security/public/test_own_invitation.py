"""Test 7: nobody invites themselves, however they spell their address; the same telephone number is seen by a person first."""

import pytest
from django.test import Client

from customers.identity import phone_e164
from customers.models import Customer
from referrals.models import Code, Referral
from referrals.states import Standing
from tests.make import make_customer

pytestmark = pytest.mark.django_db
SPELLINGS = [
    "asha.rao@gmail.com",
    "ASHA.RAO@GMAIL.COM",
    " asha.rao@gmail.com ",
    "asha.rao+friend@gmail.com",
    "asharao@gmail.com",
    "a.s.h.a.r.a.o@gmail.com",
    "asha.rao@googlemail.com",
    "A.Sha.Rao+x+y@GoogleMail.com",
    "\uff41sha.rao@gmail.com",
    "as\u200bha.rao@gmail.com",
    "asha.rao@gmail\u3002com",
]


@pytest.fixture(autouse=True)
def at_gmail(asha: Customer) -> None:
    Customer.objects.filter(pk=asha.pk).update(email="asha.rao@gmail.com", email_key="asha.rao@gmail.com")


@pytest.mark.parametrize("email", SPELLINGS, ids=ascii)
def test_no_spelling_of_ones_own_address_begins_a_referral(code: Code, typed: dict[str, str], email: str) -> None:
    people = Customer.objects.count()
    answer = Client().post(f"/r/{code.code}/", {**typed, "email": email})
    assert answer.status_code in (302, 422)
    assert not Referral.objects.exists()
    assert Customer.objects.count() == people, "nor does it make a second person"


def test_at_other_providers_dots_are_somebody_else(code: Code, typed: dict[str, str]) -> None:
    Customer.objects.filter(pk=code.customer_id).update(email="asha.rao@example.org", email_key="asha.rao@example.org")
    assert Client().post(f"/r/{code.code}/", {**typed, "email": "asharao@example.org"}).status_code == 302
    assert Referral.objects.count() == 1


@pytest.mark.parametrize("phone", ["+491701234567", "0170 1234567", "0049 (170) 123-45 67"])
def test_the_same_telephone_number_in_any_spelling_is_seen_by_a_person_first(
    code: Code, typed: dict[str, str], asha: Customer, phone: str
) -> None:
    Customer.objects.filter(pk=asha.pk).update(phone="+491701234567")
    make_customer("Ben Okoro", email="ben@example.net", membership="prospect", phone=phone_e164(phone, "DE"))
    assert Client().post(f"/r/{code.code}/", typed).status_code == 302
    referral = Referral.objects.get()
    assert [signal.name for signal in referral.signals.all()] == ["same_phone"]
    assert referral.standing == Standing.FLAGGED
