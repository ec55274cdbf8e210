"""What follows from a decline once it can no longer be undone: the customer is told, and what was kept is given back."""

from datetime import datetime

from django.db import transaction

from audit import trail
from audit.actors import Actor
from referrals import promising
from rewards import budget, messages
from rewards.deciding import concerns
from rewards.models import Reward
from rewards.states import Decision, RewardState


def carry_out_decline(*, reward: Reward, at: datetime, by: Actor) -> bool:
    """Tell the customer of a decline whose minute is over, release the promised unit and the budget. Answers whether this call did.

    Once per decline: the fresh mark is taken off by a conditional update. A decline that was undone or is fresh stays as it is.
    """
    with transaction.atomic():
        rows = Reward.objects.filter(pk=reward.pk, state=RewardState.REJECTED, undo_until__lte=at)
        if not rows.update(undo_until=None):
            return False
        row = Reward.objects.select_related("referral__campaign", "beneficiary", "tier", "equipment_model").get(pk=reward.pk)
        decided = row.approvals.filter(decision=Decision.DECLINED).order_by("at", "pk").last()
        assert decided is not None, "a fresh decline was noted in the same transaction"
        budget.give_back(row)
        others = row.referral.promises.exclude(tier_id=row.tier_id).values_list("tier_id", flat=True)
        promising.release(referral=row.referral, reason=f"Declined: {decided.note}", at=at, by=by, keep=frozenset(others))
        trail.record("reward.decline_told", about=row, by=by, at=at, concerns=concerns(row))
        messages.say_declined(row, decided, at)
    return True
