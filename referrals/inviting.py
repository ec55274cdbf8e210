"""Inviting customers who have a code to use it: as many as can be served, once each, and only who wants news and offers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Concat

from audit import trail
from audit.actors import Actor
from campaigns import offers
from campaigns.models import Campaign
from campaigns.states import CampaignState, Side
from customers.models import Consent
from notices import outbox
from notices.models import Notice
from referrals import invitations, service
from referrals.models import Code, Referral
from referrals.refusals import ReferralRefused
from referrals.sequence_parts import sharing_facts
from referrals.states import CodeState, Progress
from referrals.stock import Supply, supply_of

KIND = "invitation"
OPEN_FOR = timedelta(days=30)
"""An invitation that led to nobody for so long is not expected to any more."""
MOST_AT_A_TIME = 200
_LEARN_FROM = 20
"""With fewer invitations sent in a campaign, those of all campaigns say how many accept."""
_LEARN_AFTER, _LEARN_UNTIL = timedelta(days=14), timedelta(days=180)
"""Younger ones have not had the time to lead to anybody, older ones are of another season."""


@dataclass(frozen=True)
class Meter:
    """How many may be invited to a campaign now, and why not more. `units` is None for a campaign that lends nothing."""

    units: int | None
    share: float
    most: int
    open: int
    ready: int

    @property
    def allowed(self) -> int:
        """How many customers may be invited now."""
        return max(min(self.most - self.open, self.ready, MOST_AT_A_TIME), 0)

    @property
    def sentence(self) -> str:
        """The meter in words."""
        ready = f"{self.ready} customers with a code want news and were not invited yet."
        if self.units is None:
            return f"{ready} The campaign lends nothing, so all of them can be invited, {MOST_AT_A_TIME} at a time."
        return (
            f"{ready} {self.open} invitations are open; with units for {self.units} more friends and {self.share:.0%} accepting, "
            f"at most {self.most} should be."
        )


def meter(campaign: Campaign, *, at: datetime) -> Meter:
    """How things stand with the invitations of a campaign at `at`."""
    lent = _lent(campaign, at)
    share = _share(campaign, at)
    # How likely it may be that more friends come than there are units: what the agreed service level leaves.
    risk = 1 - service.agreed(campaign.goals)
    return Meter(
        units=min((supply.free // each for supply, each in lent), default=None),
        share=share,
        most=min((_most(supply, each, share, risk) for supply, each in lent), default=invitations.NO_LIMIT),
        open=_open(campaign, at),
        ready=ready(campaign).count(),
    )


def _most(supply: Supply, each: int, share: float, risk: float) -> int:
    units = supply.free or -supply.waiting
    return invitations.most_open(units, share, risk, returns=supply.returns, each=each)


def ready(campaign: Campaign) -> QuerySet[Code]:
    """Active codes of customers who want news by e-mail and were not invited yet, the longest waiting first."""
    newest = Consent.objects.filter(customer=OuterRef("customer"), channel="email", purpose="marketing").order_by("-at", "-id")
    asked = Notice.objects.filter(dedupe_key=Concat(Value(f"{KIND}:"), OuterRef("code")))
    codes = Code.objects.filter(campaign=campaign, state=CodeState.ACTIVE, customer__erased_at__isnull=True).exclude(
        customer__email=""
    )
    wanted = codes.annotate(wants=newest.values("is_given")[:1]).filter(wants=True)
    return wanted.filter(~Exists(asked)).order_by("issued_at", "pk")


def invite(*, campaign: Campaign, most: int, at: datetime, by: Actor) -> int:
    """Invite up to `most` customers, as many as the meter allows, and answer how many were. Again invites others.

    Needs `referrals.issue_codes`. Refuses with `campaign_not_live`, or `no_invitation_now` with the reason.
    """
    by.require("referrals.issue_codes")
    with transaction.atomic():
        # One after the other: two at the same time would each fill what is left of the meter.
        locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
        if locked.state != CampaignState.LIVE:
            raise ReferralRefused("campaign_not_live", "Only a live campaign invites. Launch or resume it first.")
        now = meter(locked, at=at)
        codes = list(ready(locked).select_related("customer", "equipment_model")[: min(most, now.allowed)])
        if not codes:
            raise ReferralRefused("no_invitation_now", f"Nobody was invited. {now.sentence}")
        for code in codes:
            _queue(code, locked, at)
        trail.record("campaign.invited", about=locked, by=by, at=at, number=len(codes), open=now.open, most=now.most)
    return len(codes)


def _queue(code: Code, campaign: Campaign, at: datetime) -> None:
    facts = sharing_facts(code, campaign, at)
    outbox.queue(KIND, to=code.customer, about=code.code, facts=facts, at=at, campaign=campaign, dedupe=f"{KIND}:{code.code}")


def _lent(campaign: Campaign, at: datetime) -> list[tuple[Supply, int]]:
    """What there is of each model a friend brings out, counting both sides, and how many units of it that takes."""
    due = [gift for side in Side for gift in offers.due(campaign, side, nth=1, at=at) if gift.equipment_model]
    models = {gift.equipment_model for gift in due if gift.equipment_model}
    return [(supply_of(campaign, model, at=at), sum(gift.equipment_model == model for gift in due)) for model in models]


def _open(campaign: Campaign, at: datetime) -> int:
    """Invitations of late that have led to no verified friend yet."""
    sent = Notice.objects.filter(kind=KIND, campaign=campaign, created_at__gt=at - OPEN_FOR, created_at__lte=at)
    return sent.filter(~Exists(_friends())).count()


def _friends() -> QuerySet[Referral]:
    return Referral.objects.filter(code__code=OuterRef("about"), progress__in=[Progress.VERIFIED, Progress.QUALIFIED])


def _share(campaign: Campaign, at: datetime) -> float:
    ripe = Notice.objects.filter(kind=KIND, created_at__gt=at - _LEARN_UNTIL, created_at__lte=at - _LEARN_AFTER)
    own = ripe.filter(campaign=campaign)
    sent = own if own.count() >= _LEARN_FROM else ripe
    return invitations.careful_share(sent.filter(Exists(_friends())).count(), sent.count())
