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
    EXPIRED = "expired", "Expired, not claimed"


R = RewardState
REWARD_TONES = {
    R.PENDING: "info", R.HELD: "warn", R.APPROVED: "ok", R.FULFILLED: "ok", R.REJECTED: "bad", R.CANCELLED: "plain",
    R.REVOKED: "bad", R.FAILED: "bad", R.EXPIRED: "plain",
}  # fmt: skip
REWARD_MOVES: dict[RewardState, frozenset[RewardState]] = {
    R.PENDING: frozenset({R.APPROVED, R.HELD, R.CANCELLED}),
    R.HELD: frozenset({R.APPROVED, R.REJECTED, R.CANCELLED}),
    R.APPROVED: frozenset({R.FULFILLED, R.HELD, R.CANCELLED, R.FAILED}),
    R.FULFILLED: frozenset({R.REVOKED, R.EXPIRED}),
    R.REJECTED: frozenset({R.HELD}),
    R.CANCELLED: frozenset({R.HELD}),
    R.REVOKED: frozenset({R.HELD}),
    R.FAILED: frozenset({R.HELD}),
    R.EXPIRED: frozenset({R.HELD}),
}
REWARD_TERMINAL = frozenset({R.REJECTED, R.CANCELLED, R.REVOKED, R.FAILED, R.EXPIRED})
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
    R.EXPIRED: "This reward was not used in time and has expired.",
}


class EntryKind(TextChoices):
    """What a movement in the accounts is."""

    GRANT = "grant", "Given"
    REVERSAL = "reversal", "Taken back"
    REDEMPTION = "redemption", "Redeemed"
    EXPIRY = "expiry", "Expired"
    SETTLEMENT = "settlement", "Set off against what was owed"
    PAYOUT = "payout", "Paid out"


class AppealState(TextChoices):
    """Where a customer's objection stands."""

    OPEN = "open", "To be answered"
    UPHELD = "upheld", "The decision stays"
    OVERTURNED = "overturned", "The decision was changed"


APPEAL_TONES = {AppealState.OPEN: "warn", AppealState.UPHELD: "plain", AppealState.OVERTURNED: "ok"}
APPEAL_MOVES: dict[AppealState, frozenset[AppealState]] = {
    AppealState.OPEN: frozenset({AppealState.UPHELD, AppealState.OVERTURNED}),
    AppealState.UPHELD: frozenset(),
    AppealState.OVERTURNED: frozenset(),
}
APPEAL_TERMINAL = frozenset({AppealState.UPHELD, AppealState.OVERTURNED})


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


class BatchState(TextChoices):
    """Where a batch of payments stands."""

    OPEN = "open", "To be paid"
    SENT = "sent", "Fetched for the bank"
    SETTLED = "settled", "Settled"


BATCH_TONES = {BatchState.OPEN: "warn", BatchState.SENT: "info", BatchState.SETTLED: "ok"}
BATCH_MOVES: dict[BatchState, frozenset[BatchState]] = {
    BatchState.OPEN: frozenset({BatchState.SENT, BatchState.SETTLED}),
    BatchState.SENT: frozenset({BatchState.SETTLED}),
    BatchState.SETTLED: frozenset(),
}
BATCH_TERMINAL = frozenset({BatchState.SETTLED})


class LineState(TextChoices):
    """Where one payment stands."""

    WAITING = "waiting", "On its way"
    PAID = "paid", "Paid"
    FAILED = "failed", "Not paid"
    WITHDRAWN = "withdrawn", "Taken out"


LINE_TONES = {LineState.WAITING: "info", LineState.PAID: "ok", LineState.FAILED: "bad", LineState.WITHDRAWN: "plain"}
LINE_MOVES: dict[LineState, frozenset[LineState]] = {
    LineState.WAITING: frozenset({LineState.PAID, LineState.FAILED, LineState.WITHDRAWN}),
    LineState.PAID: frozenset(),
    LineState.FAILED: frozenset({LineState.PAID}),
    LineState.WITHDRAWN: frozenset({LineState.PAID}),
}
LINE_TERMINAL = frozenset({LineState.PAID, LineState.FAILED, LineState.WITHDRAWN})


class Cause(TextChoices):
    """What takes a reward back by itself."""

    REFUND = "refund", "A purchase was refunded"
    BLOCKED = "blocked", "The referral was blocked"
    LAPSE = "lapse", "A membership lapsed"
