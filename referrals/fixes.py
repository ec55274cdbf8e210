"""What would keep a promise that is at risk, best first: what costs the customer nothing before what asks something of them.

1. serve it from another place of the same model; 2. offer another model that is there; 3. ask for what is overdue, or for an early
return; 4. extend nothing there until it is served; 5. invite nobody until then.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns import offers
from campaigns.readiness import promised_models
from campaigns.states import CampaignState
from equipment import availability
from equipment.models import Loan, Pool
from equipment.relocating import MOVABLE
from equipment.states import LoanState
from referrals.at_risk import AtRisk

SWAP, SUBSTITUTE, ASK_BACK, EXTEND_NONE, SLOW = "swap", "substitute", "ask-back", "extend-none", "slow-invitations"
_MOST_SUBSTITUTES = 2
_MOST_LOANS = 2


@dataclass(frozen=True)
class Fix:
    """One thing to do about a promise at risk. `pool` or `loan` is what it is done with, where there is one."""

    kind: str
    label: str
    why: str
    pool: Pool | None = None
    loan: Loan | None = None


@dataclass(frozen=True)
class _Shelves:
    """What is there to help with, read once for the whole board."""

    free: Mapping[int, int]
    pools: Sequence[Pool]
    out: Mapping[int, Sequence[Loan]]


def fixes_of(found: Sequence[AtRisk], *, at: datetime) -> dict[int, list[Fix]]:
    """Per promise id: what would help, best first. What one fix takes is not kept from the next: each is looked at again when it is done."""
    pools = list(Pool.objects.select_related("model"))
    free = {pk: seen.free for pk, seen in availability.free_now(pools, at=at).items()}
    waiting = set(Loan.objects.queue().values_list("pool", flat=True))
    out: dict[int, list[Loan]] = defaultdict(list)
    rows = Loan.objects.filter(state=LoanState.ON_LOAN, pool__in={one.promise.loan.pool_id for one in found})
    for loan in rows.select_related("unit").order_by("due_at"):
        out[loan.pool_id].append(loan)
    shelves = _Shelves({pk: 0 if pk in waiting else number for pk, number in free.items()}, pools, out)
    return {one.promise.pk: list(_fixes(one, shelves, at)) for one in found}


def _fixes(one: AtRisk, shelves: _Shelves, at: datetime) -> Iterator[Fix]:
    if one.promise.loan.state in MOVABLE:
        yield from _elsewhere(one, shelves)
    yield from _returns(one, shelves, at)
    campaign = one.promise.referral.campaign
    if campaign.state == CampaignState.LIVE:
        yield Fix(SLOW, "Invite nobody until then", "whoever joins now would wait behind this promise.")


def _elsewhere(one: AtRisk, shelves: _Shelves) -> Iterator[Fix]:
    here, campaign = one.promise.loan.pool, one.promise.referral.campaign
    serving = {pool.pk for pool in offers.pools_for(campaign, here.model)}
    others = [pool for pool in shelves.pools if pool.pk != here.pk and shelves.free.get(pool.pk, 0) > 0]
    for pool in others:
        if pool.model_id == here.model_id and pool.pk in serving:
            yield Fix(SWAP, f"Serve it from {pool.place}", f"{_units(shelves.free[pool.pk])} free there.", pool)
    promised = {model.pk for model in promised_models(campaign)}
    substitutes = [pool for pool in others if pool.model_id != here.model_id]
    substitutes.sort(key=lambda pool: (pool.place != here.place, pool.model_id not in promised, -shelves.free[pool.pk], pool.pk))
    for pool in substitutes[:_MOST_SUBSTITUTES]:
        yield Fix(
            SUBSTITUTE,
            f"Offer the {pool.model}, {pool.place}",
            f"{_units(shelves.free[pool.pk])} free; the customer may say no.",
            pool,
        )


def _returns(one: AtRisk, shelves: _Shelves, at: datetime) -> Iterator[Fix]:
    out = shelves.out.get(one.promise.loan.pool_id, ())
    overdue = [loan for loan in out if loan.is_overdue(at)]
    for loan in overdue[:_MOST_LOANS]:
        yield Fix(ASK_BACK, f"Ask for unit {loan.unit} back", f"it is overdue since {loan.due_at:%-d %b %Y}.", loan=loan)
    coming = [loan for loan in out if not loan.is_overdue(at)]
    if not overdue and coming:
        first = coming[0]
        yield Fix(
            ASK_BACK, f"Ask for an early return of unit {first.unit}", f"it is due first, on {first.due_at:%-d %b %Y}.", loan=first
        )
    if coming:
        yield Fix(
            EXTEND_NONE,
            "Extend none of the loans there",
            f"{_units(len(coming))} due back, the first on {coming[0].due_at:%-d %b %Y}.",
        )


def _units(number: int) -> str:
    return "1 unit" if number == 1 else f"{number} units"
