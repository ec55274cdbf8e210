"""Promises: what we say in public always points at a held unit, or at a place in the queue."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from audit import trail
from audit.actors import Actor
from campaigns import offers
from campaigns.models import Tier
from campaigns.states import RewardKind, Side
from campaigns.tiers import NO_WISHES
from customers.models import Customer
from equipment import giving_up, lending, queueing
from equipment.locking import lock_pools
from equipment.models import Loan
from equipment.states import LOAN_TERMINAL, LoanState
from referrals.models import Promise, Referral
from referrals.states import Progress, Standing

_MOMENT = timedelta(microseconds=1)
_GIVE_BACK = frozenset({LoanState.WAITLISTED, LoanState.HELD, LoanState.UNLOCKED, LoanState.READY})


def sides_of(referral: Referral) -> tuple[Side, ...]:
    """The sides this referral's campaign rewards."""
    return offers.SIDES[referral.campaign.rewarded]


def person_on(referral: Referral, side: str) -> Customer:
    """Who stands on a side of a referral."""
    return referral.referrer if side == Side.REFERRER else referral.referee


def expected_number(referral: Referral) -> int:
    """Which qualified referral of its referrer this one would be if all open ones before it qualify."""
    if referral.qualified_number:
        return referral.qualified_number
    earlier = Referral.objects.filter(campaign=referral.campaign, referrer=referral.referrer).exclude(standing=Standing.BLOCKED)
    return earlier.exclude(progress=Progress.EXPIRED).exclude(pk=referral.pk).count() + 1


def due_tiers(referral: Referral, side: str, *, at: datetime, step: str = "") -> list[offers.Due]:
    """What this side would get for this referral at `at`, or for doing the step of that key. A friend's own count is always 1."""
    nth = expected_number(referral) if side == Side.REFERRER else 1
    wishes = wishes_on(referral, side)
    return offers.due(referral.campaign, Side(side), nth=nth, variant=referral.variant, at=at, step=step, wishes=wishes)


def wishes_on(referral: Referral, side: str) -> Mapping[str, str]:
    """What a side would rather have where a tier has choices: whoever invites says so at their code."""
    return referral.code.wishes if side == Side.REFERRER else NO_WISHES


def tiers_in_reach(referral: Referral) -> list[Tier]:
    """The tiers this referral gives or will give to either side, at its number, whatever is still to be proved. Two queries."""
    tiers = list(referral.campaign.tiers.select_related("step", "equipment_model", "variant"))
    number = expected_number(referral)
    found = {
        due.tier.pk: due.tier
        for side in sides_of(referral)
        for step in {"", *(tier.step.key for tier in tiers if tier.step)}
        for due in offers.due_among(
            tiers,
            side,
            nth=number if side == Side.REFERRER else 1,
            variant=referral.variant,
            step=step,
            wishes=wishes_on(referral, side),
        )
    }
    return sorted(found.values(), key=lambda tier: (tier.side, tier.nth, tier.key))


def promise_all(*, referral: Referral, at: datetime, by: Actor) -> list[Promise]:
    """Hold a unit, or a place in the queue, for each equipment tier both sides would get.

    All pools are locked first, in one order, so that two sign-ups never wait for each other.
    """
    wanted = [
        (side, due)
        for side in sides_of(referral)
        for due in due_tiers(referral, side, at=at)
        if due.kind == RewardKind.EQUIPMENT and due.equipment_model is not None
    ]
    with transaction.atomic():
        lock_pools(_pools(referral, [due for _, due in wanted]))
        return [promise(referral=referral, side=side, due=due, at=at, by=by) for side, due in wanted]


def _pools(referral: Referral, wanted: list[offers.Due]) -> list[int]:
    models = {due.equipment_model for due in wanted if due.equipment_model is not None}
    return [pool.pk for model in models for pool in offers.pools_for(referral.campaign, model)]


def promise(*, referral: Referral, side: str, due: offers.Due, at: datetime, by: Actor) -> Promise:
    """Promise one side one tier's unit. A second call answers the promise that stands, renewed if its hold had lapsed."""
    with transaction.atomic():
        existing = Promise.objects.select_related("loan").filter(referral=referral, side=side, tier=due.tier).first()
        if existing is not None and existing.loan.state not in LOAN_TERMINAL:
            return existing
        if existing is not None:
            return _renew(existing, due, at, by)
        loan = _hold(referral, side, due, at, by, round_number=1)
        try:
            with transaction.atomic():
                made = Promise.objects.create(
                    referral=referral, side=side, tier=due.tier, loan=loan, made_at=at, promised_by=latest_for(loan, at=at)
                )
        except IntegrityError:
            return Promise.objects.select_related("loan").get(referral=referral, side=side, tier=due.tier)
        trail.record(
            "promise.made",
            about=referral,
            by=by,
            at=at,
            reason=sentence(loan, at=at),
            concerns=[loan.reference, loan.borrower.reference],
            side=str(side),
            tier=due.tier.key,
            title=due.tier.title,
            loan=loan.reference,
        )
        return made


