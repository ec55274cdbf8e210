"""Sending the form of the landing page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from audit.models import Entry
from campaigns.models import Campaign, EligibilityRule
from customers.models import Acceptance, AgreementVersion, Customer
from notices.models import Notice
from referrals import tokens
from referrals.models import Code, Credit, Referral, Touch
from tests.make import AT, make_campaign, make_customer
from tests.referrals.pages.rows import counts
from tests.stories import issue_to, sign_up, verify

Send = Callable[..., Any]


def test_a_friend_signs_up_and_is_told_what_happens_next_and_by_when(send: Send, browser: Client, code: Code) -> None:
    answer = send()
    assert answer.status_code == 302
    assert urlsplit(answer["Location"]).path == f"/r/{code.code}/check-your-mail/"
    words = browser.get(answer["Location"]).content.decode()
    assert "Check your mail" in words
    assert "by <b>Wednesday 1 April 2026</b>" in words
    assert "Held for you until Monday 16 March 2026. Confirm your address before then" in words
    referral = Referral.objects.get()
    assert (referral.code, referral.referee.email) == (code, "ben@example.net")
    assert Acceptance.objects.get(customer=referral.referee).typed_name == "Ben Okoro"
    assert Notice.objects.filter(kind="verify_email", customer=referral.referee).exists()


def test_a_friend_who_has_to_wait_is_told_the_place_in_the_queue(send: Send, browser: Client, code: Code) -> None:
    for name in ("Chloe Dubois", "Dev Patel"):
        sign_up(code, name)
    words = browser.get(send()["Location"]).content.decode()
    assert "You are number 3 in the queue" in words
    assert "We expect one for you by" in words


def test_further_proof_is_named_among_what_comes_next(send: Send, browser: Client, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(proof="first_purchase", proof_amount=50)
    assert "make a first purchase of at least 50.00 EUR within 30 days" in browser.get(send()["Location"]).content.decode()


def test_the_visit_that_led_to_the_sign_up_is_credited(send: Send, browser: Client, code: Code) -> None:
    form = browser.get(f"/r/{code.code}/").context["form"]
    send(touch=form.initial["touch"])
    assert Credit.objects.get().touch == Touch.objects.get()


@pytest.mark.parametrize("touch", ["", "forged", "x" * 100_000, "a:b:c", "\x00", "null"])
def test_a_bad_word_for_the_visit_never_stops_a_sign_up(send: Send, touch: str) -> None:
    assert send(touch=touch).status_code == 302
    assert Referral.objects.count() == 1


def test_sending_twice_is_harmless(send: Send, browser: Client) -> None:
    first, second = send(), send()
    assert (first.status_code, second.status_code) == (302, 302)
    assert Referral.objects.count() == 1
    assert Notice.objects.filter(kind="verify_email").count() == 1
    assert "Check your mail" in browser.get(second["Location"]).content.decode()


def test_going_back_and_reloading_is_harmless(send: Send, browser: Client, code: Code) -> None:
    next_page = send()["Location"]
    before = counts()
    assert browser.get(next_page).status_code == 200
    assert browser.head(next_page).status_code == 200
    assert counts() == before
    assert browser.get(f"/r/{code.code}/").status_code == 200


def test_the_next_page_shows_no_details_to_anybody_else(send: Send, browser: Client, code: Code, clock: Any) -> None:
    details = send()["Location"]
    clock.shift(timedelta(minutes=5))
    for address in (f"/r/{code.code}/check-your-mail/", f"/r/{code.code}/check-your-mail/?for=forged"):
        words = browser.get(address).content.decode()
        assert "Check your mail" in words
        assert "Held for you" not in words
    clock.shift(timedelta(hours=25))
    assert "Held for you" not in browser.get(details).content.decode()


def test_the_next_page_never_shows_name_or_address(send: Send, browser: Client) -> None:
    words = browser.get(send()["Location"]).content.decode()
    assert "Okoro" not in words
    assert "ben@example.net" not in words


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "Write your name."),
        ({"name": "   "}, "Write your name."),
        ({"name": "B" * 121}, "Write a name of at most 120 characters."),
        ({"name": "Ben\x00"}, "Null characters are not allowed."),
        ({"email": ""}, "Write your e-mail address."),
        ({"email": "ben"}, "Write an e-mail address like ben@example.org."),
        ({"email": f"{'b' * 250}@example.org"}, "Write an e-mail address of at most 254 characters."),
        ({"email": "ben@example.net\nBcc: all@example.net"}, "Write an e-mail address like ben@example.org."),
        ({"accept": ""}, "Read the terms and tick this box to join."),
    ],
)
def test_what_cannot_be_used_is_said_beside_the_field_and_what_was_typed_stays(
    send: Send, change: dict[str, str], said: str
) -> None:
    answer = send(**change)
    assert answer.status_code == 422
    words = answer.content.decode()
    assert said in words
    assert 'aria-invalid="true"' in words
    assert 'value="Ben Okoro"' in words or 'value="ben@example.net"' in words
    assert not Referral.objects.exists()
    assert Customer.objects.count() == 1


def test_hostile_values_come_back_as_text(send: Send) -> None:
    words = send(name='"><script>alert(1)</script>', email="nonsense").content.decode()
    assert "<script" not in words
    assert "&lt;script&gt;" in words


def test_a_name_with_odd_spaces_and_line_breaks_is_kept_on_one_line(send: Send) -> None:
    send(name="  Ben \r\n Okoro\t ")
    assert Referral.objects.get().referee.name == "Ben Okoro"


def test_a_form_a_megabyte_long_is_refused_in_words(send: Send) -> None:
    answer = send(name="B" * 1_100_000)
    assert answer.status_code == 413
    assert "This is too much at once" in answer.content.decode()


def test_a_friend_outside_the_criteria_is_refused_in_words_and_nothing_is_kept(send: Send, campaign: Campaign) -> None:
    EligibilityRule.objects.create(
        campaign=campaign, side="referee", field="country", operator="is", value="DE", sentence="You live in Germany."
    )
    answer = send(country="FR")
    words = answer.content.decode()
    assert answer.status_code == 409
    assert "We cannot take this sign-up" in words
    assert "You live in Germany." in words
    assert '<option value="FR" selected>France</option>' in words
    assert not Referral.objects.exists()
    assert not Customer.objects.filter(email="ben@example.net").exists()
    assert send(country="DE").status_code == 302


def test_a_german_outside_the_criteria_reads_in_german_what_is_not_known(
    browser: Client, code: Code, typed: dict[str, str], campaign: Campaign
) -> None:
    EligibilityRule.objects.create(
        campaign=campaign, side="referee", field="city", operator="is", value="Bonn", sentence="You live in Bonn."
    )
    Campaign.objects.filter(pk=campaign.pk).update(translations={"de": {"You live in Bonn.": "Du lebst in Bonn."}})
    words = browser.post(f"/r/{code.code}/?lang=de", typed).content.decode()
    assert "Du lebst in Bonn. Nicht bekannt: Ort." in words
    assert "Not known" not in words


@pytest.mark.parametrize("country", ["", "XX", "Germany", "<b>"])
def test_a_country_that_is_asked_for_must_be_one(send: Send, campaign: Campaign, country: str) -> None:
    EligibilityRule.objects.create(
        campaign=campaign, side="referee", field="country", operator="is", value="DE", sentence="You live in Germany."
    )
    assert send(country=country).status_code == 422


def test_terms_that_changed_meanwhile_have_to_be_accepted_again(send: Send, code: Code) -> None:
    agreement = code.campaign.campaign_terms
    assert agreement is not None
    AgreementVersion.objects.create(agreement=agreement, number=2, body="Be fairer.", sha256="b" * 64, published_at=AT)
    answer = send()
    words = answer.content.decode()
    assert answer.status_code == 409
    assert "The terms have changed since this page was opened." in words
    assert "Campaign terms, version 2" in words
    assert " checked" not in words
    assert 'name="terms" value="2"' in words
    assert 'value="ben@example.net"' in words
    assert send(terms="2").status_code == 302


@pytest.mark.parametrize("terms", ["", "0", "-1", "99", "9" * 400, "one", "1.0", "\x00"])
def test_a_version_of_the_terms_nobody_was_shown_is_not_accepted(send: Send, terms: str) -> None:
    assert send(terms=terms).status_code == 409
    assert not Acceptance.objects.exists()


def test_a_draft_of_the_terms_cannot_be_accepted(send: Send, code: Code) -> None:
    agreement = code.campaign.campaign_terms
    assert agreement is not None
    AgreementVersion.objects.create(agreement=agreement, number=2, body="Not yet.")
    assert send(terms="2").status_code == 409
    assert not Acceptance.objects.exists()


@pytest.mark.parametrize("word", ["", "x", "forged:by:somebody", "\x00"])
def test_a_form_without_the_word_of_its_page_does_nothing_and_keeps_what_was_typed(send: Send, word: str) -> None:
    answer = send(form=word)
    assert answer.status_code == 403
    assert "The form was open too long" in answer.content.decode()
    assert 'value="ben@example.net"' in answer.content.decode()
    assert not Referral.objects.exists()
    assert send(form=answer.context["form_word"]).status_code == 302


def test_the_word_of_another_page_or_of_yesterday_is_not_taken(send: Send, asha: Customer, clock: Any) -> None:
    other = issue_to(asha, make_campaign())
    assert send(form=tokens.sign_form(other.code, at=AT)).status_code == 403
    clock.shift(timedelta(hours=25))
    assert send().status_code == 403


def test_what_another_site_sends_does_nothing(browser: Client, code: Code, typed: dict[str, str]) -> None:
    for url, data in ((f"/r/{code.code}/", typed), ("/join/", {"code": code.code})):
        answer = browser.post(url, data, headers={"sec-fetch-site": "cross-site"})
        assert answer.status_code == 403
        assert "not ours" in answer.content.decode()
    assert not Referral.objects.exists() and not Touch.objects.exists()


def test_neither_opening_nor_sending_stores_anything_on_the_device(browser: Client, send: Send, code: Code) -> None:
    for answer in (
        browser.get("/"),
        browser.get("/join/"),
        browser.post("/join/", {"code": code.code}),
        browser.get(f"/r/{code.code}/"),
        send(),
    ):
        assert not answer.cookies


def test_a_form_cannot_set_more_than_it_asks(send: Send) -> None:
    send(membership="active", verified_at="2026-01-01", risk="0", progress="qualified", standing="clear", origin="organic")
    referral = Referral.objects.get()
    assert referral.progress == "signed_up"
    assert referral.referee.membership == "prospect"
    assert referral.referee.verified_at is None


def test_many_sign_ups_from_one_address_are_slowed_down(send: Send, clock: Any) -> None:
    for n in range(20):
        assert send(email=f"friend{n}@example.net").status_code == 302
    slowed = send(email="friend20@example.net")
    assert slowed.status_code == 429
    assert "A little too fast" in slowed.content.decode()
    assert "What you typed just now did not reach us" in slowed.content.decode()
    assert Referral.objects.count() == 20
    clock.shift(timedelta(minutes=10))
    assert send(email="friend20@example.net").status_code == 302


def test_someone_already_in_one_campaign_may_join_another(send: Send, browser: Client, typed: dict[str, str]) -> None:
    send()
    other = issue_to(make_customer("Chloe Dubois"), make_campaign())
    assert browser.post(f"/r/{other.code}/", {**typed, "form": tokens.sign_form(other.code, at=AT)}).status_code == 302


def test_a_friend_who_qualified_and_sends_the_form_again_is_not_refused(send: Send, code: Code) -> None:
    send()
    verify(Referral.objects.get())
    assert send().status_code == 302
    assert Referral.objects.filter(code=code).count() == 1


def test_whoever_opened_the_mail_too_late_joins_anew_on_the_same_page(send: Send, browser: Client, code: Code, clock: Any) -> None:
    assert send().status_code == 302
    clock.shift(timedelta(days=31))
    fresh = browser.get(f"/r/{code.code}/").context["form_word"]
    assert send(form=fresh).status_code == 302
    assert list(Referral.objects.order_by("pk").values_list("progress", flat=True)) == ["expired", "signed_up"]
    assert Entry.objects.get(event="referral.expired").actor == "system"
