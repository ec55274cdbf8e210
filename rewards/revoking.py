"""Taking a given reward back: by a reversing entry, and by withdrawing a unit that was not handed over yet."""

from datetime import datetime

from django.db import transaction

from audit import trail
from audit.actors import Actor
from desk.moves import move
from equipment import giving_up
from equipment.states import LoanState
from rewards import budget, ledger
from rewards.models import Reward
from rewards.refusals import RewardRefused
from rewards.states import REWARD_MOVES, RewardState


def revoke(*, reward: Reward, reason: str, at: datetime, by: Actor) -> None:
    """Take a fulfilled reward back, with the reason.

    Amounts are reversed by a new ledger entry. A unit unlocked but not handed over is withdrawn; one that is out stays on
    loan until it is due. Raises `PermissionDenied` or `RewardRefused` (`reason_missing`, `wrong_state`).
    """
    by.require("rewards.revoke_reward")
    if not reason.strip():
        raise RewardRefused("reason_missing", "Say why this reward is taken back; the reason stays on the trail.")
    with transaction.atomic():
        move(reward, to=RewardState.REVOKED, moves=REWARD_MOVES, refusal=RewardRefused, reason=reason[:300])
        if reward.kind in ledger.KINDS:
            ledger.post_reversal(reward=reward, reason=reason, at=at)
        if reward.loan is not None and reward.loan.state in (LoanState.UNLOCKED, LoanState.READY):
            giving_up.cancel(loan=reward.loan, reason=f"The reward was taken back: {reason}"[:300], at=at, by=by)
        budget.give_back(reward)
        concerns = [reward.referral.reference, reward.beneficiary.reference]
        trail.record("reward.revoked", about=reward, by=by, at=at, reason=reason, concerns=concerns)
