"""Sending news of the season to many at once: look first at how many it reaches and why not the others, then send, a batch at a time.

Each customer gets a mailing once: the key of the message is made of the mailing and their code. The message travels through the same door as
every other, so that consent, suppression, hours and cap hold for each.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Concat

from audit import trail
from audit.actors import SYSTEM, Actor
from campaigns import audience, segmenting
from campaigns.models import Campaign, Segment
from campaigns.states import CampaignState
from desk import queue as background
from desk.moves import move
from notices import outbox
from notices.kinds import KINDS, SHARING, Kind, title_of
from notices.models import Notice
from notices.reaching import reasons_against
from referrals.models import Code, Mailing
from referrals.refusals import ReferralRefused
from referrals.sequence_parts import sharing_facts
from referrals.states import MAILING_MOVES, CodeState, MailingState

PERMISSION = "referrals.send_mailing"
JOB = "referrals.jobs.carry_on_mailings"
BATCH = 200


@dataclass(frozen=True)
class Reach:
    """How many a mailing would reach, and why not the others: reasons with how many each."""

    total: int
    reached: int
    reasons: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Standing:
    """How far a mailing has come: so many of `total` written, of which so many were kept back, and why."""

    written: int
    kept_back: Sequence[tuple[str, int]]


def kinds() -> list[Kind]:
    """Messages that can be sent to many: news about one's own code."""
    return [kind for kind in KINDS.values() if kind.is_marketing and kind.variables == SHARING]


def codes_for(campaign: Campaign, segment: Segment | None, *, at: datetime) -> QuerySet[Code]:
    """Active codes of the campaign whose customers are in the segment; of all customers without one."""
    codes = Code.objects.filter(campaign=campaign, state=CodeState.ACTIVE, customer__erased_at__isnull=True)
    if segment is not None:
        codes = codes.filter(customer__in=audience.matching(segmenting.rules_of(segment), on=campaign.day_of(at)))
    return codes.select_related("customer").order_by("pk")


def reach(campaign: Campaign, segment: Segment | None, *, at: datetime) -> Reach:
    """How many a mailing sent now would reach. Reads only."""
    people = [code.customer for code in codes_for(campaign, segment, at=at)]
    against = reasons_against(people, at=at, campaign=campaign)
    return Reach(len(people), len(people) - len(against), Counter(against.values()).most_common())


def start(*, campaign: Campaign, segment: Segment | None, kind: str, at: datetime, by: Actor) -> Mailing:
    """Begin to send `kind` to everybody `codes_for` answers. Needs `referrals.send_mailing`.

    Refuses with `campaign_not_live`, `kind_unfit`, `nobody_reached`, `already_running`.
    """
    by.require(PERMISSION)
    if campaign.state != CampaignState.LIVE:
        raise ReferralRefused("campaign_not_live", "Only a live campaign sends news. Launch or resume it first.")
    if kind not in {one.name for one in kinds()}:
        raise ReferralRefused("kind_unfit", "Choose one of the messages that can be sent to many.")
    found = reach(campaign, segment, at=at)
    if not found.reached:
        raise ReferralRefused("nobody_reached", "This would reach nobody. Look at the reasons, or choose other customers.")
    with transaction.atomic():
        mailing = _begin(Mailing(campaign=campaign, segment=segment, kind=kind, total=found.total, by=by.name, started_at=at))
        trail.record(
            "mailing.started", about=mailing, by=by, at=at, concerns=[campaign.slug], kind=title_of(kind), total=found.total
        )
        background.enqueue(JOB)
    return mailing


def stop(*, mailing: Mailing, at: datetime, by: Actor) -> None:
    """Write to nobody else. What was written stays. Needs `referrals.send_mailing`. Refuses with `wrong_state`."""
    by.require(PERMISSION)
    _end(mailing, MailingState.STOPPED, at, by)


def carry_on(*, mailing: Mailing, at: datetime, by: Actor = SYSTEM) -> int:
    """Write to the next of those it is meant for; end the mailing when there are none. Answers how many were written to."""
    codes = list(_unwritten(mailing, at)[:BATCH])
    for code in codes:
        _write(mailing, code, at)
    if not codes:
        _end(mailing, MailingState.DONE, at, by)
    return len(codes)


def standing(mailing: Mailing) -> Standing:
    """How far it has come."""
    written = Notice.objects.filter(dedupe_key__startswith=_prefix(mailing))
    kept_back = Counter(written.filter(state="suppressed").values_list("reason", flat=True))
    return Standing(written.count(), kept_back.most_common())


def _begin(mailing: Mailing) -> Mailing:
    try:
        with transaction.atomic():
            mailing.save(force_insert=True)
    except IntegrityError as error:
        raise ReferralRefused(
            "already_running", "This message is being sent in this campaign right now. Wait until it is done, or stop it."
        ) from error
    return mailing


def _end(mailing: Mailing, to: MailingState, at: datetime, by: Actor) -> None:
    with transaction.atomic():
        move(mailing, to=to, moves=MAILING_MOVES, refusal=ReferralRefused, ended_at=at)
        said = to.label.lower()
        trail.record("mailing.ended", about=mailing, by=by, at=at, concerns=[mailing.campaign.slug], how=said)


def _unwritten(mailing: Mailing, at: datetime) -> QuerySet[Code]:
    written = Notice.objects.filter(dedupe_key=Concat(Value(_prefix(mailing)), OuterRef("code")))
    issued = codes_for(mailing.campaign, mailing.segment, at=at).filter(issued_at__lte=mailing.started_at)
    return issued.filter(~Exists(written))


def _write(mailing: Mailing, code: Code, at: datetime) -> Notice:
    facts = sharing_facts(code, mailing.campaign, at)
    return outbox.queue(
        mailing.kind, to=code.customer, about=code.code, facts=facts, at=at, campaign=mailing.campaign,
        dedupe=f"{_prefix(mailing)}{code.code}",
    )  # fmt: skip


def _prefix(mailing: Mailing) -> str:
    return f"mailing:{mailing.reference}:"


def running() -> Iterable[Mailing]:
    """Mailings that have not ended, the oldest first."""
    return Mailing.objects.filter(state=MailingState.RUNNING).select_related("campaign", "segment").order_by("started_at", "pk")
