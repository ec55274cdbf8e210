"""Rewards, the account, and one's own figures."""

from django.http import HttpRequest, HttpResponse

from rewards.portal import account, earned, figures
from rewards.portal.views.door import Visit, inside, show


@inside()
def rewards(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All rewards, newest first."""
    told = [earned.told(reward, at=visit.at) for reward in earned.rewards_of(visit.customer)[: earned.SHOWN]]
    return show(request, visit, "portal/rewards.html", {"rewards": told, "tab": "rewards"})


@inside()
def reward(request: HttpRequest, visit: Visit, reference: str) -> HttpResponse:
    """One reward: how it stands and why, and its story so far."""
    told = earned.told(earned.reward_of(visit.customer, reference), at=visit.at)
    return show(request, visit, "portal/reward.html", {"told": told, "tab": "rewards"})


@inside()
def statement(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What stands on the account, and every movement."""
    context = {"balances": account.balances_of(visit.customer), "movements": account.movements_of(visit.customer), "tab": "rewards"}
    return show(request, visit, "portal/account.html", context)


@inside()
def numbers(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who opened the links, signed up and counted."""
    return show(request, visit, "portal/figures.html", {"figures": figures.figures_of(visit.customer), "tab": "share"})
