"""Cash rewards on their way: gathered in a batch, written to a file for the bank, told back by the bank, each payment once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Sum

from audit import trail
from audit.actors import Actor
from campaigns.states import RewardKind
from desk.moves import move
from rewards import ledger
from rewards.models import Batch, Line, Reward
from rewards.refusals import RewardRefused
from rewards.states import BATCH_MOVES, LINE_MOVES, BatchState, LineState, RewardState

PERMISSION = "rewards.pay_out"
HEADER = ("payment", "external_id", "name", "amount", "currency", "purpose")
MOST = 5000
"""Payments in one batch."""
PAID_WORDS = frozenset({"paid", "ok", "yes", "done", "executed", "success"})
FAILED_WORDS = frozenset({"failed", "returned", "rejected", "error", "no"})


@dataclass(frozen=True)
class Told:
    """One line of the bank's file: which payment, how it went, how much, and why not."""

    number: int
    payment: str
    status: str
    amount: str
    reason: str = ""


@dataclass(frozen=True)
class Mismatch:
    """A line that does not fit what we know, in words."""

    number: int
    payment: str
    problem: str


@dataclass(frozen=True)
class Report:
    """What came of the bank's file. `open` payments were not named in it and are still on their way."""

    paid: int
    failed: int
    already: int
    open: int
    mismatches: Sequence[Mismatch]


def payable() -> QuerySet[Reward]:
    """Given cash rewards that are not on their way to their customer and not there yet."""
    busy = Line.objects.filter(reward=OuterRef("pk"), round=OuterRef("round"), state__in=[LineState.WAITING, LineState.PAID])
    rows = Reward.objects.filter(kind=RewardKind.CASH, state=RewardState.FULFILLED, amount__gt=0).filter(~Exists(busy))
    return rows.order_by("fulfilled_at", "pk")


def totals() -> list[tuple[str, int, Decimal]]:
    """What could be paid now: currency, number of rewards, sum."""
    found: dict[str, tuple[int, Decimal]] = {}
    for currency, amount in payable().values_list("currency", "amount"):
        number, total = found.get(currency, (0, Decimal(0)))
        found[currency] = (number + 1, total + (amount or Decimal(0)))
    return [(currency, number, total) for currency, (number, total) in sorted(found.items())]


def gather(*, currency: str, at: datetime, by: Actor) -> Batch:
    """Put every cash reward of a currency that can be paid into one batch. Raises `PermissionDenied` or `RewardRefused`.

    `nothing_to_pay` when there is none, `changed_meanwhile` when somebody else gathered the same at this instant.
    """
    by.require(PERMISSION)
    with transaction.atomic():
        rewards = list(payable().filter(currency=currency).select_for_update(of=("self",))[:MOST])
        if not rewards:
            raise RewardRefused("nothing_to_pay", f"No cash reward in {currency} waits to be paid.")
        total = sum((reward.amount or Decimal(0) for reward in rewards), Decimal(0))
        batch = Batch.objects.create(currency=currency, total=total, count=len(rewards), created_at=at, created_by=by.name)
        try:
            with transaction.atomic():
                Line.objects.bulk_create(
                    Line(batch=batch, reward=reward, round=reward.round, amount=reward.amount or Decimal(0)) for reward in rewards
                )
        except IntegrityError:
            raise RewardRefused(
                "changed_meanwhile", "Somebody else gathered these a moment ago. Look at the newest batch."
            ) from None
        trail.record("batch.gathered", about=batch, by=by, at=at, number=len(rewards), total=f"{total} {currency}")
    return batch


def mark_sent(*, batch: Batch, at: datetime, by: Actor) -> Batch:
    """The file was fetched for the bank. From then on a reward taken back stays in it. A second call changes nothing."""
    by.require(PERMISSION)
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch.pk)
        if batch.state != BatchState.OPEN:
            return batch
        move(batch, to=BatchState.SENT, moves=BATCH_MOVES, refusal=RewardRefused, sent_at=at)
        trail.record("batch.sent", about=batch, by=by, at=at, number=payments(batch).count())
    return batch


