"""Being found by one's name: only by choice, and without telling who is a customer."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from audit.actors import SYSTEM, Actor, customer
from audit.models import Entry
from campaigns.models import Campaign
from customers import erasing
from customers.models import Customer
from referrals.models import Code, SpokenName, Touch
from referrals.refusals import ReferralRefused
from referrals.sharing.kit import share_kit
from referrals.sharing.spoken_names import be_found_by_name, find_by_name, key_of, stop_being_found
from tests.make import AT, make_customer
from tests.referrals.pages.conftest import browser, clock
from tests.stories import issue_to

__all__ = ["browser", "clock"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def allowed(campaign: Campaign) -> Campaign:
    Campaign.objects.filter(pk=campaign.pk).update(name_sharing=True)
    campaign.refresh_from_db()
    return campaign


def join(browser: Client, typed: str) -> tuple[int, str]:
    answer = browser.post("/join/", {"code": typed})
    return answer.status_code, answer.get("Location", "").partition("?")[0]


@pytest.mark.parametrize("typed", ["Asha Rao", " asha  RAO", "Rao, Asha", "Ashá Rào"])
def test_a_friend_finds_whoever_wants_to_be_found(
    browser: Client, allowed: Campaign, code: Code, herself: Actor, typed: str
) -> None:
    be_found_by_name(code=code, name="Asha Rao", at=AT, by=herself)
    assert join(browser, typed) == (302, f"/r/{code.code}/")
    touch = Touch.objects.get()
    assert (touch.code, touch.is_typed) == (code, True)


def test_a_customer_who_did_not_choose_it_and_a_stranger_are_answered_alike(browser: Client, allowed: Campaign, code: Code) -> None:
    known = browser.post("/join/", {"code": "Asha Rao"})
    unknown = browser.post("/join/", {"code": "Nemo Nobody"})
    assert known.status_code == unknown.status_code == 404
    assert known.content.decode().replace("Asha Rao", "?") == unknown.content.decode().replace("Nemo Nobody", "?")
    assert not Touch.objects.exists()


def test_of_two_of_one_name_the_second_is_asked_to_add_a_word(allowed: Campaign, code: Code, herself: Actor) -> None:
    be_found_by_name(code=code, name="Asha Rao", at=AT, by=herself)
    namesake = make_customer("Asha Rao")
    other = issue_to(namesake, allowed)
    with pytest.raises(ReferralRefused) as refusal:
        be_found_by_name(code=other, name="RAO asha", at=AT, by=customer(namesake.reference))
    assert refusal.value.code == "name_taken"
    be_found_by_name(code=other, name="Asha Rao from Berlin", at=AT, by=customer(namesake.reference))
    assert find_by_name("asha rao", at=AT) == code
    assert find_by_name("Berlin from Rao Asha", at=AT) == other


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Asha", "name_too_short"),
        ("   ", "name_too_short"),
        ("Asha " + "Rao" * 30, "name_too_long"),
        ("Chloe Dubois", "name_not_yours"),
        ("Asha Dubois", "name_not_yours"),
    ],
)
def test_only_ones_own_name_can_be_chosen(allowed: Campaign, code: Code, herself: Actor, name: str, why: str) -> None:
    with pytest.raises(ReferralRefused) as refusal:
        be_found_by_name(code=code, name=name, at=AT, by=herself)
    assert refusal.value.code == why
    assert not SpokenName.objects.exists()


def test_a_campaign_without_it_offers_and_finds_nothing(browser: Client, campaign: Campaign, code: Code, herself: Actor) -> None:
    with pytest.raises(ReferralRefused) as refusal:
        be_found_by_name(code=code, name="Asha Rao", at=AT, by=herself)
    assert refusal.value.code == "names_not_allowed"
    assert "full name" not in browser.get("/join/").content.decode()
    SpokenName.objects.create(code=code, text="Asha Rao", key=key_of("Asha Rao"), chosen_at=AT)
    assert join(browser, "Asha Rao")[0] == 404


def test_a_name_leads_nowhere_while_the_invitation_does_not_work(allowed: Campaign, code: Code, herself: Actor) -> None:
    be_found_by_name(code=code, name="Asha Rao", at=AT, by=herself)
    Code.objects.filter(pk=code.pk).update(state="paused")
    assert find_by_name("Asha Rao", at=AT) is None


def test_choosing_again_and_stopping_are_each_told_once_and_without_the_name(allowed: Campaign, code: Code, herself: Actor) -> None:
    for _ in range(2):
        be_found_by_name(code=code, name="Asha Rao", at=AT, by=herself)
    assert share_kit(code, at=AT).spoken_name == "Asha Rao"
    for _ in range(2):
        stop_being_found(code=code, at=AT, by=herself)
    assert find_by_name("Asha Rao", at=AT) is None
    events = Entry.objects.filter(event__in=["code.name_chosen", "code.name_withdrawn"])
    assert events.count() == 2
    assert not any("Rao" in entry.data + entry.sentence for entry in events)


def test_nobody_chooses_for_somebody_else(allowed: Campaign, code: Code) -> None:
    eve = customer(make_customer("Eve Lund").reference)
    with pytest.raises(PermissionDenied):
        be_found_by_name(code=code, name="Asha Rao", at=AT, by=eve)
    with pytest.raises(PermissionDenied):
        stop_being_found(code=code, at=AT, by=eve)


def test_erasing_a_customer_takes_the_name_away(allowed: Campaign, code: Code, asha: Customer, herself: Actor) -> None:
    be_found_by_name(code=code, name="Asha Rao", at=AT, by=herself)
    erasing.erase(customer=asha, reason="Asked for it.", at=AT, by=SYSTEM)
    assert not SpokenName.objects.exists()


def test_whoever_tries_many_names_is_slowed_down(browser: Client, allowed: Campaign, code: Code) -> None:
    answers = [join(browser, f"Nemo Nobody{n}")[0] for n in range(31)]
    assert answers == [404] * 30 + [429]


@given(st.text(max_size=80))
def test_any_text_has_a_key_that_is_the_key_of_itself(text: str) -> None:
    assert key_of(key_of(text)) == key_of(text)
