"""Saying in time that a reward nobody used or collected yet, or credit or points, will run out. Each once; swept from their state.

Said a week before; where there were fewer than two weeks in all, halfway through, so that nobody reads it the day after they got it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _

from campaigns.models import Campaign
from campaigns.states import RewardKind
from customers.models import Customer
from notices import outbox
from notices.models import Notice
from notices.outbox import Also
from notices.wording import Fact
from rewards import expiring, messages
from rewards.models import Account, Lot, Reward

KIND = "reward_runs_out"
BEFORE = timedelta(days=7)
"""So long before the end it is said."""
_BATCH = 500


@dataclass(frozen=True)
class RunningOut:
    """One message: what runs out for whom and on which day is the last. `occasions` names each of the things it speaks of."""

    to: Customer
    campaign: Campaign
    last_day: date
    what: Fact
    next_step: Fact
    occasions: Sequence[Also]

    @property
    def reference(self) -> str:
        """The first of the things it speaks of, for the log."""
        return self.occasions[0].about


def unsaid(*, at: datetime) -> list[RunningOut]:
    """What is to be said at `at` and was not said yet. Amounts of one account that end on the same day are one message."""
    rewards = {_key(f"{reward.reference}:{reward.round}"): reward for reward in _rewards(at)}
    lots = {_key(lot.reference): lot for lot in _lots(at)}
    said = set(Notice.objects.filter(dedupe_key__in=[*rewards, *lots]).values_list("dedupe_key", flat=True))
    own = [_of_reward(reward, key) for key, reward in rewards.items() if key not in said]
    return [*own, *_together({key: lot for key, lot in lots.items() if key not in said})]


def say(*, message: RunningOut, at: datetime) -> Notice:
    """Queue one message. A second call answers the first one."""
    first, *others = message.occasions
    facts: dict[str, Fact] = {"reward": message.what, "last_day": message.last_day, "next_step": message.next_step}
    return outbox.queue(
        KIND, to=message.to, about=first.about, facts=facts, at=at, campaign=message.campaign, dedupe=first.dedupe, also=others
    )  # fmt: skip


def tell_from(*, given_at: datetime, ends_at: datetime) -> datetime:
    """From when on it is said that something given at `given_at` ends at `ends_at`."""
    return max(ends_at - BEFORE, given_at + (ends_at - given_at) / 2)


def _rewards(at: datetime) -> Iterator[Reward]:
    soon = expiring.unclaimed(at=at + BEFORE).filter(claim_by__gt=at)
    for reward in soon.select_related("referral__campaign", "beneficiary", "tier", "equipment_model", "loan__pool")[:_BATCH]:
        if reward.claim_by and reward.fulfilled_at and tell_from(given_at=reward.fulfilled_at, ends_at=reward.claim_by) <= at:
            yield reward


def _lots(at: datetime) -> Iterator[Lot]:
    soon = expiring.spent_lots(at=at + BEFORE).filter(expires_at__gt=at)
    for lot in soon.select_related("account__customer", "entry__reward__referral__campaign")[:_BATCH]:
        if lot.expires_at and tell_from(given_at=lot.entry.at, ends_at=lot.expires_at) <= at:
            yield lot


def _of_reward(reward: Reward, key: str) -> RunningOut:
    campaign = reward.referral.campaign
    return RunningOut(
        reward.beneficiary, campaign, _last_day(campaign, reward.claim_by), partial(messages.what, reward), partial(_use, reward),
        [Also(reward.reference, key)],
    )  # fmt: skip


def _together(lots: Mapping[str, Lot]) -> Iterator[RunningOut]:
    """One message for all that ends on one account on the same day under the same terms."""
    groups: dict[tuple[Account, Campaign, date], list[tuple[str, Lot]]] = {}
    for key, lot in lots.items():
        assert lot.entry.reward is not None, "a lot is what a reward granted"
        campaign = lot.entry.reward.referral.campaign
        groups.setdefault((lot.account, campaign, _last_day(campaign, lot.expires_at)), []).append((key, lot))
    for (account, campaign, last_day), found in groups.items():
        left = sum((lot.left for _key_of_it, lot in found), Decimal(0))
        yield RunningOut(
            account.customer, campaign, last_day, partial(messages.amount_in_words, account.kind, account.unit, left), _spend,
            [Also(lot.reference, key) for key, lot in found],
        )  # fmt: skip


def _key(about: str) -> str:
    """Names the occasion: once for each time something is given."""
    return f"{KIND}:{about}"


def _last_day(campaign: Campaign, end: datetime | None) -> date:
    assert end is not None, "only what ends is looked for"
    return campaign.last_day(end)


def _use(reward: Reward) -> str:
    if reward.kind == RewardKind.DISCOUNT:
        return _("Use the code %(code)s with your next order.") % {"code": reward.voucher}
    place = reward.loan.pool.place if reward.loan is not None else ""
    return _("Collect it in %(place)s.") % {"place": place}


def _spend() -> str:
    return _("Spend it with your next order.")
