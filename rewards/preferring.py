"""The customer chooses among equivalent rewards, until one is given."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit import actors, trail
from audit.actors import Actor
from campaigns import offers
from campaigns.models import Tier
from referrals import promising
from rewards import budget, granting
from rewards.deciding import concerns
from rewards.models import Reward
from rewards.refusals import RewardRefused
from rewards.revoking import UNGIVEN


def choices_of(reward: Reward, *, at: datetime) -> list[offers.Due]:
    """What the customer may have, what they would get now first; empty when there is nothing to choose, or not any more."""
    if reward.state not in UNGIVEN:
        return []
    found = offers.choices(reward.tier, variant=reward.referral.variant, at=at)
    return sorted(found, key=lambda due: due.tier.pk != reward.tier_id) if len(found) > 1 else []


def prefer(*, reward: Reward, tier: Tier, at: datetime, by: Actor) -> Reward:
    """Let the reward be what `tier` gives. Choosing what it is already says that this is the choice, and nothing more is waited for.

    The beneficiary chooses, or staff for them. Raises `PermissionDenied`, or `RewardRefused` with `given_already`, `not_a_choice`,
    `budget_reached`.
    """
    if by != actors.customer(reward.beneficiary.reference):
        by.require("rewards.decide_reward")
    with transaction.atomic():
        locked = Reward.objects.select_for_update(of=("self",))
        row = locked.select_related("referral__campaign", "beneficiary", "tier__campaign").get(pk=reward.pk)
        chosen = _chosen(row, tier, at)
        if chosen.tier.pk != row.tier_id:
            _change(row, chosen, at)
        row.choose_by, row.promised_by = None, granting.promised_by(row.referral.campaign, at)
        row.save(update_fields=["choose_by", "promised_by"])
        trail.record(
            "reward.preferred", about=row, by=by, at=at, concerns=concerns(row), tier=chosen.tier.key, title=chosen.tier.title
        )
    return row


def _chosen(row: Reward, tier: Tier, at: datetime) -> offers.Due:
    if row.state not in UNGIVEN:
        raise RewardRefused("given_already", _("This reward is settled; there is nothing to choose any more."))
    found = next((due for due in choices_of(row, at=at) if due.tier.pk == tier.pk), None)
    if found is None:
        raise RewardRefused("not_a_choice", _("This cannot be chosen instead. Choose one of those that are offered."))
    return found


def _change(row: Reward, chosen: offers.Due, at: datetime) -> None:
    was_budgeted, old = row.is_budgeted, row.tier
    budget.give_back(row)
    row.tier = chosen.tier
    for name, value in granting.what_is_given(chosen).items():
        setattr(row, name, value)
    if was_budgeted:
        claim = budget.claim(row)
        if claim.refused:
            raise RewardRefused("budget_reached", _("Just now this one cannot be given. Choose another one, or try again later."))
        row.amount, row.cost, row.is_budgeted = claim.amount, claim.cost, True
    row.save(update_fields=["tier", "kind", "equipment_model", "amount", "currency", "cost", "unit_days", "is_budgeted"])
    others = row.referral.promises.exclude(tier=old, side=row.side).values_list("tier_id", flat=True)
    promising.release(referral=row.referral, reason="Another reward was chosen.", at=at, by=actors.SYSTEM, keep=frozenset(others))
