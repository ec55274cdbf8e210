"""What a campaign would need and cost, on its tab Readiness: two numbers in, twelve weeks and a budget out."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from django import forms
from django.http import HttpRequest

from analytics.rehearsing import WEEKS, History, Rehearsal, Stock, Usual, history, rehearse, usual
from campaigns.admin.readiness import Section, register_section
from campaigns.models import Campaign
from campaigns.rule_words import day_words
from campaigns.states import Rewarded
from desk import charts
from desk.amounts import in_short
from desk.charts import Chart, Series
from desk.parts import Check, Kpi, grouped

_TO_WHOM = {
    Rewarded.BOTH: "To both sides together",
    Rewarded.REFERRER: "To referrers",
    Rewarded.REFEREE: "To friends",
}
"""Who the units go to, by whom a campaign rewards."""


class WhatIfForm(forms.Form):
    """How many will refer, and how many friends each."""

    share = forms.DecimalField(
        label="Qualifying customers who refer (%)",
        min_value=0,
        max_value=100,
        decimal_places=1,
        widget=forms.NumberInput(attrs={"step": "0.1"}),
    )
    friends = forms.DecimalField(
        label="Qualified friends each of them brings",
        min_value=0,
        max_value=10,
        decimal_places=1,
        widget=forms.NumberInput(attrs={"step": "0.1"}),
    )


def section_of(request: HttpRequest, campaign: Campaign, at: datetime) -> Section:
    """The plan by the numbers in the address, or by those of other campaigns."""
    begin = usual(campaign, at=at)
    first = {"share": _places(begin.share * 100), "friends": _places(begin.friends)}
    sent = {name: request.GET.get(name, str(value)) for name, value in first.items()}
    form = WhatIfForm(sent, label_suffix="")
    is_wrong = not form.is_valid()
    share = Fraction(form.cleaned_data.get("share", first["share"])) / 100
    friends = Fraction(form.cleaned_data.get("friends", first["friends"]))
    found = rehearse(campaign, share=share, friends=friends, at=at)
    context = {
        "form": form,
        "usual": _usual_words(begin, first),
        "findings": [*_stock_findings(found), _cost_finding(campaign, found), *_cap_findings(found)],
        "kpis": _kpis(campaign, found),
        "stocks": [
            {"name": str(stock.model), "chart": _chart(stock, found), "needed": ceil(stock.needed)} for stock in found.stocks
        ],
        "history": _history(campaign, history(campaign, at=at)),
        "weeks": WEEKS,
    }
    return Section("analytics/rehearsal.html", context, is_wrong=is_wrong)


def _usual_words(begin: Usual, first: dict[str, Decimal]) -> str:
    if begin.is_guess:
        return "No other campaign has brought a friend in the last 90 days, so this begins with a guess."
    return (
        f"In the other campaigns of the last 90 days {first['share']}% of those with a code brought somebody, "
        f"{first['friends']} friends who qualified each."
    )


def _stock_findings(found: Rehearsal) -> list[Check]:
    return [_stock_finding(stock, found) for stock in found.stocks]


def _stock_finding(stock: Stock, found: Rehearsal) -> Check:
    if stock.short is None:
        spare = min((there - wanted for there, wanted in zip(stock.supply, stock.demand, strict=True)), default=0)
        return Check(f"{stock.model}: enough for all {WEEKS} weeks; {units(spare)} to spare in the tightest.")
    first, worst = day_words(found.weeks[stock.short.week]), day_words(found.weeks[stock.short.worst_week])
    return Check(
        f"{stock.model}: not enough from the week of {first}; {units(stock.short.missing)} short in the week of {worst}.",
        is_ok=False,
        evidence="Add units, lower the reserve, set a cap, or invite fewer at a time. Friends would wait in the queue.",
        tone="bad",
    )


def _cost_finding(campaign: Campaign, found: Rehearsal) -> Check:
    cost = _money(found.need.cost, campaign)
    if found.left is None:
        return Check(f"It would cost {cost}. There is no budget to hold it against.", tone="info")
    left = in_short(found.left, campaign.currency)
    if found.need.cost <= found.left:
        return Check(f"It would cost {cost}; {left} of the budget is left.")
    share = Fraction(found.left) / found.need.cost
    week = found.weeks[min(WEEKS - 1, max(0, int(share * WEEKS)))]
    said = f"It would cost {cost}, and only {left} of the budget is left: used up in the week of {day_words(week)}."
    return Check(said, is_ok=False, evidence="The campaign pauses by itself when its budget is used up.", tone="warn")


def _cap_findings(found: Rehearsal) -> list[Check]:
    if not found.is_capped:
        return []
    said = f"The campaign gives at most {grouped(found.cap)} rewards in all, so the plan stops there; later friends get nothing."
    return [Check(said, is_ok=False, evidence="Raise the limit on the tab Set-up, or plan with fewer who refer.", tone="info")]


def _kpis(campaign: Campaign, found: Rehearsal) -> list[Kpi]:
    return [
        Kpi("Qualify as referrers", grouped(found.qualifying), foot="Customers, today"),
        Kpi("Will refer", grouped(ceil(found.referrers)), foot=f"In {WEEKS} weeks"),
        Kpi("Friends who qualify", grouped(ceil(found.friends)), foot=f"In {WEEKS} weeks"),
        Kpi("Units lent", grouped(ceil(sum(found.need.units.values(), Fraction(0)))), foot=_TO_WHOM[Rewarded(campaign.rewarded)]),
    ]


def _chart(stock: Stock, found: Rehearsal) -> Chart:
    labels = [f"{day.day} {day:%b}" for day in found.weeks]
    lines = [Series("Can be promised", stock.supply, step=True), Series("Needed at once", stock.demand)]
    return charts.line(labels, lines, label=f"{stock.model}: units by week", labels_title="Week from")


def _history(campaign: Campaign, past: History) -> dict[str, Any]:
    return {
        "referrals": past.referrals,
        "qualified": past.qualified,
        "units": ceil(sum(past.need.units.values(), Fraction(0))),
        "cost": _money(past.need.cost, campaign),
        "over": campaign.budget is not None and past.need.cost > campaign.budget,
    }


def units(number: int) -> str:
    """A number of units in words."""
    return "1 unit" if number == 1 else f"{grouped(number)} units"


def _money(amount: Fraction, campaign: Campaign) -> str:
    return in_short(_places(amount, "0.01"), campaign.currency)


def _places(number: Fraction, places: str = "0.1") -> Decimal:
    return (Decimal(number.numerator) / Decimal(number.denominator)).quantize(Decimal(places))


register_section("rehearsal", section_of, order=10, permission="referrals.view_referral")
