"""What customers read."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from campaigns import criteria
from tests.make import make_campaign

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("changes", "to_referrer", "to_friend"),
    [
        (
            {},
            "Your friend registers and confirms their e-mail address within 30 days.",
            "You register and confirm your e-mail address within 30 days.",
        ),
        (
            {"proof": "first_purchase", "proof_amount": Decimal("50"), "proof_within_days": 1},
            "Your friend registers, confirms their e-mail address and makes a first purchase of at least 50.00 EUR within 1 day.",
            "You register, confirm your e-mail address and make a first purchase of at least 50.00 EUR within 1 day.",
        ),
        (
            {"proof": "n_purchases", "proof_count": 3, "proof_amount": Decimal("9.5")},
            "Your friend registers, confirms their e-mail address and makes 3 purchases of at least 9.50 EUR each within 30 days.",
            "You register, confirm your e-mail address and make 3 purchases of at least 9.50 EUR each within 30 days.",
        ),
        (
            {"proof": "n_purchases", "proof_count": 1},
            "Your friend registers, confirms their e-mail address and makes 1 purchase within 30 days.",
            "You register, confirm your e-mail address and make 1 purchase within 30 days.",
        ),
        (
            {"proof": "days_active", "proof_days": 60, "proof_within_days": 90},
            "Your friend registers, confirms their e-mail address and is an active customer for 60 days, all within 90 days.",
            "You register, confirm your e-mail address and are an active customer for 60 days, all within 90 days.",
        ),
    ],
)
def test_what_must_be_proved_is_said_to_each_side(changes, to_referrer, to_friend):
    campaign = make_campaign(**changes)
    assert criteria.sentences(campaign, "referrer") == [to_referrer]
    assert criteria.sentences(campaign, "referee") == [to_friend]


def test_the_referrer_reads_their_own_rules_and_the_friends(add_rule):
    campaign = make_campaign(referrer_cap=5, ends_at=datetime(2026, 5, 31, 22, tzinfo=UTC), time_zone="Europe/Berlin")
    add_rule(campaign, "membership_days", "at_least", 90, "A member for at least 90 days.")
    add_rule(campaign, "country", "is", "DE", "Living in Germany.", side="referee", group="w")
    add_rule(campaign, "country", "is", "AT", "Living in Austria.", side="referee", group="w")
    assert criteria.sentences(campaign, "referrer") == [
        "A member for at least 90 days.",
        "Your friend: One of these: Living in Germany; Living in Austria.",
        "Your friend registers and confirms their e-mail address within 30 days.",
        "Each person can earn at most 5 rewards.",
        "The offer ends on 31 May 2026.",
    ]
    assert criteria.text(campaign, "referee") == (
        "One of these: Living in Germany; Living in Austria. You register and confirm your e-mail address within 30 days. "
        "The offer ends on 31 May 2026."
    )
