"""Something else than what was promised: offered, accepted, declined; and a promise served from another place of the same model.

An offer keeps a unit from the moment it is made, like every promise: nothing is offered that is not there.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audit import actors, trail
from audit.actors import Actor
from campaigns import offers
from desk.moves import move
from equipment import giving_up, lending, relocating
from equipment.models import Loan, Pool
from equipment.states import LoanState
from notices import outbox
from notices.wording import Fact
from referrals import tokens
from referrals.links import answer_link
from referrals.models import Promise, SubstituteOffer
from referrals.refusals import ReferralRefused
from referrals.states import OFFER_MOVES, OfferState

PERMISSION = "referrals.offer_substitute"
DAYS_TO_ANSWER = 5
MOST_DAYS = 30


def offer_substitute(*, promise: Promise, pool: Pool, reason: str, days: int, at: datetime, by: Actor) -> SubstituteOffer:
    """Offer the customer a unit of `pool` instead of what was promised, and keep it for them for `days` days.

    Needs `referrals.offer_substitute`. Asked again for the same pool, the open offer is answered. Refuses with `offer_open` (another
    one waits for an answer), `nothing_to_replace` (a unit is named or the loan has ended), `same_pool`, `reason_missing`,
    `days_impossible`, `no_capacity`.
    """
    by.require(PERMISSION)
    _demand_sense(reason, days)
    with transaction.atomic():
        promise = _locked(promise)
        known = promise.offers.filter(state=OfferState.OFFERED).select_related("loan").first()
        if known is not None:
            return _same(known, pool)
        _demand_replaceable(promise, pool)
        kept = _keep(promise, pool, at + timedelta(days=days), at, by)
        assert kept.hold_expires_at is not None
        offer = SubstituteOffer.objects.create(
            promise=promise, loan=kept, reason=reason, offered_at=at, answer_by=kept.hold_expires_at
        )
        trail.record(
            "promise.substitute_offered", about=promise.referral, by=by, at=at, reason=reason, concerns=_concerns(promise, kept),
            pool=pool.reference, answer_by=pool.opening().last_day(offer.answer_by), side=str(promise.side),
        )  # fmt: skip
        _tell(offer, at)
    return offer


def accept_substitute(*, offer: SubstituteOffer, at: datetime, by: Actor) -> SubstituteOffer:
    """The customer takes it: their loan is served by the unit that was kept. By the customer, or by staff in their name.

    Harmless when it was accepted already. Refuses with `offer_over`, and with `wrong_state` when the promised unit was named meanwhile.
    """
    _demand_customer_or_staff(offer, by)
    with transaction.atomic():
        promise, offer = _both(offer)
        if offer.state == OfferState.ACCEPTED:
            return offer
        _demand_open(offer, at)
        _keep_the_day_that_was_said(promise)
        relocating.take_over(loan=promise.loan, kept=offer.loan, at=at, by=by)
        _end(offer, OfferState.ACCEPTED, at)
        trail.record(
            "promise.substitute_accepted", about=promise.referral, by=by, at=at, concerns=_concerns(promise, offer.loan),
            pool=offer.loan.pool.reference, side=str(promise.side),
        )  # fmt: skip
    return offer


def decline_substitute(*, offer: SubstituteOffer, at: datetime, by: Actor) -> SubstituteOffer:
    """The customer does not want it: what was promised stands as before, and the unit goes to the next in its queue.

    Harmless when it was declined already. Refuses with `offer_over`.
    """
    _demand_customer_or_staff(offer, by)
    with transaction.atomic():
        promise, offer = _both(offer)
        if offer.state == OfferState.DECLINED:
            return offer
        _demand_open(offer, at)
        giving_up.cancel(loan=offer.loan, reason="The substitute was declined.", at=at, by=actors.SYSTEM)
        _end(offer, OfferState.DECLINED, at)
        trail.record(
            "promise.substitute_declined", about=promise.referral, by=by, at=at, concerns=_concerns(promise, offer.loan),
            pool=offer.loan.pool.reference, side=str(promise.side),
        )  # fmt: skip
    return offer


def lapse(*, offer: SubstituteOffer, at: datetime, by: Actor) -> SubstituteOffer:
    """Nobody answered in time: what was promised stands as before. Harmless when it has ended, or while there is time."""
    with transaction.atomic():
        promise, offer = _both(offer)
        if offer.state != OfferState.OFFERED or at < offer.answer_by:
            return offer
        _end(offer, OfferState.LAPSED, at)
        trail.record(
            "promise.substitute_lapsed", about=promise.referral, by=by, at=at, concerns=_concerns(promise, offer.loan),
            pool=offer.loan.pool.reference, side=str(promise.side),
        )  # fmt: skip
    return offer


def serve_from(*, promise: Promise, pool: Pool, reason: str, at: datetime, by: Actor) -> None:
    """Serve a promise from another place of the same model; the customer loses nothing, and the day that was said stands.

    Needs `equipment.cancel_loan`. Refuses with `other_model` (that has to be offered), and like `relocating.move_to_pool`.
    """
    by.require("equipment.cancel_loan")
    with transaction.atomic():
        promise = _locked(promise)
        if promise.loan.pool.model_id != pool.model_id:
            raise ReferralRefused("other_model", "This is another model. Offer it to the customer, who may say no.")
        _keep_the_day_that_was_said(promise)
        limit = offers.limits_for(promise.referral.campaign).get(pool.pk)
        relocating.move_to_pool(loan=promise.loan, pool=pool, reason=reason, at=at, by=by, limit=limit)


def sentence(offer: SubstituteOffer) -> str:
    """What the customer reads: what is offered instead of what, where, until when, and that nothing is lost by saying no."""
    kept, promised = offer.loan.pool, offer.promise.loan.pool
    day = date_format(kept.opening().last_day(offer.answer_by), "j F Y")
    return _(
        "Instead of %(promised)s you can have %(offered)s in %(place)s right away. It is kept for you until %(day)s. "
        "If you say no or do not answer, your place stays yours."
    ) % {"promised": promised.model.called(), "offered": kept.model.called(), "place": kept.place, "day": day}


def _tell(offer: SubstituteOffer, at: datetime) -> None:
    promised, kept = offer.promise.loan.pool, offer.loan.pool
    facts: dict[str, Fact] = {
        "promised": promised.model.called,
        "item": kept.model.called,
        "place": kept.place,
        "answer_by": kept.opening().last_day(offer.answer_by),
        "reason": offer.reason,
        "answer_url": answer_link(tokens.make_answer(offer)),
    }
    campaign = offer.promise.referral.campaign
    outbox.queue("substitute_offered", to=offer.loan.borrower, about=offer.reference, facts=facts, at=at, campaign=campaign)


def _keep(promise: Promise, pool: Pool, until: datetime, at: datetime, by: Actor) -> Loan:
    """A unit held for the customer, or nothing at all: a place in another queue is no substitute."""
    campaign, loan = promise.referral.campaign, promise.loan
    kept = lending.hold(
        pools=[pool], borrower=loan.borrower, purpose=f"{relocating.INSTEAD}{promise.pk}:{promise.offers.count() + 1}",
        until=pool.opening().after(until, days=0), at=at, by=by, account=loan.account, limits=offers.limits_for(campaign), terms=loan.terms,
    )  # fmt: skip
    if kept.state != LoanState.HELD:
        raise ReferralRefused("no_capacity", f"{pool} has no unit to spare. {kept.reason}")
    return kept


def _demand_sense(reason: str, days: int) -> None:
    if not reason.strip():
        raise ReferralRefused("reason_missing", "Say in a few words why something else is offered; the customer reads it.")
    if not 1 <= days <= MOST_DAYS:
        raise ReferralRefused("days_impossible", f"Give the customer between 1 and {MOST_DAYS} days to answer.")


def _same(known: SubstituteOffer, pool: Pool) -> SubstituteOffer:
    if known.loan.pool_id != pool.pk:
        raise ReferralRefused("offer_open", "Another offer to this customer waits for an answer. Wait for it, or decline it first.")
    return known


def _demand_replaceable(promise: Promise, pool: Pool) -> None:
    if promise.loan.state not in relocating.MOVABLE:
        now = promise.loan.get_state_display().lower()
        raise ReferralRefused("nothing_to_replace", f"The loan is “{now}”; only one without a unit of its own can be replaced.")
    if promise.loan.pool_id == pool.pk:
        raise ReferralRefused("same_pool", "That is the pool the promise was made from. Choose another one.")


def _demand_open(offer: SubstituteOffer, at: datetime) -> None:
    if offer.state != OfferState.OFFERED or at >= offer.answer_by or offer.loan.state != LoanState.HELD:
        raise ReferralRefused("offer_over", _("This offer is over. What was promised before still stands."))


def _demand_customer_or_staff(offer: SubstituteOffer, by: Actor) -> None:
    if by != actors.customer(offer.loan.borrower.reference):
        by.require(PERMISSION)


def _locked(promise: Promise) -> Promise:
    rows = Promise.objects.select_for_update(of=("self",)).select_related(
        "loan__pool__model", "loan__borrower", "referral__campaign"
    )
    return rows.get(pk=promise.pk)


def _both(offer: SubstituteOffer) -> tuple[Promise, SubstituteOffer]:
    """The promise under its lock, and the offer as it is now."""
    promise = _locked(offer.promise)
    fresh = SubstituteOffer.objects.select_related("loan__pool__model", "loan__borrower").get(pk=offer.pk)
    fresh.promise = promise
    return promise, fresh


def _keep_the_day_that_was_said(promise: Promise) -> None:
    """Serving it from elsewhere gives a new day to collect; the earlier one stays what the promise is measured by."""
    said = [day for day in (promise.promised_by, promise.loan.collect_by) if day is not None]
    if said and promise.promised_by != min(said):
        promise.promised_by = min(said)
        promise.save(update_fields=["promised_by"])


def _end(offer: SubstituteOffer, state: OfferState, at: datetime) -> None:
    changes: dict[str, Any] = {"ended_at": at}
    move(offer, to=state, moves=OFFER_MOVES, refusal=ReferralRefused, **changes)


def _concerns(promise: Promise, kept: Loan) -> list[str]:
    return [promise.loan.reference, kept.reference, promise.loan.borrower.reference]
