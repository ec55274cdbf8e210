"""Working out the rewards of a qualified referral: once, screened before anything can be approved."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from audit import trail
from audit.actors import SYSTEM, Actor
from campaigns import audience, offers, running
from campaigns.models import Campaign
from campaigns.refusals import CampaignRefused
from campaigns.states import Approval, RewardKind, Side
from customers.states import Membership
from desk.moves import move
from referrals import promising
from referrals.models import Referral
from referrals.signing_up import friend_verdict
from referrals.states import CodeBasis, Progress, Standing
from rewards import budget, messages
from rewards.models import Accrual, Reward
from rewards.refusals import RewardRefused
from rewards.states import REWARD_MOVES, RewardState

PROMISED_WITHIN_DAYS = 3
"""Working out, checking and giving a reward is promised within this many days; a queue for a unit has its own date."""


@dataclass(frozen=True)
class Judgement:
    """Where screening sends a reward, and why, in words."""

    state: RewardState
    reason: str
    is_budgeted: bool = False


def accrue(*, referral: Referral, at: datetime, by: Actor) -> list[Reward]:
    """Create the rewards due for a qualified referral, on both sides, each screened. Exactly once per referral.

    The unique accrual row is the claim: a second call, at the same time or later, answers the rewards that are there. A
    referral that is blocked or not qualified gives nothing and is not claimed.
    """
    with transaction.atomic():
        referral = (
            Referral.objects.select_for_update(of=("self",))
            .select_related("campaign", "referrer", "referee", "code")
            .get(pk=referral.pk)
        )
        if referral.progress != Progress.QUALIFIED or referral.standing == Standing.BLOCKED:
            return []
        accrual = _claim(referral, at)
        if accrual is None:
            return list(Reward.objects.filter(referral=referral))
        wanted = [(side, due) for side in promising.sides_of(referral) for due in promising.due_tiers(referral, side, at=at)]
        rewards = [_create(referral, side, due, at, by) for side, due in wanted]
        promising.release(
            referral=referral,
            reason="Another reward than expected became due.",
            at=at,
            by=by,
            keep=frozenset(reward.tier_id for reward in rewards),
        )
        Accrual.objects.filter(pk=accrual.pk).update(count=len(rewards))
        for reward in rewards:
            screen(reward=reward, at=at, by=by)
    return rewards


def _claim(referral: Referral, at: datetime) -> Accrual | None:
    try:
        with transaction.atomic():
            return Accrual.objects.create(referral=referral, at=at)
    except IntegrityError:
        return None


def _create(referral: Referral, side: str, due: offers.Due, at: datetime, by: Actor) -> Reward:
    reward = Reward.objects.create(
        referral=referral,
        tier=due.tier,
        side=side,
        beneficiary=promising.person_on(referral, side),
        kind=due.kind,
        equipment_model=due.equipment_model,
        amount=due.amount,
        currency="" if due.kind in (RewardKind.EQUIPMENT, RewardKind.POINTS) else referral.campaign.currency,
        cost=due.cost,
        reason=due.reason,
        promised_by=referral.campaign.day_of(at + timedelta(days=PROMISED_WITHIN_DAYS)),
        created_at=at,
    )
    trail.record(
        "reward.accrued",
        about=reward,
        by=by,
        at=at,
        reason=due.reason,
        concerns=[referral.reference, reward.beneficiary.reference, referral.campaign.slug],
        tier=due.tier.key,
        side=str(side),
    )
    return reward


def screen(*, reward: Reward, at: datetime, by: Actor) -> None:
    """Send a pending reward on: approved, held for a person, or cancelled; with the reason. A second call changes nothing."""
    with transaction.atomic():
        if reward.state != RewardState.PENDING:
            return
        judgement = judge(reward, at)
        approved_at = at if judgement.state == RewardState.APPROVED else None
        move(
            reward, to=judgement.state, moves=REWARD_MOVES, refusal=RewardRefused,
            reason=judgement.reason[:300], is_budgeted=judgement.is_budgeted, approved_at=approved_at,
        )  # fmt: skip
        if judgement.state == RewardState.CANCELLED:
            promising.release(referral=reward.referral, reason=judgement.reason, at=at, by=by, keep=_other_tiers(reward))
        trail.record(
            "reward.screened",
            about=reward,
            by=by,
            at=at,
            reason=judgement.reason,
            concerns=[reward.referral.reference, reward.beneficiary.reference],
            state=judgement.state.label.lower(),
        )
        if judgement.state == RewardState.HELD:
            messages.say_waiting(reward, at)


def judge(reward: Reward, at: datetime) -> Judgement:
    """Decide about a pending reward: standing, rules, caps, budget, then the campaign's way of approving, in this order."""
    referral, campaign = reward.referral, reward.referral.campaign
    if referral.standing != Standing.CLEAR:
        return Judgement(RewardState.HELD, f"The referral is {referral.get_standing_display().lower()}: {referral.standing_reason}")
    unmet = _unmet_rules(reward, at)
    if unmet:
        return Judgement(RewardState.HELD, f"{messages.UNMET}{unmet}")
    over = budget.over_referrer_cap(reward)
    if over:
        return Judgement(RewardState.CANCELLED, over)
    refused = budget.claim(campaign=campaign, cost=reward.cost)
    if refused:
        _pause(campaign, refused, at)
        return Judgement(RewardState.HELD, refused)
    return _by_approval(campaign, referral)


def _by_approval(campaign: Campaign, referral: Referral) -> Judgement:
    if campaign.approval == Approval.MANUAL:
        return Judgement(RewardState.HELD, "In this campaign a person approves every reward.", is_budgeted=True)
    if campaign.approval == Approval.BY_RISK and referral.risk > campaign.risk_threshold:
        return Judgement(
            RewardState.HELD,
            f"The risk of {referral.risk} is above {campaign.risk_threshold}, so a person decides.",
            is_budgeted=True,
        )
    return Judgement(RewardState.APPROVED, "The proof is complete and nothing speaks against it.", is_budgeted=True)


def _unmet_rules(reward: Reward, at: datetime) -> str:
    """The criteria the beneficiary does not meet now, as customers read them. Who joined here may refer without meeting them."""
    referral = reward.referral
    if reward.beneficiary.erased_at or reward.beneficiary.membership == Membership.CLOSED:
        return "The account is closed."
    if reward.side == Side.REFEREE:
        verdict = friend_verdict(referral.campaign, reward.beneficiary, at)
    elif referral.code.basis == CodeBasis.JOINED:
        return ""
    else:
        verdict = audience.verdict(referral.campaign, Side.REFERRER, reward.beneficiary, on=referral.campaign.day_of(at))
    return " ".join(reason.sentence for reason in verdict.reasons) if not verdict.is_eligible else ""


def _pause(campaign: Campaign, reason: str, at: datetime) -> None:
    """A campaign that reaches a limit pauses itself rather than overrun. Who comes second finds it paused, which is as good."""
    try:
        running.pause(campaign=Campaign.objects.get(pk=campaign.pk), at=at, by=SYSTEM, reason=reason, is_used_up=True)
    except CampaignRefused as refusal:
        if refusal.code not in ("wrong_state", "changed_meanwhile"):
            raise


def _other_tiers(reward: Reward) -> frozenset[int]:
    return frozenset(reward.referral.promises.exclude(tier_id=reward.tier_id).values_list("tier_id", flat=True))
