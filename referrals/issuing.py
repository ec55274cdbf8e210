"""Giving customers their codes: to all who qualify, or to one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction

from audit import trail
from audit.actors import Actor
from campaigns import audience
from campaigns.models import Campaign
from campaigns.states import CampaignState, Side
from customers.models import Customer
from desk.moves import move
from referrals.codes import new_code
from referrals.models import Code
from referrals.refusals import ReferralRefused
from referrals.states import CODE_MOVES, CodeBasis, CodeState

BATCH = 1000
_ATTEMPTS = 5


@dataclass(frozen=True)
class IssueReport:
    """What came of issuing codes: how many qualified, got one now, had one, and whom each rule turned away."""

    eligible: int
    issued: int
    already: int
    turned_away: list[tuple[str, int]] = field(default_factory=list)


def issue_codes(*, campaign: Campaign, at: datetime, by: Actor, progress: Callable[[int], object] | None = None) -> IssueReport:
    """Give every eligible customer without a code of this campaign one, tied to its equipment model.

    Safe to repeat and to run twice at once: the unique constraint decides. `progress` is told how many more were looked
    at. Raises `ReferralRefused("campaign_not_live")`.
    """
    by.require("referrals.issue_codes")
    _require_live(campaign)
    eligible = audience.eligible(campaign, Side.REFERRER, on=campaign.day_of(at))
    total = eligible.count()
    issued = 0
    for batch in _batches(list(eligible.exclude(codes__campaign=campaign).values_list("pk", flat=True))):
        issued += _issue_batch(campaign, batch, at, by)
        if progress:
            progress(len(batch))
    turned_away = audience.turned_away(campaign, Side.REFERRER, on=campaign.day_of(at))
    return IssueReport(eligible=total, issued=issued, already=total - issued, turned_away=turned_away)


def issue_code(*, campaign: Campaign, customer: Customer, at: datetime, by: Actor, reason: str, basis: CodeBasis) -> Code:
    """Give one customer a code, or answer the one they have. `reason` says in words why they may have it."""
    with transaction.atomic():
        existing = Code.objects.filter(campaign=campaign, customer=customer).first()
        if existing is not None:
            return existing
        code, is_new = _insert_one(Code(campaign=campaign, customer=customer, basis=basis, **_details(campaign, at)))
        if is_new:
            trail.record(
                "code.issued",
                about=code,
                by=by,
                at=at,
                reason=reason,
                concerns=[customer.reference, campaign.slug],
                campaign=campaign.slug,
                item=code.equipment_model.sku,
            )
        return code


def pause(*, code: Code, reason: str, at: datetime, by: Actor) -> None:
    """Stop a code for a while; its page then says so kindly."""
    by.require("referrals.revoke_code")
    with transaction.atomic():
        move(code, to=CodeState.PAUSED, moves=CODE_MOVES, refusal=ReferralRefused, state_reason=reason)
        trail.record("code.paused", about=code, by=by, at=at, reason=reason)


def resume(*, code: Code, reason: str, at: datetime, by: Actor) -> None:
    """Make a paused code work again."""
    by.require("referrals.revoke_code")
    with transaction.atomic():
        move(code, to=CodeState.ACTIVE, moves=CODE_MOVES, refusal=ReferralRefused, state_reason=reason)
        trail.record("code.resumed", about=code, by=by, at=at, reason=reason)


def revoke(*, code: Code, reason: str, at: datetime, by: Actor) -> None:
    """End a code for good. What was earned with it stays."""
    by.require("referrals.revoke_code")
    with transaction.atomic():
        move(code, to=CodeState.REVOKED, moves=CODE_MOVES, refusal=ReferralRefused, state_reason=reason)
        trail.record("code.revoked", about=code, by=by, at=at, reason=reason)


def _require_live(campaign: Campaign) -> None:
    if campaign.state != CampaignState.LIVE:
        raise ReferralRefused(
            "campaign_not_live",
            f"The campaign “{campaign}” is {campaign.get_state_display().lower()}; codes are issued while it is live. Launch it first.",
        )


def _details(campaign: Campaign, at: datetime) -> dict[str, object]:
    return {
        "code": new_code(),
        "equipment_model": campaign.equipment_model,
        "rules_version": campaign.rules_version,
        "issued_at": at,
    }


def _insert_one(code: Code) -> tuple[Code, bool]:
    """Insert, taking a fresh random code when two met; answer the other's row, and False, when someone else was first."""
    for _ in range(_ATTEMPTS):
        try:
            with transaction.atomic():
                code.save(force_insert=True)
            return code, True
        except IntegrityError:
            existing = Code.objects.filter(campaign=code.campaign, customer=code.customer).first()
            if existing is not None:
                return existing, False
            code.code = new_code()
    raise RuntimeError("No free code was found; the random source repeats itself.")


def _issue_batch(campaign: Campaign, customer_ids: list[int], at: datetime, by: Actor) -> int:
    with transaction.atomic():
        mine = _insert_batch(campaign, customer_ids, at)
        trail.record_many(
            trail.Happening(
                "code.issued",
                about=code,
                by=by,
                at=at,
                data={"campaign": campaign.slug, "item": campaign.equipment_model.sku},
                reason=f"Meets version {campaign.rules_version} of the rules.",
                concerns=[code.customer.reference],
            )
            for code in mine
        )
        return len(mine)


def _insert_batch(campaign: Campaign, customer_ids: list[int], at: datetime) -> list[Code]:
    """Insert codes for these customers, leaving out conflicts, and answer the rows that are ours."""
    mine: list[Code] = []
    wanted = customer_ids
    for _ in range(_ATTEMPTS):
        rows = [Code(campaign=campaign, customer_id=customer, **_details(campaign, at)) for customer in wanted]
        Code.objects.bulk_create(rows, ignore_conflicts=True)
        ours = {row.code for row in rows}
        there = Code.objects.filter(campaign=campaign, customer_id__in=wanted).select_related("customer")
        have = {code.customer_id: code for code in there}
        mine += [code for code in have.values() if code.code in ours]
        wanted = [customer for customer in wanted if customer not in have]
        if not wanted:
            break
    return mine


def _batches(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
