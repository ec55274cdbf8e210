"""A friend signs up: credited, promised, thanked; or refused in words with nothing kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from audit.models import Entry, Mention
from campaigns.models import Campaign, EligibilityRule
from customers.models import Acceptance, AgreementVersion, Customer
from equipment.models import Loan
from notices.models import Notice
from referrals import expiring, tokens, visits
from referrals.jobs import expire_stale_referrals
from referrals.models import Code, Credit, Promise, Referral
from referrals.refusals import BadInput, ReferralRefused
from tests.make import AT, make_customer
from tests.stories import issue_to, sign_up, verify

pytestmark = pytest.mark.django_db


def test_a_sign_up_opens_a_referral_and_holds_a_unit_for_both_sides(code: Code) -> None:
    referral = sign_up(code)
    assert (referral.progress, referral.standing) == ("signed_up", "clear")
    assert [(p.side, p.loan.state) for p in Promise.objects.order_by("side")] == [("referee", "held"), ("referrer", "held")]
    assert Acceptance.objects.get(about=referral.reference).customer == referral.referee
    assert referral.referee.origin_referral == referral.reference


def test_the_friend_is_asked_to_confirm_and_the_referrer_is_thanked_at_once(code: Code) -> None:
    referral = sign_up(code)
    told = {notice.kind: notice.customer for notice in Notice.objects.all()}
    assert told == {"verify_email": referral.referee, "friend_signed_up": referral.referrer}


def test_the_second_sign_up_answers_the_first(code: Code) -> None:
    first = sign_up(code)
    assert sign_up(code) == first
    assert (Referral.objects.count(), Loan.objects.count(), Notice.objects.count()) == (1, 2, 2)


def test_when_no_unit_is_left_they_are_told_their_place(code: Code) -> None:
    for name in ("Ben Okoro", "Cem Aydin", "Dana Fox"):
        sign_up(code, name)
    states = list(Loan.objects.order_by("pk").values_list("state", "place_at_joining"))
    assert states == [("held", None)] * 3 + [("waitlisted", 1), ("waitlisted", 2), ("waitlisted", 3)]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"email": "ASHA@Example.org "}, "self_referral"),
        ({"email": "asha+friend@example.org"}, "self_referral"),
        ({"email": "not an address"}, "email_invalid"),
        ({"name": "   "}, "name_missing"),
    ],
)
def test_it_is_refused_in_words_and_nothing_is_kept(campaign: Campaign, changes: dict[str, Any], reason: str) -> None:
    asha = make_customer("Asha Rao", email="asha@example.org")
    code = issue_to(asha, campaign)
    before = Customer.objects.count(), Entry.objects.count()
    with pytest.raises(ReferralRefused) as refusal:
        sign_up(code, **changes)
    assert refusal.value.code == reason
    assert (Customer.objects.count(), Entry.objects.count(), Referral.objects.count()) == (*before, 0)


def test_an_existing_customer_is_not_a_new_friend(code: Code) -> None:
    make_customer("Chloe Doyle", email="chloe@example.net")
    with pytest.raises(ReferralRefused, match="already_customer"):
        sign_up(code, "Chloe Doyle")


def test_a_set_referrer_is_never_silently_replaced(code: Code, campaign: Campaign) -> None:
    sign_up(code)
    other = issue_to(make_customer("Dora Lind"), campaign)
    with pytest.raises(ReferralRefused, match="already_referred"):
        sign_up(other)


LATE = AT + timedelta(days=31)


@pytest.mark.parametrize("job_has_run", [True, False])
def test_whose_time_ran_out_begins_anew_with_the_same_address(code: Code, job_has_run: bool) -> None:
    first = sign_up(code)
    if job_has_run:
        expire_stale_referrals(LATE)
    again = sign_up(code, at=LATE)
    first.refresh_from_db()
    assert (again.pk == first.pk, first.progress, again.progress) == (False, "expired", "signed_up")
    assert again.proof_due_at > LATE
    assert Loan.objects.filter(state="held").count() == 2, "one for each side, those of the first were given back"
    assert sign_up(code, at=LATE + timedelta(minutes=1)) == again


def test_another_friend_may_bring_whom_the_first_one_did_not(code: Code, campaign: Campaign) -> None:
    sign_up(code)
    other = issue_to(make_customer("Dora Lind"), campaign)
    assert sign_up(other, at=LATE).referrer.name == "Dora Lind"


def test_two_forms_of_whoever_begins_anew_that_are_sent_at_once_are_one_sign_up(code: Code, monkeypatch: Any) -> None:
    sign_up(code)
    again = sign_up(code, at=LATE)
    monkeypatch.setattr(expiring, "referral_in_the_way", lambda *_, **__: None)  # as it is while the other one is not stored yet
    assert sign_up(code, at=LATE) == again


def test_waiting_does_not_undo_a_block(code: Code, campaign: Campaign) -> None:
    first = sign_up(code)
    Referral.objects.update(standing="blocked", standing_reason="The same device.")
    expire_stale_referrals(LATE)
    assert sign_up(code, at=LATE) == first
    other = issue_to(make_customer("Dora Lind"), campaign)
    with pytest.raises(ReferralRefused, match="already_referred"):
        sign_up(other, at=LATE)


def test_whoever_qualified_is_not_begun_anew_however_late(code: Code) -> None:
    first = verify(sign_up(code))
    assert first.progress == "qualified"
    assert sign_up(code, at=LATE) == first


def test_two_referrals_of_one_friend_never_stand_at_once(code: Code) -> None:
    first = sign_up(code)
    with pytest.raises(IntegrityError, match="referral_referee_once_per_campaign|campaign_id, referrals_referral.referee_id"):
        Referral.objects.create(
            campaign=first.campaign, code=code, referrer=first.referrer, referee=first.referee, progress_reason="x",
            signed_up_at=AT, proof_due_at=LATE,
        )  # fmt: skip


def test_a_friend_outside_the_segment_is_told_which_criterion(code: Code) -> None:
    EligibilityRule.objects.create(
        campaign=code.campaign, side="referee", field="country", operator="is", value="FR", sentence="You live in France."
    )
    with pytest.raises(ReferralRefused, match="You live in France"):
        sign_up(code)
    assert not Customer.objects.filter(name="Ben Okoro").exists()


@pytest.mark.parametrize(("changes", "reason"), [({"state": "paused"}, "campaign_closed"), ({"ends_at": AT}, "campaign_closed")])
def test_a_closed_campaign_takes_nobody(code: Code, changes: dict[str, Any], reason: str) -> None:
    Campaign.objects.filter(pk=code.campaign_id).update(**changes)
    code.campaign.refresh_from_db()
    with pytest.raises(ReferralRefused, match=reason):
        sign_up(code)


def test_terms_that_changed_meanwhile_must_be_read_again(code: Code) -> None:
    assert code.campaign.campaign_terms is not None
    old = code.campaign.campaign_terms.current()
    AgreementVersion.objects.create(agreement=code.campaign.campaign_terms, number=2, body="New.", sha256="b" * 64, published_at=AT)
    with pytest.raises(ReferralRefused, match="terms_outdated"):
        sign_up(code, terms_version=old)


def test_a_code_typed_by_hand_beats_a_click(code: Code, campaign: Campaign) -> None:
    dora = issue_to(make_customer("Dora Lind"), campaign)
    visitor = {"address": "203.0.113.9", "user_agent": "Mozilla/5.0"}
    visits.record_visit(code_id=dora.pk, at=AT - timedelta(hours=2), is_typed=True, **visitor)
    click = visits.record_visit(code_id=code.pk, at=AT - timedelta(minutes=1), **visitor)
    referral = sign_up(code, touch_token=tokens.sign_visit(click))
    assert referral.code == dora
    assert [(c.code, c.weight) for c in Credit.objects.all()] == [(dora, 1)]


def test_a_forged_touch_never_stops_a_sign_up(code: Code) -> None:
    referral = sign_up(code, touch_token="forged")
    assert referral.code == code


def test_a_throw_away_address_is_flagged_with_the_evidence(code: Code) -> None:
    referral = sign_up(code, email="ben@mailinator.com")
    assert referral.standing == "flagged"
    assert "throw-away" in referral.standing_reason


def test_nothing_personal_is_on_the_trail(code: Code) -> None:
    sign_up(code, "Benedetta Okonkwo", email="benedetta@example.net", phone="+491701234567")
    everything = " ".join(f"{e.sentence} {e.data} {e.actor}" for e in Entry.objects.all()).lower()
    for private in ("benedetta", "okonkwo", "example.net", "1701234567", "asha"):
        assert private not in everything


def test_a_sign_up_stands_on_the_pages_of_both_people_the_campaign_and_the_code(code: Code) -> None:
    referral = sign_up(code)
    entry = Entry.objects.get(event="referral.signed_up")
    assert entry.sentence.startswith(f"A friend signed up with the code {code.code}.")
    mentioned = set(Mention.objects.filter(entry=entry).values_list("reference", flat=True))
    assert mentioned == {referral.referrer.reference, referral.referee.reference, referral.campaign.slug, code.code}


def test_bad_input_has_the_status_of_bad_input(code: Code) -> None:
    with pytest.raises(BadInput) as refusal:
        sign_up(code, email="nobody@")
    assert refusal.value.status == 422
