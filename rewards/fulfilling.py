"""Giving an approved reward: the held unit is unlocked, the amount is posted, the discount gets its code. Exactly once."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from audit import trail
from audit.actors import Actor
from campaigns import offers
from campaigns.states import RewardKind
from desk.moves import move
from equipment import lending
from equipment.models import Loan
from equipment.states import LoanState
from referrals import promising
from referrals.codes import new_code
from referrals.models import Promise
from referrals.states import Standing
from rewards import ledger, messages
from rewards.models import Reward
from rewards.refusals import RewardRefused
from rewards.states import REWARD_MOVES, RewardState


def fulfil(*, reward: Reward, at: datetime, by: Actor) -> Reward:
    """Give an approved reward. What is not approved, waits in the queue for a unit or for the customer's choice, or can still be
    undone, is left as it is.

    A referral flagged since the approval sends the reward back to a person. A second call changes nothing. A product is
    sent by a person (`mark_sent`), never by this.
    """
    with transaction.atomic():
        reward = _locked(reward)
        if reward.state != RewardState.APPROVED or reward.kind == RewardKind.PRODUCT:
            return reward
        if any(end is not None and at < end for end in (reward.undo_until, reward.choose_by)):
            return reward
        if reward.referral.standing != Standing.CLEAR:
            return _stop(reward, at, by)
        if reward.kind == RewardKind.EQUIPMENT:
            return _unlock(reward, at, by)
        if reward.kind in ledger.KINDS:
            ledger.post_grant(reward=reward, at=at)
            return _finish(reward, at, by)
        return _finish(reward, at, by, voucher=new_code())


def mark_sent(*, reward: Reward, at: datetime, by: Actor) -> Reward:
    """A person sent the product of an approved reward. Raises `PermissionDenied` or `RewardRefused("not_a_product")`."""
    by.require("rewards.decide_reward")
    if reward.kind != RewardKind.PRODUCT:
        raise RewardRefused("not_a_product", "Only a product is sent by hand; every other reward is given by the system.")
    with transaction.atomic():
        return _finish(_locked(reward), at, by)


def _locked(reward: Reward) -> Reward:
    rows = Reward.objects.select_for_update(of=("self",))
    return rows.select_related("referral__campaign", "beneficiary", "tier", "equipment_model").get(pk=reward.pk)


def _finish(reward: Reward, at: datetime, by: Actor, **changes: Any) -> Reward:
    move(reward, to=RewardState.FULFILLED, moves=REWARD_MOVES, refusal=RewardRefused, fulfilled_at=at, undo_until=None, choose_by=None,
         claim_by=_claim_by(reward, at), **changes)  # fmt: skip
    loan = reward.loan
    trail.record(
        "reward.fulfilled",
        about=reward,
        by=by,
        at=at,
        concerns=[*_concerns(reward), loan.reference if loan else ""],
        what=messages.what(reward),
    )
    if loan is not None:
        messages.say_unlocked(reward, loan, at)
    else:
        messages.say_given(reward, at)
    return reward


def _claim_by(reward: Reward, at: datetime) -> datetime | None:
    """When a discount or a unit expires if nobody uses or collects it."""
    days = reward.referral.campaign.claim_within_days
    return at + timedelta(days=days) if days and reward.kind in (RewardKind.DISCOUNT, RewardKind.EQUIPMENT) else None


def _unlock(reward: Reward, at: datetime, by: Actor) -> Reward:
    loan = _promised_loan(reward, at, by)
    if loan.state == LoanState.HELD:
        lending.unlock(loan=loan, at=at, by=by)
    if loan.state != LoanState.WAITLISTED:
        return _finish(reward, at, by, loan=loan)
    if reward.loan_id != loan.pk:
        Reward.objects.filter(pk=reward.pk).update(loan=loan)
        trail.record(
            "reward.waiting_for_unit",
            about=reward,
            by=by,
            at=at,
            reason=promising.sentence(loan, at=at),
            concerns=[*_concerns(reward), loan.reference],
            loan=loan.reference,
        )
    return reward


def _promised_loan(reward: Reward, at: datetime, by: Actor) -> Loan:
    """The loan promised for this reward; a hold that lapsed is made again, one never made is made now."""
    standing: Promise | None = (
        reward.referral.promises.select_related("loan__pool__model", "loan__borrower")
        .filter(side=reward.side, tier=reward.tier)
        .first()
    )
    if standing is not None and standing.loan.state in (LoanState.HELD, LoanState.WAITLISTED):
        return standing.loan
    due = offers.Due(
        tier=reward.tier, kind=RewardKind(reward.kind), equipment_model=reward.equipment_model, amount=reward.amount,
        cost=reward.cost, reason=reward.reason,
    )  # fmt: skip
    return promising.promise(referral=reward.referral, side=reward.side, due=due, at=at, by=by).loan


def _stop(reward: Reward, at: datetime, by: Actor) -> Reward:
    reason = f"The referral is {reward.referral.get_standing_display().lower()}: {reward.referral.standing_reason}"
    move(reward, to=RewardState.HELD, moves=REWARD_MOVES, refusal=RewardRefused, reason=reason[:300], undo_until=None)
    trail.record("reward.held", about=reward, by=by, at=at, reason=reason, concerns=_concerns(reward))
    return reward


def _concerns(reward: Reward) -> list[str]:
    return [reward.referral.reference, reward.beneficiary.reference, reward.referral.campaign.slug]
