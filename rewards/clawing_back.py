"""Rewards taken back by what happened since: a refund, a blocked referral, a membership that lapsed. Once per occasion."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import CharField, Exists, F, Max, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_noop, ngettext

from audit import trail
from audit.actors import Actor
from campaigns.models import Campaign
from customers.states import Membership
from referrals.models import Conversion, Referral
from referrals.states import ConversionKind, Standing
from rewards import granting, reasons
from rewards.models import Clawback, Reward
from rewards.reasons import Sentence
from rewards.refusals import RewardRefused
from rewards.revoking import LIVE, withdraw
from rewards.states import Cause

GONE = (Membership.LAPSED, Membership.CLOSED)
BLOCKED = gettext_noop("The recommendation behind it does not keep to the terms of the offer.")
REFUNDED = gettext_noop("A purchase that counted for it was sent back or refunded.")
NOTHING = "No reward depended on it."


def after_refund(*, refund: Conversion, at: datetime, by: Actor) -> Clawback:
    """Take back what was due for a purchase that was refunded, when too little is left without it. A second call changes nothing."""
    assert refund.referral is not None
    lost = [reward for reward in _live(refund.referral) if granting.proof_lost(reward, at=at)]
    return take_back(
        referral=refund.referral,
        cause=Cause.REFUND,
        key=refund_key(refund.external_id),
        reason=REFUNDED,
        rewards=lost,
        at=at,
        by=by,
    )


def after_block(*, referral: Referral, at: datetime, by: Actor) -> Clawback:
    """Take back all that a blocked referral gave or would have given. A second call changes nothing."""
    number = Clawback.objects.filter(referral=referral, cause=Cause.BLOCKED).count() + 1
    key = f"blocked:{referral.reference}:{number}"
    return take_back(referral=referral, cause=Cause.BLOCKED, key=key, reason=BLOCKED, rewards=_live(referral), at=at, by=by)


def after_lapse(*, reward: Reward, at: datetime, by: Actor) -> Clawback:
    """Take one reward back because a membership lapsed soon after. Only once: who gives it again afterwards knows.

    Raises `RewardRefused("lapse_not_minded")` when the campaign names no days in which a lapse counts.
    """
    ended = _own_lapse if reward.beneficiary.membership in GONE else _friends_lapse
    reason = partial(ended, _lapse_days(reward.referral.campaign))
    key = f"lapse:{reward.reference}"
    return take_back(referral=reward.referral, cause=Cause.LAPSE, key=key, reason=reason, rewards=[reward], at=at, by=by)


def take_back(
    *, referral: Referral, cause: Cause, key: str, reason: Sentence, rewards: Sequence[Reward], at: datetime, by: Actor
) -> Clawback:
    """Take these rewards back for one occasion. The unique `key` is the claim: delivered again, it answers the first time's row."""
    with transaction.atomic():
        why = reasons.in_english(reason) if rewards else NOTHING
        row = Clawback(referral=referral, cause=cause, key=key, taken=len(rewards), reason=why, at=at)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            return Clawback.objects.get(key=key)
        for reward in rewards:
            withdraw(reward=reward, reason=reason, at=at, by=by)
        trail.record(
            "referral.clawed_back", about=referral, by=by, at=at, reason=row.reason, concerns=[referral.campaign.slug],
            cause=Cause(cause).label, taken=len(rewards),
        )  # fmt: skip
    return row


def refund_key(external_id: str) -> str:
    """What names a refund as an occasion."""
    return f"refund:{external_id}"


def refunds() -> QuerySet[Conversion]:
    """Refunds nobody acted upon yet."""
    acted = Clawback.objects.filter(key=Concat(Value("refund:"), OuterRef("external_id"), output_field=CharField()))
    rows = Conversion.objects.filter(kind=ConversionKind.REFUND, referral__isnull=False).filter(~Exists(acted))
    return rows.select_related("referral__campaign").order_by("pk")


def blocked() -> QuerySet[Referral]:
    """Blocked referrals whose rewards still stand."""
    live = Reward.objects.filter(referral=OuterRef("pk"), state__in=LIVE)
    return Referral.objects.filter(Exists(live), standing=Standing.BLOCKED).select_related("campaign").order_by("pk")


def lapsed(*, at: datetime) -> Iterator[Reward]:
    """Rewards whose customer, or whose friend, left within the days their campaign names."""
    longest = Campaign.objects.aggregate(days=Max("lapse_days"))["days"]
    if longest is None:
        return
    acted = Clawback.objects.filter(key=Concat(Value("lapse:"), Cast(OuterRef("reference"), CharField())))
    rows = Reward.objects.filter(state__in=LIVE, referral__campaign__lapse_days__isnull=False).filter(
        Q(beneficiary__membership__in=GONE) | Q(referral__referee__membership__in=GONE),
        Q(fulfilled_at__isnull=True) | Q(fulfilled_at__gt=at - timedelta(days=longest)),
        ~Exists(acted),
    )
    for reward in rows.select_related("referral__campaign", "beneficiary", "referral__referee").order_by("pk").iterator():
        since = reward.fulfilled_at or reward.created_at
        if at < since + timedelta(days=reward.referral.campaign.lapse_days or 0):
            yield reward


def _lapse_days(campaign: Campaign) -> int:
    """Staff may clear them at any time, also after a sweep has found the reward."""
    if campaign.lapse_days is None:
        raise RewardRefused(
            "lapse_not_minded",
            f"The campaign “{campaign}” takes nothing back when a membership ends, so the reward stays. "
            "Enter the days in the campaign's set-up if it should be taken back.",
        )
    return campaign.lapse_days


def _own_lapse(within: int) -> str:
    said = ngettext(
        "Your membership ended within %(count)d day of it.", "Your membership ended within %(count)d days of it.", within
    )
    return said % {"count": within}


def _friends_lapse(within: int) -> str:
    said = ngettext(
        "Your friend's membership ended within %(count)d day of it.",
        "Your friend's membership ended within %(count)d days of it.",
        within,
    )
    return said % {"count": within}


def _live(referral: Referral) -> list[Reward]:
    rows = Reward.objects.filter(referral=referral, state__in=LIVE)
    return list(rows.select_related("referral__campaign", "tier__step", "beneficiary").order_by(F("pk")))
