"""Each kind of message, brought about the way it comes about in life: by the verbs and sweeps that lead to it.

`happen(kind, language)` tells the story of that kind with readers of `language`, and answers the message it wrote. What staff
write (offers, names of things, notes) is German here, so that English in a German message is ours.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from audit.actors import SYSTEM, customer
from campaigns.models import Campaign
from campaigns.states import RewardKind, Rhythm
from customers.consenting import record_consent
from customers.models import Customer
from equipment import jobs as equipment_jobs
from equipment import requesting
from equipment.models import Loan, Pool
from notices import jobs as notice_jobs
from notices.models import Notice
from notices.sequences import editing
from notices.sequences.editing import USUAL, USUAL_NAME
from referrals import inviting, joining, mailings, reviewing, substituting
from referrals import jobs as referral_jobs
from referrals.models import Referral
from referrals.voices import help_requests
from rewards import appealing, deciding, jobs
from rewards.models import Reward
from rewards.portal import exporting, signing_in
from tests.make import AT, make_campaign, make_customer, make_model, make_pool, make_terms, make_tier
from tests.referrals.visiting import opened_by
from tests.rewards.given import DAY, earned
from tests.stories import bring_back, hand_over, issue_to, sign_up, verify

MINUTE = timedelta(minutes=1)
LATER = AT + timedelta(hours=1)

WORDS = {
    "headline": "Freunde einladen, Kamera leihen",
    "pitch": "Ihr leiht beide eine Kamera, kostenlos.",
    "name": "Freunde einladen",
}
"""What staff wrote, in German."""

Story = Callable[[str], Any]


def reader(language: str, name: str = "Asha Rao", **changes: Any) -> Customer:
    """Somebody who reads `language` and wants news."""
    person = make_customer(name, language=language, **changes)
    record_consent(customer=person, channel="email", purpose="marketing", is_given=True, how="Portal", at=AT, by=SYSTEM)
    return person


def lending_campaign(*, units: int = 3, **changes: Any) -> Campaign:
    """A campaign that lends a camera to the referrer."""
    pool = make_pool(units=units, open_days="1111111", model=_camera())
    terms = {
        "campaign_terms": make_terms(body="Seid fair.", title="Bedingungen"),
        "loan_terms": make_terms("loan-terms", "Bring sie zurück.", title="Leihbedingungen"),
    }
    campaign = make_campaign(pool=pool, both_sides=False, **{**WORDS, **terms, **changes})
    campaign.tiers.update(title="Eine Kamera")
    return campaign


def giving_campaign(kind: str = RewardKind.CREDIT, amount: str = "20.00", **changes: Any) -> Campaign:
    """A campaign that gives the referrer an amount."""
    campaign = lending_campaign(**changes)
    campaign.tiers.all().delete()
    make_tier(campaign, kind=kind, amount=amount, cost=amount, title="Ein Dank", key="thanks")
    return campaign


def _camera() -> Any:
    return make_model("Aero 7", setup_guide="Zuerst laden.", return_protocol="In die Tasche legen.")


def happen(kind: str, language: str) -> Notice:
    """Tell the story of `kind`, and answer the message it led to."""
    STORIES[kind](language)
    return Notice.objects.filter(kind=kind, said_with=None, channel="email").latest("pk")


def _code(language: str, campaign: Campaign | None = None) -> Any:
    return issue_to(reader(language), campaign or lending_campaign())


def _lent(language: str) -> Loan:
    campaign = lending_campaign()
    reward = earned(campaign, reader(language))
    assert reward.loan is not None
    return hand_over(reward.loan, reward.loan.pool.units.order_by("pk")[0])


def _verify_email(language: str) -> None:
    sign_up(_code(language), language=language)


def _friend_signed_up(language: str) -> None:
    sign_up(_code(language))


def _queue_joined(language: str) -> None:
    campaign = lending_campaign(units=1)
    sign_up(issue_to(make_customer("Chloe Stone"), campaign), "Dana Fox")
    sign_up(_code(language, campaign))
    jobs.queue_loan_notices(LATER)


def _queue_promoted(language: str) -> None:
    campaign = lending_campaign(units=1)
    first = sign_up(issue_to(make_customer("Chloe Stone"), campaign), "Dana Fox")
    sign_up(_code(language, campaign))
    reviewing.block(referral=first, reason="Invented.", at=LATER, by=SYSTEM)
    equipment_jobs.promote_waitlists(LATER)
    jobs.queue_loan_notices(LATER + MINUTE)


def _reward_unlocked(language: str) -> None:
    earned(lending_campaign(), reader(language))


def _reward_given(language: str) -> None:
    earned(giving_campaign(), reader(language))


def _waiting(language: str) -> Reward:
    return earned(giving_campaign(approval="manual"), reader(language))


def _declined(language: str) -> Reward:
    reward = _waiting(language)
    deciding.decline(reward=reward, note="Kein Einkauf.", at=LATER, by=SYSTEM)
    jobs.carry_out_declines(LATER + deciding.UNDO_FOR)
    reward.refresh_from_db()
    return reward


def _reward_choice(language: str) -> None:
    campaign = giving_campaign()
    make_tier(campaign, kind=RewardKind.POINTS, amount=500, title="500 Punkte", key="points", instead_of="thanks")
    earned(campaign, reader(language))


def _reward_question(language: str) -> None:
    deciding.ask(reward=_waiting(language), note="Wann war der Einkauf?", at=LATER, by=SYSTEM)


def _code_issued(language: str) -> None:
    verify(sign_up(_code("en"), language=language))


def _invitation(language: str) -> None:
    code = _code(language)
    inviting.invite(campaign=code.campaign, most=10, at=LATER, by=SYSTEM)


def _loan_checked_out(language: str) -> None:
    _lent(language)
    jobs.queue_loan_notices(AT + DAY)


def _reminded(language: str, days: int) -> None:
    loan = _lent(language)
    assert loan.due_at is not None
    jobs.remind_borrowers(loan.due_at - timedelta(hours=12) + days * DAY)


def _loan_returned(language: str) -> None:
    bring_back(_lent(language))
    jobs.queue_loan_notices(AT + 10 * DAY)


def _loan_request_answered(language: str) -> None:
    loan = _lent(language)
    by = customer(loan.borrower.reference)
    assert loan.due_at is not None
    asked = requesting.ask_to_extend(
        loan=loan, until=loan.pool.opening().last_day(loan.due_at) + 2 * DAY, words="Bitte.", at=AT + DAY, by=by
    )
    requesting.decline(request=asked, note="Leider wartet schon jemand.", at=AT + DAY, by=SYSTEM)
    jobs.tell_loan_answers(AT + DAY)


def _data_export_ready(language: str) -> None:
    person = reader(language)
    asked = exporting.ask(customer=person, at=AT, by=customer(person.reference))
    exporting.make(export=asked, at=AT + MINUTE, by=SYSTEM)


def _substitute_offered(language: str) -> None:
    campaign = lending_campaign(units=1)
    sign_up(issue_to(make_customer("Chloe Stone"), campaign), "Dana Fox")
    waiting = sign_up(_code(language, campaign))
    other: Pool = make_pool(units=1, open_days="1111111", model=make_model("Orbit 3"))
    substituting.offer_substitute(
        promise=waiting.promises.get(), pool=other, reason="Die Kamera kam zu spät.", days=5, at=LATER, by=SYSTEM
    )


def _hold_expired(language: str) -> None:
    sign_up(_code(language))
    equipment_jobs.expire_holds(AT + 20 * DAY)
    jobs.queue_loan_notices(AT + 20 * DAY)


def _portal_link(language: str) -> None:
    person = reader(language)
    signing_in.ask(email=person.email, at=AT)
    jobs.send_portal_links(at=AT)


def _help_answered(language: str) -> None:
    person = reader(language)
    asked = help_requests.ask_for_help(customer=person, question="Wann?", at=AT, by=customer(person.reference))
    help_requests.answer_help(request=asked, answer="Am Montag.", at=LATER, by=SYSTEM)


def _friend_opened(language: str) -> None:
    opened_by(_code(language), "Ben", at=AT)
    referral_jobs.tell_referrers(AT + DAY)


def _friend_verified(language: str) -> None:
    verify(sign_up(_code(language)))
    referral_jobs.tell_referrers(LATER)


def _milestone(language: str, friends: int) -> None:
    campaign = lending_campaign()
    make_tier(campaign, kind=RewardKind.CREDIT, amount=50, nth=3, rhythm=Rhythm.ONCE, title="50 EUR", key="third")
    code = _code(language, campaign)
    for name in ("Ben Okoro", "Cem Aydin", "Dana Fox")[:friends]:
        verify(sign_up(code, name))
    jobs.tell_milestones(LATER)


def _reward_cancelled(language: str) -> None:
    reward = _waiting(language)
    referral = Referral.objects.get(pk=reward.referral_id)
    reviewing.block(referral=referral, reason="Invented.", at=LATER, by=SYSTEM)
    jobs.claw_back(LATER)


def _reward_revoked(language: str) -> None:
    reward = earned(giving_campaign(), reader(language))
    reviewing.block(referral=Referral.objects.get(pk=reward.referral_id), reason="Invented.", at=LATER, by=SYSTEM)
    jobs.claw_back(LATER)


def _reward_expired(language: str) -> None:
    earned(giving_campaign(RewardKind.DISCOUNT, "10", claim_within_days=30), reader(language))
    jobs.expire_unclaimed(AT + 31 * DAY)


def _reward_runs_out(language: str) -> None:
    earned(giving_campaign(RewardKind.DISCOUNT, "10", claim_within_days=30), reader(language))
    jobs.tell_what_runs_out(AT + 25 * DAY)


def _appeal_answered(language: str) -> None:
    reward = _declined(language)
    by = customer(reward.beneficiary.reference)
    made = appealing.appeal(reward=reward, words="Doch.", at=LATER + DAY, by=by)
    appealing.answer(appeal=made, overturn=True, note="Stimmt.", at=LATER + 2 * DAY, by=SYSTEM)


def _loan_asked_back(language: str) -> None:
    reward = earned(lending_campaign(), reader(language))
    assert reward.loan is not None
    hand_over(reward.loan, reward.loan.pool.units.order_by("pk")[0])
    reviewing.block(referral=Referral.objects.get(pk=reward.referral_id), reason="Invented.", at=AT + 2 * DAY, by=SYSTEM)
    jobs.claw_back(AT + 2 * DAY)


def _followed(language: str, days: int) -> None:
    code = _code(language)
    made = editing.save(campaign=code.campaign, name=USUAL_NAME, trigger="code_issued", steps=USUAL, at=AT, by=SYSTEM)
    editing.switch(sequence=made, is_on=True, at=AT, by=SYSTEM)
    notice_jobs.follow_sequences(AT + days * DAY)


def _season_offer(language: str) -> None:
    code = _code(language)
    mailings.start(campaign=code.campaign, segment=None, kind="season_offer", at=LATER, by=SYSTEM)
    referral_jobs.carry_on_mailings(LATER)


def _sign_up_refused(language: str) -> None:
    code = _code(language)
    known = reader(language, "Chloe Stern")
    terms = code.campaign.campaign_terms
    assert terms is not None
    version = terms.current()
    assert version is not None
    application = joining.Application(
        name=known.name, email=known.email, terms_version=version, language=language, country="DE"
    )  # fmt: skip
    joining.join(code=code, application=application, at=LATER, by=SYSTEM)


STORIES: dict[str, Story] = {
    "verify_email": _verify_email,
    "friend_signed_up": _friend_signed_up,
    "queue_joined": _queue_joined,
    "queue_promoted": _queue_promoted,
    "reward_unlocked": _reward_unlocked,
    "reward_given": _reward_given,
    "reward_waiting": _waiting,
    "reward_declined": _declined,
    "reward_choice": _reward_choice,
    "reward_question": _reward_question,
    "code_issued": _code_issued,
    "invitation": _invitation,
    "loan_checked_out": _loan_checked_out,
    "loan_due_soon": lambda language: _reminded(language, -3),
    "loan_due_today": lambda language: _reminded(language, 0),
    "loan_overdue": lambda language: _reminded(language, 1),
    "loan_returned": _loan_returned,
    "loan_request_answered": _loan_request_answered,
    "data_export_ready": _data_export_ready,
    "substitute_offered": _substitute_offered,
    "hold_expired": _hold_expired,
    "portal_link": _portal_link,
    "help_answered": _help_answered,
    "friend_opened": _friend_opened,
    "friend_verified": _friend_verified,
    "milestone_near": lambda language: _milestone(language, 2),
    "milestone_reached": lambda language: _milestone(language, 3),
    "reward_cancelled": _reward_cancelled,
    "reward_revoked": _reward_revoked,
    "reward_expired": _reward_expired,
    "reward_runs_out": _reward_runs_out,
    "appeal_answered": _appeal_answered,
    "loan_asked_back": _loan_asked_back,
    "share_reminder": lambda language: _followed(language, 4),
    "share_last_reminder": lambda language: _followed(language, 14),
    "season_offer": _season_offer,
    "sign_up_refused": _sign_up_refused,
}
"""The story of each kind."""
