"""Steps after a referral qualified: each is counted as done once, when what it asks is complete and its time is not over."""

from datetime import datetime, timedelta
from functools import partial

from django.db import IntegrityError, transaction

from audit import trail
from audit.actors import Actor
from campaigns.models import Step
from referrals import events, proof
from referrals.models import Referral, StepDone
from referrals.refusals import ReferralRefused
from referrals.states import Progress, Standing


def complete(*, referral: Referral, step: Step, at: datetime, by: Actor) -> StepDone:
    """Count a step as done. A second call answers the first row.

    Raises `ReferralRefused` with `not_qualified`, `referral_blocked`, `step_over` or `step_missing`.
    """
    with transaction.atomic():
        rows = Referral.objects.select_for_update(of=("self",)).select_related("campaign", "referrer", "referee", "code")
        referral = rows.get(pk=referral.pk)
        done = StepDone.objects.filter(referral=referral, step=step).first()
        if done is not None:
            return done
        _refuse_unready(referral, step, at)
        try:
            with transaction.atomic():
                done = StepDone.objects.create(referral=referral, step=step, at=at)
        except IntegrityError:
            return StepDone.objects.get(referral=referral, step=step)
        trail.record("referral.step_done", about=referral, by=by, at=at, concerns=referral.concerns(), step=step.title)
        transaction.on_commit(partial(events.step_done.send_robust, sender=Referral, reference=referral.reference))
    return done


def last_instant(referral: Referral, step: Step) -> datetime:
    """When a step can no longer be done."""
    return referral.signed_up_at + timedelta(days=step.within_days)


def _refuse_unready(referral: Referral, step: Step, at: datetime) -> None:
    if referral.progress != Progress.QUALIFIED:
        raise ReferralRefused("not_qualified", "Steps are counted once the referral has qualified.")
    if referral.standing == Standing.BLOCKED:
        raise ReferralRefused("referral_blocked", f"This referral is blocked: {referral.standing_reason}")
    end = last_instant(referral, step)
    if at >= end:
        raise ReferralRefused("step_over", f"The time for “{step.title}” ended on {referral.campaign.day_of(end):%d %B %Y}.")
    lacking = proof.missing_for(referral, step, at=at)
    if lacking:
        raise ReferralRefused("step_missing", f"Not yet: {lacking}")
