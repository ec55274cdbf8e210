"""States of a reward, with the sentence a customer reads in each."""

from django.db.models import TextChoices


class RewardState(TextChoices):
    """The life of a reward. It is screened before it can be approved, and approved before it can be fulfilled."""

    PENDING = "pending", "Being checked"
    HELD = "held", "Waiting for a person"
    APPROVED = "approved", "Approved"
    FULFILLED = "fulfilled", "Given"
    REJECTED = "rejected", "Declined"
    CANCELLED = "cancelled", "Cancelled"
    REVOKED = "revoked", "Taken back"
    FAILED = "failed", "Failed"


R = RewardState
REWARD_TONES = {
    R.PENDING: "info", R.HELD: "warn", R.APPROVED: "ok", R.FULFILLED: "ok", R.REJECTED: "bad", R.CANCELLED: "plain",
    R.REVOKED: "bad", R.FAILED: "bad",
}  # fmt: skip
REWARD_MOVES: dict[RewardState, frozenset[RewardState]] = {
    R.PENDING: frozenset({R.APPROVED, R.HELD, R.CANCELLED}),
    R.HELD: frozenset({R.APPROVED, R.REJECTED, R.CANCELLED}),
    R.APPROVED: frozenset({R.FULFILLED, R.HELD, R.CANCELLED, R.FAILED}),
    R.FULFILLED: frozenset({R.REVOKED}),
    R.REJECTED: frozenset({R.HELD}),
    R.CANCELLED: frozenset({R.HELD}),
    R.REVOKED: frozenset({R.HELD}),
    R.FAILED: frozenset({R.HELD}),
}
REWARD_TERMINAL = frozenset({R.REJECTED, R.CANCELLED, R.REVOKED, R.FAILED})
"""Ends of the way. Each has one recorded, permissioned way back: to a person's desk."""


class Decision(TextChoices):
    """What a person can say about a reward that waits."""

    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"
    ASKED = "asked", "Asked for more"
    UNDONE = "undone", "Undone"


DECISION_TONES = {Decision.APPROVED: "ok", Decision.DECLINED: "bad", Decision.ASKED: "info", Decision.UNDONE: "plain"}

CUSTOMER_SENTENCES = {
    R.PENDING: "We are checking this reward. You need do nothing.",
    R.HELD: "A person is looking at this reward. You need do nothing.",
    R.APPROVED: "This reward is yours. We are getting it ready.",
    R.FULFILLED: "This reward has been given to you.",
    R.REJECTED: "We could not give this reward.",
    R.CANCELLED: "This reward was cancelled.",
    R.REVOKED: "This reward was taken back.",
    R.FAILED: "Something went wrong with this reward. We are on it.",
}


class ExportState(TextChoices):
    """How far a copy of somebody's data is."""

    ASKED = "asked", "Being made"
    READY = "ready", "Ready"
    DELETED = "deleted", "Deleted"


EXPORT_TONES = {ExportState.ASKED: "info", ExportState.READY: "ok", ExportState.DELETED: "plain"}
EXPORT_MOVES: dict[ExportState, frozenset[ExportState]] = {
    ExportState.ASKED: frozenset({ExportState.READY, ExportState.DELETED}),
    ExportState.READY: frozenset({ExportState.DELETED}),
    ExportState.DELETED: frozenset(),
}
EXPORT_TERMINAL = frozenset({ExportState.DELETED})
