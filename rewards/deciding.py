"""A person's decision about a reward: approve, decline, ask for more, and undo within a minute.

Nothing follows from a decision before that minute is over: what is approved is given (`fulfilling`), what is declined is
told and released (`telling`) by sweeps that wait for it. So an undone decision has done nothing, and needs nothing taken back.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from audit import trail
from audit.actors import Actor
from audit.naming import titled
from desk.moves import move
from referrals.models import Referral
from referrals.states import Standing
from rewards import budget, granting, messages
from rewards.models import Approval, Reward
from rewards.refusals import RewardRefused
from rewards.states import REWARD_MOVES, Decision, RewardState

UNDO_FOR = timedelta(minutes=1)
"""How long a person can take a decision back, and how long everything that follows from it waits."""

_DID = {
    Decision.APPROVED: "approved this reward",
    Decision.DECLINED: "declined this reward",
    Decision.ASKED: "asked the customer for more",
    Decision.UNDONE: "undid the decision about this reward",
}

_NOW = {
    RewardState.PENDING: "It is being checked.",
    RewardState.HELD: "It still waits for a decision: look again, then decide.",
    RewardState.APPROVED: "It goes out by itself; there is nothing left to decide.",
    RewardState.FULFILLED: "It has been given; there is nothing left to decide.",
    RewardState.REJECTED: "The customer is told; there is nothing left to decide.",
    RewardState.CANCELLED: "It was cancelled since.",
    RewardState.REVOKED: "It was taken back since.",
    RewardState.FAILED: "It failed since. Open the reward's page.",
    RewardState.EXPIRED: "It expired since.",
}


def version_of(reward: Reward, newest: Approval | None) -> str:
    """What a form carries to say which state of things its reader saw: the state, and the newest decision."""
    return f"{reward.state}-{newest.pk if newest else 0}"


def approve(*, reward: Reward, at: datetime, by: Actor, note: str = "", seen: str = "") -> None:
    """Let a held reward go out, a minute from now. The referral must be clear, and the budget must cover it.

    With `seen` (see `version_of`) it is refused when somebody decided since. Raises `PermissionDenied`, or `RewardRefused` with
    `referral_not_clear`, `budget_reached`, `wrong_state`, `changed_meanwhile`.
    """
    by.require("rewards.decide_reward")
    with transaction.atomic():
        waited_for = _lock(reward, seen)
        _refuse_unreviewed(reward)
        given = _claim_budget(reward, at)
        move(
            reward, to=RewardState.APPROVED, moves=REWARD_MOVES, refusal=RewardRefused,
            approved_at=at, undo_until=at + UNDO_FOR, is_budgeted=True, reason=(note or "Approved by a person.")[:300], **given,
        )  # fmt: skip
        _note(reward, Decision.APPROVED, note, at, by, waited_for)
        trail.record("reward.approved", about=reward, by=by, at=at, reason=note, concerns=concerns(reward))


def decline(*, reward: Reward, note: str, at: datetime, by: Actor, seen: str = "") -> None:
    """Refuse a held reward; `note` is what the customer will read, and is required.

    The customer is told a minute from now, and then what was held for it is given back (`telling.carry_out_decline`).
    Refuses with `note_missing`, `wrong_state`, `changed_meanwhile`.
    """
    by.require("rewards.decide_reward")
    if not note.strip():
        raise RewardRefused("note_missing", "Write the note the customer will read: say which criterion was not met.")
    with transaction.atomic():
        waited_for = _lock(reward, seen)
        move(
            reward, to=RewardState.REJECTED, moves=REWARD_MOVES, refusal=RewardRefused,
            undo_until=at + UNDO_FOR, reason=note[:300],
        )  # fmt: skip
        _note(reward, Decision.DECLINED, note, at, by, waited_for)
        trail.record(
            "reward.declined", about=reward, by=by, at=at, reason="The note is with the reward.", concerns=concerns(reward)
        )


def ask(*, reward: Reward, note: str, at: datetime, by: Actor, seen: str = "") -> None:
    """Ask the customer for what is missing, in the words of `note`; the reward goes on waiting, marked with the date.

    Refuses with `note_missing`, `not_waiting`, `changed_meanwhile`.
    """
    by.require("rewards.decide_reward")
    if not note.strip():
        raise RewardRefused("note_missing", "Write what is missing: the customer reads exactly this.")
    with transaction.atomic():
        waited_for = _lock(reward, seen)
        if not Reward.objects.filter(pk=reward.pk, state=RewardState.HELD).update(asked_at=at):
            raise RewardRefused("not_waiting", "This reward waits for nobody any more, so there is nothing to ask.")
        reward.asked_at = at
        asked = _note(reward, Decision.ASKED, note, at, by, waited_for)
        trail.record(
            "reward.asked", about=reward, by=by, at=at, reason="The question is with the reward.", concerns=concerns(reward)
        )
        messages.say_asked(reward, asked, at)


def undo(*, reward: Reward, at: datetime, by: Actor) -> None:
    """Take a decision back within its minute: the reward waits again, as if nothing had been decided.

    Refuses with `already_given` what is fulfilled, with `nothing_to_undo` what nobody decided, with `too_late` after the minute.
    """
    by.require("rewards.decide_reward")
    with transaction.atomic():
        row = Reward.objects.select_for_update(of=("self",)).select_related("referral__campaign", "beneficiary").get(pk=reward.pk)
        decided = _undoable(row, at)
        move(
            row, to=RewardState.HELD, moves=REWARD_MOVES, refusal=RewardRefused, undo_until=None, approved_at=None,
            reason=decided.waited_for or "The decision was undone.",
        )  # fmt: skip
        _note(row, Decision.UNDONE, "", at, by, row.reason)
        said = decided.get_decision_display().lower()
        trail.record("reward.undone", about=row, by=by, at=at, concerns=concerns(row), decision=said)
    reward.refresh_from_db()


def reopen(*, reward: Reward, reason: str, at: datetime, by: Actor) -> None:
    """Put a reward that ended back on a person's desk. Every end has this way back.

    Refuses with `reason_missing`, `wrong_state`, and `referral_blocked`: what a blocked referral gave would be taken back again.
    """
    by.require("rewards.revoke_reward")
    if not reason.strip():
        raise RewardRefused("reason_missing", "Say why this reward is looked at again; the reason stays on the trail.")
    with transaction.atomic():
        _refuse_blocked(reward)
        move(
            reward, to=RewardState.HELD, moves=REWARD_MOVES, refusal=RewardRefused, reason=reason[:300], undo_until=None, asked_at=None,
            round=F("round") + 1, claim_by=None,
        )  # fmt: skip
        reward.refresh_from_db(fields=["round"])
        trail.record("reward.reopened", about=reward, by=by, at=at, reason=reason, concerns=concerns(reward))


def newest_decision(reward: Reward) -> Approval | None:
    """The last thing a person said about it, or None."""
    return reward.approvals.order_by("at", "pk").last()


def concerns(reward: Reward) -> list[str]:
    """References of everything whose timeline shows what is decided about it."""
    return [reward.referral.reference, reward.beneficiary.reference, reward.referral.campaign.slug]


def in_words(decided: Approval) -> str:
    """Who decided what and when, such as “Ada Lind approved this reward on 22 Nov 2026, 14:05 UTC.”"""
    return f"{titled(decided.by)} {_DID[Decision(decided.decision)]} on {decided.at:%-d %b %Y, %H:%M} UTC."


def _lock(reward: Reward, seen: str) -> str:
    """Hold the row until the decision is taken; answer why it waits. Refuses what somebody else decided since it was `seen`."""
    state, reason = Reward.objects.select_for_update().values_list("state", "reason").get(pk=reward.pk)
    reward.state, reward.reason = state, reason
    newest = newest_decision(reward)
    if newest is not None and (state != RewardState.HELD or (seen and seen != version_of(reward, newest))):
        raise RewardRefused("changed_meanwhile", f"{in_words(newest)} {_NOW[RewardState(state)]}")
    return reason


def _undoable(row: Reward, at: datetime) -> Approval:
    """The decision that can be undone now."""
    decided = newest_decision(row)
    if row.state == RewardState.FULFILLED:
        raise RewardRefused("already_given", "This reward has been given already. Take it back on its page, with a reason.")
    if decided is None or row.undo_until is None or row.state not in (RewardState.APPROVED, RewardState.REJECTED):
        raise RewardRefused("nothing_to_undo", "There is no fresh decision about this reward that could be undone.")
    if at >= row.undo_until:
        raise RewardRefused(
            "too_late", "The minute for undoing is over: what follows from the decision is under way. Open the reward's page."
        )
    return decided


def _note(reward: Reward, decision: Decision, note: str, at: datetime, by: Actor, waited_for: str) -> Approval:
    return Approval.objects.create(
        reward=reward, decision=decision, note=note[:300], by=by.name, at=at, waited_for=waited_for[:300]
    )  # fmt: skip


def _refuse_blocked(reward: Reward) -> None:
    if Referral.objects.filter(pk=reward.referral_id, standing=Standing.BLOCKED).exists():
        raise RewardRefused(
            "referral_blocked",
            "The referral behind this reward is blocked. Clear the referral first, then look at the reward again.",
        )


def _refuse_unreviewed(reward: Reward) -> None:
    standing = Referral.objects.values_list("standing", flat=True).get(pk=reward.referral_id)
    if standing != Standing.CLEAR:
        raise RewardRefused(
            "referral_not_clear", "The referral behind this reward is flagged or blocked. Review the referral first."
        )


def _claim_budget(reward: Reward, at: datetime) -> dict[str, Any]:
    """Commit what is not committed yet; answers the columns that changed where the last reward was made smaller."""
    if reward.is_budgeted:
        return {}
    claim = budget.claim(reward)
    if claim.refused:
        raise RewardRefused("budget_reached", f"{claim.refused} Raise the limit of the campaign first.")
    if claim.reached:
        granting.pause_at_limit(reward.referral.campaign, claim.reached, at)
    return {"amount": claim.amount, "cost": claim.cost}
