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


N = NoticeState
NOTICE_TONES: dict[str, str] = {
    N.QUEUED: "info", N.SENDING: "info", N.SENT: "ok", N.DELIVERED: "ok", N.BOUNCED: "bad", N.SUPPRESSED: "plain",
    N.FAILED: "bad", N.DEAD: "bad",
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
}
NOTICE_TERMINAL = frozenset({N.BOUNCED})


class TemplateState(TextChoices):
    """Whether a template may be sent."""

    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"


TEMPLATE_TONES: dict[str, str] = {TemplateState.DRAFT: "plain", TemplateState.PUBLISHED: "ok"}
TEMPLATE_MOVES = {TemplateState.DRAFT: frozenset({TemplateState.PUBLISHED}), TemplateState.PUBLISHED: frozenset[TemplateState]()}
TEMPLATE_TERMINAL = frozenset({TemplateState.PUBLISHED})
