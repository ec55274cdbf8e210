"""What staff can do with rewards: each move calls one verb and says what came of it."""

from datetime import datetime
from typing import Any

from django import forms

from audit.actors import Actor
from campaigns.states import RewardKind
from desk.admin.moves import Move, MoveForm, ReasonForm
from desk.columns import can_become, in_states
from rewards import deciding, fulfilling, revoking
from rewards.models import Reward
from rewards.states import REWARD_MOVES, RewardState

Data = dict[str, Any]


class NoteForm(MoveForm):
    """A note that may be left out."""

    note = forms.CharField(label="Note", required=False, max_length=300, help_text="Stays on the trail: name nobody.")


class QuestionForm(MoveForm):
    """What the customer is asked."""

    note = forms.CharField(
        label="What is missing", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The customer reads exactly this, and answers by mail.",
    )  # fmt: skip


class LetterForm(MoveForm):
    """What the customer will read."""

    note = forms.CharField(
        label="Note to the customer", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The customer reads exactly this. Say which criterion was not met.",
    )  # fmt: skip


class TakeBackForm(MoveForm):
    """Why a reward is taken back."""

    reason = forms.CharField(
        label="Why it is taken back", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The customer reads exactly this. A unit that is out is asked back.",
    )  # fmt: skip


def _approve(reward: Reward, data: Data, by: Actor, at: datetime) -> str:
    deciding.approve(reward=reward, note=data["note"], at=at, by=by)
    return "Approved. It goes out in a minute; until then you can undo it."


def _decline(reward: Reward, data: Data, by: Actor, at: datetime) -> str:
    deciding.decline(reward=reward, note=data["note"], at=at, by=by)
    return "Declined. The customer is told with your note in a minute; until then you can undo it."


def _ask(reward: Reward, data: Data, by: Actor, at: datetime) -> str:
    deciding.ask(reward=reward, note=data["note"], at=at, by=by)
    return "Asked. The reward goes on waiting, marked with today's date."


def _undo(reward: Reward, data: Data, by: Actor, at: datetime) -> str:
    deciding.undo(reward=reward, at=at, by=by)
    return "Undone: the reward waits for a decision again, and nobody was told anything."


def _reopen(reward: Reward, data: Data, by: Actor, at: datetime) -> str:
    deciding.reopen(reward=reward, reason=data["reason"], at=at, by=by)
    return "The reward waits for a person's decision again."


def _revoke(reward: Reward, data: Data, by: Actor, at: datetime) -> str:
    revoking.revoke(reward=reward, reason=data["reason"], at=at, by=by)
    return "The reward was taken back."


def _mark_sent(reward: Reward, data: Data, by: Actor, at: datetime) -> str:
    fulfilling.mark_sent(reward=reward, at=at, by=by)
    return "Noted as sent."


def _is_fresh(reward: Reward, at: datetime) -> bool:
    return reward.undo_until is not None and at < reward.undo_until


def _is_product_to_send(reward: Reward, at: datetime) -> bool:
    return reward.kind == RewardKind.PRODUCT and reward.state == RewardState.APPROVED


R = RewardState
APPROVE = Move("approve", "Approve", _approve, "rewards.decide_reward", in_states(R.HELD), NoteForm, "primary")
REWARD = (
    APPROVE,
    Move("decline", "Decline", _decline, "rewards.decide_reward", in_states(R.HELD), LetterForm, "danger"),
    Move("ask", "Ask for more", _ask, "rewards.decide_reward", in_states(R.HELD), QuestionForm),
    Move("undo", "Undo the decision", _undo, "rewards.decide_reward", _is_fresh, tone="primary"),
    Move("mark-sent", "The product was sent", _mark_sent, "rewards.decide_reward", _is_product_to_send, tone="primary"),
    Move(
        "reopen",
        "Look at it again",
        _reopen,
        "rewards.revoke_reward",
        in_states(R.REJECTED, R.CANCELLED, R.REVOKED, R.FAILED, R.EXPIRED),
        ReasonForm,
    ),
    Move("revoke", "Take back", _revoke, "rewards.revoke_reward", can_become(R.REVOKED, REWARD_MOVES), TakeBackForm, "danger"),
)
