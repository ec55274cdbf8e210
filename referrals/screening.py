"""Looking a sign-up over: gathers the facts, asks the pure rules, stores signals and risk."""

from datetime import datetime, timedelta

from django.db import transaction

from audit import trail
from audit.actors import Actor
from customers.identity import mailbox_key
from customers.models import Customer
from desk.moves import move
from referrals import fraud
from referrals.models import Referral, Signal, Touch
from referrals.refusals import ReferralRefused
from referrals.states import STANDING_MOVES, Standing

FLAG_FROM = 50
"""Risk, of 100, from which a person has to look before anything is released."""


def screen(*, referral: Referral, touch: Touch | None, at: datetime, by: Actor) -> list[Signal]:
    """Store the signals about a fresh referral with its risk, and flag it when the risk is high. Once per referral."""
    with transaction.atomic():
        if referral.signals.exists():
            return list(referral.signals.all())
        found = fraud.signals(
            _person(referral.referrer, _hashes_of(referral.referrer, at)),
            _person(referral.referee, frozenset({touch.visitor_hash} if touch and touch.visitor_hash else ())),
            fraud.Context(sign_ups_in_last_hour=_last_hour(referral, at)),
        )
        if not found:
            return []
        risk = fraud.risk(found)
        Referral.objects.filter(pk=referral.pk).update(risk=risk)
        referral.risk = risk
        if risk >= FLAG_FROM:
            move(
                referral, to=Standing.FLAGGED, moves=STANDING_MOVES, refusal=ReferralRefused, field="standing",
                standing_reason=" ".join(signal.evidence for signal in found)[:300],
            )  # fmt: skip
        stored = Signal.objects.bulk_create(
            Signal(referral=referral, name=signal.name, strength=signal.strength, evidence=signal.evidence, at=at)
            for signal in found
        )
        trail.record(
            "referral.screened", about=referral, by=by, at=at, risk=risk, signals=", ".join(signal.name for signal in found)
        )
        return stored


def _person(customer: Customer, hashes: frozenset[str]) -> fraud.Person:
    return fraud.Person(
        name=customer.name,
        mailbox_key=mailbox_key(customer.email) if customer.email else "",
        phone=customer.phone,
        postcode=customer.postcode,
        country=customer.country,
        visitor_hashes=hashes,
    )


def _hashes_of(referrer: Customer, at: datetime) -> frozenset[str]:
    """Hashes under which the referrer was seen when they signed up themselves, today (the key rotates daily)."""
    seen = Touch.objects.filter(credits__referral__referee=referrer, at__gte=at - timedelta(days=1)).exclude(visitor_hash="")
    return frozenset(seen.values_list("visitor_hash", flat=True))


def _last_hour(referral: Referral, at: datetime) -> int:
    return Referral.objects.filter(code=referral.code, signed_up_at__gt=at - timedelta(hours=1), signed_up_at__lte=at).count()
