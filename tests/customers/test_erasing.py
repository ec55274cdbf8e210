from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from audit import verifying as trail_verifying
from audit.actors import SYSTEM
from audit.actors import customer as acting
from audit.models import Entry
from customers import agreeing, consenting, erasing, lookup, registering, updating, verifying
from customers.models import Acceptance, CreditScore, Customer
from customers.refusals import CustomerRefused
from tests.make import AT, make_customer, make_terms

pytestmark = pytest.mark.django_db
PERSONAL = ("Asha", "Rao", "example.org", "1701234567", "Köln", "50667", "1984")


@pytest.fixture
def hooks(monkeypatch):
    """Obstacles and erasers of this test alone."""
    monkeypatch.setattr(erasing, "_obstacles", [])
    monkeypatch.setattr(erasing, "_erasers", [])


@pytest.fixture
def asha(hooks):
    asha = registering.register(
        name="Asha Rao", email="asha@example.org", at=AT, by=SYSTEM, external_id="C-1", phone="+491701234567", city="Köln",
        postcode="50667", region="NRW", birth_year=1984, tags=["vip"], country="DE",
    )  # fmt: skip
    verifying.verify(customer=asha, how="mail", at=AT, by=SYSTEM)
    CreditScore.objects.create(customer=asha, score=612, source="own account history", scored_on=date(2026, 1, 1))
    version = make_terms().current()
    agreeing.accept(
        customer=asha, version=version, about="ref_1", typed_name="Asha Rao", how="web page", at=AT, by=SYSTEM, where="9f86d081"
    )
    consenting.record_consent(customer=asha, channel="email", purpose="marketing", is_given=True, how="box", at=AT, by=SYSTEM)
    return asha


def erase(asha, **changes):
    return erasing.erase(**{"customer": asha, "reason": "Asked for it.", "at": AT, "by": SYSTEM, **changes})


def test_nothing_personal_is_left(asha):
    assert erase(asha)
    row = Customer.objects.values().get(pk=asha.pk)
    accepted = Acceptance.objects.values().get()
    assert not any(secret in f"{row} {accepted}" for secret in PERSONAL)
    assert (row["external_id"], row["birth_year"], row["tags"], row["attributes"]) == (None, None, [], {})
    assert (accepted["typed_name"], accepted["where"], len(accepted["sha256"])) == ("", "", 64)
    assert not CreditScore.objects.exists()
    assert row["erased_at"] == asha.erased_at == AT
    assert lookup.by_email("asha@example.org") is None
    assert lookup.by_reference(asha.reference) == asha


def test_the_trail_never_held_the_person_and_stays_whole(asha):
    erase(asha)
    assert Entry.objects.filter(subject_reference=asha.reference).last().sentence == "Personal data erased. Asked for it."
    assert not any(secret in entry.data + entry.sentence for entry in Entry.objects.all() for secret in PERSONAL)
    assert trail_verifying.verify().is_intact


def test_erasing_twice_is_erasing_once(asha):
    erase(asha)
    assert not erase(asha)
    assert Entry.objects.filter(event="customer.erased").count() == 1


def test_every_obstacle_speaks_and_nothing_is_lost(asha):
    erasing.register_obstacle(lambda customer: "A camera is still out.")
    erasing.register_obstacle(lambda customer: "Money is owed.")
    erasing.register_obstacle(lambda customer: "")
    with pytest.raises(CustomerRefused) as refusal:
        erase(asha)
    assert refusal.value.code == "erasure_refused"
    assert "A camera is still out. Money is owed." in refusal.value.sentence
    asha.refresh_from_db()
    assert (asha.name, asha.erased_at) == ("Asha Rao", None)


def test_upper_floors_erase_in_the_same_transaction(asha):
    seen = []
    erasing.register_eraser(lambda customer: seen.append(customer.email))
    erase(asha)
    assert seen == ["asha@example.org"]


def test_an_eraser_that_fails_keeps_everything(asha):
    def fail(customer):
        raise RuntimeError("no")

    erasing.register_eraser(fail)
    with pytest.raises(RuntimeError):
        erase(asha)
    asha.refresh_from_db()
    assert asha.name == "Asha Rao"


def test_an_erased_customer_cannot_be_changed_or_asked_again(asha):
    erase(asha)
    with pytest.raises(CustomerRefused, match="erased"):
        updating.update_profile(customer=asha, at=AT, by=SYSTEM, city="Bonn")
    with pytest.raises(CustomerRefused, match="erased"):
        verifying.verify(customer=asha, how="mail", at=AT, by=SYSTEM)
    assert not consenting.has_consent(asha, "email", "marketing")


def test_the_address_is_free_again_for_a_new_registration(asha):
    erase(asha)
    again = registering.register(name="Asha Rao", email="asha@example.org", at=AT, by=SYSTEM)
    assert again.pk != asha.pk


def test_only_those_with_the_permission_erase_and_only_with_a_reason(asha):
    with pytest.raises(PermissionDenied):
        erase(asha, by=acting(make_customer("Chloe Lund").reference))
    with pytest.raises(CustomerRefused, match="reason_missing"):
        erase(asha, reason=" ")


def test_the_database_itself_refuses_an_erased_row_with_a_name(asha):
    erase(asha)
    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.filter(pk=asha.pk).update(name="Asha Rao")
    with pytest.raises(IntegrityError), transaction.atomic():
        Acceptance.objects.update(sha256="0" * 64)
