"""All figures of a campaign for a period in one plain record, for the command line, screens and exports."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from analytics.figures import (
    Spread,
    conversion_rate,
    fleet_utilisation,
    rounded,
    time_to_qualify,
    time_to_referral,
    total_referrals,
    units_distributed,
)
from analytics.periods import Period
from campaigns.models import Campaign

LABELS = {
    "total_referrals": "Total referrals",
    "qualified": "Qualified of these",
    "conversion_rate": "Conversion to active user",
    "units_distributed": "Units distributed",
    "time_to_referral": "Time to referral (code issued to first referral)",
    "time_to_qualify": "Time to qualify (first touch to qualified)",
    "loan_days": "Loan-days of the campaign",
    "share": "Utilisation by the campaign",
    "net": "Utilisation of its pools, net of units out of service",
    "gross": "Utilisation of its pools, gross",
    "turnover": "Loans per unit owned",
}
"""What each figure is called on a screen."""


def report(campaign: Campaign, days: Period, *, at: datetime) -> dict[str, Any]:
    """Every figure of the campaign in `days` as JSON-ready values: ratios are strings with 4 places, days with 2.

    What could not be computed (nothing to divide by, nothing counted) is None.
    """
    start, end = days.start, days.end
    conversion = conversion_rate(campaign, start, end)
    return {
        "campaign": campaign.slug,
        "from": days.first.isoformat(),
        "to": days.last.isoformat(),
        "time_zone": campaign.time_zone,
        "total_referrals": total_referrals(campaign, start, end),
        "qualified": conversion.part,
        "conversion_rate": _text(conversion.ratio),
        "units_distributed": units_distributed(campaign, start, end),
        "time_to_referral": _spread(time_to_referral(campaign, start, end)),
        "time_to_qualify": _spread(time_to_qualify(campaign, start, end)),
        "utilisation": _utilisation(campaign, start, end, at=at),
    }


def rows(figures: dict[str, Any]) -> list[tuple[str, str]]:
    """The record of `report` as label and value in words, in reading order."""
    spreads = ("time_to_referral", "time_to_qualify")
    flat = {**figures, **(figures["utilisation"] or {}), **{name: _spread_text(figures[name]) for name in spreads}}
    percents = {name: _percent(flat.get(name)) for name in ("conversion_rate", "share", "net", "gross")}
    return [(label, str(_or_dash({**flat, **percents}.get(name)))) for name, label in LABELS.items()]


def _utilisation(campaign: Campaign, start: datetime, end: datetime, *, at: datetime) -> dict[str, Any] | None:
    if start >= at:
        return None
    result = fleet_utilisation(campaign, start, end, at=at)
    return {
        "share": _text(rounded(result.share(campaign.slug), 4)),
        "net": _text(rounded(result.net, 4)),
        "gross": _text(rounded(result.gross, 4)),
        "turnover": _text(rounded(result.turnover, 2)),
        "loan_days": _text(rounded(result.account_days.get(campaign.slug, result.loan_days * 0), 2)),
        "all_loan_days": _text(rounded(result.loan_days, 2)),
        "owned_unit_days": _text(rounded(result.owned_days, 2)),
        "in_service_unit_days": _text(rounded(result.in_service_days, 2)),
    }


def _spread(spread: Spread) -> dict[str, Any]:
    return {"count": spread.count, "median_days": _text(spread.median_days), "mean_days": _text(spread.mean_days)}


def _spread_text(spread: dict[str, Any]) -> str | None:
    if not spread["count"]:
        return None
    return f"median {spread['median_days']} days, mean {spread['mean_days']} days, of {spread['count']}"


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _percent(ratio: str | None) -> str | None:
    return None if ratio is None else f"{Decimal(ratio) * 100:.2f} %"


def _or_dash(value: object) -> object:
    return "–" if value is None else value
