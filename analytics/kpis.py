"""The figures of a campaign as cards: value, goal, and how it is counted. The figures themselves come from `report`."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from analytics.breakdowns import Cost
from desk.amounts import in_short
from desk.parts import Goal, Kpi, grouped

COUNTED = {
    "total_referrals": "Friends who signed up in the period, without those that were blocked; who joined anew counts once.",
    "conversion_rate": "Of the friends who signed up in the period, the share that has qualified by now.",
    "units_distributed": "Units handed over in the period for this campaign; one that was lost later was still handed over.",
    "time_to_referral": "From issuing a code to the first friend through it, for codes whose first friend came in the period.",
    "promise_kept": "Of the promises that fell due in the period, those whose unit was handed over by the day that was said.",
    "net": "Days its units were with customers, over the days they were in service; all campaigns that use the pools count.",
    "gross": "Days its units were with customers, over the days we owned them, also while they were out of service.",
    "share": "Loan-days of this campaign, over the days its units were in service.",
    "cost": "What the rewards made in the period commit of the budget.",
    "budget": "What all rewards so far commit of the budget, now. Declined and returned ones give theirs back.",
}
"""How each figure is counted, for people. The definitions are those of `figures`."""
_LESS_IS_BETTER = frozenset({"time_to_referral"})


@dataclass(frozen=True)
class Figure:
    """A card with the line that says how it is counted."""

    kpi: Kpi
    counted: str


def figures_of(record: Mapping[str, Any], goals: Mapping[str, Any], cost: Cost, currency: str) -> list[Figure]:
    """The cards of a record of `report`, in reading order."""
    times, used = record["time_to_referral"], record["utilisation"] or {}
    rows = (
        ("total_referrals", "Total referrals", grouped(record["total_referrals"]), record["total_referrals"], ""),
        ("conversion_rate", "Conversion", percent(record["conversion_rate"]), record["conversion_rate"], _of(record)),
        ("units_distributed", "Units distributed", grouped(record["units_distributed"]), record["units_distributed"], ""),
        ("time_to_referral", "Average time to referral", days(times["mean_days"]), times["mean_days"], _median(times)),
        ("promise_kept", "Promises kept", percent(record["promise_kept"]), record["promise_kept"], _due(record)),
        ("net", "Utilisation, net", percent(used.get("net")), used.get("net"), "Of units in service"),
        ("gross", "Utilisation, gross", percent(used.get("gross")), used.get("gross"), "Of units owned"),
        ("cost", "Cost", in_short(cost.in_period, currency), cost.in_period, "In this period"),
    )
    cards = [
        Figure(Kpi(title, value, foot=foot, goal=goal_of(name, number, goals)), COUNTED[name])
        for name, title, value, number, foot in rows
    ]
    return [*cards, _budget(cost, currency)]


def goal_of(name: str, value: object, goals: Mapping[str, Any]) -> Goal | None:
    """How far a figure is on its way to its goal; None without one. For a time, being below the goal is being there."""
    goal = goals.get("utilisation" if name == "net" else name)
    if not isinstance(goal, int | float) or isinstance(goal, bool) or goal <= 0:
        return None
    now, aim = Decimal(str(value or 0)), Decimal(str(goal))
    share = now / aim
    if name in _LESS_IS_BETTER:
        share = aim / now if now else Decimal(0)
    said = f"{aim * 100:.0f}%" if name in ("conversion_rate", "promise_kept", "net", "gross", "share") else grouped(aim)
    return Goal(share, f"{int(share * 100)}% of the goal of {said}")


def percent(ratio: str | None) -> str:
    """A ratio as per cent with one place; a dash when there is none."""
    return "–" if ratio is None else f"{Decimal(ratio) * 100:.1f}%"


def days(number: str | None) -> str:
    """A number of days with one place; a dash when there is none."""
    return "–" if number is None else f"{Decimal(number):.1f} days"


def _of(record: Mapping[str, Any]) -> str:
    return f"{grouped(record['qualified'])} of {grouped(record['total_referrals'])} referrals qualified"


def _due(record: Mapping[str, Any]) -> str:
    return f"{grouped(record['kept'])} of {grouped(record['fallen_due'])} that fell due"


def _median(times: Mapping[str, Any]) -> str:
    if not times["count"]:
        return "No code has had its first friend in this period"
    return f"Half of {grouped(times['count'])} codes within {days(times['median_days'])}"


def _budget(cost: Cost, currency: str) -> Figure:
    if cost.limit is None:
        kpi = Kpi("Budget used", in_short(cost.spent, currency), foot="There is no limit. As of now, whatever the period")
    else:
        used = cost.used or Decimal(0)
        words = f"{used * 100:.1f}% of {in_short(cost.limit, currency)}"
        kpi = Kpi("Budget used", in_short(cost.spent, currency), goal=Goal(used, words), foot="As of now, whatever the period")
    return Figure(kpi, COUNTED["budget"])
