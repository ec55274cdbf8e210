"""Measuring how long a friend waits between the button and the unlocked unit, with the real background work."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from audit.actors import SYSTEM, customer
from campaigns.models import Campaign
from desk.refusals import Refused
from referrals import qualifying
from referrals.models import Code
from rewards.models import Accrual

POLL_SECONDS = 0.01
GIVE_UP_SECONDS = 90.0


class BenchRefused(Refused):
    """Measuring makes friends up, so it is for the demo world only."""


@dataclass(frozen=True)
class Latency:
    """Seconds from the verification's commit to rewards worked out and given, over `count` friends."""

    count: int
    p50: float
    p99: float
    slowest: float
    lost: int


def unlock_latency(*, count: int, progress: Callable[[], object]) -> Latency:
    """Sign `count` invented friends up and verify them, one after the other, while `manage.py work` or `serve` runs.

    Raises `BenchRefused` outside the demo world or when no live campaign has codes.
    """
    if not settings.DEMO:
        raise BenchRefused("demo_only", "This makes friends up; it only runs in the demo world (DEMO=1).")
    codes = list(_codes()[:count])
    if not codes:
        raise BenchRefused(
            "no_codes", "No live campaign asks for nothing but a verified registration and has codes. Run `make demo` first."
        )
    waits = []
    for number in range(count):
        waits.append(_one_wait(codes[number % len(codes)], number))
        progress()
    return summary(waits)


def summary(waits: list[float]) -> Latency:
    """Order statistics of waits in seconds (nearest rank); a wait that was given up counts as lost."""
    ordered = sorted(wait for wait in waits if wait < GIVE_UP_SECONDS)
    lost = len(waits) - len(ordered)
    if not ordered:
        return Latency(len(waits), GIVE_UP_SECONDS, GIVE_UP_SECONDS, GIVE_UP_SECONDS, lost)
    return Latency(len(waits), _rank(ordered, 50), _rank(ordered, 99), ordered[-1], lost)


def _rank(ordered: list[float], percent: int) -> float:
    return ordered[max(-(-len(ordered) * percent // 100) - 1, 0)]


def _codes() -> "list[Code]":
    live = Campaign.objects.filter(state="live", proof="verified_signup")
    return list(
        Code.objects.filter(campaign__in=live, state="active")
        .select_related("campaign__campaign_terms", "customer")
        .order_by("-pk")
    )


def _one_wait(code: Code, number: int) -> float:
    at = timezone.now()
    terms = code.campaign.campaign_terms
    version = terms.current() if terms else None
    if version is None:
        raise BenchRefused("no_terms", "The campaign has no published terms.")
    name = f"Bench {at:%H%M%S} {number}"
    referral = qualifying.sign_up(
        code=code, name=name, email=f"bench-{at:%d%H%M%S%f}@example.com", at=at, by=SYSTEM, terms_version=version, typed_name=name,
        country=code.customer.country or "DE",
    )  # fmt: skip
    qualifying.verify(referral=referral, how="bench", at=timezone.now(), by=customer(referral.referee.reference))
    start = time.monotonic()
    while time.monotonic() - start < GIVE_UP_SECONDS:
        if (
            Accrual.objects.filter(referral=referral, count__gt=0).exists()
            and not referral.rewards.filter(state="pending").exists()
        ):
            return time.monotonic() - start
        time.sleep(POLL_SECONDS)
    return GIVE_UP_SECONDS
