"""A person's decision about a reward."""

from datetime import datetime

from django.db import transaction

from audit import trail
from audit.actors import Actor
from desk.moves import move
from referrals import promising
from referrals.models import Referral
from referrals.states import Standing
from rewards import budget, messages
from rewards.models import Approval, Reward
from rewards.refusals import RewardRefused
from rewards.states import REWARD_MOVES, RewardState


def approve(*, reward: Reward, at: datetime, by: Actor, note: str = "") -> None:
    """Let a held reward go out. The referral must be clear, and the budget must cover it.

    Raises `PermissionDenied`, or `RewardRefused` with `referral_not_clear`, `budget_reached`, `wrong_state`, `changed_meanwhile`.
    """
    by.require("rewards.decide_reward")
    with transaction.atomic():
        _refuse_unreviewed(reward)
        _claim_budget(reward)
        move(
            reward, to=RewardState.APPROVED, moves=REWARD_MOVES, refusal=RewardRefused,
            approved_at=at, is_budgeted=True, reason=(note or "Approved by a person.")[:300],
        )  # fmt: skip
        Approval.objects.create(reward=reward, decision="approved", note=note[:300], by=by.name, at=at)
        trail.record("reward.approved", about=reward, by=by, at=at, reason=note, concerns=_concerns(reward))


def decline(*, reward: Reward, note: str, at: datetime, by: Actor) -> None:
    """Refuse a held reward; `note` is what the customer will read, and is required. What was held for it is given back."""
    by.require("rewards.decide_reward")
    if not note.strip():
        raise RewardRefused("note_missing", "Write the note the customer will read: say which criterion was not met.")
    with transaction.atomic():
        move(reward, to=RewardState.REJECTED, moves=REWARD_MOVES, refusal=RewardRefused, reason=note[:300])
        budget.give_back(reward)
        Approval.objects.create(reward=reward, decision="declined", note=note[:300], by=by.name, at=at)
        others = reward.referral.promises.exclude(tier_id=reward.tier_id).values_list("tier_id", flat=True)
        promising.release(referral=reward.referral, reason=f"Declined: {note}", at=at, by=by, keep=frozenset(others))
        trail.record(
            "reward.declined", about=reward, by=by, at=at, reason="The note is with the reward.", concerns=_concerns(reward)
        )
        messages.say_declined(reward, note, at)


def reopen(*, reward: Reward, reason: str, at: datetime, by: Actor) -> None:
    """Put a reward that ended back on a person's desk. Every end has this way back."""
    by.require("rewards.revoke_reward")
    if not reason.strip():
        raise RewardRefused("reason_missing", "Say why this reward is looked at again; the reason stays on the trail.")
    with transaction.atomic():
        move(reward, to=RewardState.HELD, moves=REWARD_MOVES, refusal=RewardRefused, reason=reason[:300])
        trail.record("reward.reopened", about=reward, by=by, at=at, reason=reason, concerns=_concerns(reward))


def _refuse_unreviewed(reward: Reward) -> None:
    standing = Referral.objects.values_list("standing", flat=True).get(pk=reward.referral_id)
    if standing != Standing.CLEAR:
        raise RewardRefused(
            "referral_not_clear", "The referral behind this reward is flagged or blocked. Review the referral first."
        )


def _claim_budget(reward: Reward) -> None:
    refused = "" if reward.is_budgeted else budget.claim(campaign=reward.referral.campaign, cost=reward.cost)
    if refused:
        raise RewardRefused("budget_reached", f"{refused} Raise the limit of the campaign first.")


def _concerns(reward: Reward) -> list[str]:
    return [reward.referral.reference, reward.beneficiary.reference, reward.referral.campaign.slug]
