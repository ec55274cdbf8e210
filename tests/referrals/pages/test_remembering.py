"""The question whether a browser may remember who invited it, and what follows from a yes."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit import actors
from campaigns.models import Brand, Campaign
from customers import erasing
from customers.models import Customer
from referrals import tokens
from referrals.models import Code, Credit, Referral, Touch
from referrals.states import CodeState
from tests.make import AT, make_campaign, make_customer
from tests.referrals.pages.rows import counts
from tests.stories import issue_to

ASKED = "May this browser remember"
KEPT = "This browser remembers until"


@pytest.fixture
def dora(campaign: Campaign) -> Code:
    """Another customer's code of the same campaign."""
    return issue_to(make_customer("Dora Lind"), campaign)


def page(browser: Client, code: Code, query: str = "") -> str:
    answer = browser.get(f"/r/{code.code}/{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def hidden(html: str) -> dict[str, str]:
    """The words in the bar of a page."""
    bar = html.partition("<aside")[2]
    return dict(re.findall(r'name="(form|touch)" value="([^"]*)"', bar))


def answer_to(browser: Client, code: Code, answer: str, **headers: str) -> Any:
    words = hidden(page(browser, code))
    return browser.post(f"/r/{code.code}/remember/", {**words, "answer": answer}, headers=headers)


def joins(browser: Client, code: Code, typed: dict[str, str], **changes: str) -> Referral:
    """Ben opens a page and sends its form."""
    words = browser.get(f"/r/{code.code}/").context["form"].initial["touch"]
    form = tokens.sign_form(code.code, at=AT + timedelta(days=100))
    sent = browser.post(f"/r/{code.code}/", {**typed, "touch": words, "form": form, **changes})
    assert sent.status_code == 302, sent.content.decode()
    return Referral.objects.get()


def test_the_question_has_two_equal_answers_and_says_for_how_long(browser: Client, code: Code) -> None:
    bar = page(browser, code).partition("<aside")[2]
    assert f"{ASKED} for 30 days that Asha R. invited you?" in bar
    buttons = re.findall(r"<button [^>]*>", bar)
    assert [re.sub(r"yes|no", "…", button) for button in buttons] == ['<button class="choice" name="answer" value="…">'] * 2


def test_nobody_is_remembered_for_longer_than_ninety_days(browser: Client, code: Code, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(attribution_days=365)
    assert f"{ASKED} for 90 days" in page(browser, code)
    assert answer_to(browser, code, "yes").cookies["invitation"]["max-age"] == 90 * 86_400


def test_without_a_yes_no_answer_of_any_page_sets_a_cookie(browser: Client, code: Code, typed: dict[str, str]) -> None:
    touch = hidden(page(browser, code))["touch"]
    for answer in (
        browser.get("/"),
        browser.get("/join/"),
        browser.post("/join/", {"code": code.code}),
        browser.get(f"/r/{code.code}/"),
        browser.get(f"/r/{code.code}/?touch={touch}&asked=no"),
        browser.get(f"/r/{code.code}/remember/"),
        answer_to(browser, code, "no"),
        answer_to(browser, code, ""),
        browser.post(f"/r/{code.code}/", typed),
    ):
        assert not answer.cookies
    assert not browser.cookies


def test_after_a_no_the_question_does_not_come_back_in_this_visit_and_nothing_is_stored(browser: Client, code: Code) -> None:
    answer = answer_to(browser, code, "no")
    assert (answer.status_code, urlsplit(answer["Location"]).path) == (302, f"/r/{code.code}/")
    before = counts()
    again = browser.get(answer["Location"])
    assert ASKED not in again.content.decode() and KEPT not in again.content.decode()
    assert counts() == before, "the visit was counted twice"
    assert not browser.cookies
    switch = re.findall(r'href="(\?lang=de[^"]*)"', again.content.decode())[0].replace("&amp;", "&")
    german = browser.get(f"/r/{code.code}/{switch}").content.decode()
    assert "hat dich eingeladen" in german and "<aside" not in german
    action = re.findall(r'action="([^"]*)"', again.content.decode())[0]
    assert "<aside" not in browser.post(action, {}).content.decode()
    assert ASKED in page(browser, code), "a new visit asks anew"


def test_a_yes_is_kept_in_one_guarded_cookie_and_can_be_taken_back(browser: Client, code: Code, settings: Any) -> None:
    settings.COOKIE_PREFIX, settings.SESSION_COOKIE_SECURE = "__Host-", True
    answer = answer_to(browser, code, "yes")
    assert list(answer.cookies) == ["__Host-invitation"]
    cookie = answer.cookies["__Host-invitation"]
    flags = (cookie["httponly"], cookie["secure"], cookie["samesite"], cookie["path"], cookie["domain"], cookie["max-age"])
    assert flags == (True, True, "Lax", "/", "", 30 * 86_400)
    visit = tokens.read_visit(cookie.value, at=AT)
    assert visit is not None and visit.token == Touch.objects.get().token
    shown = browser.get(answer["Location"]).content.decode()
    assert f"{KEPT} Wednesday 1 April 2026 that Asha R. invited you" in shown and ASKED not in shown
    gone = browser.post(f"/r/{code.code}/remember/", {**hidden(shown), "answer": "no"})
    assert gone.cookies["__Host-invitation"]["max-age"] == 0
    assert gone.cookies["__Host-invitation"]["secure"]


def test_it_is_signed(browser: Client, code: Code, dora: Code, typed: dict[str, str], clock: Any) -> None:
    answer_to(browser, code, "yes")
    clock.shift(timedelta(minutes=1))
    word = browser.cookies["invitation"].value
    assert "Asha" not in word
    for forged in (
        word[:-1] + ("A" if word[-1] != "A" else "B"),
        word.replace(f".{code.pk}.", f".{dora.pk}."),
        "x",
        "~" * 3000,
        "\x00",
    ):
        browser.cookies["invitation"] = forged
        assert "Go on with this invitation" not in browser.get("/join/").content.decode()
        assert ASKED in page(browser, dora)
    clock.shift(timedelta(minutes=1))
    assert joins(browser, dora, typed).code == dora


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {"origin": "null"}])
def test_no_other_site_can_say_yes(browser: Client, code: Code, headers: dict[str, str]) -> None:
    answer = answer_to(browser, code, "yes", **headers)
    assert answer.status_code == 403
    assert not browser.cookies


