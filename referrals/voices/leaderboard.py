"""Who brought most friends to a campaign: only who wants to be seen there, with the name shortened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Max, Q

from audit import trail
from audit.actors import Actor
from campaigns.models import Campaign
from referrals import wording
from referrals.models import Code
from referrals.sharing.owning import require_owner
from referrals.states import CodeState, Progress, Standing

SHOWN = 10


@dataclass(frozen=True)
class Rank:
    """One line: the place (equal numbers share one, and the next place is left out), the short name, and friends who qualified."""

    place: int
    name: str
    friends: int
    is_shared: bool
    is_reader: bool


def join_leaderboard(*, code: Code, at: datetime, by: Actor) -> None:
    """Let the owner of a code be seen on the campaign's leaderboard. Again changes nothing."""
    require_owner(code, by)
    with transaction.atomic():
        if Code.objects.filter(pk=code.pk, on_leaderboard_since__isnull=True).update(on_leaderboard_since=at):
            trail.record("code.leaderboard_joined", about=code, by=by, at=at, concerns=[code.customer.reference])


def leave_leaderboard(*, code: Code, at: datetime, by: Actor) -> None:
    """Be seen there no longer. Again changes nothing."""
    require_owner(code, by)
    with transaction.atomic():
        if Code.objects.filter(pk=code.pk, on_leaderboard_since__isnull=False).update(on_leaderboard_since=None):
            trail.record("code.leaderboard_left", about=code, by=by, at=at, concerns=[code.customer.reference])


def leaderboard(campaign: Campaign, *, reader: Code | None = None, most: int = SHOWN) -> list[Rank]:
    """The first `most` of a campaign's leaderboard; the reader's own line follows when it is further down.

    Who brought nobody is not on it. Among equals, who got there first stands first.
    """
    rows = _rows(campaign)
    places = _places([row.friends for row in rows])
    counts = [row.friends for row in rows]
    ranks = [
        Rank(
            place,
            wording.short_name(row.customer.name),
            row.friends,
            counts.count(row.friends) > 1,
            reader is not None and row.pk == reader.pk,
        )
        for place, row in zip(places, rows, strict=True)
    ]
    return [rank for number, rank in enumerate(ranks) if number < most or rank.is_reader]


def _rows(campaign: Campaign) -> list[Any]:
    good = Q(referrals__progress=Progress.QUALIFIED) & ~Q(referrals__standing=Standing.BLOCKED)
    seen = Code.objects.filter(campaign=campaign, on_leaderboard_since__isnull=False, customer__erased_at__isnull=True)
    counted = seen.exclude(state=CodeState.REVOKED).annotate(
        friends=Count("referrals", filter=good), latest=Max("referrals__qualified_at", filter=good)
    )
    return list(counted.filter(friends__gt=0).select_related("customer").order_by(F("friends").desc(), "latest", "pk"))


def _places(counts: Sequence[int]) -> list[int]:
    """Places of numbers in falling order: 9, 7, 7, 4 are 1, 2, 2, 4."""
    return [counts.index(count) + 1 for count in counts]
