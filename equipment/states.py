"""States of units and loans: words, labels, badge tones, and the one table of allowed moves."""

from django.db.models import TextChoices


class Service(TextChoices):
    """Whether a unit can be lent at all. Who has it is never stored here: that follows from the open loan."""

    IN_SERVICE = "in_service", "In service"
    QUARANTINE = "quarantine", "Quarantine"
    REPAIR = "repair", "In repair"
    MISSING = "missing", "Missing"
    RETIRED = "retired", "Retired"


SERVICE_TONES = {
    Service.IN_SERVICE: "ok",
    Service.QUARANTINE: "warn",
    Service.REPAIR: "warn",
    Service.MISSING: "bad",
    Service.RETIRED: "plain",
}
SERVICE_MOVES: dict[Service, frozenset[Service]] = {
    Service.IN_SERVICE: frozenset({Service.QUARANTINE, Service.REPAIR, Service.MISSING, Service.RETIRED}),
    Service.QUARANTINE: frozenset({Service.IN_SERVICE, Service.REPAIR, Service.RETIRED}),
    Service.REPAIR: frozenset({Service.IN_SERVICE, Service.RETIRED}),
    Service.MISSING: frozenset({Service.IN_SERVICE, Service.QUARANTINE, Service.RETIRED}),
    Service.RETIRED: frozenset(),
}
SERVICE_TERMINAL = frozenset({Service.RETIRED})


class LoanState(TextChoices):
    """The life of one promise of one unit. Overdue is derived, never a state."""

    WAITLISTED = "waitlisted", "In the queue"
    HELD = "held", "Held"
    UNLOCKED = "unlocked", "Unlocked"
    READY = "ready", "Ready for hand-over"
    ON_LOAN = "on_loan", "On loan"
    RETURNED = "returned", "Returned, to inspect"
    UNRESOLVED = "unresolved", "Back, not fine"
    CLOSED = "closed", "Closed"
    EXPIRED = "expired", "Hold expired"
    DECLINED = "declined", "Declined by the borrower"
    NO_SHOW = "no_show", "Not collected"
    CANCELLED = "cancelled", "Cancelled"
    LOST = "lost", "Lost"


S = LoanState
LOAN_TONES = {
    S.WAITLISTED: "info", S.HELD: "info", S.UNLOCKED: "ok", S.READY: "ok", S.ON_LOAN: "ok", S.RETURNED: "warn",
    S.UNRESOLVED: "bad", S.CLOSED: "plain", S.EXPIRED: "plain", S.DECLINED: "plain", S.NO_SHOW: "warn",
    S.CANCELLED: "plain", S.LOST: "bad",
}  # fmt: skip
LOAN_MOVES: dict[LoanState, frozenset[LoanState]] = {
    S.WAITLISTED: frozenset({S.HELD, S.CANCELLED}),
    S.HELD: frozenset({S.UNLOCKED, S.EXPIRED, S.CANCELLED}),
    S.UNLOCKED: frozenset({S.READY, S.DECLINED, S.CANCELLED}),
    S.READY: frozenset({S.UNLOCKED, S.READY, S.ON_LOAN, S.DECLINED, S.NO_SHOW, S.CANCELLED}),
    S.ON_LOAN: frozenset({S.ON_LOAN, S.RETURNED, S.LOST}),
    S.RETURNED: frozenset({S.CLOSED, S.UNRESOLVED, S.ON_LOAN}),
    S.UNRESOLVED: frozenset({S.CLOSED}),
    S.LOST: frozenset({S.RETURNED}),
    S.CLOSED: frozenset(),
    S.EXPIRED: frozenset(),
    S.DECLINED: frozenset(),
    S.NO_SHOW: frozenset(),
    S.CANCELLED: frozenset(),
}
LOAN_TERMINAL = frozenset({S.CLOSED, S.EXPIRED, S.DECLINED, S.NO_SHOW, S.CANCELLED})
GIVEN_UP = frozenset({S.EXPIRED, S.DECLINED, S.NO_SHOW, S.CANCELLED})
"""States of a loan that ended before any unit was handed over."""
CONSUMING = frozenset({S.HELD, S.UNLOCKED, S.READY, S.ON_LOAN, S.RETURNED, S.UNRESOLVED})
"""States that take a unit out of the pool's free capacity."""
PRESENT = frozenset({S.READY, S.ON_LOAN, S.RETURNED, S.UNRESOLVED})
"""States in which a named unit is pinned to the loan; a unit is in at most one of these."""


class Grade(TextChoices):
    """Condition of a unit as seen at hand-over or return."""

    AS_NEW = "as_new", "As new"
    GOOD = "good", "Good"
    WORN = "worn", "Worn"
    DAMAGED = "damaged", "Damaged"


class Missing(TextChoices):
    """How it stands with something that did not come back with its unit."""

    MISSING = "missing", "Still missing"
    RETURNED = "returned", "Came back"
    SETTLED = "settled", "Settled"
    MISTAKEN = "mistaken", "Noted by mistake"


MISSING_TONES = {Missing.MISSING: "bad", Missing.RETURNED: "ok", Missing.SETTLED: "plain", Missing.MISTAKEN: "plain"}
MISSING_MOVES: dict[Missing, frozenset[Missing]] = {
    Missing.MISSING: frozenset({Missing.RETURNED, Missing.SETTLED, Missing.MISTAKEN}),
    Missing.RETURNED: frozenset(),
    Missing.SETTLED: frozenset(),
    Missing.MISTAKEN: frozenset(),
}
MISSING_TERMINAL = frozenset({Missing.RETURNED, Missing.SETTLED, Missing.MISTAKEN})


class Wish(TextChoices):
    """What a borrower can want of the desk while they have something."""

    RETURN = "return", "Bring it back on a day"
    EXTENSION = "extension", "Keep it longer"
    PROBLEM = "problem", "Report a problem"


class RequestState(TextChoices):
    """What became of something a borrower asked."""

    OPEN = "open", "Waits for an answer"
    AGREED = "agreed", "Agreed"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Taken back"


REQUEST_TONES = {
    RequestState.OPEN: "warn", RequestState.AGREED: "ok", RequestState.DECLINED: "bad", RequestState.WITHDRAWN: "plain",
}  # fmt: skip
REQUEST_MOVES: dict[RequestState, frozenset[RequestState]] = {
    RequestState.OPEN: frozenset({RequestState.AGREED, RequestState.DECLINED, RequestState.WITHDRAWN}),
    RequestState.AGREED: frozenset({RequestState.DECLINED, RequestState.WITHDRAWN}),
    RequestState.DECLINED: frozenset(),
    RequestState.WITHDRAWN: frozenset(),
}
REQUEST_TERMINAL = frozenset({RequestState.DECLINED, RequestState.WITHDRAWN})
