"""Using what was given: credit and points are redeemed, the code of a discount is used."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from audit import trail
from audit.actors import Actor
from customers.models import Customer
from desk.refusals import NotFound
from referrals.codes import normalise
from rewards import ledger
from rewards.deciding import concerns
from rewards.models import Entry, Reward
from rewards.refusals import RewardRefused
from rewards.states import EntryKind, RewardState

PERMISSION = "rewards.redeem_account"


def redeem(
    *, customer: Customer, kind: str, unit: str, amount: Decimal, external_id: str, at: datetime, by: Actor, memo: str = ""
) -> Entry:
    """Take `amount` from a customer's credit or points, because it was spent. The same `external_id` again answers the first entry.

    `unit` is an ISO 4217 currency, or `points`. Raises `PermissionDenied` or `RewardRefused` with `not_redeemable` (cash is paid
    out), `amount_wrong`, `balance_too_small`, `told_differently`.
    """
    by.require(PERMISSION)
    if kind not in ("credit", "points"):
        raise RewardRefused("not_redeemable", "Only credit and points are redeemed; cash goes out with a payout batch.")
    if amount <= 0 or amount != amount.quantize(Decimal("0.01")):
        raise RewardRefused("amount_wrong", "Redeem an amount above 0 with at most two decimals.")
    key = f"redemption:{external_id}"
    with transaction.atomic():
        account = ledger.account_for(customer, kind, unit)
        first = Entry.objects.filter(key=key).first()
        if first is not None:
            return _same(first, account.name, amount)
        if account.balance < amount:
            raise RewardRefused("balance_too_small", f"The balance is {account.balance} {unit}, which does not cover {amount}.")
        entry = Entry(kind=EntryKind.REDEMPTION, key=key, memo=memo[:200] or f"Redeemed: {external_id}"[:200], at=at)
        entry = ledger.take(entry=entry, account=account, amount=amount, to=f"redeemed:{kind}").entry
        trail.record("account.redeemed", about=entry, by=by, at=at, concerns=[customer.reference], amount=f"{amount} {unit}")
    return entry


def find_code(*, code: str) -> Reward:
    """The discount a code stands for, however it is typed: small letters, spaces, O for 0. Raises `NotFound("no_such_code")`."""
    rows = Reward.objects.select_related("referral__campaign", "beneficiary", "tier")
    reward = rows.filter(voucher=normalise(code)).first() if normalise(code) else None
    if reward is None:
        raise NotFound("no_such_code", "There is no discount with this code. Check how it is written.")
    return reward


def why_not(reward: Reward, *, at: datetime) -> RewardRefused | None:
    """Why the code of a discount cannot be used at `at`: `code_used`, `code_withdrawn`, `code_expired`. None when it can."""
    if reward.used_at is not None:
        when = f"{reward.used_at:%-d %B %Y at %H:%M} UTC"
        return RewardRefused("code_used", f"This code was used on {when}. It works once.")
    if reward.state == RewardState.EXPIRED or (reward.claim_by is not None and at >= reward.claim_by):
        until = f" It could be used until {reward.claim_by:%-d %B %Y}." if reward.claim_by else ""
        return RewardRefused("code_expired", f"The time of this code is over.{until} An approver can look at the reward again.")
    if reward.state != RewardState.FULFILLED:
        return RewardRefused(
            "code_withdrawn", f"This discount is “{reward.get_state_display().lower()}” and can no longer be used."
        )
    return None


def use_code(*, code: str, at: datetime, by: Actor) -> Reward:
    """The code of a discount was used with an order. Raises `PermissionDenied`, `NotFound("no_such_code")` or `RewardRefused`.

    Codes: see `why_not`. Of two who use it in the same instant one does, and the other is told when.
    """
    by.require(PERMISSION)
    with transaction.atomic():
        reward = find_code(code=code)
        refusal = why_not(reward, at=at)
        if refusal is not None:
            raise refusal
        if not Reward.objects.filter(pk=reward.pk, state=RewardState.FULFILLED, used_at__isnull=True).update(used_at=at):
            reward.refresh_from_db()
            raise why_not(reward, at=at) or RewardRefused("changed_meanwhile", "Somebody else changed it a moment ago. Look again.")
        reward.used_at = at
        trail.record("reward.used", about=reward, by=by, at=at, concerns=concerns(reward))
    return reward


def _same(first: Entry, account: str, amount: Decimal) -> Entry:
    moved = dict(first.postings.values_list("account", "amount"))
    if moved.get(account) != -amount:
        raise RewardRefused("told_differently", "This id was used for another redemption. Use a new id for a new redemption.")
    return first
