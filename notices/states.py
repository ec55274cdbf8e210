"""States of notices and templates, and the channels."""

from django.db.models import TextChoices


class Channel(TextChoices):
    """How a notice travels."""

    EMAIL = "email", "E-mail"
    SMS = "sms", "SMS"


class NoticeState(TextChoices):
    """The life of one message."""

    QUEUED = "queued", "Waiting"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    DELIVERED = "delivered", "Delivered"
    BOUNCED = "bounced", "Bounced"
    SUPPRESSED = "suppressed", "Not sent"
    FAILED = "failed", "Refused by the mail server"
    DEAD = "dead", "Given up"
    BUNDLED = "bundled", "In another message"


N = NoticeState
NOTICE_TONES: dict[str, str] = {
    N.QUEUED: "info", N.SENDING: "info", N.SENT: "ok", N.DELIVERED: "ok", N.BOUNCED: "bad", N.SUPPRESSED: "plain",
    N.FAILED: "bad", N.DEAD: "bad", N.BUNDLED: "plain",
}  # fmt: skip
NOTICE_MOVES: dict[NoticeState, frozenset[NoticeState]] = {
    N.QUEUED: frozenset({N.SENDING, N.SUPPRESSED}),
    N.SENDING: frozenset({N.SENT, N.QUEUED, N.FAILED, N.DEAD}),
    N.SENT: frozenset({N.DELIVERED, N.BOUNCED}),
    N.DELIVERED: frozenset({N.BOUNCED}),
    N.BOUNCED: frozenset(),
    N.SUPPRESSED: frozenset({N.QUEUED}),
    N.FAILED: frozenset({N.QUEUED}),
    N.DEAD: frozenset({N.QUEUED}),
    N.BUNDLED: frozenset(),
}
NOTICE_TERMINAL = frozenset({N.BOUNCED, N.BUNDLED})


class EventKind(TextChoices):
    """What a provider tells about a message, or somebody answers to one."""

    DELIVERED = "delivered", "Delivered"
    BOUNCED = "bounced", "Came back"
    DEFERRED = "deferred", "Delayed"
    COMPLAINED = "complained", "Called spam by the reader"
    UNSUBSCRIBED = "unsubscribed", "Unsubscribed at the provider"
    STOPPED = "stopped", "Answered stop"
    STARTED = "started", "Answered start"
    ASKED = "asked", "Asked for help"
    REPLIED = "replied", "Answered something else"


class EventState(TextChoices):
    """What became of what a provider told."""

    WAITING = "waiting", "To be applied"
    APPLIED = "applied", "Applied"
    IGNORED = "ignored", "Changes nothing"
    FOR_PERSON = "for_person", "To be read"
    SETTLED = "settled", "Read"


E = EventState
EVENT_TONES: dict[str, str] = {E.WAITING: "info", E.APPLIED: "ok", E.IGNORED: "plain", E.FOR_PERSON: "warn", E.SETTLED: "ok"}
EVENT_MOVES: dict[EventState, frozenset[EventState]] = {
    E.WAITING: frozenset({E.APPLIED, E.IGNORED, E.FOR_PERSON}),
    E.FOR_PERSON: frozenset({E.SETTLED}),
    E.APPLIED: frozenset(),
    E.IGNORED: frozenset(),
    E.SETTLED: frozenset(),
}
EVENT_TERMINAL = frozenset({E.APPLIED, E.IGNORED, E.SETTLED})


class TemplateState(TextChoices):
    """Whether a template may be sent."""

    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"


TEMPLATE_TONES: dict[str, str] = {TemplateState.DRAFT: "plain", TemplateState.PUBLISHED: "ok"}
TEMPLATE_MOVES = {TemplateState.DRAFT: frozenset({TemplateState.PUBLISHED}), TemplateState.PUBLISHED: frozenset[TemplateState]()}
TEMPLATE_TERMINAL = frozenset({TemplateState.PUBLISHED})
