"""What happens at the door is on the trail, and nothing secret with it."""

from collections import Counter
from datetime import timedelta

from django.contrib.auth.models import User
from django.test import Client

from audit import verifying
from audit.models import Entry
from tests.make import AT
from tests.security.sign_in.conftest import At
from tests.security.sign_in.door import (
    PASSWORD,
    SET_UP,
    code,
    come_in,
    events,
    everything_on_the_trail,
    knock,
    recovery_codes,
    type_code,
)


def test_a_log_in_with_all_its_steps_is_told(asha: User, client: Client) -> None:
    knock(client, "asha", "wrong")
    knock(client)
    type_code(client, "000000")
    type_code(client, code())
    assert events() == ["staff.sign_in_failed", "staff.code_failed", "staff.signed_in"]
    assert Entry.objects.get(event="staff.signed_in").sentence == "Logged in, with a second factor."


def test_a_recovery_code_and_a_password_alone_are_named(asha: User, newcomer: User, client: Client) -> None:
    knock(client)
    type_code(client, recovery_codes(asha)[3])
    knock(Client(), "nadia")
    sentences = list(Entry.objects.filter(event="staff.signed_in").order_by("id").values_list("sentence", flat=True))
    assert sentences == ["Logged in, with a recovery code.", "Logged in, by password alone."]


def test_a_factor_from_set_up_to_removal_is_told(newcomer: User, client: Client, django_capture_on_commit_callbacks) -> None:
    knock(client, "nadia")
    secret = client.get(SET_UP).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post(SET_UP, {"code": code(secret)})
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/admin/account/codes/new/")
    client.post("/admin/account/factor/remove/")
    assert sorted(events("nadia")) == [
        "staff.codes_replaced", "staff.factor_added", "staff.factor_added", "staff.factor_removed", "staff.factor_removed",
        "staff.signed_in",
    ]  # fmt: skip


def test_a_changed_password_is_told(asha: User) -> None:
    new = {"oldpassword": PASSWORD, "password1": "a new and long sentence", "password2": "a new and long sentence"}
    come_in().post("/admin/account/password/", new)
    assert events()[-1] == "staff.password_changed"


def test_a_lock_is_told_once_and_what_is_refused_during_it_not_at_all(asha: User) -> None:
    for number in range(12):
        knock(Client(), "asha", f"wrong {number}")
    assert Counter(events()) == {"staff.sign_in_failed": 5, "staff.locked": 1}


def test_names_nobody_has_are_not_told_and_do_not_fill_the_trail(clock: At) -> None:
    for number in range(40):
        knock(Client(), f"my-password-by-mistake-{number}", "x", f"192.0.2.{number}")
    assert events("log-in") == ["staff.unknown_sign_in"] * 20
    assert "by-mistake" not in everything_on_the_trail()
    clock(AT + timedelta(hours=1))
    knock(Client(), "another", "x")
    assert len(events("log-in")) == 21


def test_no_password_code_key_or_address_is_on_the_trail(newcomer: User, asha: User, client: Client) -> None:
    knock(client, "nadia", "a secret that was wrong", "203.0.113.5")
    knock(client, "nadia", PASSWORD, "203.0.113.5")
    secret = client.get(SET_UP).context["form"].secret
    typed = code(secret)
    codes = client.post(SET_UP, {"code": typed}, follow=True).context["unused_codes"]
    come_in(address="203.0.113.6")
    text = everything_on_the_trail()
    for word in (
        "a secret that was wrong",
        PASSWORD,
        secret,
        typed,
        *codes,
        "203.0.113.",
        client.session.session_key,
        "@example.com",
    ):
        assert word not in text, word
    assert verifying.verify().is_intact
