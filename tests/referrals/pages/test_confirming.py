"""The page a mailed link opens."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from audit.actors import SYSTEM
from campaigns.models import Campaign
from customers.models import Customer
from equipment import lending
from equipment.models import Loan
from referrals import expiring, reviewing, tokens
from referrals.jobs import expire_stale_referrals
from referrals.models import Code, Referral
from referrals.states import Progress
from tests.make import AT
from tests.referrals.pages.rows import counts


def progress(referral: Referral) -> str:
    return Referral.objects.get(pk=referral.pk).progress


def test_looking_changes_nothing_however_often_scanners_look(browser: Client, link: str, referral: Referral) -> None:
    before = counts()
    for look in (browser.head, browser.get, browser.get, browser.options):
        look(link)
    assert counts() == before
    assert progress(referral) == Progress.SIGNED_UP
    words = browser.get(link).content.decode()
    assert "Asha R. invited you" in words
    assert "Yes, this is my address" in words


def test_the_button_confirms_and_shows_what_both_sides_get_and_the_code(browser: Client, link: str, referral: Referral) -> None:
    answer = browser.post(link)
    assert (answer.status_code, answer["Location"]) == (302, link)
    assert progress(referral) == Progress.QUALIFIED
    words = browser.get(link).content.decode()
    own = Code.objects.get(customer=referral.referee)
    for said in (
        "Welcome! You are in",
        "Aero 7 camera, on loan for 14 days",
        "Held for you until Monday 16 March 2026. We are getting it ready",
        "What Asha R. gets",
        own.code,
        f"http://testserver/r/{own.code}/",
    ):
        assert said in words


def test_the_page_says_whether_the_sign_up_came_from_here_and_works_from_elsewhere(
    browser: Client, send: Callable[..., Any], code: Code
) -> None:
    send()
    referral = Referral.objects.get()
    link = f"/verify/{tokens.make_verification(referral, at=AT)}/"
    assert "You signed up from this connection." in browser.get(link).content.decode()
    elsewhere = Client(REMOTE_ADDR="192.0.2.9")
    assert "You signed up from another device or connection." in elsewhere.get(link).content.decode()
    assert elsewhere.post(link).status_code == 302
    assert progress(referral) == Progress.QUALIFIED


def test_the_result_has_everything_to_pass_it_on(browser: Client, link: str, referral: Referral) -> None:
    browser.post(link)
    own = Code.objects.get(customer=referral.referee)
    words = browser.get(link).content.decode()
    for said in (
        f"/r/{own.code}/qr.svg",
        f"/r/{own.code}/qr.png",
        f"/r/{own.code}/card.pdf",
        "https://wa.me/?text=",
        "mailto:?",
        "sms:?",
    ):
        assert said in words


def test_nobody_is_asked_to_pass_on_what_has_been_given_out(
    browser: Client, link: str, referral: Referral, campaign: Campaign
) -> None:
    browser.post(link)
    Campaign.objects.filter(pk=campaign.pk).update(state="paused", is_used_up=True)
    words = browser.get(link).content.decode()
    assert "Everything has been given out" in words
    assert "Aero 7 camera, on loan for 14 days" in words, "what was promised still stands"
    assert "Now invite friends yourself" not in words
    assert "https://wa.me/" not in words
    assert Code.objects.get(customer=referral.referee).code not in words


def test_who_is_told_to_keep_their_link_through_a_break_is_shown_it(
    browser: Client, link: str, referral: Referral, campaign: Campaign
) -> None:
    browser.post(link)
    Campaign.objects.filter(pk=campaign.pk).update(state="paused")
    words = browser.get(link).content.decode()
    assert "Keep the link: it works again when we go on." in words
    assert f"http://testserver/r/{Code.objects.get(customer=referral.referee).code}/" in words


def test_an_unlocked_unit_is_said_to_be_ready_to_collect(browser: Client, link: str, referral: Referral) -> None:
    browser.post(link)
    loan = Loan.objects.get(promise__referral=referral, promise__side="referee")
    lending.unlock(loan=loan, at=AT, by=SYSTEM)
    assert "It is yours: collect it in Berlin by Monday 9 March 2026." in browser.get(link).content.decode()


def test_a_second_click_is_harmless(browser: Client, link: str) -> None:
    browser.post(link)
    before = counts()
    assert browser.post(link).status_code == 302
    assert counts() == before


def test_what_is_still_to_be_proved_is_said_with_its_last_day(
    browser: Client, link: str, referral: Referral, campaign: Campaign
) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(proof="first_purchase", proof_amount=50)
    browser.post(link)
    assert progress(referral) == Progress.VERIFIED
    words = browser.get(link).content.decode()
    assert "Still to come: 1 more purchase of at least 50.00 EUR." in words
    assert "Wednesday 1 April 2026" in words
    assert "You get a code of your own as soon as this is complete." in words


def test_a_complete_referral_without_its_code_says_that_it_is_being_made(browser: Client, link: str, referral: Referral) -> None:
    browser.post(link)
    Code.objects.filter(customer=referral.referee).delete()
    assert "Your own code is being made ready." in browser.get(link).content.decode()


@pytest.mark.parametrize("token", ["forged", "a:b:c", "x" * 3000, "%00", "..", "<script>", "1:2"])
def test_a_forged_link_is_not_found(browser: Client, db: None, token: str) -> None:
    for ask in (browser.get, browser.post):
        answer = ask(f"/verify/{token}/")
        assert answer.status_code == 404
        assert "<script>" not in answer.content.decode()


def test_a_link_with_one_letter_changed_is_not_found(browser: Client, link: str, referral: Referral) -> None:
    changed = link[:-3] + ("A" if link[-3] != "A" else "B") + link[-2:]
    assert browser.post(changed).status_code == 404
    assert progress(referral) == Progress.SIGNED_UP


def test_a_word_signed_for_something_else_is_not_taken(browser: Client, code: Code, referral: Referral) -> None:
    touch = browser.get(f"/r/{code.code}/").context["form"].initial["touch"]
    assert browser.post(f"/verify/{touch}/").status_code == 404


def test_an_expired_link_is_gone_and_says_what_to_do(browser: Client, link: str, referral: Referral, clock: Any) -> None:
    clock.shift(timedelta(days=31))
    for ask in (browser.get, browser.post):
        answer = ask(link)
        assert answer.status_code == 410
        assert "This link has expired" in answer.content.decode()
        assert f'href="/r/{referral.code.code}/">Open the invitation</a>' in answer.content.decode()
    assert progress(referral) == Progress.SIGNED_UP


def test_the_page_of_an_expired_link_speaks_the_friends_language(
    browser: Client, link: str, referral: Referral, clock: Any
) -> None:
    Customer.objects.filter(pk=referral.referee_id).update(language="de")
    clock.shift(timedelta(days=31))
    for ask in (browser.get, browser.post):
        words = ask(link, headers={"accept-language": "en"}).content.decode()
        assert "Dieser Link ist abgelaufen" in words and "This link has expired" not in words
        assert '<html lang="de"' in words
    assert "This link has expired" in browser.get(f"{link}?lang=en").content.decode()


def test_an_old_link_of_somebody_who_confirmed_asks_for_nothing(browser: Client, link: str, referral: Referral, clock: Any) -> None:
    browser.post(link)
    clock.shift(timedelta(days=31))
    words = browser.get(link).content.decode()
    assert "You had confirmed your address before" in words
    assert "Open the invitation" not in words


def test_an_expired_referral_is_gone(browser: Client, referral: Referral, clock: Any) -> None:
    link = f"/verify/{tokens.make_verification(referral, at=AT + timedelta(days=40))}/"
    clock.shift(timedelta(days=40, hours=1))
    expiring.expire(referral=referral, at=AT + timedelta(days=40), by=SYSTEM)
    for answer in (browser.get(link), browser.post(link)):
        assert answer.status_code == 410
        assert f'href="/r/{referral.code.code}/">Open the invitation</a>' in answer.content.decode()


@pytest.mark.parametrize("job_has_run", [True, False])
def test_whoever_confirmed_but_did_not_do_the_rest_in_time_is_not_told_that_they_never_confirmed(
    browser: Client, link: str, referral: Referral, clock: Any, job_has_run: bool
) -> None:
    Campaign.objects.update(proof="first_purchase")
    browser.post(link)
    clock.shift(timedelta(days=31))
    if job_has_run:
        expire_stale_referrals()
    later = f"/verify/{tokens.make_verification(referral, at=AT + timedelta(days=31))}/"
    for words in (browser.get(link).content.decode(), *([browser.get(later).content.decode()] if job_has_run else [])):
        assert "You had confirmed your address, but the time for the rest of what the offer asks is over." in words
        assert f'href="/r/{referral.code.code}/">Open the invitation</a>' in words
        assert "you need do nothing" not in words


def test_a_bare_post_by_a_scanner_does_nothing(link: str, referral: Referral) -> None:
    assert Client(enforce_csrf_checks=True).post(link).status_code == 403
    assert progress(referral) == Progress.SIGNED_UP


def test_a_browser_with_strict_checks_can_confirm(link: str, referral: Referral) -> None:
    browser = Client(enforce_csrf_checks=True)
    mark = browser.get(link).context["csrf_token"]
    assert browser.post(link, {"csrfmiddlewaretoken": str(mark)}, headers={"origin": "http://testserver"}).status_code == 302
    assert progress(referral) == Progress.QUALIFIED


def test_a_blocked_friend_reads_nothing_of_the_reason(browser: Client, link: str, referral: Referral) -> None:
    reviewing.block(referral=referral, reason="Ring of five accounts at one address.", at=AT, by=SYSTEM)
    words = browser.post(link, follow=True).content.decode()
    assert "Ring" not in words
    assert "blocked" not in words.lower()


def test_nothing_of_the_page_is_kept_or_passed_on(browser: Client, link: str) -> None:
    for answer in (browser.get(link), browser.post(link), browser.get("/verify/forged/")):
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "same-origin"
    main = browser.get(link).content.decode().partition("<main")[2].replace("http://testserver", "")
    # The ways to share lead to the reader's own apps when they are pressed, and tell those nothing of this page.
    without_ways = re.sub(r'<a class="way" href="[^"]*" rel="noopener noreferrer">', "", main)
    assert without_ways != main
    assert "http" not in without_ways


def test_whoever_tries_many_links_is_slowed_down(browser: Client, link: str) -> None:
    answers = [browser.get(f"/verify/forged{n}/").status_code for n in range(31)]
    assert answers == [404] * 30 + [429]
    assert browser.get(link).status_code == 429


def test_whoever_mistyped_their_address_joins_again_with_the_right_one(
    browser: Client, code: Code, typed: dict[str, str], clock: Any
) -> None:
    for email in ("bne@example.net", "ben@example.net"):
        assert browser.post(f"/r/{code.code}/", {**typed, "email": email}).status_code == 302
    wrong, right = Referral.objects.order_by("pk")
    answer = browser.post(f"/verify/{tokens.make_verification(right, at=AT)}/", follow=True)
    assert "Welcome! You are in" in answer.content.decode()
    right.refresh_from_db()
    assert (right.progress, right.standing) == ("qualified", "clear")
    clock.shift(timedelta(days=31))
    expire_stale_referrals()
    wrong.refresh_from_db()
    assert wrong.progress == "expired"
    assert not wrong.promises.exclude(loan__state="cancelled").exists()
