"""Ninety days of a company's life, lived hour by hour through the same verbs as the real ones."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from audit.actors import SYSTEM, Actor, customer
from campaigns.models import Campaign
from campaigns.states import CampaignState
from config import sweeping
from config.demo import desk_work
from config.demo.people import address_of
from desk.refusals import Refused
from notices.jobs import send_queued_notices
from referrals import conversions, qualifying, tokens, visits
from referrals.models import Code, Referral
from referrals.states import Progress
from rewards.jobs import accrue_qualified_referrals

_AGENTS = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)",
    "Mozilla/5.0 (Linux; Android 15)",
    "Mozilla/5.0 (Macintosh)",
    "Mozilla/5.0 (Windows NT 10.0)",
]
_CHANNELS = ["whatsapp", "link", "email", "qr", "social", "sms"]
_SOON = timedelta(seconds=2)
"""What the background work of a real day takes."""

_VISITS_A_DAY = 5
_SIGN_UP, _VERIFY, _BUY = 0.16, 0.82, 0.6


@dataclass
class World:
    """What the storyteller holds in hand: chance, names not yet given, and who is about to do something."""

    chance: random.Random
    names: Iterator[str]
    waiting: list[tuple[datetime, Callable[[datetime], None]]] = field(default_factory=list)

    def later(self, at: datetime, act: Callable[[datetime], None]) -> None:
        """Someone will do `act` at `at`."""
        self.waiting.append((at, act))

    def due(self, until: datetime) -> list[tuple[datetime, Callable[[datetime], None]]]:
        """What happens before `until`, in order."""
        now = sorted((item for item in self.waiting if item[0] < until), key=lambda item: item[0])
        self.waiting = [item for item in self.waiting if item[0] >= until]
        return now


def live_one_day(world: World, *, day: datetime, until: datetime) -> None:
    """One day up to `until`: friends visit and sign up, the desk works, what was planned happens, and the sweep runs at night.

    The desk of a day that is not over yet has worked only where all of its work lies before `until`.
    """
    evening = min(day + timedelta(days=1), until)
    for campaign in Campaign.objects.filter(state=CampaignState.LIVE):
        _visits(world, campaign, day)
    morning = day + timedelta(hours=10)
    if morning + desk_work.TAKES <= until:
        desk_work.work_a_day(world.chance, at=morning)
        # News of the evening before, which waited for the morning.
        send_queued_notices(morning)
    for at, act in world.due(evening):
        try:
            act(at)
        except Refused:
            # Life refuses now and then: an address used twice, a campaign that paused meanwhile.
            continue
    # What one job leaves for another before it is done on the next evening, as by a cluster that is busy.
    sweeping.sweep(evening - timedelta(minutes=1), passes=1)


def _visits(world: World, campaign: Campaign, day: datetime) -> None:
    # A code that was shared is visited more than once: squaring favours a few active referrers.
    codes = list(Code.objects.filter(campaign=campaign).order_by("pk").values_list("pk", flat=True)[:600])
    if not codes:
        return
    for _ in range(world.chance.randint(_VISITS_A_DAY - 4, _VISITS_A_DAY + 4)):
        code = codes[int(len(codes) * world.chance.random() ** 2 * 0.999)]
        at = day + timedelta(minutes=world.chance.randint(7 * 60, 22 * 60))
        world.later(at, partial(_visit, world, code))


def _visit(world: World, code_id: int, at: datetime) -> None:
    chance = world.chance
    code = Code.objects.select_related("campaign__campaign_terms", "customer").get(pk=code_id)
    touch = visits.record_visit(
        code_id=code.pk,
        at=at,
        channel=chance.choices(_CHANNELS, weights=[34, 26, 16, 10, 8, 6])[0],
        user_agent=chance.choice(_AGENTS),
        address=f"198.51.100.{chance.randint(1, 254)}",
    )
    if chance.random() < _SIGN_UP:
        token = tokens.sign_visit(touch)
        world.later(at + timedelta(minutes=3), partial(_sign_up, world, code, token))


def _sign_up(world: World, code: Code, token: str, at: datetime) -> None:
    name = next(world.names)
    terms = code.campaign.campaign_terms
    version = terms.current() if terms else None
    assert version is not None
    referral = qualifying.sign_up(
        code=code,
        name=name,
        email=address_of(name),
        at=at,
        by=SYSTEM,
        terms_version=version,
        typed_name=name,
        touch_token=token,
        country=code.customer.country,
        language="de" if code.customer.country == "DE" and world.chance.random() < 0.7 else "en",
    )
    send_queued_notices(at + _SOON)
    if world.chance.random() < _VERIFY:
        soon = timedelta(minutes=int(world.chance.expovariate(1 / 240)) + 2)
        world.later(at + soon, partial(_verify, world, referral))


def _verify(world: World, referral: Referral, at: datetime) -> None:
    verified = qualifying.verify(referral=referral, how="button on the page", at=at, by=_self(referral))
    accrue_qualified_referrals(at + _SOON)
    send_queued_notices(at + _SOON)
    if verified.progress == Progress.VERIFIED and world.chance.random() < _BUY:
        world.later(at + timedelta(days=world.chance.randint(1, 12)), partial(_buy, world, verified))


def _buy(world: World, referral: Referral, at: datetime) -> None:
    conversions.record_conversion(
        kind="purchase",
        external_id=f"order-{referral.reference}",
        customer=referral.referee,
        at=at,
        by=SYSTEM,
        amount=Decimal(world.chance.randint(30, 240)),
        currency=referral.campaign.currency,
    )


def _self(referral: Referral) -> Actor:
    return customer(referral.referee.reference)
