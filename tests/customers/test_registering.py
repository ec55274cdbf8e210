import threading

import pytest
from django.db import connection

from audit.actors import SYSTEM
from audit.models import Entry
from customers import lookup
from customers.models import Customer
from customers.refusals import CustomerRefused
from customers.registering import register
from tests.make import AT, make_customer

pytestmark = pytest.mark.django_db


def register_ben(**changes):
    return register(**{"name": "Ben Okafor", "email": "ben@example.org", "at": AT, "by": SYSTEM, **changes})


def test_someone_who_registers_can_be_found_by_any_spelling_of_the_address():
    ben = register_ben(email="Ben@Example.org")
    assert lookup.by_email(" BEN@example.ORG ") == ben
    assert lookup.by_reference(ben.reference) == ben
    assert lookup.by_email("") is None
    assert lookup.by_reference("cus_nobody") is None


def test_registering_leaves_one_entry_that_names_nobody():
    ben = register_ben(
        phone="0170 1234567", country="DE", origin="referral", origin_reason="Came by a code.", origin_referral="ref_1"
    )
    entry = Entry.objects.get(subject_reference=ben.reference)
    assert (entry.event, entry.sentence) == ("customer.registered", "Registered as prospect; origin: referral. Came by a code.")
    assert [mention.reference for mention in entry.mentions.all()] == ["ref_1"]
    assert not any(secret in entry.data + entry.sentence for secret in ("Ben", "example.org", "170"))
    assert ben.phone == "+491701234567"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"email": "BEN@example.org "}, "email_taken"),
        ({"email": "other@example.org", "external_id": "C-1"}, "external_id_taken"),
        ({"email": "nonsense"}, "email_invalid"),
        ({"email": ""}, "email_missing"),
        ({"name": " "}, "name_missing"),
        ({"phone": "12"}, "phone_invalid"),
        ({"country": "Germany"}, "country_invalid"),
        ({"birth_year": 12}, "birth_year_invalid"),
        ({"attributes": {"size": "L"}}, "attribute_unknown"),
    ],
)
def test_a_registration_that_cannot_be_is_refused_and_leaves_nothing(changes, code):
    register_ben(external_id="C-1")
    with pytest.raises(CustomerRefused) as refusal:
        register_ben(**changes)
    assert refusal.value.code == code
    assert (Customer.objects.count(), Entry.objects.count()) == (1, 1)


def test_bad_input_and_a_taken_address_have_their_own_status():
    make_customer(email="ben@example.org")
    with pytest.raises(CustomerRefused) as taken:
        register_ben()
    with pytest.raises(CustomerRefused) as bad:
        register_ben(email="?")
    assert (taken.value.status, bad.value.status) == (409, 422)


def test_a_word_that_is_no_field_is_a_mistake_of_the_programmer():
    with pytest.raises(TypeError, match="gender"):
        register_ben(gender="f")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_register_the_same_address_at_once_one_wins():
    start, outcomes = threading.Barrier(2), []

    def attempt() -> None:
        try:
            start.wait()
            register_ben()
            outcomes.append("registered")
        except CustomerRefused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["email_taken", "registered"]
    assert Entry.objects.filter(event="customer.registered").count() == 1
