"""A customer's figures: every way an invitation travels by is called by a word of the reader's language."""

from datetime import timedelta

import pytest
from django.utils import translation

from audit.actors import SYSTEM
from customers.models import Customer
from referrals import expiring, tokens, visits
from referrals.models import Code, Referral, Touch
from rewards.portal import figures, friends
from tests.make import AT, make_customer
from tests.portal.walking import inside
from tests.stories import issue_to, sign_up, verify

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("channel", sorted(visits.CHANNELS))
def test_every_way_that_is_stored_has_a_word_and_none_is_shown_as_it_is_stored(channel: str, language: str) -> None:
    with translation.override(language):
        assert figures.Way(channel, 1, 0, 0).label != channel
    assert channel in figures.CHANNELS


def test_nothing_is_called_alike_in_one_language() -> None:
    for language in ("en", "de"):
        with translation.override(language):
            labels = [figures.Way(channel, 1, 0, 0).label for channel in visits.CHANNELS]
        assert len(set(labels)) == len(visits.CHANNELS)


def test_who_came_by_a_social_network_stands_in_german_in_the_figures(code: Code) -> None:
    Customer.objects.filter(pk=code.customer_id).update(language="de")
    visits.record_visit(code_id=code.pk, at=AT, channel="social", user_agent="Mozilla/5.0 Firefox/140.0", address="192.0.2.1")
    assert Touch.objects.get().channel == "social"
    page = inside(code.customer).get("/my/numbers/", headers={"accept-language": "de"}).content.decode()
    assert "Soziales Netzwerk" in page and ">social<" not in page


def joined_by_link(code: Code, name: str, days: int = 0) -> Referral:
    """A friend opens the link and signs up, so many days later."""
    at = AT + timedelta(days=days)
    visit = visits.record_visit(
        code_id=code.pk, at=at, channel="whatsapp", user_agent="Mozilla/5.0 Firefox/140.0", address="192.0.2.1"
    )
    return sign_up(code, name, at=at, touch_token=tokens.sign_visit(visit))


@pytest.fixture
def late(code: Code) -> Code:
    """Ben let the time run out and joined anew; Cem joined once, and for him it ran out too."""
    for name in ("Ben Okoro", "Cem Aydin"):
        expiring.expire(referral=joined_by_link(code, name), at=AT + timedelta(days=31), by=SYSTEM)
    joined_by_link(code, "Ben Okoro", days=32)
    return code


def test_a_friend_who_joined_anew_is_one_friend_in_all_and_of_the_way_they_came(late: Code) -> None:
    seen = figures.figures_of(late.customer)
    assert (Referral.objects.count(), seen.signed_up, seen.counted) == (3, 2, 0)
    assert [(way.channel, way.signed_up, way.counted) for way in seen.ways] == [("whatsapp", 2, 0)]
    verify(Referral.objects.latest("pk"), at=AT + timedelta(days=33))
    seen = figures.figures_of(late.customer)
    assert (seen.signed_up, seen.counted) == (2, 1)
    assert [(way.signed_up, way.counted) for way in seen.ways] == [(2, 1)]


def test_a_friend_who_joined_anew_stands_once_among_the_friends_and_as_they_are_now(late: Code) -> None:
    assert [(one.name, one.word) for one in friends.friends_of(late.customer)] == [("Ben O.", "Signed up"), ("Cem A.", "Ran out")]


def test_the_page_of_what_ran_out_leads_to_what_was_begun_anew_and_to_nobody_elses(late: Code) -> None:
    first, cem, anew = Referral.objects.order_by("pk")
    me = inside(late.customer)
    assert me.get(f"/my/friends/{first.reference}/")["Location"] == f"/my/friends/{anew.reference}/"
    assert me.get(f"/my/friends/{cem.reference}/").status_code == me.get(f"/my/friends/{anew.reference}/").status_code == 200
    assert inside(make_customer("Dana Fox")).get(f"/my/friends/{first.reference}/").status_code == 404


def test_a_friend_who_let_it_run_out_again_still_stands_once(late: Code) -> None:
    expiring.expire(referral=Referral.objects.latest("pk"), at=AT + timedelta(days=70), by=SYSTEM)
    assert [(one.name, one.word) for one in friends.friends_of(late.customer)] == [("Ben O.", "Ran out"), ("Cem A.", "Ran out")]


def test_a_friend_who_joined_anew_through_somebody_else_still_stands_with_whoever_invited_them_first(code: Code) -> None:
    expiring.expire(referral=sign_up(code), at=AT + timedelta(days=31), by=SYSTEM)
    other = issue_to(make_customer("Dana Fox"), code.campaign)
    sign_up(other, at=AT + timedelta(days=32))
    assert [one.word for one in friends.friends_of(code.customer)] == ["Ran out"]
    assert [one.word for one in friends.friends_of(other.customer)] == ["Signed up"]
