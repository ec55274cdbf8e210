"""The first page: what there is, and what comes next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from campaigns.states import CampaignState, Side
from referrals import steps
from referrals.links import link_of
from referrals.models import Code
from referrals.states import CodeState, Standing
from rewards.portal import account, borrowed, earned, friends
from rewards.portal.views.door import Visit, inside, show

FRIENDS, REWARDS = 5, 5
"""How many of each stand on the first page; the rest is one click away."""


@inside()
def overview(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is borrowed, what to share, friends, rewards."""
    me, at = visit.customer, visit.at
    loans = [loan for loan in borrowed.loans_of(me) if loan.state in borrowed.OPEN]
    mine = friends.friends_of(me, most=FRIENDS + 1)
    rewards = [earned.told(reward, at=at) for reward in earned.rewards_of(me)[: REWARDS + 1]]
    codes = Code.objects.filter(customer=me, state=CodeState.ACTIVE, campaign__state=CampaignState.LIVE)
    code = codes.select_related("campaign").first()
    context = {
        "tab": "home",
        "now": borrowed.told(loans[0], at=at) if loans else None,
        "others": [(loan, *borrowed.in_short(loan, at=at)) for loan in loans[1:]],
        "code": code,
        "link": link_of(code) if code else "",
        "friends": mine[:FRIENDS],
        "has_more_friends": len(mine) > FRIENDS,
        "rewards": rewards[:REWARDS],
        "has_more_rewards": len(rewards) > REWARDS,
        "balances": account.balances_of(me),
    }
    return show(request, visit, "portal/home.html", context)


@inside()
def all_friends(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All friends, by stage."""
    return show(request, visit, "portal/friends.html", {"friends": friends.friends_of(visit.customer), "tab": "share"})


@inside()
def friend(request: HttpRequest, visit: Visit, reference: str) -> HttpResponse:
    """One friend: each step, done or missing, and what it gives you."""
    referral = friends.friend_of(visit.customer, reference)
    if referral.reference != reference:
        return redirect("my_friend", referral.reference)
    known = steps.steps_of(referral, at=visit.at, side=Side.REFERRER) if referral.standing == Standing.CLEAR else []
    context = {"friend": friends.told(referral), "steps": known, "tab": "share"}
    return show(request, visit, "portal/friend.html", context)


@inside()
def more(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The way to everything else."""
    return show(request, visit, "portal/more.html", {"tab": "more"})
