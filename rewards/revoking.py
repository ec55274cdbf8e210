"""Taking a reward back: by a reversing entry, by withdrawing a unit not handed over yet, by asking for one that is out."""

from datetime import datetime

from django.db import transaction

from audit import trail
from audit.actors import SYSTEM, Actor
from desk.moves import move
from equipment import giving_up
from equipment.states import LoanState
from referrals import promising
from rewards import budget, ledger, messages, reasons
from rewards.deciding import concerns
from rewards.models import Line, Reward
from rewards.reasons import Sentence
from rewards.refusals import RewardRefused
from rewards.states import REWARD_MOVES, BatchState, LineState, RewardState

UNGIVEN = (RewardState.PENDING, RewardState.HELD, RewardState.APPROVED)
LIVE = (*UNGIVEN, RewardState.FULFILLED)
"""States in which a reward is given or may still be."""


def revoke(*, reward: Reward, reason: str, at: datetime, by: Actor) -> None:
    """Take a fulfilled reward back; `reason` is what the customer reads.

    Amounts are reversed by a new ledger entry; what was spent already is owed. A unit unlocked but not handed over is withdrawn;
    one that is out is asked back. Raises `PermissionDenied` or `RewardRefused` (`reason_missing`, `wrong_state`).
    """
    by.require("rewards.revoke_reward")
    if not reason.strip():
        raise RewardRefused("reason_missing", "Say why this reward is taken back; the customer reads it.")
    with transaction.atomic():
        if reward.state in UNGIVEN:
            raise RewardRefused("wrong_state", "This reward has not been given yet. Decline it instead.")
        withdraw(reward=reward, reason=reason, at=at, by=by)


def withdraw(*, reward: Reward, reason: Sentence, at: datetime, by: Actor) -> None:
    """Take back what was given, or call off what was not given yet; the customer reads `reason`. Part of verbs that asked who may.

    Refuses with `wrong_state` what has ended, with `changed_meanwhile` what somebody else moved.
    """
    with transaction.atomic():
        locked = Reward.objects.select_for_update(of=("self",))
        reward.refresh_from_db(
            from_queryset=locked.select_related("referral__campaign", "beneficiary", "tier", "loan__pool__model")
        )
        was_given = reward.state == RewardState.FULFILLED
        to = RewardState.REVOKED if was_given else RewardState.CANCELLED
        move(
            reward, to=to, moves=REWARD_MOVES, refusal=RewardRefused, undo_until=None, choose_by=None, claim_by=None,
            **reasons.kept(reward, reason),
        )  # fmt: skip
        why = reasons.in_english(reason)
        short = _take(reward, why, at) if was_given else _release(reward, why, at, by)
        budget.give_back(reward)
        trail.record("reward.withdrawn", about=reward, by=by, at=at, reason=why, concerns=concerns(reward), state=to.label.lower(),
                     short=short or "nothing")  # fmt: skip
        messages.say_withdrawn(reward, at)


def _take(reward: Reward, reason: str, at: datetime) -> str:
    """Undo what was given. Answers in words what was not there any more."""
    if reward.kind in ledger.KINDS:
        taken = ledger.post_reversal(reward=reward, reason=reason, at=at)
        waiting = Line.objects.filter(reward=reward, state=LineState.WAITING, batch__state=BatchState.OPEN)
        waiting.update(state=LineState.WITHDRAWN, reason="The reward was taken back.", settled_at=at)
        return f"{taken.short} {ledger.unit_of(reward)}" if taken.short else ""
    loan = reward.loan
    if loan is not None and loan.state in (LoanState.UNLOCKED, LoanState.READY):
        giving_up.cancel(loan=loan, reason=f"The reward was taken back: {reason}"[:300], at=at, by=SYSTEM)
    elif loan is not None and loan.state == LoanState.ON_LOAN:
        messages.say_asked_back(reward, loan, at)
    return "the discount, which was used" if reward.used_at is not None else ""


def _release(reward: Reward, reason: str, at: datetime, by: Actor) -> str:
    others = reward.referral.promises.exclude(tier_id=reward.tier_id, side=reward.side).values_list("tier_id", flat=True)
    promising.release(referral=reward.referral, reason=reason[:300], at=at, by=SYSTEM, keep=frozenset(others))
    return ""
