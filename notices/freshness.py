"""Whether a message that waited is still worth sending: after an outage of mail nobody gets a burst of what was true last week."""

from datetime import datetime, timedelta

from notices.kinds import KINDS
from notices.models import Notice


def too_late(notice: Notice, *, at: datetime) -> str:
    """Why `notice` is no longer to be sent at `at`, in words; empty while it is. A kind without a limit, or one of yesterday's code, never is late."""
    kind = KINDS.get(notice.kind)
    if kind is None or kind.fresh_days is None or at <= notice.created_at + timedelta(days=kind.fresh_days):
        return ""
    days = "a day" if kind.fresh_days == 1 else f"{kind.fresh_days} days"
    return f"it waited longer than {days}, and what it says is no longer news"
