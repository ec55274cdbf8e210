"""Recording visits: one row each, written as it is or through the spool; nothing stored on the visitor's device, no address kept."""

import hashlib
import hmac
import logging
import re
import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from desk import planned
from desk.lasting_soon import lasting_soon
from referrals import spool
from referrals.models import Touch

logger = logging.getLogger(__name__)

_BOT = re.compile(r"bot|crawl|spider|slurp|preview|facebookexternalhit|whatsapp|curl|wget|python-|headlesschrome", re.IGNORECASE)
CHANNELS = frozenset({"link", "email", "sms", "whatsapp", "social", "qr", "card", "typed"})
"""The ways an invitation travels by, as they are stored."""


class Visit(NamedTuple):
    """One touch of a code before it is a row. `code_id` is the key of the code's row, `token` names the visit for ever."""

    token: uuid.UUID
    code_id: int
    at: datetime
    channel: str = "link"
    variant: str = ""
    referer_host: str = ""
    country: str = ""
    is_typed: bool = False
    is_bot: bool = False
    visitor_hash: str = ""


def record_visit(
    *,
    code_id: int,
    at: datetime,
    channel: str = "link",
    variant: str = "",
    referer: str = "",
    user_agent: str = "",
    address: str = "",
    is_typed: bool = False,
) -> Visit:
    """Store one touch of a code and answer it. Never refuses: a strange channel is stored as a plain link.

    With the spool on, the visit is a line of a file when this returns, and a row as soon as it is drained; a code typed by hand is
    a row at once, for it may decide who is credited.
    """
    visit = Visit(
        token=uuid.uuid4(),
        code_id=code_id,
        at=at,
        channel=channel if channel in CHANNELS else "link",
        variant=variant,
        referer_host=_host(referer) if referer else "",
        is_typed=is_typed,
        is_bot=is_bot(user_agent),
        visitor_hash=visitor_hash(address=address, user_agent=user_agent, at=at),
    )
    if settings.LANDING_SPOOL and not is_typed:
        _spool(visit)
    else:
        _insert(visit)
    return visit


def _spool(visit: Visit) -> None:
    """As a line; as a row when the disk does not take the line."""
    try:
        spool.append(spool.line_of([visit.token.hex, visit.code_id, visit.at.isoformat(), *visit[3:]]))
    except OSError:
        logger.exception("The spool took no visit; it was stored as a row.")
        _insert(visit)


def touch_of(visit: Visit) -> Touch:
    """The row of a visit. One that is still in the spool is written now, from what its word says; the spool completes it later."""
    rows = Touch.objects.select_related("code__campaign", "code__customer")
    found = rows.filter(token=visit.token).first()
    if found is None:
        Touch.objects.bulk_create([Touch(**visit._asdict())], ignore_conflicts=True)
        found = rows.get(token=visit.token)
    return found


def rows_of(visits: Sequence[Visit]) -> list[Touch]:
    """The rows of those among these visits that are rows. One query, or none where there is nothing to look for."""
    rows = Touch.objects.select_related("code__campaign", "code__customer")
    return list(rows.filter(token__in=[visit.token for visit in visits])) if visits else []


def is_bot(user_agent: str) -> bool:
    """Whether a user agent says of itself that no person is looking."""
    return not user_agent or _BOT.search(user_agent) is not None


def visitor_hash(*, address: str, user_agent: str, at: datetime) -> str:
    """A word equal for the same visitor on the same UTC day only: HMAC-SHA256 under a key made of the day, 128 bits."""
    if not address:
        return ""
    return hmac.digest(_key_of(f"{at:%Y-%m-%d}", settings.SECRET_KEY), f"{address}\n{user_agent}".encode(), "sha256").hex()[:32]


@lru_cache(maxsize=4)
def _key_of(day: str, secret: str) -> bytes:
    return hmac.new(secret.encode(), f"visitor:{day}".encode(), hashlib.sha256).digest()


def _host(referer: str) -> str:
    try:
        return (urlsplit(referer).hostname or "")[:100]
    except ValueError:
        return ""


def _insert(visit: Visit) -> None:
    """By hand: building a model and its query costs more than the row. Should a power cut take it, the word of the visit brings it back."""
    with lasting_soon(), planned.cursor() as cursor:
        cursor.execute(_INSERT, _columns(visit))


def _columns(visit: Visit) -> list[Any]:
    token = visit.token if connection.features.has_native_uuid_field else visit.token.hex
    return [token, visit.code_id, connection.ops.adapt_datetimefield_value(visit.at), *visit[3:]]


# Names of our own table; every value is a parameter.
_INSERT = f"INSERT INTO {Touch._meta.db_table} ({', '.join(Visit._fields)}) VALUES ({', '.join(['%s'] * len(Visit._fields))})"
