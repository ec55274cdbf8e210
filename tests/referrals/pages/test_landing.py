"""The page of a code: what it says, and whom it answers how."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from audit.actors import SYSTEM
from campaigns.models import Campaign, EligibilityRule
from customers import erasing
from customers.models import Customer
from equipment import queueing
from equipment.models import Pool
from notices.models import Notice
from referrals import tokens, wording
from referrals.models import Code, Referral, Touch
from referrals.states import CodeState
from tests.make import AT, make_campaign, make_customer, make_pool, make_tier
from tests.referrals.pages.rows import counts
from tests.stories import issue_to, sign_up


def page(browser: Client, code: Code, status: int = 200) -> str:
    answer = browser.get(f"/r/{code.code}/")
    assert answer.status_code == status
    return answer.content.decode()


def test_it_says_who_invites_what_is_offered_on_which_terms_and_what_is_free(browser: Client, code: Code) -> None:
    words = page(browser, code)
    for said in (
        "Asha R. invited you",
        "Bring a friend, borrow a camera",
        "Aero 7 camera, on loan for 14 days",
        "to collect in Berlin",
        "Who can take part",
        "You are new to us.",
        "confirm your e-mail address within 30 days",
        "Campaign terms, version 1",
        "Be fair. Bring it back.",
        "/terms/campaign-terms/1/",
        "/terms/loan-terms/1/",
    ):
        assert said in words


def test_it_never_shows_more_of_the_inviter_than_first_name_and_initial(browser: Client, code: Code, asha: Customer) -> None:
    words = page(browser, code)
    for secret in ("Rao", asha.email, asha.reference, str(asha.external_id)):
        assert secret not in words


def test_a_unit_promised_to_the_inviter_is_not_offered_to_the_friend(browser: Client, code: Code) -> None:
    assert "2 free now" in page(browser, code)  # three units, one of which Asha will get


def test_when_nothing_is_free_it_says_the_place_in_the_queue(browser: Client, code: Code) -> None:
    for name in ("Ben Okoro", "Chloe Dubois"):
        sign_up(code, name)
    words = page(browser, code)
    assert "None free today" in words
    assert "Join now and you are number 3 in the queue. We expect one for you by " in words
    assert "Join the queue" in words


def test_the_day_it_names_is_the_day_that_whoever_joins_is_then_told(browser: Client, code: Code) -> None:
    sign_up(code)
    named = re.search(r"We expect one for you by ([^.]+)\.", page(browser, code))
    assert named is not None
    loan = sign_up(code, "Chloe Dubois").promises.get(side="referee").loan
    expected = queueing.expected_on(loan, at=AT)
    assert expected is not None and named[1] == wording.day(expected)


def test_without_a_unit_in_service_it_names_no_day(browser: Client, code: Code, pool: Pool) -> None:
    pool.units.update(service="repair")
    words = page(browser, code)
    assert "We cannot say yet when one comes free" in words
    assert "We expect one" not in words


def test_a_quota_of_the_campaign_limits_what_is_offered(browser: Client, code: Code, campaign: Campaign, pool: Pool) -> None:
    campaign.quotas.create(pool=pool, units=2)
    assert "1 free now" in page(browser, code)


def test_a_campaign_that_lends_nothing_to_the_friend_shows_what_they_get_instead(browser: Client, asha: Customer, db: None) -> None:
    campaign = make_campaign(both_sides=False)
    make_tier(campaign, side="referee", kind="credit", amount=10, title="10 EUR of credit")
    words = page(browser, issue_to(asha, campaign))
    assert "10 EUR of credit" in words
    assert "free now" not in words


def test_opening_it_is_a_visit_by_the_channel_of_the_link(browser: Client, code: Code) -> None:
    browser.get(f"/r/{code.code}/?via=qr", headers={"referer": "https://social.example/post/1"})
    touch = Touch.objects.get()
    assert (touch.code, touch.at, touch.channel, touch.referer_host) == (code, AT, "qr", "social.example")
    assert not touch.is_typed
    assert not touch.is_bot


def test_a_head_request_changes_nothing(browser: Client, code: Code) -> None:
    before = counts()
    assert browser.head(f"/r/{code.code}/").status_code == 200
    assert counts() == before


def test_a_code_is_found_however_it_is_spelt(browser: Client, code: Code) -> None:
    spelt = f"{code.code[:5]}-{code.code[5:]}".lower()
    assert browser.get(f"/r/{spelt}/").status_code == 200


@pytest.mark.parametrize("unknown", ["NOSUCHCODE", "x" * 5000, "%00", "';--", "<script>", "ünïcödé", "%F0%9F%92%A9"])
def test_an_unknown_code_gets_a_kind_page_with_a_place_to_type_it(browser: Client, db: None, unknown: str) -> None:
    answer = browser.get(f"/r/{unknown}/")
    assert answer.status_code == 404
    assert "We know no such invitation" in answer.content.decode()
    assert 'action="/join/"' in answer.content.decode()
    assert "<script>" not in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "said", "status"),
    [
        ({"state": "draft"}, "Not open yet", 404),
        ({"state": "scheduled"}, "It starts on Sunday 1 March 2026.", 404),
        ({"state": "draft", "starts_at": None}, "Keep the link and open it again then.", 404),
        ({"state": "paused"}, "short break", 404),
        ({"state": "paused", "is_used_up": True}, "Everything has been given out", 410),
        ({"state": "ended"}, "This offer has ended", 410),
        ({"state": "archived"}, "This offer has ended", 410),
    ],
)
def test_a_campaign_that_is_not_live_says_so_kindly_and_whether_to_come_back(
    browser: Client, code: Code, campaign: Campaign, changes: dict[str, object], said: str, status: int
) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(**changes)
    words = page(browser, code, status=status)
    assert said in words
    assert 'action="/join/"' in words
    assert browser.post(f"/r/{code.code}/").status_code == status


def test_a_campaign_past_its_end_takes_nobody_even_before_the_job_ends_it(browser: Client, code: Code, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(ends_at=AT)
    assert "This offer has ended" in page(browser, code, status=410)


@pytest.mark.parametrize(
    ("state", "said", "status"),
    [(CodeState.PAUSED, "This invitation is taking a break", 404), (CodeState.REVOKED, "This invitation no longer works", 410)],
)
def test_a_code_that_is_not_active_says_so_kindly(browser: Client, code: Code, state: CodeState, said: str, status: int) -> None:
    Code.objects.filter(pk=code.pk).update(state=state)
    assert said in page(browser, code, status=status)


def test_whoever_comes_too_late_is_shown_what_the_same_person_invites_to_besides(
    browser: Client, code: Code, campaign: Campaign, asha: Customer
) -> None:
    other = issue_to(asha, make_campaign(headline="Bring a friend, borrow a tent"))
    shut = issue_to(asha, make_campaign(headline="Not this one", state="paused"))
    Campaign.objects.filter(pk=campaign.pk).update(state="ended")
    words = page(browser, code, status=410)
    assert "Asha R. also invites you to" in words
    assert f'href="/r/{other.code}/"' in words
    assert "Bring a friend, borrow a tent" in words
    assert shut.code not in words


def test_a_revoked_code_and_an_erased_inviter_say_nothing_of_anybody(
    browser: Client, code: Code, campaign: Campaign, asha: Customer
) -> None:
    other = issue_to(asha, make_campaign())
    Code.objects.filter(pk=code.pk).update(state=CodeState.REVOKED)
    words = page(browser, code, status=410)
    assert "Asha" not in words and other.code not in words
    Code.objects.filter(pk=code.pk).update(state=CodeState.ACTIVE)
    Campaign.objects.filter(pk=campaign.pk).update(state="ended")
    erasing.erase(customer=asha, reason="Asked for it.", at=AT, by=SYSTEM)
    assert other.code not in page(browser, code, status=410)


def test_a_closed_page_records_no_visit(browser: Client, code: Code, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(state="ended")
    page(browser, code, status=410)
    assert not Touch.objects.exists()


def test_it_asks_for_the_country_only_where_it_matters(browser: Client, code: Code, campaign: Campaign) -> None:
    assert "Where you live" not in page(browser, code)
    EligibilityRule.objects.create(
        campaign=campaign, side="referee", field="country", operator="is", value="DE", sentence="You live in Germany."
    )
    words = page(browser, code)
    assert "Where you live" in words
    assert "You live in Germany." in words


def test_it_asks_for_the_country_when_there_are_pools_in_two(browser: Client, code: Code, pool: Pool) -> None:
    make_pool(model=pool.model, place="Wien", country="AT")
    assert "Where you live" in page(browser, code)


def test_hostile_names_and_texts_are_shown_as_text(browser: Client, campaign: Campaign) -> None:
    nasty = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    Campaign.objects.filter(pk=campaign.pk).update(headline=nasty, pitch=nasty)
    words = page(browser, issue_to(make_customer(f"{nasty[:50]} {nasty[:50]}"), campaign))
    assert "<script" not in words
    assert "<img src=x" not in words


def test_a_missing_drawing_never_breaks_the_page(browser: Client, code: Code, pool: Pool) -> None:
    pool.model.drawing = "img/models/there-is-no-such-file.svg"
    pool.model.save()
    page(browser, code)


def test_an_erased_inviter_is_a_friend(browser: Client, code: Code, asha: Customer) -> None:
    erasing.erase(customer=asha, reason="Asked for it.", at=AT, by=SYSTEM)
    assert "A friend invited you" in page(browser, code)


def test_it_is_never_kept_by_a_cache_and_leaks_no_referrer(browser: Client, code: Code) -> None:
    answer = browser.get(f"/r/{code.code}/")
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_other_methods_are_refused(browser: Client, code: Code) -> None:
    for method in ("put", "delete", "patch"):
        assert getattr(browser, method)(f"/r/{code.code}/").status_code == 405


def test_the_number_of_queries_does_not_grow_with_visits_and_loans(
    browser: Client, code: Code, django_assert_max_num_queries: object, pool: Pool
) -> None:
    sign_up(code, "Ada Costa", at=AT - timedelta(minutes=2))  # with her and Asha served, whoever comes now waits
    browser.get(f"/r/{code.code}/")
    with django_assert_max_num_queries(35) as few:  # type: ignore[operator]
        browser.get(f"/r/{code.code}/")
    for name in ("Ben Okoro", "Chloe Dubois", "Dev Patel", "Eve Lund"):
        sign_up(code, name, at=AT - timedelta(minutes=1))
    with django_assert_max_num_queries(len(few)):  # type: ignore[operator]
        browser.get(f"/r/{code.code}/")


def test_whoever_tries_many_codes_is_slowed_down(browser: Client, code: Code) -> None:
    answers = [browser.get(f"/r/NOSUCH{n}/").status_code for n in range(31)]
    assert answers == [404] * 30 + [429]
    slowed = browser.get(f"/r/{code.code}/")
    assert slowed.status_code == 429
    assert 0 < int(slowed["Retry-After"]) <= 60
    assert Client(REMOTE_ADDR="192.0.2.9").get(f"/r/{code.code}/").status_code == 200


def test_a_german_reads_it_all_in_german_and_stays_in_german(browser: Client, code: Code) -> None:
    """By the browser's language alone no address changes."""
    answer = browser.get(f"/r/{code.code}/", headers={"accept-language": "de-AT,de;q=0.9"})
    words = answer.content.decode()
    for said in (
        '<html lang="de">',
        "Asha R. hat dich eingeladen",
        "Aero 7 camera, für 14 Tage geliehen",
        "zum Abholen in Berlin",
        "2 jetzt frei",
        "Du meldest dich an und bestätigst deine E-Mail-Adresse innerhalb von 30 Tagen.",
        f'action="/r/{code.code}/"',
    ):
        assert said in words
    assert not answer.cookies


def test_a_language_that_was_asked_for_goes_along_to_the_end(browser: Client, code: Code, typed: dict[str, str]) -> None:
    words = browser.get(f"/r/{code.code}/?lang=de").content.decode()
    assert f'action="/r/{code.code}/?lang=de"' in words
    refused = browser.post(f"/r/{code.code}/?lang=de", {**typed, "name": ""})
    assert "Schreib deinen Namen." in refused.content.decode()
    done = browser.post(f"/r/{code.code}/?lang=de", typed, follow=True)
    assert "Sieh in deine Mails" in done.content.decode()
    referral = Referral.objects.get()
    assert referral.referee.language == "de"
    mail = Notice.objects.get(kind="verify_email")
    assert (mail.language, "1. April 2026" in mail.body_text) == ("de", True)


def test_the_page_of_a_mail_speaks_the_language_of_its_reader(browser: Client, code: Code) -> None:
    link = f"/verify/{tokens.make_verification(sign_up(code, language='de'), at=AT)}/"
    assert "Ja, das ist meine Adresse" in browser.get(link).content.decode()
    assert "Yes, this is my address" in browser.get(f"{link}?lang=en").content.decode()
    assert "Willkommen! Du bist dabei" in browser.post(link, follow=True).content.decode()