@pytest.mark.parametrize("origin", ["http://testserver", "https://lendwell.example.org"])
def test_our_own_pages_can_say_it(browser: Client, code: Code, settings: Any, origin: str) -> None:
    settings.SITE_URL = "https://lendwell.example.org"
    assert answer_to(browser, code, "yes", origin=origin).cookies


def test_a_yes_without_the_words_of_its_page_remembers_nothing(browser: Client, code: Code, dora: Code, clock: Any) -> None:
    words = hidden(page(browser, code))
    for sent in (
        {},
        {**words, "form": "forged"},
        {**words, "touch": "forged"},
        {**words, "form": tokens.sign_form(dora.code, at=AT)},
    ):
        assert browser.post(f"/r/{code.code}/remember/", {**sent, "answer": "yes"}).status_code == 302
    browser.post(f"/r/{dora.code}/remember/", {**words, "form": tokens.sign_form(dora.code, at=AT), "answer": "yes"})
    clock.shift(timedelta(hours=25))
    browser.post(f"/r/{code.code}/remember/", {**words, "answer": "yes"})
    assert not browser.cookies
    assert browser.post("/r/NOSUCHCODE/remember/", {"answer": "yes"}).status_code == 404


def test_weeks_later_the_invitation_is_offered_without_a_code(browser: Client, code: Code, clock: Any) -> None:
    answer_to(browser, code, "yes")
    clock.shift(timedelta(days=29))
    for path in ("/", "/join/"):
        html = browser.get(path).content.decode()
        assert "Asha R. invited you" in html and f'href="/r/{code.code}/"' in html
    assert "Asha R. invited you" in browser.post("/join/", {"code": ""}).content.decode()
    clock.shift(timedelta(days=2))
    assert "Asha R. invited you" not in browser.get("/join/").content.decode()


def test_what_cannot_be_accepted_any_more_is_not_offered(browser: Client, code: Code) -> None:
    answer_to(browser, code, "yes")
    Code.objects.filter(pk=code.pk).update(state=CodeState.REVOKED)
    assert "Go on with this invitation" not in browser.get("/join/").content.decode()


def test_an_erased_inviter_is_offered_no_more(browser: Client, code: Code, asha: Customer) -> None:
    answer_to(browser, code, "yes")
    erasing.erase(customer=asha, reason="Asked for it.", at=AT, by=actors.customer(asha.reference))
    html = browser.get("/join/").content.decode()
    assert "Asha" not in html and "Go on with this invitation" not in html


def test_another_link_weeks_later_is_weighed_with_the_visit_that_was_remembered(
    browser: Client, code: Code, dora: Code, campaign: Campaign, typed: dict[str, str], clock: Any
) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(attribution="first_click")
    answer_to(browser, code, "yes")
    first = Touch.objects.get()
    clock.shift(timedelta(days=20))
    referral = joins(browser, dora, typed)
    assert referral.code == code
    credit = Credit.objects.get()
    assert (credit.touch, credit.weight) == (first, 1)
    assert credit.reason == "The first of 2 visits in 30 days takes all. The browser remembered it, after a yes."


def test_without_the_yes_it_belongs_to_the_link_that_led_there(
    browser: Client, code: Code, dora: Code, campaign: Campaign, typed: dict[str, str], clock: Any
) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(attribution="first_click")
    answer_to(browser, code, "no")
    clock.shift(timedelta(days=20))
    assert joins(browser, dora, typed).code == dora


