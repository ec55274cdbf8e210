"""The signed words of a few visits, as one cookie holds them: who invited the person at this browser.

A visit that is remembered is a touch like any other, with its row as evidence. It counts for 90 days, or as long as its campaign lets
visits count where that is shorter. Staff may switch all of it off in the brand.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from campaigns.models import Brand, Campaign
from referrals import closing, tokens
from referrals.models import Code
from referrals.visits import Visit

LONGEST_DAYS = 90
"""Days after which a browser forgets, whatever a campaign says."""

MOST = 3
"""Invitations remembered at once; one more takes the place of the oldest."""

_BETWEEN = "~"


def is_on() -> bool:
    """Whether visitors are asked at all."""
    return Brand.current().remembers_invitations


def days_of(campaign: Campaign) -> int:
    """For how many days an invitation to this campaign is remembered."""
    return min(LONGEST_DAYS, campaign.attribution_days)


def read(text: str, *, at: datetime) -> list[Visit]:
    """The visits a cookie speaks of, oldest first; words that are forged or older than 90 days are passed over. No query."""
    visits = (tokens.read_visit(word, at=at) for word in text.split(_BETWEEN)[-MOST:])
    return [visit for visit in visits if visit is not None]


def with_one_more(text: str, visit: Visit, *, at: datetime) -> str:
    """What a cookie holds when it remembers this visit too. Of two visits through one code the earlier stays: it is the one agreed to."""
    known = read(text, at=at)
    if any(each.code_id == visit.code_id for each in known):
        return _written(known)
    return _written([*known, visit][-MOST:])


def until(visit: Visit, campaign: Campaign) -> datetime:
    """The instant at which a visit is forgotten."""
    return visit.at + timedelta(days=days_of(campaign))


def lasting(text: str, *, at: datetime) -> int:
    """For how many seconds a cookie has to be kept: as long as the last of its visits counts."""
    visits = read(text, at=at)
    codes = {code.pk: code for code in Code.objects.filter(pk__in=[each.code_id for each in visits]).select_related("campaign")}
    ends = [until(each, codes[each.code_id].campaign) for each in visits if each.code_id in codes]
    return max(0, int((max(ends, default=at) - at).total_seconds()))


def open_invitation(visits: Sequence[Visit], *, at: datetime) -> Code | None:
    """The code of the newest of these visits that still counts and takes sign-ups; None where there is none."""
    codes = Code.objects.filter(pk__in=[each.code_id for each in visits], customer__erased_at__isnull=True)
    known = {code.pk: code for code in codes.select_related("campaign__campaign_terms", "customer", "equipment_model")}
    for visit in reversed(visits):
        code = known.get(visit.code_id)
        if code is not None and at < until(visit, code.campaign) and closing.closed(code, at=at) is None:
            return code
    return None


def _written(visits: Sequence[Visit]) -> str:
    return _BETWEEN.join(tokens.sign_visit(each) for each in visits)
