"""Working out the rewards of a qualified referral: once, screened before anything can be approved."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audit import trail
from audit.actors import SYSTEM, Actor
from campaigns import audience, criteria, offers, running
from campaigns.models import Campaign
from campaigns.refusals import CampaignRefused
from campaigns.states import Approval, RewardKind, Side
from customers.states import Membership
from desk.moves import move
from referrals import promising, proof
from referrals.models import Referral, StepDone
from referrals.signing_up import friend_verdict
from referrals.states import CodeBasis, Progress, Standing
from rewards import budget, messages, reasons, referrer_limits
from rewards.models import Accrual, Reward, StepAccrual
from rewards.reasons import Sentence
from rewards.refusals import RewardRefused
from rewards.states import REWARD_MOVES, RewardState

PROMISED_WITHIN_DAYS = 3
"""Working out, checking and giving a reward is promised within this many days; a queue for a unit has its own date."""
CHOOSE_WITHIN_DAYS = 7
"""How long a customer may choose among several rewards before the first of them is given."""


@dataclass(frozen=True)
class Judgement:
    """Where screening sends a reward, and why, in words."""

    state: RewardState
    reason: Sentence
    is_budgeted: bool = False
    claim: budget.Claim | None = None


def accrue(*, referral: Referral, at: datetime, by: Actor) -> list[Reward]:
    """Create the rewards due for a qualified referral, on both sides, each screened. Exactly once per referral.

    The unique accrual row is the claim: a second call, at the same time or later, answers the rewards that are there. A
    referral that is blocked or not qualified gives nothing and is not claimed.
    """
    with transaction.atomic():
        referral = _locked(referral)
        if referral.progress != Progress.QUALIFIED or referral.standing == Standing.BLOCKED:
            return []
        accrual = _claim(referral, at)
        if accrual is None:
            return list(Reward.objects.filter(referral=referral))
        rewards = _create_all(referral, at, by)
        promising.release(
            referral=referral,
            reason="Another reward than expected became due.",
            at=at,
            by=by,
            keep=frozenset(reward.tier_id for reward in rewards) | _of_steps(referral),
        )
        Accrual.objects.filter(pk=accrual.pk).update(count=len(rewards))
        for reward in rewards:
            screen(reward=reward, at=at, by=by)
    return rewards


def accrue_step(*, done: StepDone, at: datetime, by: Actor) -> list[Reward]:
    """Create the rewards due for a step, on both sides, each screened. Exactly once per step, as `accrue` is per referral."""
    with transaction.atomic():
        referral = _locked(done.referral)
        if referral.standing == Standing.BLOCKED:
            return []
        try:
            with transaction.atomic():
                accrual = StepAccrual.objects.create(step_done=done, at=at)
        except IntegrityError:
            return list(Reward.objects.filter(referral=referral, tier__step=done.step))
        rewards = _create_all(referral, at, by, step=done.step.key)
        StepAccrual.objects.filter(pk=accrual.pk).update(count=len(rewards))
        for reward in rewards:
            screen(reward=reward, at=at, by=by)
    return rewards


def _locked(referral: Referral) -> Referral:
    """The referral, held after its referrer: rewards of one referrer are counted one after the other."""
    referrer_limits.hold(referral.referrer_id)
    rows = Referral.objects.select_for_update(of=("self",))
    return rows.select_related("campaign", "referrer", "referee", "code").get(pk=referral.pk)


def _claim(referral: Referral, at: datetime) -> Accrual | None:
    try:
        with transaction.atomic():
            return Accrual.objects.create(referral=referral, at=at)
    except IntegrityError:
        return None


def _of_steps(referral: Referral) -> frozenset[int]:
    """Tiers of steps still to come: what is promised for them stays."""
    return frozenset(referral.promises.filter(tier__step__isnull=False).values_list("tier_id", flat=True))


def _create_all(referral: Referral, at: datetime, by: Actor, *, step: str = "") -> list[Reward]:
    wanted = [(side, due) for side in promising.sides_of(referral) for due in promising.due_tiers(referral, side, at=at, step=step)]
    return [_create(referral, side, due, at, by) for side, due in wanted]


def _create(referral: Referral, side: str, due: offers.Due, at: datetime, by: Actor) -> Reward:
    may_choose = not _is_wished(referral, side, due) and len(offers.choices(due.tier, variant=referral.variant, at=at)) > 1
    choose_by = at + timedelta(days=CHOOSE_WITHIN_DAYS) if may_choose else None
    reward = Reward.objects.create(
        referral=referral,
        tier=due.tier,
        side=side,
        beneficiary=promising.person_on(referral, side),
        **what_is_given(due),
        reason=due.reason[:300],
        promised_by=promised_by(referral.campaign, choose_by or at),
        choose_by=choose_by,
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
        title=due.tier.title,
        side=str(side),
    )
    return reward


def _is_wished(referral: Referral, side: str, due: offers.Due) -> bool:
    """Whether its customer has said beforehand which of the choices it shall be: then nobody waits for them."""
    return (due.tier.instead_of or due.tier.key) in promising.wishes_on(referral, side)


def what_is_given(due: offers.Due) -> dict[str, Any]:
    """The columns of a reward that say what it is: kind, model, amount, currency, cost, days of loan."""
    has_currency = due.kind in (RewardKind.CREDIT, RewardKind.CASH, RewardKind.PRODUCT) or bool(due.tier.discount)
    return {
        "kind": due.kind,
        "equipment_model": due.equipment_model,
        "amount": due.amount,
        "currency": due.tier.campaign.currency if has_currency else "",
        "cost": due.cost,
        "unit_days": due.equipment_model.loan_days if due.equipment_model else 0,
    }


def promised_by(campaign: Campaign, at: datetime) -> date:
    """The day by which we say a reward will be there, counted from `at`."""
    return campaign.day_of(at + timedelta(days=PROMISED_WITHIN_DAYS))


def screen(*, reward: Reward, at: datetime, by: Actor) -> None:
    """Send a pending reward on: approved, held for a person, or cancelled; with the reason. A second call changes nothing."""
    with transaction.atomic():
        if reward.state != RewardState.PENDING:
            return
        judgement = judge(reward, at)
        why = reasons.in_english(judgement.reason)
        approved_at = at if judgement.state == RewardState.APPROVED else None
        move(
            reward, to=judgement.state, moves=REWARD_MOVES, refusal=RewardRefused,
            is_budgeted=judgement.is_budgeted, approved_at=approved_at, **reasons.kept(reward, judgement.reason), **_given(reward, judgement),
        )  # fmt: skip
        if judgement.state == RewardState.CANCELLED:
            promising.release(referral=reward.referral, reason=why, at=at, by=by, keep=_other_tiers(reward))
        trail.record(
            "reward.screened",
            about=reward,
            by=by,
            at=at,
            reason=why,
            concerns=[reward.referral.reference, reward.beneficiary.reference],
            state=judgement.state.label.lower(),
        )
        if judgement.state == RewardState.HELD:
            messages.say_waiting(reward, at)
        elif judgement.state == RewardState.CANCELLED:
            messages.say_withdrawn(reward, at)
        if reward.choose_by is not None and judgement.state != RewardState.CANCELLED:
            messages.say_choice(reward, at)


def _given(reward: Reward, judgement: Judgement) -> dict[str, Any]:
    """What was committed in place of what was due."""
    claim = judgement.claim
    if claim is None or claim.amount == reward.amount:
        return {}
    return {"amount": claim.amount, "cost": claim.cost}


def judge(reward: Reward, at: datetime) -> Judgement:
    """Decide about a pending reward: standing, proof, rules, caps, budget, then the campaign's way of approving, in this order."""
    referral, campaign = reward.referral, reward.referral.campaign
    if referral.standing != Standing.CLEAR:
        return Judgement(RewardState.HELD, f"The referral is {referral.get_standing_display().lower()}: {referral.standing_reason}")
    unmet = _unmet(reward, at)
    if unmet is not None:
        return Judgement(RewardState.HELD, partial(_held_for, unmet))
    room = referrer_limits.room_for(reward, at=at)
    if room.over is not None:
        return Judgement(RewardState.CANCELLED, room.over)
    claim = budget.claim(reward, at_most=room.at_most)
    if claim.refused or claim.reached:
        pause_at_limit(campaign, claim.refused or claim.reached, at)
    return Judgement(RewardState.HELD, claim.refused) if claim.refused else _by_approval(reward, claim)


