"""The way into one's own pages without a password."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from audit.actors import SYSTEM
from audit.models import Entry
from customers import erasing
from customers.models import Customer
from notices.models import Notice
from notices.sending import send
from notices.states import NoticeState
from rewards import jobs
from rewards.models import PortalSession, PortalSignIn
from rewards.portal import signing_in
from tests.make import AT, make_customer
from tests.portal.walking import ask, inside, letter_to, read_the_mail

pytestmark = pytest.mark.django_db


def test_the_link_of_the_mail_and_its_button_let_in(browser: Client, asha: Customer) -> None:
    letter = letter_to(browser, asha.email)
    opened = browser.get(letter.path)
    assert (opened.status_code, opened["Location"]) == (302, "/my/in/")
    page = browser.get("/my/in/")
    assert page.status_code == 200
    assert "You asked for this link in this browser." in page.content.decode()
    pressed = browser.post("/my/in/")
    assert (pressed.status_code, pressed["Location"]) == (302, "/my/")
    assert "Hello Asha" in browser.get("/my/").content.decode()
    session = PortalSession.objects.get()
    assert (session.customer, session.device) == (asha, "Firefox on Linux")
    assert Entry.objects.get(event="portal.signed_in").actor == f"customer:{asha.reference}"


def test_the_code_of_the_mail_lets_in_where_it_was_asked_for(browser: Client, asha: Customer) -> None:
    letter = letter_to(browser, asha.email)
    assert browser.post("/my/code/", {"code": f" {letter.code[:3]} {letter.code[3:]} "})["Location"] == "/my/"
    assert browser.get("/my/").status_code == 200
    assert Entry.objects.get(event="portal.signed_in").sentence.endswith("with the code of a mail.")


FEEDBACK = "/my/feedback/?step=joining&about=ref_1"


@pytest.mark.parametrize("way", ["link", "link in another browser", "code"])
def test_whoever_was_asked_to_sign_in_lands_on_the_page_they_wanted_with_all_its_address_said(
    browser: Client, asha: Customer, way: str
) -> None:
    door = browser.get(FEEDBACK)["Location"]
    assert door == "/my/sign-in/?next=%2Fmy%2Ffeedback%2F%3Fstep%3Djoining%26about%3Dref_1"
    browser.post("/my/sign-in/", {"email": asha.email, "next": browser.get(door).context["next"]})
    letter = read_the_mail()
    if way == "code":
        assert browser.post("/my/code/", {"code": letter.code})["Location"] == FEEDBACK
    else:
        reader = browser if way == "link" else Client()
        reader.get(letter.path)
        assert reader.post("/my/in/")["Location"] == FEEDBACK
        assert '<option value="joining" selected>' in reader.get(FEEDBACK).content.decode()


def test_an_address_too_long_for_a_cookie_is_forgotten_and_the_way_in_still_works(browser: Client, asha: Customer) -> None:
    door = browser.get(f"/my/feedback/?step=joining&about={'x' * 1500}")["Location"]
    browser.post("/my/sign-in/", {"email": asha.email, "next": browser.get(door).context["next"]})
    assert len(browser.cookies["portal-ask"].value) < 2000
    browser.get(read_the_mail().path)
    assert browser.post("/my/in/")["Location"] == "/my/"


def test_an_address_is_known_however_it_is_written(browser: Client) -> None:
    make_customer("Asha Rao", email="Asha.Rao@Example.org")
    assert letter_to(browser, " asha.rao@EXAMPLE.org ").notice.customer is not None


def test_nobody_gets_a_mail_to_an_address_nobody_has(browser: Client, asha: Customer) -> None:
    ask(browser, "chloe@example.org")
    jobs.send_portal_links()
    assert not Notice.objects.exists()
    asked = PortalSignIn.objects.get()
    assert (asked.email, asked.customer, asked.looked_up_at) == ("", None, AT)
    assert browser.post("/my/code/", {"code": "123456"}).status_code == 422


def test_an_erased_customer_gets_no_mail_and_is_out_at_once(browser: Client, asha: Customer) -> None:
    letter = letter_to(browser, email := asha.email)
    me = inside(asha)
    from_staff = {"reason": "They wished it.", "at": AT}
    erasing.erase(customer=asha, by=SYSTEM, **from_staff)
    assert me.get("/my/").status_code == 302
    browser.get(letter.path)
    assert browser.post("/my/in/").status_code == 410
    assert not PortalSession.objects.exists() and not PortalSignIn.objects.exists()
    ask(browser, email)
    jobs.send_portal_links()
    assert Notice.objects.count() == 1


def test_neither_the_outbox_nor_the_tables_hold_what_opens_the_portal(browser: Client, asha: Customer) -> None:
    letter = letter_to(browser, asha.email)
    key = letter.path.split("/")[3]
    assert len(key) == 43
    html = mail.outbox[-1].alternatives[0][0]
    assert key in html and letter.code in html and "only-in-the-mail" not in html
    stored = Notice.objects.get().__dict__ | PortalSignIn.objects.get().__dict__
    assert not any(key in str(value) or letter.code == str(value) for value in stored.values())
    assert "(link-only-in-the-mail)" in Notice.objects.get().body_text
    assert letter.code not in mail.outbox[-1].subject


def test_a_mail_that_is_sent_again_carries_a_link_that_works(browser: Client, asha: Customer) -> None:
    letter_to(browser, asha.email)
    Notice.objects.update(state=NoticeState.QUEUED, next_attempt_at=AT)
    assert len(mail.outbox) == 1
    letter = read_the_mail()
    assert len(mail.outbox) == 2
    browser.get(letter.path)
    assert browser.post("/my/in/").status_code == 302


def test_a_mail_that_could_not_go_for_an_hour_is_not_sent_any_more(browser: Client, asha: Customer, clock) -> None:
    ask(browser, asha.email)
    jobs.send_portal_links()
    clock.shift(timedelta(minutes=61))
    notice = Notice.objects.get()
    assert send(reference=notice.reference, at=AT + timedelta(minutes=61)) == NoticeState.FAILED
    assert mail.outbox == []


def test_a_link_asked_for_an_hour_before_it_is_looked_up_is_not_sent(browser: Client, asha: Customer, clock) -> None:
    ask(browser, asha.email)
    clock.shift(timedelta(minutes=61))
    jobs.send_portal_links()
    assert not Notice.objects.exists()


def test_the_sweep_finds_what_the_wake_up_missed_and_does_it_once(browser: Client, asha: Customer) -> None:
    ask(browser, asha.email)
    assert jobs.send_portal_links()["looked_up"] == 1
    assert jobs.send_portal_links()["looked_up"] == 0
    asked = PortalSignIn.objects.get()
    assert signing_in.look_up(asked=asked, at=AT) is None
    assert Notice.objects.count() == 1


def test_five_wrong_codes_close_the_code_and_the_link_still_works(browser: Client, asha: Customer) -> None:
    letter = letter_to(browser, asha.email)
    wrong = f"{(int(letter.code) + 1) % 10**6:06}"
    for _ in range(5):
        answer = browser.post("/my/code/", {"code": wrong})
        assert answer.status_code == 422
    assert "This code does not fit." in answer.content.decode()
    assert browser.post("/my/code/", {"code": letter.code}).status_code == 422
    browser.get(letter.path)
    assert browser.post("/my/in/").status_code == 302


def test_link_and_code_are_over_after_ten_minutes(browser: Client, asha: Customer, clock) -> None:
    letter = letter_to(browser, asha.email)
    browser.get(letter.path)
    clock.shift(timedelta(minutes=10))
    assert browser.get("/my/in/").status_code == 410
    assert browser.post("/my/in/").status_code == 410
    assert browser.post("/my/code/", {"code": letter.code}).status_code == 422
    assert not PortalSession.objects.exists()


def test_whoever_is_in_by_one_link_leaves_no_other_link_open(browser: Client, asha: Customer) -> None:
    first = letter_to(browser, asha.email)
    second = letter_to(browser, asha.email)
    browser.get(second.path)
    browser.post("/my/in/")
    other = Client()
    other.get(first.path)
    assert other.post("/my/in/").status_code == 410


def test_another_browser_is_told_that_it_did_not_ask(browser: Client, asha: Customer) -> None:
    letter = letter_to(browser, asha.email)
    other = Client()
    other.get(letter.path)
    assert "Go on only if that was you." in other.get("/my/in/").content.decode()
    assert other.post("/my/in/").status_code == 302


def test_what_is_no_address_is_said_and_stays_as_typed(browser: Client) -> None:
    answer = browser.post("/my/sign-in/", {"email": "ben at example"})
    assert answer.status_code == 422
    words = answer.content.decode()
    assert 'value="ben at example"' in words and "Write an e-mail address like ben@example.org." in words
    assert not PortalSignIn.objects.exists()


def test_one_address_gets_five_links_an_hour_and_the_sixth_is_refused_in_words(browser: Client, asha: Customer) -> None:
    for _ in range(5):
        ask(browser, asha.email)
    answer = browser.post("/my/sign-in/", {"email": asha.email})
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0
    assert PortalSignIn.objects.count() == 5


def test_signing_out_ends_the_session_for_good(me: Client) -> None:
    key = me.cookies["portal"].value
    assert me.post("/my/out/")["Clear-Site-Data"] == '"cache"'
    me.cookies["portal"] = key
    assert me.get("/my/").status_code == 302
    assert [entry.event for entry in Entry.objects.filter(event__startswith="portal.")] == ["portal.signed_out"]


def test_leaving_by_a_link_is_not_possible(me: Client) -> None:
    assert me.get("/my/out/").status_code == 405
    assert me.get("/my/").status_code == 200


def test_half_an_hour_without_a_click_ends_a_session_and_a_click_keeps_it(me: Client, clock) -> None:
    clock.shift(timedelta(minutes=29))
    assert me.get("/my/").status_code == 200
    clock.shift(timedelta(minutes=29))
    assert me.get("/my/").status_code == 200
    clock.shift(timedelta(minutes=30))
    assert me.get("/my/")["Location"] == "/my/sign-in/"


def test_twelve_hours_end_a_session_however_busy(me: Client, clock) -> None:
    for _ in range(35):
        clock.shift(timedelta(minutes=20))
        assert me.get("/my/").status_code == 200
    clock.shift(timedelta(minutes=20))
    assert me.get("/my/").status_code == 302


def test_the_other_browsers_are_listed_and_can_be_signed_out(asha: Customer, me: Client) -> None:
    other, third = inside(asha), inside(asha)
    words = me.get("/my/browsers/").content.decode()
    assert words.count("Firefox on Linux") == 3 and words.count("This one") == 1
    session = PortalSession.objects.order_by("pk")[1]
    assert me.post("/my/browsers/", {"session": session.reference})["Location"] == "/my/browsers/?done=session-out"
    assert (other.get("/my/").status_code, third.get("/my/").status_code) == (302, 200)
    assert me.post("/my/browsers/", {"others": "yes"}).status_code == 302
    assert (third.get("/my/").status_code, me.get("/my/").status_code) == (302, 200)
    assert me.post("/my/browsers/", {"others": "yes"}).status_code == 302
    assert Entry.objects.filter(event="portal.others_signed_out").count() == 1


def test_a_second_click_on_signing_out_a_browser_is_told_so(asha: Customer, me: Client) -> None:
    inside(asha)
    session = PortalSession.objects.order_by("pk")[1]
    me.post("/my/browsers/", {"session": session.reference})
    answer = me.post("/my/browsers/", {"session": session.reference})
    assert answer.status_code == 404 and "signed out already" in answer.content.decode()


def test_after_signing_in_one_is_where_one_wanted_to_go(browser: Client, asha: Customer) -> None:
    door = browser.get("/my/browsers/")["Location"]
    assert door == "/my/sign-in/?next=%2Fmy%2Fbrowsers%2F"
    assert 'name="next" value="/my/browsers/"' in browser.get(door).content.decode()
    browser.post("/my/sign-in/", {"email": asha.email, "next": "/my/browsers/"})
    letter = read_the_mail()
    browser.get(letter.path)
    assert browser.post("/my/in/")["Location"] == "/my/browsers/"


def test_old_traces_are_forgotten(browser: Client, asha: Customer, me: Client, clock) -> None:
    ask(browser, asha.email)
    clock.shift(timedelta(hours=25))
    assert jobs.forget_portal_traces() == 1
    assert not PortalSignIn.objects.exists() and PortalSession.objects.count() == 1
    clock.shift(timedelta(days=30))
    assert jobs.forget_portal_traces() == 1
