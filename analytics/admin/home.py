"""The figures on the first page of the desk: against goals, over time, and how far people came."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Min
from django.http import HttpRequest
from django.urls import reverse

from analytics import trends
from analytics.choices import OWN, STEPS, Choice, choose
from analytics.figures import Rate
from analytics.periods import before
from analytics.trends import Daily
from campaigns.models import Campaign
from campaigns.states import CampaignState
from desk import home
from desk.badges import state_badge
from desk.charts import Chart, Series, funnel, line
from desk.columns import list_of, page_of
from desk.home import Action, Section, Shown
from desk.needs import how_long
from desk.parts import Empty, Goal, Kpi, Message, change, grouped, nothing_matches
from referrals.models import Referral
from referrals.states import PROGRESS_TONES, STANDING_TONES, Standing
from rewards import waiting

LATEST = 10
_SEEN = "referrals.view_referral"


def figures(request: HttpRequest, at: datetime) -> Shown:
    """The chosen days of the chosen campaign in figures, or what to do while there is no campaign at all."""
    campaigns = list(Campaign.objects.order_by("name"))
    if not campaigns:
        return Shown("analytics/_no_campaign.html", {"empty": _no_campaign(request)})
    choice = choose(request.GET, campaigns, at=at)
    daily, earlier = trends.per_day(choice.campaign, choice.days), trends.per_day(choice.campaign, before(choice.days))
    context = {
        "choice": choice,
        "campaigns": [one for one in campaigns if one.state != CampaignState.DRAFT or one == choice.campaign],
        "messages": [Message(problem, "warn") for problem in choice.problems],
        "steps": STEPS,
        "own": OWN,
        "kpis": _kpis(request, choice, sum(daily.signed_up), sum(earlier.signed_up), at),
        "chart": _chart(choice, daily, earlier),
        "step": trends.shown(daily)[1],
        "funnel": funnel(trends.way_to_the_loan(choice.campaign, choice.days.start, choice.days.end)),
    }
    return Shown("analytics/_home.html", context | _latest(choice) | {"performance_url": _performance(choice)})


def _no_campaign(request: HttpRequest) -> Empty:
    sentence = "No campaign yet. Once one is live, this page shows how many friends it brings and what they borrow."
    if request.user.has_perm("campaigns.load_campaign"):
        return Empty(sentence, "New campaign", reverse("admin:campaign_start"))
    return Empty(sentence)


def _kpis(request: HttpRequest, choice: Choice, now: int, earlier: int, at: datetime) -> list[Kpi]:
    kpis = [_new_referrals(choice, now, earlier)]
    if request.user.has_perm("rewards.view_reward"):
        kpis.append(_waiting(request, choice, at))
    if request.user.has_perm("equipment.view_loan"):
        kpis.append(_on_loan(trends.on_loan_now(choice.campaign)))
    return kpis


def _new_referrals(choice: Choice, now: int, earlier: int) -> Kpi:
    goal = trends.goal_of_referrals(choice.campaign)
    aimed = "in all" if choice.campaign else "in live campaigns"
    return Kpi(
        f"New referrals, {choice.words}",
        grouped(now),
        change(now, earlier),
        f"compared with {grouped(earlier)} in {choice.words_before}",
        goal=Goal(goal.ratio or 0, f"{grouped(goal.part)} of the goal of {grouped(goal.whole)} {aimed}") if goal else None,
    )


def _waiting(request: HttpRequest, choice: Choice, at: datetime) -> Kpi:
    rows = waiting.waiting(campaign=choice.campaign.slug if choice.campaign else "")
    counts = rows.order_by().aggregate(number=Count("pk"), oldest=Min("created_at"))
    number, oldest = counts["number"], counts["oldest"]
    url = reverse("admin:approvals") if number and request.user.has_perm("rewards.decide_reward") else ""
    if url and choice.campaign:
        url += f"?campaign={choice.campaign.slug}"
    foot = f"the oldest has waited {how_long(at - oldest)}" if oldest else "nothing waits for a decision"
    return Kpi(
        "Rewards waiting for approval", grouped(number), foot=foot, url=url, link="Review them", tone="warn" if number else ""
    )


def _on_loan(rate: Rate) -> Kpi:
    if rate.ratio is None:
        return Kpi("Equipment on loan now", "–", foot="no unit is in service")
    foot = f"{grouped(rate.part)} of {grouped(rate.whole)} units in service"
    return Kpi("Equipment on loan now", f"{round(100 * rate.ratio)}%", foot=foot)


def _chart(choice: Choice, daily: Daily, earlier: Daily) -> Chart:
    (daily, step), (earlier, _) = trends.shown(daily), trends.shown(earlier)
    series = [
        Series("Signed up", daily.signed_up),
        Series("Qualified of these", daily.qualified),
        Series(f"Signed up in {choice.words_before}", earlier.signed_up, is_quiet=True),
    ]
    label = f"Referrals per {step}, {choice.words}"
    return line([f"{day:%-d %b}" for day in daily.days], series, label=label, labels_title=step.capitalize())


def _latest(choice: Choice) -> dict[str, Any]:
    chosen = {"campaign": choice.campaign.pk} if choice.campaign else {}
    return {
        "latest": [_row(referral) for referral in trends.latest(choice.campaign, choice.days, LATEST)],
        "more_url": list_of(Referral, **chosen),
        "empty": nothing_matches("referrals", reverse("admin:index")),
    }


def _row(referral: Referral) -> dict[str, Any]:
    """A referral as a line of the table; a doubt about it stands beside its stage."""
    is_clear = referral.standing == Standing.CLEAR
    return {
        "url": page_of(referral),
        "friend": referral.referee,
        "referrer": referral.referrer,
        "campaign": referral.campaign,
        "stage": state_badge(referral, PROGRESS_TONES, "progress"),
        "doubt": "" if is_clear else state_badge(referral, STANDING_TONES, "standing"),
        "at": referral.signed_up_at,
    }


def _performance(choice: Choice) -> str:
    """The page with all figures of the chosen campaign, over the same days."""
    if choice.campaign is None:
        return ""
    own = {"first": f"{choice.days.first}", "last": f"{choice.days.last}"} if choice.step == OWN else {}
    return reverse("admin:campaign_performance", args=[choice.campaign.slug], query={"span": choice.step, **own})


home.register(Section("figures", _SEEN, 50, figures))
home.offer(Action("campaign", "New campaign", "admin:campaign_start", "campaigns.load_campaign", 20))