def _renew(lapsed: Promise, due: offers.Due, at: datetime, by: Actor) -> Promise:
    round_number = Loan.objects.filter(purpose__startswith=_purpose(lapsed.referral, lapsed.side, due.tier)).count() + 1
    lapsed.loan = _hold(lapsed.referral, lapsed.side, due, at, by, round_number=round_number)
    if lapsed.referral.qualified_at is None or lapsed.promised_by is None:
        # Once the friend has qualified, the day that was said stands, whatever it took to find another unit.
        lapsed.promised_by = latest_for(lapsed.loan, at=at)
    lapsed.save(update_fields=["loan", "promised_by"])
    trail.record(
        "promise.renewed",
        about=lapsed.referral,
        by=by,
        at=at,
        reason=sentence(lapsed.loan, at=at),
        concerns=[lapsed.loan.reference, lapsed.loan.borrower.reference],
        side=str(lapsed.side),
        tier=due.tier.key,
        title=due.tier.title,
        loan=lapsed.loan.reference,
    )
    return lapsed


def _hold(referral: Referral, side: str, due: offers.Due, at: datetime, by: Actor, *, round_number: int) -> Loan:
    assert due.equipment_model is not None
    campaign = referral.campaign
    return lending.hold(
        pools=offers.pools_for(campaign, due.equipment_model),
        borrower=person_on(referral, side),
        purpose=f"{_purpose(referral, side, due.tier)}:{round_number}",
        until=at + timedelta(days=campaign.hold_days),
        at=at,
        by=by,
        account=campaign.slug,
        limits=offers.limits_for(campaign),
        terms=campaign.loan_terms,
    )


def _purpose(referral: Referral, side: str, tier: Tier) -> str:
    return f"{referral.reference}:{side}:{tier.pk}"


def release(*, referral: Referral, reason: str, at: datetime, by: Actor, keep: frozenset[int] = frozenset()) -> int:
    """Give back what was promised and not yet handed over, but for the tiers in `keep` (ids). Answers how many."""
    released = 0
    with transaction.atomic():
        lapsing = referral.promises.exclude(tier_id__in=keep).filter(loan__state__in=_GIVE_BACK)
        for each in lapsing.select_related("loan__pool__model", "loan__borrower", "tier"):
            giving_up.cancel(loan=each.loan, reason=reason, at=at, by=by)
            trail.record(
                "promise.released",
                about=referral,
                by=by,
                at=at,
                reason=reason,
                concerns=[each.loan.reference],
                side=each.side,
                tier=each.tier.key,
                title=each.tier.title,
            )
            released += 1
    return released


def latest_for(loan: Loan, *, at: datetime) -> datetime | None:
    """Until when a promise that points at this loan says the unit can be collected at the latest; None when nobody can say.

    A unit that is held can be unlocked until the hold ends, and collected for the pool's `pickup_days` from then. For somebody in the
    queue the same is reckoned from the day their turn is expected, with the days there are to claim it.
    """
    pool = loan.pool
    if loan.state == LoanState.WAITLISTED:
        expected = queueing.expected_on(loan, at=at)
        if expected is None:
            return None
        turn = pool.opening().end_of_open_day(expected) - _MOMENT
        return pool.collect_by(pool.opening().after(turn, days=pool.claim_days) - _MOMENT)
    if loan.state == LoanState.HELD and loan.hold_expires_at is not None:
        return pool.collect_by(loan.hold_expires_at - _MOMENT)
    return loan.collect_by


def sentence(loan: Loan, *, at: datetime) -> str:
    """What we say about a promised loan: held until when, or which place in the queue and about when."""
    if loan.state == LoanState.WAITLISTED:
        expected = queueing.expected_on(loan, at=at)
        when = f"expected about {expected:%d %B %Y}" if expected else "we tell you as soon as one is free"
        return f"Number {queueing.place_of(loan)} in the queue; {when}."
    if loan.state == LoanState.HELD and loan.hold_expires_at is not None:
        return f"Held until {loan.hold_expires_at:%d %B %Y}."
    return f"{loan.get_state_display()}."