def test_a_code_typed_by_hand_beats_what_was_remembered(
    browser: Client, code: Code, dora: Code, campaign: Campaign, typed: dict[str, str], clock: Any
) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(attribution="first_click")
    answer_to(browser, code, "yes")
    clock.shift(timedelta(days=1))
    landing = browser.get(browser.post("/join/", {"code": dora.code})["Location"])
    sent = {**typed, "touch": landing.context["form"].initial["touch"], "form": landing.context["form_word"]}
    assert browser.post(f"/r/{dora.code}/", sent).status_code == 302
    assert Referral.objects.get().code == dora
    assert Credit.objects.get().reason == "The code was typed by hand, and that beats a visit."


def test_what_is_older_than_the_campaign_lets_visits_count_is_left_out(
    browser: Client, code: Code, dora: Code, campaign: Campaign, typed: dict[str, str], clock: Any
) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(attribution="first_click")
    answer_to(browser, code, "yes")
    clock.shift(timedelta(days=31))
    assert joins(browser, dora, typed).code == dora


def test_a_visit_of_another_campaign_counts_only_there(browser: Client, code: Code, typed: dict[str, str]) -> None:
    other = issue_to(make_customer("Chloe Dubois"), make_campaign(attribution="first_click"))
    answer_to(browser, code, "yes")
    answer_to(browser, other, "yes")
    words = browser.cookies["invitation"].value.split("~")
    visits = [tokens.read_visit(word, at=AT) for word in words]
    assert [visit and visit.code_id for visit in visits] == [code.pk, other.pk]
    assert joins(browser, other, typed).code == other
    assert Credit.objects.get().code == other


def test_a_referrer_once_set_is_not_replaced(browser: Client, code: Code, dora: Code, typed: dict[str, str], clock: Any) -> None:
    first = joins(browser, code, typed)
    clock.shift(timedelta(days=1))
    answer_to(browser, dora, "yes")
    form = browser.get(f"/r/{dora.code}/").context["form_word"]
    browser.post(f"/r/{dora.code}/", {**typed, "form": form})
    assert Referral.objects.get() == first and Referral.objects.get().code == code


def test_it_is_forgotten_once_the_friend_has_joined(browser: Client, code: Code, typed: dict[str, str]) -> None:
    answer_to(browser, code, "yes")
    joins(browser, code, typed)
    assert browser.cookies["invitation"]["max-age"] == 0


def test_switched_off_nobody_is_asked_and_old_cookies_are_ignored_and_taken_away(
    browser: Client, code: Code, dora: Code, campaign: Campaign, typed: dict[str, str], clock: Any
) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(attribution="first_click")
    words = hidden(page(browser, code))
    answer_to(browser, code, "yes")
    given = browser.cookies["invitation"].value
    Brand.objects.create(pk=1, remembers_invitations=False)
    for path in ("/", "/join/", f"/r/{code.code}/"):
        browser.cookies["invitation"] = given
        answer = browser.get(path)
        assert answer.cookies["invitation"]["max-age"] == 0
        html = answer.content.decode()
        assert "<aside" not in html and "Go on with this invitation" not in html
    browser.cookies.clear()
    browser.post(f"/r/{code.code}/remember/", {**words, "answer": "yes"})
    assert not browser.cookies
    browser.cookies["invitation"] = given
    clock.shift(timedelta(days=1))
    assert joins(browser, dora, typed).code == dora


def test_a_kept_page_asks_too_at_no_cost_and_whoever_remembers_goes_the_longer_way(
    browser: Client, code: Code, dora: Code, settings: Any
) -> None:
    settings.LANDING_KEPT_SECONDS = 5
    page(browser, code)
    with CaptureQueriesContext(connection) as queries:
        html = page(browser, dora)
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 2
    assert f"{ASKED} for 30 days that Dora L. invited you?" in html
    assert f'action="/r/{dora.code}/remember/"' in html and code.code not in html
    assert browser.post(f"/r/{dora.code}/remember/", {**hidden(html), "answer": "yes"}).cookies
    assert f"{KEPT} Wednesday 1 April 2026 that Dora L. invited you" in page(browser, dora)


def test_it_is_asked_in_german_and_the_answer_stays_german(browser: Client, code: Code) -> None:
    html = page(browser, code, "?lang=de")
    bar = html.partition("<aside")[2]
    assert "Darf sich dieser Browser" in bar and "Ja, merken" in bar and "Nein, nicht" in bar
    answer = browser.post(f"/r/{code.code}/remember/?lang=de", {**hidden(html), "answer": "yes"})
    assert "lang=de" in answer["Location"]
    assert "merkt sich bis" in browser.get(answer["Location"]).content.decode()


def test_with_the_spool_on_what_was_agreed_to_is_a_row_at_once(browser: Client, code: Code, settings: Any) -> None:
    settings.LANDING_SPOOL = True
    words = hidden(page(browser, code))
    assert not Touch.objects.exists()
    browser.post(f"/r/{code.code}/remember/", {**words, "answer": "yes"})
    assert Touch.objects.count() == 1