def proof_lost(reward: Reward, *, at: datetime) -> str:
    """What is missing of the purchases this reward was due for, because some were refunded since; empty when nothing is."""
    referral, step = reward.referral, reward.tier.step
    asked = proof.Asked.by_step(step) if step else proof.Asked.by_campaign(referral.campaign)
    return proof.lacking(referral, asked, at=at) if asked.proof in proof.PURCHASES else ""


def _by_approval(reward: Reward, claim: budget.Claim) -> Judgement:
    referral, campaign = reward.referral, reward.referral.campaign
    less = "" if claim.amount == reward.amount else f" It is {claim.amount} instead of {reward.amount}: that is all a limit left."
    if campaign.approval == Approval.MANUAL:
        return Judgement(RewardState.HELD, f"In this campaign a person approves every reward.{less}", True, claim)
    if campaign.approval == Approval.BY_RISK and referral.risk > campaign.risk_threshold:
        doubt = f"The risk of {referral.risk} is above {campaign.risk_threshold}, so a person decides."
        return Judgement(RewardState.HELD, f"{doubt}{less}", True, claim)
    return Judgement(RewardState.APPROVED, f"The proof is complete and nothing speaks against it.{less}", True, claim)


def _held_for(unmet: Callable[[], str]) -> str:
    return f"{messages.UNMET}{unmet()}"


