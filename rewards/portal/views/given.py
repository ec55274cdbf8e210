"""Rewards, the account, and one's own figures."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns import gift_words
from campaigns.states import Side
from desk.refusals import Refused
from referrals.states import FeedbackStep
from rewards import appealing, preferring, words
from rewards.models import Reward
from rewards.portal import account, earned, figures
from rewards.portal.forms import ObjectForm
from rewards.portal.refusals import PortalRefused
from rewards.portal.views.door import Visit, inside, show
from rewards.states import RewardState


@inside()
def rewards(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All rewards, newest first."""
    told = [earned.told(reward, at=visit.at) for reward in earned.rewards_of(visit.customer)[: earned.SHOWN]]
    return show(request, visit, "portal/rewards.html", {"rewards": told, "tab": "rewards"})


@inside()
def reward(request: HttpRequest, visit: Visit, reference: str) -> HttpResponse:
    """One reward: how it stands and why, its story so far, and what the customer can do about it."""
    return _page(request, visit, earned.reward_of(visit.customer, reference), ObjectForm())


@inside("POST")
def object_to(request: HttpRequest, visit: Visit, reference: str) -> HttpResponse:
    """Object to the end of a reward, once; a person answers."""
    mine, form = earned.reward_of(visit.customer, reference), ObjectForm(request.POST)
    if not form.is_valid():
        return _page(request, visit, mine, form, status=422)
    try:
        appealing.appeal(reward=mine, words=form.cleaned_data["words"], at=visit.at, by=visit.by)
    except Refused as refusal:
        form.add_error("words", refusal.sentence)
        return _page(request, visit, earned.reward_of(visit.customer, reference), form, status=refusal.status)
    return redirect(reverse("my_reward", args=[reference], query={"done": "objected"}))


@inside("POST")
def choose(request: HttpRequest, visit: Visit, reference: str) -> HttpResponse:
    """Take one of the rewards that are offered instead of each other."""
    mine = earned.reward_of(visit.customer, reference)
    offered = {due.tier.key: due.tier for due in preferring.choices_of(mine, at=visit.at)}
    tier = offered.get(request.POST.get("tier", ""))
    if tier is None:
        raise PortalRefused("not_a_choice", _("This cannot be chosen any more. Look at the page of the reward again."))
    preferring.prefer(reward=mine, tier=tier, at=visit.at, by=visit.by)
    return redirect(reverse("my_reward", args=[reference], query={"done": "chosen"}))


def _page(request: HttpRequest, visit: Visit, mine: Reward, form: ObjectForm, status: int = 200) -> HttpResponse:
    form.focus_first_error()
    stands = words.status_of(mine, at=visit.at)
    context = {
        "told": earned.told(mine, at=visit.at),
        "stands": stands,
        "form": form,
        "choices": [(due.tier.key, gift_words.gift(due), due.tier.pk == mine.tier_id) for due in stands.choices],
        "asked_about": _asked_about(mine),
        "tab": "rewards",
    }
    return show(request, visit, "portal/reward.html", context, status=status)


def _asked_about(mine: Reward) -> str:
    """The step that brought a reward, once it is given: then its customer can say how the step was."""
    if mine.state != RewardState.FULFILLED:
        return ""
    return FeedbackStep.INVITING if mine.side == Side.REFERRER else FeedbackStep.JOINING


@inside()
def statement(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What stands on the account, and every movement."""
    me = visit.customer
    balances = account.balances_of(me)
    context = {
        "balances": balances,
        "owed": [balance for balance in balances if balance.is_owed and balance.amount],
        "running_out": account.running_out_of(me, at=visit.at),
        "movements": account.movements_of(me),
        "tab": "rewards",
    }
    return show(request, visit, "portal/account.html", context)


@inside()
def numbers(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who opened the links, signed up and counted."""
    return show(request, visit, "portal/figures.html", {"figures": figures.figures_of(visit.customer), "tab": "share"})
