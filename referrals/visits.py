"""Recording visits: one row each, nothing stored on the visitor's device, no address kept."""

import hashlib
import hmac
import re
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from referrals.models import Code, Touch

_BOT = re.compile(r"bot|crawl|spider|slurp|preview|facebookexternalhit|whatsapp|curl|wget|python-|headlesschrome", re.IGNORECASE)
_CHANNELS = frozenset({"link", "email", "sms", "whatsapp", "social", "qr", "card", "typed"})


def record_visit(
    *,
    code: Code,
    at: datetime,
    channel: str = "link",
    referer: str = "",
    user_agent: str = "",
    address: str = "",
    is_typed: bool = False,
) -> Touch:
    """Store one touch of `code` and answer it. Never refuses: a strange channel is stored as a plain link."""
    return Touch.objects.create(
        code=code,
        at=at,
        channel=channel if channel in _CHANNELS else "link",
        referer_host=_host(referer),
        is_bot=is_bot(user_agent),
        is_typed=is_typed,
        visitor_hash=visitor_hash(address=address, user_agent=user_agent, at=at),
    )


def is_bot(user_agent: str) -> bool:
    """Whether a user agent says of itself that no person is looking."""
    return not user_agent or _BOT.search(user_agent) is not None


def visitor_hash(*, address: str, user_agent: str, at: datetime) -> str:
    """A word equal for the same visitor on the same UTC day only: HMAC-SHA256 under a key made of the day, 128 bits."""
    if not address:
        return ""
    key = hmac.new(settings.SECRET_KEY.encode(), f"visitor:{at:%Y-%m-%d}".encode(), hashlib.sha256).digest()
    return hmac.new(key, f"{address}\n{user_agent}".encode(), hashlib.sha256).hexdigest()[:32]


def _host(referer: str) -> str:
    try:
        return (urlsplit(referer).hostname or "")[:100]
    except ValueError:
        return ""
