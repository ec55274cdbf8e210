"""A referral has two axes, never one: how far it got, and whether it may be trusted."""

from django.db.models import TextChoices


class CodeState(TextChoices):
    """Whether a code works."""

    ACTIVE = "active", "Active"
    PAUSED = "paused", "Paused"
    REVOKED = "revoked", "Revoked"


CODE_TONES = {CodeState.ACTIVE: "ok", CodeState.PAUSED: "warn", CodeState.REVOKED: "bad"}
CODE_MOVES: dict[CodeState, frozenset[CodeState]] = {
    CodeState.ACTIVE: frozenset({CodeState.PAUSED, CodeState.REVOKED}),
    CodeState.PAUSED: frozenset({CodeState.ACTIVE, CodeState.REVOKED}),
    CodeState.REVOKED: frozenset(),
}
CODE_TERMINAL = frozenset({CodeState.REVOKED})


class CodeBasis(TextChoices):
    """Why a customer has a code."""

    RULES = "rules", "Meets the rules"
    JOINED = "joined", "Joined through this campaign"


class Progress(TextChoices):
    """How far a referral got."""

    SIGNED_UP = "signed_up", "Signed up"
    VERIFIED = "verified", "Verified"
    QUALIFIED = "qualified", "Qualified"
    EXPIRED = "expired", "Expired"


PROGRESS_TONES = {Progress.SIGNED_UP: "info", Progress.VERIFIED: "info", Progress.QUALIFIED: "ok", Progress.EXPIRED: "plain"}
PROGRESS_MOVES: dict[Progress, frozenset[Progress]] = {
    Progress.SIGNED_UP: frozenset({Progress.VERIFIED, Progress.EXPIRED}),
    Progress.VERIFIED: frozenset({Progress.QUALIFIED, Progress.EXPIRED}),
    Progress.QUALIFIED: frozenset(),
    Progress.EXPIRED: frozenset(),
}
PROGRESS_TERMINAL = frozenset({Progress.QUALIFIED, Progress.EXPIRED})


class Standing(TextChoices):
    """Whether a referral may release a reward."""

    CLEAR = "clear", "Clear"
    FLAGGED = "flagged", "To be looked at"
    BLOCKED = "blocked", "Blocked"


STANDING_TONES = {Standing.CLEAR: "ok", Standing.FLAGGED: "warn", Standing.BLOCKED: "bad"}
STANDING_MOVES: dict[Standing, frozenset[Standing]] = {
    Standing.CLEAR: frozenset({Standing.FLAGGED, Standing.BLOCKED}),
    Standing.FLAGGED: frozenset({Standing.CLEAR, Standing.BLOCKED}),
    Standing.BLOCKED: frozenset({Standing.CLEAR}),
}
STANDING_TERMINAL: frozenset[Standing] = frozenset()


class OfferState(TextChoices):
    """The life of an offer of something else than what was promised."""

    OFFERED = "offered", "Offered"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    LAPSED = "lapsed", "No answer in time"


OFFER_TONES = {OfferState.OFFERED: "info", OfferState.ACCEPTED: "ok", OfferState.DECLINED: "plain", OfferState.LAPSED: "plain"}
OFFER_MOVES: dict[OfferState, frozenset[OfferState]] = {
    OfferState.OFFERED: frozenset({OfferState.ACCEPTED, OfferState.DECLINED, OfferState.LAPSED}),
    OfferState.ACCEPTED: frozenset(),
    OfferState.DECLINED: frozenset(),
    OfferState.LAPSED: frozenset(),
}
OFFER_TERMINAL = frozenset({OfferState.ACCEPTED, OfferState.DECLINED, OfferState.LAPSED})


class ConversionKind(TextChoices):
    """What a customer did that counts."""

    SIGNUP = "signup", "Sign-up"
    VERIFICATION = "verification", "Verification"
    ACTIVATION = "activation", "Activation"
    PURCHASE = "purchase", "Purchase"
    REFUND = "refund", "Refund"


class StoryState(TextChoices):
    """Whether a customer's story is shown to friends."""

    SUBMITTED = "submitted", "To be read"
    PUBLISHED = "published", "Published"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


STORY_TONES = {
    StoryState.SUBMITTED: "warn",
    StoryState.PUBLISHED: "ok",
    StoryState.DECLINED: "bad",
    StoryState.WITHDRAWN: "plain",
}
STORY_MOVES: dict[StoryState, frozenset[StoryState]] = {
    StoryState.SUBMITTED: frozenset({StoryState.PUBLISHED, StoryState.DECLINED, StoryState.WITHDRAWN}),
    StoryState.PUBLISHED: frozenset({StoryState.DECLINED, StoryState.WITHDRAWN}),
    StoryState.DECLINED: frozenset({StoryState.WITHDRAWN}),
    StoryState.WITHDRAWN: frozenset(),
}
STORY_TERMINAL = frozenset({StoryState.WITHDRAWN})


class FeedbackStep(TextChoices):
    """What a customer is asked about."""

    JOINING = "joining", "Joining"
    INVITING = "inviting", "Inviting friends"
    COLLECTING = "collecting", "Collecting"
    BORROWING = "borrowing", "Using it"
    RETURNING = "returning", "Bringing it back"


class HelpState(TextChoices):
    """Whether a customer's question is answered."""

    OPEN = "open", "Open"
    ANSWERED = "answered", "Answered"


HELP_TONES = {HelpState.OPEN: "warn", HelpState.ANSWERED: "ok"}
HELP_MOVES: dict[HelpState, frozenset[HelpState]] = {
    HelpState.OPEN: frozenset({HelpState.ANSWERED}),
    HelpState.ANSWERED: frozenset(),
}
HELP_TERMINAL = frozenset({HelpState.ANSWERED})


class MailingState(TextChoices):
    """How far news to many has come."""

    RUNNING = "running", "Being written"
    DONE = "done", "Done"
    STOPPED = "stopped", "Stopped"


MAILING_TONES = {MailingState.RUNNING: "info", MailingState.DONE: "ok", MailingState.STOPPED: "plain"}
MAILING_MOVES: dict[MailingState, frozenset[MailingState]] = {
    MailingState.RUNNING: frozenset({MailingState.DONE, MailingState.STOPPED}),
    MailingState.DONE: frozenset(),
    MailingState.STOPPED: frozenset(),
}
MAILING_TERMINAL = frozenset({MailingState.DONE, MailingState.STOPPED})
