"""Tests 16, 18 and 19: what is typed stays words; forms write what they ask for; nobody is led to another site."""

import pytest
from django.test import Client

from campaigns.models import Campaign, Tier
from customers.models import Customer
from equipment.models import EquipmentModel, LoanRequest, Pool
from referrals.models import Referral
from rewards.models import Approval, PortalSession, Reward
from tests.make import AT
from tests.portal.walking import inside, letter_to
from tests.security.portal.conftest import Person
from tests.security.portal.walking import addresses

pytestmark = pytest.mark.django_db
EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{ settings.SECRET_KEY }}{% debug %}"
ELSEWHERE = [
    "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example",
    "javascript:alert(1)", "data:text/html,x", " https://evil.example", "\thttps://evil.example", "/my/\r\nSet-Cookie: x=1",
    "http://testserver@evil.example/my/", "https://evil.example/my/", "/admin/", "/my/../admin/", "/%09/evil.example", "//my/",
]  # fmt: skip


def test_what_anybody_typed_is_shown_as_words_on_every_page(people: tuple[Person, Person]) -> None:
    asha, _ = people
    Customer.objects.update(name=EVIL[:120])
    Campaign.objects.update(name=EVIL[:120], headline=EVIL[:120])
    EquipmentModel.objects.update(name=EVIL[:120], setup_guide=EVIL, return_protocol=EVIL)
    Pool.objects.filter(pk=asha.loan.pool_id).update(place=EVIL[:80])
    Tier.objects.update(title=EVIL[:80])
    LoanRequest.objects.update(words=EVIL, answer=EVIL[:300])
    PortalSession.objects.update(device=EVIL[:60])
    Approval.objects.create(reward=asha.reward, decision="declined", note=EVIL, by="staff:dev", at=AT)
    Reward.objects.filter(pk=asha.reward.pk).update(state="rejected", reason=EVIL)
    Referral.objects.update(progress_reason=EVIL)
    shown = 0
    for address in addresses(asha.values()):
        if not address.url.endswith((".pdf", ".json")):
            text = asha.client.get(address.url).content.decode()
            assert "<script>alert" not in text and "<img src=x" not in text, address
            shown += "alert(1)" in text
    assert shown >= 8


def test_typed_words_come_back_as_words(people: tuple[Person, Person]) -> None:
    asha, _ = people
    for url, typed in (
        ("/my/preferences/", {"name": EVIL * 9, "language": EVIL}),
        (f"/my/loans/{asha.loan.reference}/longer/", {"until": EVIL, "words": EVIL}),
        (f"/my/loans/{asha.loan.reference}/problem/", {"words": EVIL * 20}),
    ):
        answer = asha.client.post(url, typed)
        assert answer.status_code == 422
        assert "<script>alert" not in answer.content.decode(), url
    browser = Client()
    assert "<script>alert" not in browser.post("/my/sign-in/", {"email": EVIL, "next": EVIL}).content.decode()


def test_no_form_writes_what_it_does_not_ask_for(people: tuple[Person, Person]) -> None:
    asha, chloe = people
    before = Customer.objects.filter(pk=asha.customer.pk).values().get()
    loan = type(asha.loan).objects.filter(pk=asha.loan.pk).values().get()
    extra = {
        "email": "evil@example.org", "email_key": "evil@example.org", "membership": "closed", "reference": "cus_EVIL", "pk": "1",
        "id": str(chloe.customer.pk), "customer": str(chloe.customer.pk), "state": "agreed", "answer": "Yes.", "due_at": "2099-01-01",
        "answered_by": "staff:dev", "loan": chloe.loan.reference, "kind": "extension", "external_id": "X", "tags": "vip",
    }  # fmt: skip
    for url, typed in (
        ("/my/preferences/", {"name": "Asha Rao", "language": "en"}),
        ("/my/news/", {}),
        (f"/my/loans/{asha.loan.reference}/problem/", {"words": "Another one."}),
        (f"/my/loans/{asha.loan.reference}/longer/", {"until": "2026-03-23", "words": ""}),
    ):
        assert asha.client.post(url, {**extra, **typed}).status_code == 302, url
    assert Customer.objects.filter(pk=asha.customer.pk).values().get() == before
    assert type(asha.loan).objects.filter(pk=asha.loan.pk).values().get() == loan
    made = LoanRequest.objects.exclude(pk__in=[asha.asked.pk, chloe.asked.pk])
    assert set(made.values_list("loan", "state", "answer")) == {(asha.loan.pk, "open", "")}


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_nobody_is_led_to_another_site(browser: Client, asha: Customer, wanted: str) -> None:
    assert 'name="next" value="/my/"' in browser.get("/my/sign-in/", {"next": wanted}).content.decode()
    browser.post("/my/sign-in/", {"email": asha.email, "next": wanted})
    letter = letter_to(browser, asha.email)
    browser.get(letter.path)
    assert browser.post("/my/in/")["Location"] == "/my/"
    assert inside(asha).get("/my/sign-in/", {"next": wanted})["Location"] == "/my/"


def test_ten_megabytes_are_refused(people: tuple[Person, Person]) -> None:
    asha, _ = people
    answer = asha.client.post(f"/my/loans/{asha.loan.reference}/problem/", {"words": "x" * 10_000_000})
    assert answer.status_code == 413
    assert "This is too much at once" in answer.content.decode()


def test_words_nobody_can_store_are_refused_or_stored_clean(people: tuple[Person, Person]) -> None:
    asha, _ = people
    for words in ("\x00", "a\x00b", "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "\u202ecod.exe"):
        assert asha.client.post(f"/my/loans/{asha.loan.reference}/problem/", {"words": words}).status_code in (302, 422)


def test_no_page_takes_a_file(people: tuple[Person, Person]) -> None:
    asha, _ = people
    for address in addresses(asha.values()):
        if not address.url.endswith((".pdf", ".json")):
            text = asha.client.get(address.url).content.decode()
            assert 'type="file"' not in text and "multipart/form-data" not in text, address
