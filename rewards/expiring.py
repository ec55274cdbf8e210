"""What nobody claims ends: discounts not used, units not collected, credit and points not spent in time."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from audit import trail
from audit.actors import SYSTEM, Actor
from campaigns import criteria
from desk.moves import move
from equipment import giving_up
from equipment.states import LoanState
from rewards import budget, ledger, messages, reasons
from rewards.deciding import concerns
from rewards.models import Account, Entry, Lot, Reward
from rewards.refusals import RewardRefused
from rewards.states import REWARD_MOVES, EntryKind, RewardState

_NOT_COLLECTED = (LoanState.UNLOCKED, LoanState.READY)


def unclaimed(*, at: datetime) -> QuerySet[Reward]:
    """Given rewards whose time to use or collect them is over, and that nobody did."""
    rows = Reward.objects.filter(state=RewardState.FULFILLED, claim_by__lte=at, used_at__isnull=True)
    waiting = Q(loan__isnull=True) | Q(loan__state__in=_NOT_COLLECTED)
    return rows.filter(waiting).order_by("claim_by")


def spent_lots(*, at: datetime) -> QuerySet[Lot]:
    """What is left of grants whose days are over."""
    return (
        Lot.objects.filter(left__gt=0, expires_at__lte=at)
        .select_related("account__customer", "entry__reward")
        .order_by("expires_at")
    )


def expire(*, reward: Reward, at: datetime, by: Actor) -> bool:
    """End a reward nobody claimed: the unit goes to the next one, the code no longer works. Answers whether this call did.

    A second call changes nothing, and so does one that comes after it was used or collected.
    """
    with transaction.atomic():
        locked = Reward.objects.select_for_update(of=("self",))
        row = locked.select_related("referral__campaign", "beneficiary", "tier", "loan").get(pk=reward.pk)
        if not unclaimed(at=at).filter(pk=row.pk).exists():
            return False
        unclaimed_within = partial(_not_claimed, row.referral.campaign.claim_within_days)
        move(row, to=RewardState.EXPIRED, moves=REWARD_MOVES, refusal=RewardRefused, **reasons.kept(row, unclaimed_within))
        if row.loan is not None:
            giving_up.cancel(loan=row.loan, reason=f"The reward expired: {row.reason}", at=at, by=SYSTEM)
        budget.give_back(row)
        trail.record("reward.expired", about=row, by=by, at=at, reason=row.reason, concerns=concerns(row))
        messages.say_expired(row, at)
    return True


def expire_lot(*, lot: Lot, at: datetime, by: Actor) -> Entry | None:
    """Take what is left of a grant off the account, because its days are over. None when nothing is left by now."""
    with transaction.atomic():
        Account.objects.select_for_update(of=("self",)).get(pk=lot.account_id)
        row = spent_lots(at=at).filter(pk=lot.pk).first()
        if row is None:
            return None
        entry = Entry(
            reward=row.entry.reward, kind=EntryKind.EXPIRY, key=f"expiry:{row.entry.reference}",
            memo=f"Not spent by {row.expires_at:%d %B %Y}", at=at,
        )  # fmt: skip
        taken = ledger.take(entry=entry, account=row.account, amount=row.left, to=f"expired:{row.account.kind}", first=row)
        amount = f"{taken.taken} {row.account.unit}"
        trail.record("account.expired", about=taken.entry, by=by, at=at, concerns=[row.account.customer.reference], amount=amount)
    return taken.entry


def _not_claimed(within: int | None) -> str:
    if not within:
        return _("It was not used or collected in time.")
    return _("It was not used or collected within %(days)s.") % {"days": criteria.days(within)}
