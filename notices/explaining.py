"""Why a message was sent, or why it was not, in one sentence."""

from datetime import datetime

from desk.clock import moment
from notices.models import Notice
from notices.states import NoticeState


def sentence_of(notice: Notice) -> str:
    """What became of it and why; for one that was not sent also what can be done."""
    basis = (
        "with the customer's consent to news and offers" if notice.is_marketing else "as a service message, which needs no consent"
    )
    why = notice.reason.rstrip(".") or "no reason was noted"
    times = f"{notice.attempts} attempt{'' if notice.attempts == 1 else 's'}"
    return {
        NoticeState.QUEUED: f"Waits to be sent, {basis}. Next attempt: {_when(notice.next_attempt_at)}.{_by_day(notice)}",
        NoticeState.SENDING: f"Is being sent now, {basis}.",
        NoticeState.SENT: f"Handed to the mail server on {_when(notice.sent_at)}, {basis}.",
        NoticeState.DELIVERED: f"Delivered; sent on {_when(notice.sent_at)}, {basis}.",
        NoticeState.BOUNCED: f"Came back: {why}. Correct the address on the customer's page.",
        NoticeState.SUPPRESSED: f"Was not sent: {why}. When that is put right, send it again.",
        NoticeState.FAILED: f"The mail server refused it for good: {why}. Correct the address, then send it again.",
        NoticeState.BUNDLED: "Said in another message that went out at the same time.",
        NoticeState.DEAD: f"Given up after {times}: {why}. Send it again when mail works.",
    }[NoticeState(notice.state)]


def _by_day(notice: Notice) -> str:
    """Why news was not tried at once: it was written at night."""
    waits = notice.is_marketing and not notice.attempts and notice.next_attempt_at > notice.created_at
    return " News goes out by day only, where the customer lives." if waits else ""


def _when(instant: datetime | None) -> str:
    return moment(instant) if instant else "a day that is not known"
