"""What those who act are called on pages, and whom a person means by what they type."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit import naming

pytestmark = pytest.mark.django_db


def colleague(login: str, name: str = "") -> User:
    first, _, last = name.partition(" ")
    return User.objects.create(username=login, first_name=first, last_name=last)


def test_a_colleague_is_called_by_the_name_of_their_account() -> None:
    colleague("mina", "Mina Roth")
    assert naming.called("staff:mina") == naming.titled("staff:mina") == "Mina Roth"


def test_a_colleague_who_gave_no_name_or_whose_account_is_gone_is_called_by_their_user_name() -> None:
    colleague("ada")
    assert naming.called("staff:ada") == "ada"
    assert naming.called("staff:gone") == naming.titled("staff:gone") == "gone"


def test_two_of_one_name_are_told_apart_by_their_user_names() -> None:
    colleague("mina", "Mina Roth")
    colleague("mroth", "mina roth")
    assert naming.called("staff:mina") == "Mina Roth (mina)"
    assert naming.called("staff:mroth") == "mina roth (mroth)"


@pytest.mark.parametrize("name", ["System", "The system", "A visitor", "customer cus_7", "Colleague Mina", "ada"])
def test_nobody_is_called_like_the_system_a_customer_or_a_colleague(name: str) -> None:
    colleague("ada")
    colleague("zoe", name)
    assert naming.called("staff:zoe") == f"{name} (zoe)"


def test_the_system_and_a_customer_begin_with_a_capital_where_they_stand_alone() -> None:
    assert (naming.called("system"), naming.titled("system")) == ("the system", "The system")
    assert (naming.called("customer:cus_7"), naming.titled("customer:cus_7")) == ("customer cus_7", "Customer cus_7")


def test_accounts_without_any_name_are_read_once_too() -> None:
    colleague("ada")
    with CaptureQueriesContext(connection) as captured, naming.looked_up_once():
        assert {naming.called("staff:ada") for _ in range(20)} == {"ada"}
    assert len(captured) == 1


def test_within_a_page_the_accounts_are_read_once_and_on_the_next_one_anew() -> None:
    mina = colleague("mina", "Mina Roth")
    with CaptureQueriesContext(connection) as captured:
        for _ in range(2):
            with naming.looked_up_once():
                assert {naming.called("staff:mina") for _ in range(20)} == {"Mina Roth"}
                assert naming.called("system") == "the system"
    assert len(captured) == 2
    User.objects.filter(pk=mina.pk).update(last_name="Lind")
    with naming.looked_up_once():
        assert naming.called("staff:mina") == "Mina Lind"


def test_a_file_written_after_its_request_reads_the_accounts_once() -> None:
    colleague("mina", "Mina Roth")
    with CaptureQueriesContext(connection) as captured:
        lines = list(naming.written(naming.called("staff:mina").encode() for _ in range(20)))
    assert lines == [b"Mina Roth"] * 20
    assert len(captured) == 1


@pytest.mark.parametrize("typed", ["mina", "Mina Roth", "mina  roth", "ROTH", "Mina Roth (mina)", "staff:mina"])
def test_a_colleague_is_meant_by_user_name_name_surname_and_key(typed: str) -> None:
    colleague("mina", "Mina Roth")
    colleague("ada", "Ada Lind")
    keys = naming.meant(typed).keys
    assert "staff:mina" in keys and "staff:ada" not in keys


def test_what_pages_call_others_is_understood_and_nothing_means_nobody() -> None:
    colleague("ada")
    assert "system" in naming.meant("The system").keys
    for page in (naming.called, naming.titled):
        assert "customer:cus_7" in naming.meant(page("customer:cus_7")).keys
    assert naming.meant(" ") == naming.Meant([], [], [])