def payments(batch: Batch) -> QuerySet[Line]:
    """The payments the file of a batch names: all but those taken out before it was fetched."""
    rows = batch.lines.exclude(state=LineState.WITHDRAWN)
    return rows.select_related("reward__beneficiary", "reward__tier", "reward__referral__campaign")


def rows_of(batch: Batch) -> Iterator[tuple[object, ...]]:
    """The lines of the file, in the order of `HEADER`."""
    for line in payments(batch):
        person = line.reward.beneficiary
        purpose = f"{line.reward.referral.campaign.name}: {line.reward.tier.title}"
        yield (line.reference, person.external_id, person.name, line.amount, batch.currency, purpose[:140])


def reconcile(*, batch: Batch, told: Sequence[Told], at: datetime, by: Actor) -> Report:
    """Settle what the bank tells about a batch: paid, or not paid with a reason. The same file again changes nothing.

    What does not fit (unknown payment, other amount, other answer than before) is reported and left alone.
    """
    by.require(PERMISSION)
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch.pk)
        lines = {
            line.reference: line
            for line in batch.lines.select_related("reward__referral__campaign", "reward__beneficiary", "batch")
        }
        answers = [_settle(lines, one, at) for one in told]
        mismatches = [answer for answer in answers if isinstance(answer, Mismatch)]
        open_ones = batch.lines.filter(state=LineState.WAITING).count()
        if not open_ones and batch.state != BatchState.SETTLED:
            move(batch, to=BatchState.SETTLED, moves=BATCH_MOVES, refusal=RewardRefused, settled_at=at)
        report = Report(answers.count("paid"), answers.count("failed"), answers.count("already"), open_ones, mismatches)
        trail.record(
            "batch.reconciled", about=batch, by=by, at=at, paid=report.paid, failed=report.failed, wrong=len(mismatches),
            open=open_ones,
        )  # fmt: skip
    return report


def paid_total(batch: Batch) -> Decimal:
    """What of a batch was paid."""
    total: Decimal | None = batch.lines.filter(state=LineState.PAID).aggregate(total=Sum(F("amount")))["total"]
    return total or Decimal(0)


def _settle(lines: Mapping[str, Line], told: Told, at: datetime) -> str | Mismatch:
    """Settle one line: `paid`, `failed` or `already`, or why it does not fit."""
    line = lines.get(told.payment.strip())
    to = _state(told.status)
    problem = _problem(line, told, to)
    if problem or line is None or to is None:
        return Mismatch(told.number, told.payment, problem)
    if line.state == to:
        return "already"
    try:
        with transaction.atomic():
            reason = "" if to == LineState.PAID else (told.reason.strip() or "The bank gave no reason.")[:200]
            move(line, to=to, moves=LINE_MOVES, refusal=RewardRefused, reason=reason, settled_at=at)
            if to == LineState.PAID:
                ledger.post_payout(line=line, at=at)
    except IntegrityError:
        return Mismatch(
            told.number, told.payment, "This reward is in a later batch already. Ask the bank whether it was paid twice."
        )
    return str(to)


def _problem(line: Line | None, told: Told, to: LineState | None) -> str:
    if line is None:
        return "There is no such payment in this batch."
    if to is None:
        return f"“{told.status}” is no answer we know. Write paid or failed."
    if told.amount.strip() and _amount(told.amount) != line.amount:
        return f"The amount is {told.amount}; we asked for {line.amount}."
    if line.state != to and to not in LINE_MOVES[LineState(line.state)]:
        return f"It was “{line.get_state_display().lower()}” before. Ask the bank which is right."
    return ""


def _state(word: str) -> LineState | None:
    word = word.strip().casefold()
    return LineState.PAID if word in PAID_WORDS else LineState.FAILED if word in FAILED_WORDS else None


def _amount(text: str) -> Decimal | None:
    plain = text.strip().replace(" ", "")
    if "," in plain and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        return Decimal(plain.replace(",", "")).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