def _unmet(reward: Reward, at: datetime) -> Callable[[], str] | None:
    """What says which criteria are not met now, in the language spoken when it is called; None when all are."""
    return partial(proof_lost, reward, at=at) if proof_lost(reward, at=at) else _unmet_rules(reward, at)


def _unmet_rules(reward: Reward, at: datetime) -> Callable[[], str] | None:
    """The criteria the beneficiary does not meet now, as customers read them. Who joined here may refer without meeting them."""
    referral = reward.referral
    if reward.beneficiary.erased_at or reward.beneficiary.membership == Membership.CLOSED:
        return partial(_, gettext_noop("The account is closed."))
    if reward.side == Side.REFEREE:
        verdict = friend_verdict(referral.campaign, reward.beneficiary, at)
    elif referral.code.basis == CodeBasis.JOINED:
        return None
    else:
        verdict = audience.verdict(referral.campaign, Side.REFERRER, reward.beneficiary, on=referral.campaign.day_of(at))
    return None if verdict.is_eligible else partial(criteria.unmet, referral.campaign, verdict.reasons)


def pause_at_limit(campaign: Campaign, reason: str, at: datetime) -> None:
    """A campaign that reaches a limit pauses itself rather than overrun. Who comes second finds it paused, which is as good.

    What the machine pauses it may pause whoever decides about a reward.
    """
    try:
        running.pause(campaign=Campaign.objects.get(pk=campaign.pk), at=at, by=SYSTEM, reason=reason, is_used_up=True)
    except CampaignRefused as refusal:
        if refusal.code not in ("wrong_state", "changed_meanwhile"):
            raise


def _other_tiers(reward: Reward) -> frozenset[int]:
    return frozenset(reward.referral.promises.exclude(tier_id=reward.tier_id).values_list("tier_id", flat=True))
