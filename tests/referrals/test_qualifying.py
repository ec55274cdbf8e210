"""From the sign-up to the proof: verified, qualified, expired; each once, each with its reason."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from audit.actors import SYSTEM, staff
from audit.models import Entry
from campaigns.models import Campaign
from customers.models import Customer
from notices.models import Notice
from referrals import conversions, jobs, qualifying, reviewing
from referrals.models import Code, Conversion, Referral
from referrals.refusals import ReferralRefused
from tests.make import AT, make_customer
from tests.stories import issue_to, sign_up, verify

pytestmark = pytest.mark.django_db


def test_a_verified_registration_qualifies_and_makes_the_friend_an_active_customer(code: Code) -> None:
    referral = verify(sign_up(code))
    friend = Customer.objects.get(pk=referral.referee_id)
    assert (referral.progress, referral.qualified_number) == ("qualified", 1)
    assert (friend.membership, friend.activated_on) == ("active", AT.date())
    assert friend.verified_at is not None


def test_the_friend_gets_a_code_of_their_own_and_is_told(code: Code) -> None:
    referral = verify(sign_up(code))
    own = Code.objects.get(customer=referral.referee)
    assert (own.campaign, own.equipment_model, own.basis) == (code.campaign, code.equipment_model, "joined")
    assert own.code in Notice.objects.get(kind="code_issued").body_text


def test_pressing_the_button_twice_changes_nothing_more(code: Code) -> None:
    referral = verify(sign_up(code))
    entries = Entry.objects.count()
    verify(referral, at=AT + timedelta(hours=3))
    assert Entry.objects.count() == entries


def test_the_numbers_of_a_referrer_count_up(code: Code) -> None:
    numbers = [verify(sign_up(code, name)).qualified_number for name in ("Ben Okoro", "Cem Aydin", "Dana Fox")]
    assert numbers == [1, 2, 3]


def test_staff_verify_by_hand_only_with_the_permission(code: Code, django_user_model: type) -> None:
    eve = django_user_model.objects.create_user("eve")
    with pytest.raises(Exception, match=r"referrals\.verify_referral"):
        qualifying.verify(referral=sign_up(code), how="staff", at=AT, by=staff(eve))


def test_after_the_last_day_the_link_verifies_nothing(code: Code) -> None:
    referral = sign_up(code)
    with pytest.raises(ReferralRefused, match="referral_expired"):
        verify(referral, at=AT + timedelta(days=31))


def test_staff_who_come_too_late_are_told_what_they_can_do_and_the_friend_what_friends_can(code: Code, admin_user: Any) -> None:
    referral, late = sign_up(code), AT + timedelta(days=31)
    with pytest.raises(ReferralRefused, match="Open your friend’s invitation again"):
        verify(referral, at=late)
    with pytest.raises(ReferralRefused, match="referral_expired") as refusal:
        qualifying.verify(referral=referral, how="called back", at=late, by=staff(admin_user))
    assert refusal.value.sentence == (
        "The time for this referral ended on 1 April 2026, so that it can no longer be verified or completed. "
        "Ask the friend to open the invitation again and to join anew: that sign-up can be verified."
    )
    with translation.override("de"), pytest.raises(ReferralRefused, match="Ask the friend"):
        qualifying.qualify(referral=referral, at=late, by=SYSTEM)


def test_staff_who_come_too_late_for_somebody_blocked_are_told_that_the_block_is_in_the_way(code: Code, admin_user: Any) -> None:
    referral = sign_up(code)
    reviewing.block(referral=referral, reason="The same device.", at=AT, by=SYSTEM)
    with pytest.raises(ReferralRefused, match="Clear the block, then ask the friend to open the invitation again"):
        qualifying.verify(referral=referral, how="called back", at=AT + timedelta(days=31), by=staff(admin_user))


def test_a_referral_that_is_not_proved_in_time_expires_and_gives_the_units_back(code: Code) -> None:
    referral = sign_up(code)
    late = AT + timedelta(days=31)
    assert jobs.expire_stale_referrals(late) == {"expired": 1, "failed": 0}
    assert jobs.expire_stale_referrals(late) == {"expired": 0, "failed": 0}
    referral.refresh_from_db()
    assert referral.progress == "expired"
    assert {p.loan.state for p in referral.promises.all()} <= {"cancelled", "expired"}


def test_a_purchase_proves_when_the_campaign_asks_for_one(code: Code) -> None:
    Campaign.objects.filter(pk=code.campaign_id).update(proof="first_purchase", proof_amount=Decimal("50"))
    code.campaign.refresh_from_db()
    referral = verify(sign_up(code))
    assert referral.progress == "verified"
    buy = {"kind": "purchase", "customer": referral.referee, "by": SYSTEM, "currency": "EUR", "at": AT + timedelta(days=1)}
    conversions.record_conversion(external_id="order-1", amount=Decimal("20"), **buy)
    assert jobs.qualify_ripe_referrals(AT + timedelta(days=1)) == {"qualified": 0, "failed": 0}
    conversions.record_conversion(external_id="order-2", amount=Decimal("80"), **buy)
    assert jobs.qualify_ripe_referrals(AT + timedelta(days=1)) == {"qualified": 1, "failed": 0}
    assert jobs.qualify_ripe_referrals(AT + timedelta(days=1)) == {"qualified": 0, "failed": 0}


def test_days_of_activity_prove_when_they_are_full(code: Code) -> None:
    Campaign.objects.filter(pk=code.campaign_id).update(proof="days_active", proof_days=10)
    code.campaign.refresh_from_db()
    verify(sign_up(code))
    assert jobs.qualify_ripe_referrals(AT + timedelta(days=9))["qualified"] == 0
    assert jobs.qualify_ripe_referrals(AT + timedelta(days=11))["qualified"] == 1


def test_the_same_purchase_told_twice_is_one_and_told_differently_is_refused(code: Code) -> None:
    friend = verify(sign_up(code)).referee
    tell = {"kind": "purchase", "external_id": "order-7", "customer": friend, "by": SYSTEM, "currency": "EUR", "at": AT}
    first = conversions.record_conversion(amount=Decimal("10"), **tell)
    assert conversions.record_conversion(amount=Decimal("10"), **tell) == first
    with pytest.raises(ReferralRefused, match="told_differently"):
        conversions.record_conversion(amount=Decimal("11"), **tell)
    assert Conversion.objects.filter(kind="purchase").count() == 1


def test_a_blocked_referral_does_not_qualify_and_gives_back_what_was_held(code: Code) -> None:
    referral = sign_up(code)
    reviewing.block(referral=referral, reason="Both live in one mailbox.", at=AT, by=SYSTEM)
    assert verify(referral).progress == "verified"
    assert {p.loan.state for p in referral.promises.all()} == {"cancelled"}
    reviewing.clear(referral=referral, reason="It was a family.", at=AT, by=SYSTEM)
    assert jobs.qualify_ripe_referrals(AT + timedelta(hours=1))["qualified"] == 1


def test_progress_and_standing_are_two_axes(code: Code) -> None:
    referral = verify(sign_up(code))
    reviewing.flag(referral=referral, reason="Look at this.", at=AT, by=SYSTEM)
    referral = Referral.objects.get(pk=referral.pk)
    assert (referral.progress, referral.standing) == ("qualified", "flagged")


def test_a_reason_is_demanded_for_a_judgement(code: Code) -> None:
    with pytest.raises(ReferralRefused, match="reason_missing"):
        reviewing.flag(referral=sign_up(code), reason=" ", at=AT, by=SYSTEM)


def test_a_friend_can_invite_at_once(code: Code) -> None:
    ben = verify(sign_up(code)).referee
    own = Code.objects.get(customer=ben)
    second = verify(sign_up(own, "Cem Aydin"))
    assert (second.referrer, second.qualified_number) == (ben, 1)


def test_one_row_that_fails_does_not_cost_the_others(code: Code, campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(proof="days_active", proof_days=1)
    code.campaign.refresh_from_db()
    bad = verify(sign_up(code))
    other = issue_to(make_customer("Dora Lind"), code.campaign)
    verify(sign_up(other, "Cem Aydin"))
    real = qualifying.qualify

    def fail_once(*, referral: Referral, **rest: object) -> Referral:
        if referral.pk == bad.pk:
            raise RuntimeError("a broken row")
        return real(referral=referral, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(qualifying, "qualify", fail_once)
    assert jobs.qualify_ripe_referrals(AT + timedelta(days=2)) == {"qualified": 1, "failed": 1}
