"""Tests 7 and 9: a sign-up tells nobody who is known to us. Equal answers, equal bytes, like work; the reason goes by mail to the address itself."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.actors import SYSTEM
from campaigns.models import Campaign, EligibilityRule
from config.models import Tally
from customers.models import Customer
from equipment.models import Pool
from notices.models import Notice
from referrals import expiring, reviewing
from referrals.models import Code, Referral
from tests.make import AT, make_customer, make_unit
from tests.referrals.pages.rows import counts
from tests.stories import issue_to, sign_up, verify

pytestmark = pytest.mark.django_db
UNKNOWN = "nobody@example.net"
KNOWN = {
    "asha@example.org": "It is your own invitation",
    "ASHA@Example.org": "It is your own invitation",
    "asha+me@example.org": "It is your own invitation",
    "active@example.net": "You are a customer already",
    "lapsed@example.net": "You are a customer already",
    "closed@example.net": "You are a customer already",
    "invited@example.net": "You accepted another invitation",
    "in-france@example.net": "You live in Germany.",
}


@pytest.fixture(autouse=True)
def known(asha: Customer, campaign: Campaign, pool: Pool) -> None:
    """Somebody of every kind whom we know, and enough on the shelf for all."""
    for _ in range(9):
        make_unit(pool)
    Customer.objects.filter(pk=asha.pk).update(email="asha@example.org", email_key="asha@example.org")
    for membership in ("active", "lapsed", "closed"):
        make_customer(f"{membership.title()} Person", email=f"{membership}@example.net", membership=membership)
    make_customer("Prospect Person", email="in-france@example.net", membership="prospect", country="FR")
    sign_up(issue_to(make_customer("Dora Lind"), campaign), "Dan Fox", email="invited@example.net")
    EligibilityRule.objects.create(
        campaign=campaign, side="referee", field="country", operator="is", value="DE", sentence="You live in Germany."
    )


def answered(code: Code, typed: dict[str, str], email: str, country: str = "DE") -> tuple[Any, int]:
    """All that somebody sees who signs up with an address, and how often the database was asked. Nothing of it stays."""
    with transaction.atomic():
        cache.clear()
        browser = Client()
        with CaptureQueriesContext(connection) as queries:
            answer = browser.post(f"/r/{code.code}/", {**typed, "email": email, "country": country})
        work = len(queries)
        page = browser.get(answer["Location"]) if answer.status_code == 302 else answer
        seen = (
            answer.status_code,
            sorted(answer.headers),
            sorted(answer.cookies),
            re.sub(r"for=.*", "for=", answer.headers.get("Location", "")),
            len(answer.headers.get("Location", "")) // 16,
            re.sub(r'name="form" value="[^"]*"|for=[^"&]*', "", page.content.decode()).replace(email, "…"),
        )
        transaction.set_rollback(True)
    return seen, work


@pytest.mark.parametrize("email", KNOWN)
def test_a_known_and_an_unknown_address_get_the_same_answer_for_like_work(code: Code, typed: dict[str, str], email: str) -> None:
    (unknown, its_work), (known, work) = answered(code, typed, UNKNOWN), answered(code, typed, email)
    assert unknown[0] == 302 and "Held for you" in unknown[-1]
    assert known == unknown
    assert its_work <= work <= its_work * 1.2, (work, its_work)


@pytest.mark.parametrize("email", [UNKNOWN, *KNOWN])
def test_what_is_typed_is_judged_before_whose_address_it_is(code: Code, typed: dict[str, str], email: str) -> None:
    (unknown, _), (known, _) = answered(code, typed, UNKNOWN, "FR"), answered(code, typed, email, "FR")
    assert unknown[0] == 409 and "You live in Germany." in unknown[-1]
    assert known == unknown


@pytest.mark.parametrize("email", KNOWN)
def test_the_owner_of_the_address_learns_the_reason_by_mail_and_nothing_else_is_kept(
    code: Code, typed: dict[str, str], email: str
) -> None:
    before = counts()
    Client().post(f"/r/{code.code}/", {**typed, "email": email, "country": "DE"})
    mail = Notice.objects.get(kind="sign_up_refused")
    assert (mail.address.replace("+me", ""), mail.state) == (email.lower().replace("+me", ""), "queued")
    assert KNOWN[email] in mail.body_text
    more = {name: count - before[name] for name, count in counts().items() if count != before[name]}
    del more["config.Tally"]
    assert more == {"notices.Notice": 1, "audit.Entry": 1, "audit.Mention": 3, "django_q.OrmQ": 1}
    assert Referral.objects.count() == 1


def test_twenty_tries_from_many_places_are_one_mail_a_day(code: Code, typed: dict[str, str], clock: Any) -> None:
    for place in range(20):
        browser = Client(REMOTE_ADDR=f"192.0.2.{place}")
        answer = browser.post(f"/r/{code.code}/", {**typed, "email": "active@example.net", "country": "DE"})
        assert answer.status_code == 302
    assert Notice.objects.filter(kind="sign_up_refused").count() == 1
    clock.shift(timedelta(days=1))
    form = Client().get(f"/r/{code.code}/").context["form_word"]
    Client().post(f"/r/{code.code}/", {**typed, "form": form, "email": "active@example.net", "country": "DE"})
    assert Notice.objects.filter(kind="sign_up_refused").count() == 2


def test_it_is_written_in_the_language_of_the_owner(code: Code, typed: dict[str, str]) -> None:
    Customer.objects.filter(email="active@example.net").update(language="de")
    Client().post(f"/r/{code.code}/", {**typed, "email": "active@example.net", "country": "DE"})
    mail = Notice.objects.get(kind="sign_up_refused")
    assert mail.subject.startswith("Zu deiner Anmeldung") and "Du bist schon Kunde" in mail.body_text


def test_an_address_typed_again_by_somebody_else_looks_new_and_its_owner_is_reminded(
    code: Code, typed: dict[str, str], clock: Any
) -> None:
    first = {**typed, "email": "ben@example.net", "country": "DE"}
    assert Client().post(f"/r/{code.code}/", first).status_code == 302
    clock.shift(timedelta(hours=1))
    (unknown, _), (known, _) = answered(code, typed, UNKNOWN), answered(code, typed, "ben@example.net")
    assert known == unknown
    Client(REMOTE_ADDR="192.0.2.7").post(f"/r/{code.code}/", first)
    mail = Notice.objects.get(kind="sign_up_refused")
    assert "You have accepted this invitation already" in mail.body_text and "/verify/" in mail.body_text


@pytest.mark.parametrize(
    ("language", "through", "said"),
    [
        ("en", "the same", "You have accepted this invitation already. If you have a question about it, just answer this mail."),
        (
            "de",
            "the same",
            "Du hast diese Einladung schon angenommen. Wenn du dazu eine Frage hast, antworte einfach auf diese Mail.",
        ),
        (
            "en",
            "another",
            "You accepted another invitation to this offer before. If you have a question about it, just answer this mail.",
        ),
        (
            "de",
            "another",
            "Du hast schon eine andere Einladung zu diesem Angebot angenommen. Wenn du dazu eine Frage hast, antworte",
        ),
    ],
)
@pytest.mark.parametrize("became", ["complete", "blocked and over"])
def test_who_accepted_before_reads_the_same_true_words_whatever_became_of_it(
    code: Code, typed: dict[str, str], clock: Any, language: str, through: str, said: str, became: str
) -> None:
    first = code if through == "the same" else issue_to(make_customer("Nora Berg"), code.campaign)
    referral = sign_up(first, "Ben Okoro", email="ben@example.net", language=language)
    if became == "complete":
        verify(referral)
    else:
        reviewing.block(referral=referral, reason="The same device.", at=AT, by=SYSTEM)
        expiring.expire(referral=referral, at=AT + timedelta(days=31), by=SYSTEM)
    clock.shift(timedelta(days=32))
    form = Client().get(f"/r/{code.code}/").context["form_word"]
    assert (
        Client().post(f"/r/{code.code}/", {**typed, "form": form, "email": "ben@example.net", "country": "DE"}).status_code == 302
    )
    body = Notice.objects.get(kind="sign_up_refused").body_text
    assert said in body and "/verify/" not in body


def test_whoever_sends_the_form_of_one_page_twice_reads_the_same_twice(
    browser: Client, code: Code, typed: dict[str, str], clock: Any
) -> None:
    touch = browser.get(f"/r/{code.code}/").context["form"].initial["touch"]
    sent = {**typed, "touch": touch, "country": "DE"}
    first = browser.get(browser.post(f"/r/{code.code}/", sent)["Location"]).content
    clock.shift(timedelta(seconds=2))
    again = browser.get(browser.post(f"/r/{code.code}/", sent)["Location"]).content
    strip = re.compile(rb"\?for=[^\"&]*|for=[^\"&]*")
    assert strip.sub(b"", first) == strip.sub(b"", again)
    assert not Notice.objects.filter(kind="sign_up_refused").exists()


def test_addresses_cannot_be_tried_in_a_row(code: Code, typed: dict[str, str]) -> None:
    Tally.objects.all().delete()
    sent = [Client().post(f"/r/{code.code}/", {**typed, "email": f"a{n}@example.net", "country": "DE"}) for n in range(22)]
    assert [answer.status_code for answer in sent] == [302] * 20 + [429] * 2
