"""Sweeps of referrals: find what is due, move each in its own transaction. Safe to run twice, late or never."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from audit.actors import SYSTEM
from campaigns.models import Step
from campaigns.states import Proof
from desk.sweeping import each
from referrals import draining, expiring, friend_news, mailings, proof, qualifying, spool, stepping, substituting, watching
from referrals.at_risk import AtRisk, promises_at_risk
from referrals.models import Conversion, Referral, Risk, StepDone, SubstituteOffer
from referrals.states import ConversionKind, OfferState, Progress, Standing

_BATCH = 500


def qualify_ripe_referrals(at: datetime | None = None) -> dict[str, int]:
    """Qualify verified referrals whose proof is complete. Answers how many qualified and how many failed."""
    at = at or timezone.now()
    verified = Referral.objects.filter(progress=Progress.VERIFIED, proof_due_at__gt=at).exclude(standing=Standing.BLOCKED)
    waiting = verified.filter(Q(conversions__kind="purchase") | ~Q(campaign__proof__in=[Proof.FIRST_PURCHASE, Proof.N_PURCHASES]))
    ripe = [r for r in waiting.select_related("campaign").distinct().order_by("pk").iterator() if not proof.missing(r, at=at)]
    return each(
        ripe,
        lambda referral: qualifying.qualify(referral=referral, at=at, by=SYSTEM),
        "qualified",
        again="referrals.jobs.qualify_ripe_referrals",
    )


def complete_steps(at: datetime | None = None) -> dict[str, int]:
    """Count steps as done whose proof is complete. Answers how many were and how many failed."""
    at = at or timezone.now()
    return each(
        _ripe_steps(at),
        lambda ripe: stepping.complete(referral=ripe.referral, step=ripe.step, at=at, by=SYSTEM),
        "completed",
        again="referrals.jobs.complete_steps",
    )


def _ripe_steps(at: datetime) -> Iterator[StepDone]:
    """Steps, not stored yet, of qualified referrals that asked for something which is now complete."""
    for step in Step.objects.order_by("pk"):
        rows = _may_have_done(step, at).select_related("campaign").prefetch_related("conversions")
        for referral in rows.order_by("pk").iterator(_BATCH):
            if not proof.missing_for(referral, step, at=at):
                yield StepDone(referral=referral, step=step, at=at)


def _may_have_done(step: Step, at: datetime) -> QuerySet[Referral]:
    """Referrals still in time for a step that bought something, or are active for long enough. The rest is asked of each."""
    done = StepDone.objects.filter(referral=OuterRef("pk"), step=step)
    rows = Referral.objects.filter(
        ~Exists(done),
        campaign=step.campaign_id,
        progress=Progress.QUALIFIED,
        signed_up_at__gt=at - timedelta(days=step.within_days),
    ).exclude(standing=Standing.BLOCKED)
    if step.proof == Proof.DAYS_ACTIVE:
        return rows.filter(verified_at__lte=at - timedelta(days=step.days or 0))
    return rows.filter(Exists(Conversion.objects.filter(referral=OuterRef("pk"), kind=ConversionKind.PURCHASE)))


def carry_on_mailings(at: datetime | None = None) -> dict[str, int]:
    """Write the next messages of each mailing that runs. Answers counts of mailings."""
    at = at or timezone.now()
    return each(mailings.running(), lambda one: mailings.carry_on(mailing=one, at=at), "carried_on")


def tell_referrers(at: datetime | None = None) -> dict[str, int]:
    """Thank referrers whose friend has confirmed, and tell once a day how often their link was opened. Answers counts."""
    at = at or timezone.now()
    again = "referrals.jobs.tell_referrers"
    thanked = each(
        friend_news.confirmed(at=at), lambda one: friend_news.tell_confirmed(referral=one, at=at), "thanked", again=again
    )
    told = each(friend_news.opened_yesterday(at=at), lambda one: friend_news.tell_opened(opened=one, at=at), "told", again=again)
    return {**thanked, **told, "failed": thanked["failed"] + told["failed"]}


def expire_stale_referrals(at: datetime | None = None) -> dict[str, int]:
    """Expire referrals whose time for the proof is over. Answers how many expired and how many failed."""
    at = at or timezone.now()
    open_ones = Referral.objects.filter(progress__in=[Progress.SIGNED_UP, Progress.VERIFIED], proof_due_at__lte=at)
    stale = open_ones.select_related("campaign").order_by("proof_due_at")[:_BATCH]
    return each(
        stale,
        lambda referral: expiring.expire(referral=referral, at=at, by=SYSTEM),
        "expired",
        again="referrals.jobs.expire_stale_referrals",
    )


def watch_promises(at: datetime | None = None) -> dict[str, int]:
    """Note which promises cannot be kept as things stand, and which can again. Answers how many are `at_risk`, `safe`, `failed`."""
    at = at or timezone.now()
    found = promises_at_risk(at=at)
    over = Risk.objects.exclude(promise__in=[one.promise.pk for one in found]).select_related("promise__referral", "promise__loan")
    again = "referrals.jobs.watch_promises"

    def note(one: AtRisk) -> None:
        watching.note(found=one, at=at, by=SYSTEM)

    noted = each(found, note, "at_risk", again=again)
    safe = each(list(over), lambda risk: watching.note_safe(risk=risk, at=at, by=SYSTEM), "safe", again=again)
    return {**noted, **safe, "failed": noted.get("failed", 0) + safe.get("failed", 0)}


def lapse_substitute_offers(at: datetime | None = None) -> dict[str, int]:
    """End offers nobody answered in time. Answers how many `lapsed` and how many failed."""
    at = at or timezone.now()
    stale = (
        SubstituteOffer.objects.filter(state=OfferState.OFFERED, answer_by__lte=at).select_related("promise").order_by("answer_by")
    )
    return each(
        list(stale[:_BATCH]),
        lambda offer: substituting.lapse(offer=offer, at=at, by=SYSTEM),
        "lapsed",
        again="referrals.jobs.lapse_substitute_offers",
    )


def drain_visits(at: datetime | None = None) -> dict[str, int]:
    """Make rows of the visits that this machine kept in files. Answers how many were `drained`; nothing when the spool is not used."""
    drained = sum(draining.drain(segment) for segment in spool.segments())
    return {"drained": drained, "forgotten": draining.forget_lost_segments()}
