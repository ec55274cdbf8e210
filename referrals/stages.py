"""A campaign's referrals by stage: how many stand where, and the newest of them."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from campaigns.models import Campaign
from referrals.models import Code, Referral
from referrals.states import Progress, Standing

NEWEST = 25
"""Referrals shown on the campaign's page; the rest stands in the full list."""


@dataclass(frozen=True)
class Stage:
    """One stage: the field and value that filter for it, its name, and how many referrals are in it."""

    field: str
    value: str
    label: str
    count: int


def stages_of(campaign: Campaign) -> list[Stage]:
    """How far the campaign's referrals got, then those that are in doubt. One query."""
    rows = campaign.referrals.order_by().values_list("progress", "standing").annotate(number=Count("pk"))
    progress: dict[str, int] = {}
    standing: dict[str, int] = {}
    for how_far, stands, number in rows:
        progress[how_far] = progress.get(how_far, 0) + number
        standing[stands] = standing.get(stands, 0) + number
    doubtful = (Standing.FLAGGED, Standing.BLOCKED)
    return [Stage("progress", each.value, str(each.label), progress.get(each, 0)) for each in Progress] + [
        Stage("standing", each.value, str(each.label), standing.get(each, 0)) for each in doubtful
    ]


def newest_of(campaign: Campaign, stage: Stage | None = None) -> QuerySet[Referral]:
    """The newest referrals of a campaign, or of one of its stages, with their people."""
    rows = campaign.referrals.select_related("referrer", "referee", "code").order_by("-signed_up_at", "-id")
    return (rows.filter(**{stage.field: stage.value}) if stage else rows)[:NEWEST]


def codes_by_version(campaign: Campaign) -> dict[int, int]:
    """How many codes were issued under each version of the rules."""
    return dict(
        Code.objects.filter(campaign=campaign)
        .order_by()
        .values("rules_version")
        .annotate(number=Count("pk"))
        .values_list("rules_version", "number")
    )


def referrals_by_version(campaign: Campaign) -> dict[int, int]:
    """How many referrals came through codes that were issued under each version of the rules."""
    return dict(
        campaign.referrals.order_by()
        .values("code__rules_version")
        .annotate(number=Count("pk"))
        .values_list("code__rules_version", "number")
    )
