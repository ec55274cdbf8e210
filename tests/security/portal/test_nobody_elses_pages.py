"""Test 3: two customers walk every address of the portal; neither reads or changes anything of the other."""

import re

import pytest
from django.test import Client

from equipment.models import LoanRequest
from rewards.models import PortalSession
from tests.referrals.pages.rows import counts
from tests.security.portal.conftest import Person
from tests.security.portal.walking import addresses

pytestmark = pytest.mark.django_db
TYPED = {
    "on": "2026-03-10",
    "until": "2026-03-23",
    "words": "Mine.",
    "reason": "other",
    "note": "Mine.",
    "text": "Mine.",
    "promo": "MINE-NOW",
    "name": "Mine Now",
    "tier": "mine",
}


def without_tallies() -> dict[str, int]:
    """How many rows there are, but for the count of what this browser sent: that is what slows it down."""
    return {name: number for name, number in counts().items() if name != "config.Tally"}


def test_the_walk_knows_every_kind_of_page(people: tuple[Person, Person]) -> None:
    asha, _ = people
    walked = addresses(asha.values())
    assert len(walked) > 25
    assert sum(address.is_about_something for address in walked) >= 11


def test_what_belongs_to_somebody_else_is_not_there(people: tuple[Person, Person]) -> None:
    asha, chloe = people
    walked = [address for address in addresses(asha.values()) if address.is_about_something]
    before = without_tallies()
    for address in walked:
        for answer in (chloe.client.get(address.url), chloe.client.post(address.url, TYPED)):
            assert answer.status_code in (404, 405), (address, answer.status_code)
            text = answer.content.decode()
            assert "Asha" not in text and asha.loan.reference not in text, address
    assert without_tallies() == before
    asha.loan.refresh_from_db()
    assert asha.loan.state == "on_loan" and LoanRequest.objects.count() == 2


def test_what_is_not_there_answers_as_what_is_somebody_elses(people: tuple[Person, Person]) -> None:
    asha, chloe = people
    nobodys = {kind: f"{value[:5]}{'0' * (len(value) - 5)}" for kind, value in asha.values().items()}
    for mine, missing in zip(addresses(asha.values()), addresses(nobodys), strict=True):
        if mine.is_about_something:
            one, other = chloe.client.get(mine.url), chloe.client.get(missing.url)
            assert (one.status_code, len(one.content)) == (other.status_code, len(other.content)), mine


def test_a_wish_or_a_session_of_somebody_else_cannot_be_ended(people: tuple[Person, Person]) -> None:
    asha, chloe = people
    url = f"/my/loans/{chloe.loan.reference}/withdraw/"
    assert chloe.client.post(url, {"request": asha.asked.reference}).status_code == 404
    assert chloe.client.post("/my/browsers/", {"session": asha.session.reference}).status_code == 404
    chloe.client.post("/my/browsers/", {"others": "yes"})
    assert PortalSession.objects.get(customer=asha.customer).ended_at is None


def test_no_page_of_one_names_the_other_or_her_things(people: tuple[Person, Person]) -> None:
    asha, chloe = people
    secret = (chloe.customer.name, chloe.customer.email, chloe.customer.reference, "A problem of Chloe", *chloe.values().values())
    for address in addresses(asha.values()):
        answer = asha.client.get(address.url)
        text = b"".join(answer).decode(errors="replace") if address.url.endswith(".pdf") else answer.content.decode()
        assert [word for word in secret if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)] == [], address


def test_a_stranger_finds_the_door_at_every_address(people: tuple[Person, Person]) -> None:
    asha, _ = people
    stranger = Client()
    for address in addresses(asha.values()):
        if address.is_inside:
            for answer in (stranger.get(address.url), stranger.post(address.url, TYPED)):
                assert answer.status_code == 405 or answer["Location"].startswith("/my/sign-in/"), address


@pytest.mark.parametrize("key", ["", "x", "k" * 43, "k" * 4000, "\x00", "ses_0000000000000000"])
def test_a_session_nobody_began_is_none(people: tuple[Person, Person], key: str) -> None:
    stranger = Client()
    stranger.cookies["portal"] = key
    assert stranger.get("/my/")["Location"] == "/my/sign-in/"


def test_the_desk_does_not_open_to_a_customer(people: tuple[Person, Person]) -> None:
    asha, _ = people
    for path in ("/admin/", "/admin/customers/customer/", f"/admin/handover/{asha.loan.reference}/"):
        assert "/login/" in asha.client.get(path)["Location"]
