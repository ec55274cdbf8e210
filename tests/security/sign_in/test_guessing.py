"""Guessing is slow for everybody, and locks nobody out but the guesser."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.test import Client

from config import jobs
from config.signing_in import guessing
from desk.rate_limits import TooOften
from tests.make import AT
from tests.security.sign_in.conftest import At
from tests.security.sign_in.door import CODE, PASSWORD, code, come_in, knock, make_staff, type_code, words

OFFICE, STRANGER = "198.51.100.7", "203.0.113.66"


def guess(times: int, *, name: str = "asha", address: str = STRANGER) -> list[int]:
    return [knock(Client(), name, f"wrong {number}", address).status_code for number in range(times)]


def guess_everywhere(times: int, *, name: str = "asha") -> None:
    """From ever new addresses, as a network of machines does."""
    for number in range(times):
        knock(Client(), name, "wrong", f"203.0.{number // 250}.{number % 250 + 1}")


def test_the_fifth_wrong_password_locks_name_and_address_and_says_until_when(asha: User) -> None:
    assert guess(5) == [422, 422, 422, 422, 429]
    answer = knock(Client(), "asha", PASSWORD, STRANGER)
    assert answer.status_code == 429
    assert "Try again at 12:15 UTC, in 15 minutes." in words(answer)
    assert answer["Retry-After"] == "900"


def test_the_lock_ends_by_itself_and_trying_does_not_make_it_longer(asha: User, clock: At) -> None:
    guess(5)
    clock(AT + timedelta(minutes=14))
    assert guess(1) == [429]
    clock(AT + timedelta(minutes=15, seconds=1))
    assert knock(Client(), "asha", PASSWORD, STRANGER)["Location"] == CODE


def test_a_stranger_does_not_lock_the_owner_out(asha: User) -> None:
    guess(30)
    assert knock(Client(), "asha", PASSWORD, OFFICE)["Location"] == CODE


def test_at_one_address_only_the_name_that_was_guessed_is_locked(asha: User) -> None:
    make_staff("hana")
    guess(5, address=OFFICE)
    assert knock(Client(), "hana", PASSWORD, OFFICE).status_code == 302


@pytest.mark.parametrize("spelling", ["ASHA", "Asha", " asha ", "aSHa", "asha\t"])
def test_another_spelling_of_the_name_is_the_same_name(asha: User, spelling: str) -> None:
    guess(4)
    assert guess(1, name=spelling) == [429]
    assert knock(Client(), spelling, PASSWORD, STRANGER).status_code == 429


def test_another_browser_or_a_made_up_header_is_the_same_address(asha: User) -> None:
    guess(4)
    answer = Client().post(
        "/admin/login/", {"login": "asha", "password": "wrong"}, REMOTE_ADDR=STRANGER,
        headers={"user-agent": "Another/1.0", "x-forwarded-for": "192.0.2.1", "x-real-ip": "192.0.2.2", "forwarded": "for=192.0.2.3"},
    )  # fmt: skip
    assert answer.status_code == 429


def test_behind_our_proxy_the_address_before_it_counts(asha: User, settings) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.1"]

    def through_the_proxy(address: str, password: str) -> int:
        body = {"login": "asha", "password": password}
        return Client().post("/admin/login/", body, REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": address}).status_code

    assert [through_the_proxy(STRANGER, "wrong") for _ in range(5)][-1] == 429
    assert through_the_proxy(f"192.0.2.9, {STRANGER}", PASSWORD) == 429
    assert through_the_proxy(OFFICE, PASSWORD) == 302


@pytest.mark.parametrize("address", ["", "unix:", "not an address", "1.2.3.4:80", "'; DROP"])
def test_what_is_no_address_is_counted_too(asha: User, address: str) -> None:
    assert guess(5, address=address)[-1] == 429


def test_many_addresses_are_slowed_to_one_try_in_half_a_minute(asha: User, clock: At) -> None:
    guess_everywhere(guessing.MANY)
    first, second = (knock(Client(), "asha", "wrong", f"192.0.2.{number}") for number in (1, 2))
    assert (first.status_code, second.status_code) == (422, 429)
    assert second["Retry-After"] == "30"
    assert "The account is not locked" in words(second)
    assert "Try again at 12:00:30 UTC" in words(second)
    clock(AT + timedelta(seconds=30))
    assert knock(Client(), "asha", "wrong", "192.0.2.3").status_code == 422


def test_however_many_guess_the_owner_is_never_locked_out(asha: User, clock: At) -> None:
    home, new = come_in(address=OFFICE), Client()
    home.post("/admin/logout/")
    clock(AT + timedelta(minutes=1))
    guess_everywhere(60)
    assert AccessAttempt.objects.count() == guessing.MANY + 1
    assert knock(new, "asha", PASSWORD, "192.0.2.200").status_code == 429
    assert knock(home, "asha", PASSWORD, OFFICE)["Location"] == CODE
    assert type_code(home, code()).status_code == 302
    clock(AT + timedelta(minutes=2))
    assert knock(new, "asha", PASSWORD, "192.0.2.200")["Location"] == CODE


def test_a_known_browser_is_known_for_its_own_people_only_and_has_a_limit_too(asha: User) -> None:
    make_staff("hana")
    stolen = come_in(address=OFFICE)
    stolen.post("/admin/logout/")
    for name in ("asha", "hana"):
        guess_everywhere(guessing.MANY, name=name)
    assert [knock(stolen, "hana", "wrong", f"192.0.2.{number}").status_code for number in (1, 2)] == [422, 429]
    tries = [knock(stolen, "asha", "wrong", f"192.0.3.{number}").status_code for number in range(guessing.KNOWN.times + 1)]
    assert tries == [422] * guessing.KNOWN.times + [429]


@pytest.mark.parametrize("cookie", ["", "nonsense", "WzFd:1abc:def", "[1]"])
def test_a_made_up_cookie_makes_no_browser_known(asha: User, cookie: str, settings) -> None:
    guess_everywhere(guessing.MANY + 1)
    browser = Client()
    browser.cookies[settings.KNOWN_BROWSER_COOKIE] = cookie
    assert knock(browser, "asha", "wrong", "192.0.2.1").status_code == 429


def test_names_nobody_has_are_locked_and_slowed_in_the_same_words(asha: User) -> None:
    known, unknown = ([words(knock(Client(), name, f"x{n}", STRANGER)) for n in range(6)] for name in ("asha", "zoltan"))
    assert known == unknown


def test_a_right_log_in_clears_what_was_counted_at_its_address(asha: User) -> None:
    guess(4, address=OFFICE)
    come_in(address=OFFICE)
    assert guess(4, address=OFFICE) == [422] * 4


def test_a_right_password_without_the_code_clears_nothing(asha: User) -> None:
    guess(4)
    knock(Client(), "asha", PASSWORD, STRANGER)
    assert guess(1) == [429]


def test_the_password_asked_again_is_counted_like_the_one_at_the_door(asha: User, clock: At) -> None:
    browser = come_in(address=OFFICE)
    clock(AT + timedelta(minutes=10))
    answers = [
        browser.post("/admin/account/confirm/", {"password": f"wrong {n}"}, REMOTE_ADDR=OFFICE).status_code for n in range(5)
    ]
    assert answers == [422, 422, 422, 422, 429]


def test_what_was_counted_is_forgotten_with_its_addresses(asha: User, clock: At) -> None:
    guess(3)
    assert jobs.forget_sign_ins(AT + timedelta(minutes=14)) == 0
    jobs.forget_sign_ins(AT + timedelta(minutes=16))
    assert not AccessAttempt.objects.exists()


def test_neither_password_nor_name_is_kept_with_what_was_typed(asha: User) -> None:
    knock(Client(), "asha", "my secret word", STRANGER, next="/admin/?token=abc")
    kept = AccessAttempt.objects.get()
    assert "my secret word" not in kept.post_data + kept.get_data
    assert "abc" not in kept.post_data


@pytest.mark.parametrize("name", ["x" * 5000, "\x00", "a\x00b", "💥" * 200, "' OR 1=1 --", "ｎａｎｏ"])
def test_strange_names_are_refused_like_any_other(name: str) -> None:
    assert knock(Client(), name, "wrong", STRANGER).status_code == 422


def test_the_wait_is_told_in_seconds_by_the_clock(asha: User, rf) -> None:
    guess_everywhere(guessing.MANY)
    at = AT + timedelta(seconds=10)
    guessing.slow_down(rf.post("/"), "asha", at)
    with pytest.raises(TooOften) as refused:
        guessing.slow_down(rf.post("/"), "asha", at)
    assert refused.value.retry_after == 20
