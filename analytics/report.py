"""All figures of a campaign for a period in one plain record, for the command line, screens and exports."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from analytics.figures import (
    Spread,
    conversion_rate,
    denied_demand,
    fleet_utilisation,
    idle_times,
    promises_kept,
    rounded,
    time_to_qualify,
    time_to_referral,
    total_referrals,
    turnaround,
    units_distributed,
)
from analytics.fleet import pools_of
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
    "committed": "Committed: out, held or being turned round, of units in service",
    "turnover": "Loans per unit owned",
    "turnaround": "Turnaround (return to back in service)",
    "idle": "Idle between two customers",
    "promise_kept": "Promises kept",
    "fallen_due": "Promises fallen due",
    "denied_demand": "Denied demand (found nothing free, or the campaign took nobody)",
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
        **_promised(campaign, start, end, at=at),
        "utilisation": _utilisation(campaign, start, end, at=at),
        **_handled(campaign, start, min(end, at)),
    }


def rows(figures: dict[str, Any]) -> list[tuple[str, str]]:
    """The record of `report` as label and value in words, in reading order."""
    spreads = ("time_to_referral", "time_to_qualify", "turnaround")
    flat = {**figures, **(figures["utilisation"] or {}), **{name: _spread_text(figures[name]) for name in spreads}}
    flat["idle"] = _idle_text(figures["idle"])
    percents = {
        name: _percent(flat.get(name)) for name in ("conversion_rate", "share", "net", "gross", "committed", "promise_kept")
    }
    return [(label, str(_or_dash({**flat, **percents}.get(name)))) for name, label in LABELS.items()]


def _promised(campaign: Campaign, start: datetime, end: datetime, *, at: datetime) -> dict[str, Any]:
    kept = promises_kept(campaign, start, end, at=at)
    return {
        "promise_kept": _text(kept.ratio),
        "kept": kept.part,
        "fallen_due": kept.whole,
        "denied_demand": denied_demand(campaign, start, end),
    }


def _handled(campaign: Campaign, start: datetime, until: datetime) -> dict[str, Any]:
    pools = pools_of(campaign)
    took = turnaround(pools, start, until)
    idle = idle_times(pools, start, until)
    return {
        "turnaround": {**_spread(took), "p90_days": _text(took.p90_days)},
        "idle": {
            "ended": idle.ended,
            "still_open": idle.still_open,
            "median_days": _text(rounded(idle.median_days, 2)),
            "longest_open_days": _text(rounded(idle.longest_open_days, 2)),
        },
    }


def _utilisation(campaign: Campaign, start: datetime, end: datetime, *, at: datetime) -> dict[str, Any] | None:
    if start >= at:
        return None
    result = fleet_utilisation(campaign, start, end, at=at)
    return {
        "share": _text(rounded(result.share(campaign.slug), 4)),
        "net": _text(rounded(result.net, 4)),
        "gross": _text(rounded(result.gross, 4)),
        "committed": _text(rounded(result.committed, 4)),
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
    p90 = f", 90 % within {spread['p90_days']} days" if spread.get("p90_days") else ""
    return f"median {spread['median_days']} days, mean {spread['mean_days']} days{p90}, of {spread['count']}"


def _idle_text(idle: dict[str, Any]) -> str | None:
    if not idle["ended"] and not idle["still_open"]:
        return None
    half = f"median {idle['median_days']} days" if idle["median_days"] else "more than half still stand"
    longest = f", the longest for {idle['longest_open_days']} days" if idle["longest_open_days"] else ""
    return f"{half}; {idle['still_open']} still on the shelf{longest}"


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _percent(ratio: str | None) -> str | None:
    return None if ratio is None else f"{Decimal(ratio) * 100:.2f} %"


def _or_dash(value: object) -> object:
    return "–" if value is None else value
