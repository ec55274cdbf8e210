"""Sweeps of rewards: what is qualified and not worked out, approved and not given, changed and not told."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.utils import timezone

from audit.actors import SYSTEM
from campaigns.states import RewardKind
from desk.sweeping import each
from equipment.models import Loan
from equipment.states import LoanState
from referrals.models import Referral, StepDone
from referrals.states import Progress, Standing
from rewards import (
    clawing_back,
    expiring,
    fulfilling,
    granting,
    loan_answers,
    loan_notices,
    milestones,
    reminders,
    running_out,
    telling,
)
from rewards.models import DataExport, PortalSignIn, Reward
from rewards.portal import exporting, forgetting, signing_in
from rewards.states import ExportState, RewardState

_BATCH = 500


def accrue_qualified_referrals(at: datetime | None = None) -> dict[str, int]:
    """Work out and give the rewards of every qualified referral that has none yet. Answers counts."""
    at = at or timezone.now()
    due = Referral.objects.filter(progress=Progress.QUALIFIED, accrual__isnull=True).exclude(standing=Standing.BLOCKED)
    return each(
        due.order_by("qualified_at")[:_BATCH],
        lambda referral: _accrue_and_give(referral, at),
        "accrued",
        again="rewards.jobs.accrue_qualified_referrals",
    )


def accrue_referral(reference: str) -> dict[str, int]:
    """The wake-up for one referral: work out and give its rewards, and those of its steps, now."""
    at = timezone.now()
    accrue_steps(at, reference)
    return each(Referral.objects.filter(reference=reference), lambda referral: _accrue_and_give(referral, at), "accrued")


def accrue_steps(at: datetime | None = None, reference: str = "") -> dict[str, int]:
    """Work out and give the rewards of every step that was done and has none yet. Answers counts."""
    at = at or timezone.now()
    due = StepDone.objects.filter(accrual__isnull=True).exclude(referral__standing=Standing.BLOCKED)
    if reference:
        due = due.filter(referral__reference=reference)
    return each(
        due.select_related("referral", "step").order_by("at")[:_BATCH],
        lambda done: _give_all(granting.accrue_step(done=done, at=at, by=SYSTEM), at),
        "accrued",
        again="rewards.jobs.accrue_steps",
    )


def fulfil_approved_rewards(at: datetime | None = None) -> dict[str, int]:
    """Give approved rewards: all but products, those that can still be undone, and those that wait in the queue. Answers counts."""
    at = at or timezone.now()
    approved = Reward.objects.filter(state=RewardState.APPROVED).exclude(kind=RewardKind.PRODUCT)
    settled = approved.exclude(undo_until__gt=at).exclude(choose_by__gt=at)
    ready = settled.exclude(kind=RewardKind.EQUIPMENT, loan__state=LoanState.WAITLISTED)
    return each(
        ready.order_by("approved_at")[:_BATCH],
        lambda reward: _give(reward, at),
        "fulfilled",
        again="rewards.jobs.fulfil_approved_rewards",
    )


def carry_out_declines(at: datetime | None = None) -> dict[str, int]:
    """Tell of declined rewards that can no longer be undone, and give back what was kept for them. Answers counts."""
    at = at or timezone.now()
    declined = Reward.objects.filter(state=RewardState.REJECTED, undo_until__lte=at).order_by("undo_until")
    return each(
        declined[:_BATCH],
        lambda reward: telling.carry_out_decline(reward=reward, at=at, by=SYSTEM),
        "told",
        again="rewards.jobs.carry_out_declines",
    )


def claw_back(at: datetime | None = None) -> dict[str, int]:
    """Take rewards back after refunds, for blocked referrals and for lapsed memberships. Answers counts per cause."""
    at = at or timezone.now()
    mine, again = SYSTEM, "rewards.jobs.claw_back"
    found = (
        each(
            clawing_back.refunds()[:_BATCH],
            lambda one: clawing_back.after_refund(refund=one, at=at, by=mine),
            "refunded",
            again=again,
        ),
        each(
            clawing_back.blocked()[:_BATCH],
            lambda one: clawing_back.after_block(referral=one, at=at, by=mine),
            "blocked",
            again=again,
        ),
        each(clawing_back.lapsed(at=at), lambda one: clawing_back.after_lapse(reward=one, at=at, by=mine), "lapsed", again=again),
    )
    counts = {name: number for counted in found for name, number in counted.items() if name != "failed"}
    return {**counts, "failed": sum(counted["failed"] for counted in found)}


def expire_unclaimed(at: datetime | None = None) -> dict[str, int]:
    """End rewards nobody claimed, and credit and points nobody spent in time. Answers counts."""
    at = at or timezone.now()
    again = "rewards.jobs.expire_unclaimed"
    rewards = each(
        expiring.unclaimed(at=at)[:_BATCH], lambda one: expiring.expire(reward=one, at=at, by=SYSTEM), "expired", again=again
    )
    lots = each(
        expiring.spent_lots(at=at)[:_BATCH], lambda one: expiring.expire_lot(lot=one, at=at, by=SYSTEM), "spent", again=again
    )
    return {**rewards, **lots, "failed": rewards["failed"] + lots["failed"]}


def queue_loan_notices(at: datetime | None = None) -> dict[str, int]:
    """Queue what has to be said about loans and was not said yet. Answers counts per kind."""
    return _tell_news(at or timezone.now())


def remind_borrowers(at: datetime | None = None) -> dict[str, int]:
    """Remind of loans that are due soon, today, or were due. Answers counts."""
    at = at or timezone.now()
    return each(
        reminders.unsent(at=at),
        lambda one: reminders.remind(reminder=one, at=at),
        "reminded",
        again="rewards.jobs.remind_borrowers",
    )


def tell_what_runs_out(at: datetime | None = None) -> dict[str, int]:
    """Tell customers of rewards, credit and points that will run out soon. Answers counts."""
    at = at or timezone.now()
    return each(
        running_out.unsaid(at=at),
        lambda one: running_out.say(message=one, at=at),
        "told",
        again="rewards.jobs.tell_what_runs_out",
    )


def send_portal_links(reference: str = "", at: datetime | None = None) -> dict[str, int]:
    """Look up who asked for a way in and queue their mails; only the one called `reference`, if given. Answers counts."""
    at = at or timezone.now()
    waiting = PortalSignIn.objects.filter(looked_up_at__isnull=True).order_by("asked_at")
    if reference:
        waiting = waiting.filter(reference=reference)
    return each(
        waiting[:_BATCH],
        lambda asked: signing_in.look_up(asked=asked, at=at),
        "looked_up",
        again="rewards.jobs.send_portal_links",
    )


def make_data_exports(reference: str = "", at: datetime | None = None) -> dict[str, int]:
    """Make the copies of their data that customers wait for; only the one called `reference`, if given. Answers counts."""
    at = at or timezone.now()
    asked = DataExport.objects.filter(state=ExportState.ASKED).order_by("asked_at")
    if reference:
        asked = asked.filter(reference=reference)
    return each(
        asked[:_BATCH],
        lambda export: exporting.make(export=export, at=at, by=SYSTEM),
        "made",
        again="rewards.jobs.make_data_exports",
    )


def delete_data_exports(at: datetime | None = None) -> dict[str, int]:
    """Delete the copies whose day is over. Answers counts."""
    at = at or timezone.now()
    return each(exporting.over(at=at), lambda export: exporting.delete(export=export, at=at, by=SYSTEM), "deleted")


def tell_loan_answers(at: datetime | None = None) -> dict[str, int]:
    """Tell borrowers what the desk answered. Answers counts."""
    at = at or timezone.now()
    return each(
        loan_answers.untold(at=at),
        lambda request: loan_answers.tell(request=request, at=at),
        "told",
        again="rewards.jobs.tell_loan_answers",
    )


def forget_portal_traces(at: datetime | None = None) -> int:
    """Delete what the portal keeps for a while only. Answers how many rows."""
    return forgetting.forget_old(at=at or timezone.now())


def tell_milestones(at: datetime | None = None) -> dict[str, int]:
    """Tell referrers of milestones they have reached or are near. Answers counts."""
    at = at or timezone.now()
    return each(
        milestones.unsaid(at=at), lambda one: milestones.say(milestone=one, at=at), "told", again="rewards.jobs.tell_milestones"
    )


def follow_loan(reference: str) -> dict[str, int]:
    """The wake-up for one loan that moved: give the reward that waited for it, and tell its news."""
    at = timezone.now()
    waiting = Reward.objects.filter(state=RewardState.APPROVED, loan__reference=reference, loan__state=LoanState.HELD)
    given = each(waiting, lambda reward: _give(reward, at), "fulfilled")
    return {**_tell_news(at, reference), **given}


def _tell_news(at: datetime, reference: str = "") -> dict[str, int]:
    counts: dict[str, int] = {}
    for news in loan_notices.ALL:
        tell = partial(_tell, news, at)
        told = each(loan_notices.untold(news, at=at, reference=reference), tell, news.kind)
        counts[news.kind] = told[news.kind]
        counts["failed"] = counts.get("failed", 0) + told["failed"]
    return counts


def _accrue_and_give(referral: Referral, at: datetime) -> None:
    _give_all(granting.accrue(referral=referral, at=at, by=SYSTEM), at)


def _give_all(rewards: Sequence[Reward], at: datetime) -> None:
    for reward in rewards:
        if reward.state == RewardState.APPROVED:
            fulfilling.fulfil(reward=reward, at=at, by=SYSTEM)


def _tell(news: loan_notices.News, at: datetime, loan: Loan) -> None:
    loan_notices.tell(loan=loan, news=news, at=at)


def _give(reward: Reward, at: datetime) -> None:
    fulfilling.fulfil(reward=reward, at=at, by=SYSTEM)
