"""The invitation page as it is opened most: one read, a page that was rendered a few seconds ago, and the row of the visit.

What is the same for every code of a campaign is rendered once and kept, with holes where the inviter's name, the address of the
page and its signed words go; what stands in the holes is escaped. The page says what is free "now", so it is not kept for long
(`LANDING_KEPT_SECONDS`), and only for showing: what is promised is decided at the sign-up, from the rows.
"""

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.urls import reverse
from django.utils.html import escape

from campaigns.models import Campaign
from campaigns.states import CampaignState
from customers.models import Customer
from desk import planned
from referrals import wording
from referrals.codes import normalise
from referrals.models import Code, Referral
from referrals.states import CodeState, Progress, Standing

HOLES = ("inviter", "path", "form", "touch")
"""What differs from code to code and from visit to visit."""

Kept = Sequence[str]
"""The page, cut at its holes: text, name of a hole, text, … and text."""


class Glimpse(NamedTuple):
    """What one read says of an open invitation. `nth` is which referral of its owner the next one would be.

    `wishes` is what its owner would rather have, as it is stored.
    """

    code_id: int
    code: str
    campaign_id: int
    model_id: int
    inviter: str
    nth: int
    wishes: str

    @property
    def path(self) -> str:
        """The address of the page."""
        return path_of(self.code)

    @property
    def key(self) -> str:
        """Names the kept page: equal for all codes whose pages differ only in their holes, but for the arm of a test."""
        wishes = hashlib.sha256(self.wishes.encode()).hexdigest()[:16]
        return f"landing:{self.campaign_id}:{self.model_id}:{self.nth}:{wishes}"


@lru_cache(maxsize=20_000)
def path_of(code: str) -> str:
    """The address of the page of a code."""
    return reverse("landing", args=[code])


def glimpse(text: str, *, at: datetime) -> Glimpse | None:
    """The open invitation whose code is `text` as it is spelt; None for all else, of which the long way knows what to say."""
    if not settings.LANDING_KEPT_SECONDS or len(text) > 64 or "\x00" in text:
        return None
    try:
        row = _read(normalise(text), at)
    except Error as error:
        if planned.begins_anew(error):
            return None
        raise
    if row is None:
        return None
    pk, code, campaign, model, name, wishes, counted = row
    return Glimpse(pk, code, campaign, model, wording.short_name(name), counted + 1, wishes)


def _read(code: str, at: datetime) -> Sequence[Any] | None:
    now = connection.ops.adapt_datetimefield_value(at)
    with planned.cursor() as cursor:
        cursor.execute(
            _READ,
            [Standing.BLOCKED.value, Progress.EXPIRED.value, code, CodeState.ACTIVE.value, CampaignState.LIVE.value, now],
        )
        row: Sequence[Any] | None = cursor.fetchone()
    return row


def kept(key: str, render: Callable[[Mapping[str, str]], str]) -> Kept:
    """The page kept under a key; when there is none, `render(holes)` makes it with these words in place of what differs."""
    page: Kept | None = cache.get(key)
    if page is None:
        # Nobody can know the words, so that no text of a campaign can pass for a hole.
        holes = {name: f"{secrets.token_hex(12)}{name}" for name in HOLES}
        page = _cut(render(holes), holes)
        cache.set(key, page, settings.LANDING_KEPT_SECONDS)
    return page


def fill(page: Kept, values: Mapping[str, str]) -> str:
    """The whole page, with the values escaped."""
    safe = {name: escape(value) for name, value in values.items()}
    return "".join(safe[part] if place % 2 else part for place, part in enumerate(page))


def _cut(html: str, holes: Mapping[str, str]) -> Kept:
    names = {word: name for name, word in holes.items()}
    return [names.get(part, part) for part in re.split(f"({'|'.join(names)})", html)]


# Names of our own tables; every value is a parameter.
_READ = f"""
    SELECT c.id, c.code, c.campaign_id, c.equipment_model_id, u.name, CAST(c.wishes AS text),
      (SELECT COUNT(*) FROM {Referral._meta.db_table} r
        WHERE r.campaign_id = c.campaign_id AND r.referrer_id = c.customer_id AND r.standing <> %s AND r.progress <> %s)
    FROM {Code._meta.db_table} c
    JOIN {Customer._meta.db_table} u ON u.id = c.customer_id
    JOIN {Campaign._meta.db_table} g ON g.id = c.campaign_id
    WHERE c.code = %s AND c.state = %s AND g.state = %s AND (g.ends_at IS NULL OR g.ends_at > %s)
"""
