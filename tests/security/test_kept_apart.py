"""Credit scores and signs of fraud are nowhere for those who may not see them: page, list, file, trail, log."""

import logging

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from config.constraints import own_models
from customers.models import CreditScore, Customer
from referrals import reviewing
from referrals.models import Referral, Signal
from rewards import granting
from tests.admin import world
from tests.make import AT
from tests.security.walking import addresses
from tests.stories import verify

SCORE = 987_654
EVIDENCE = "Both were seen in the zebra house."


@pytest.fixture
def referral(clock: object) -> Referral:
    """A doubtful referral of a customer with a score, its rewards held for what was seen."""
    world.fill()
    referral = Referral.objects.filter(progress="signed_up").order_by("pk")[0]
    CreditScore.objects.create(customer=referral.referee, score=SCORE, source="Bureau", scored_on=AT.date())
    Signal.objects.create(referral=referral, name="same_visitor", strength=50, evidence=EVIDENCE, at=AT)
    reviewing.flag(referral=referral, reason=EVIDENCE, at=AT, by=world.SYSTEM)
    verify(referral)
    granting.accrue(referral=Referral.objects.get(pk=referral.pk), at=AT, by=world.SYSTEM)
    assert EVIDENCE in referral.rewards.order_by("pk")[0].reason
    return referral


def texts(client: Client, referral: Referral) -> dict[str, str]:
    """Everything this person can read: every page, those of the people concerned, and every list as a file."""
    urls = {address.name: address.url for address in addresses()}
    for person in (referral.referrer, referral.referee):
        urls[f"page of {person}"] = reverse("admin:customers_customer_change", args=[person.pk])
    found = {name: _body(client.get(url)) for name, url in urls.items()}
    for model in own_models():
        if model in admin.site._registry:
            url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            found[f"file of {model._meta.label}"] = _body(client.post(url, {"export": "comma"}))
    return found


def _body(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode(errors="replace") if response.status_code == 200 else ""


def test_a_score_is_shown_nowhere_but_in_answer_to_its_own_move(
    administrator: Client, referral: Referral, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    read = texts(administrator, referral)
    assert sum(bool(text) for text in read.values()) > 100
    assert [name for name, text in read.items() if str(SCORE) in text] == []
    url = reverse("admin:customers_customer_move", args=[referral.referee_id, "scores"])
    answer = administrator.post(url)
    assert str(SCORE) in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    entry = Entry.objects.get(event="customer.score_read")
    assert str(SCORE) not in entry.sentence + entry.data
    assert str(SCORE) not in caplog.text


def test_reading_a_score_needs_its_permission(manager: Client, referral: Referral) -> None:
    url = reverse("admin:customers_customer_move", args=[referral.referee_id, "scores"])
    assert manager.post(url).status_code == 403
    assert not Entry.objects.filter(event="customer.score_read").exists()


def test_signs_of_fraud_are_nowhere_for_the_handover_desk(desk: Client, referral: Referral) -> None:
    read = texts(desk, referral)
    assert read[f"page of {referral.referee}"]
    assert [name for name, text in read.items() if "zebra" in text or "same_visitor" in text] == []
    assert "about things your role does not see" in read[f"page of {referral.referee}"]


def test_contact_is_shown_to_those_who_may_only(desk: Client, signed_in_as, referral: Referral) -> None:
    url = reverse("admin:customers_customer_change", args=[referral.referee_id])
    email = Customer.objects.get(pk=referral.referee_id).email
    assert email in desk.get(url).content.decode()
    page = signed_in_as("Approver").get(url).content.decode()
    assert email not in page
    assert "Shown only to roles that write to customers" in page
