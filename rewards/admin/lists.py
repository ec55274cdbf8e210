"""The list of rewards, and what rewards add to the list of campaigns."""

from django.db.models import Q
from django.urls import reverse

from customers import finding
from desk.amounts import money, part_of
from desk.lists import BulkMove, ListPage
from desk.lists.added import add_column
from desk.lists.bars import bar
from desk.lists.tables import Made
from desk.lists.ways import found_by
from rewards import desk_moves
from rewards.filters import RewardFilters
from rewards.models import Budget
from rewards.tables import RewardTable


def _together(rewards):
    """The page on which several rewards are summed up and approved."""
    return reverse("admin:approvals_together", query={"item": [reward.reference for reward in rewards]})


class RewardList(ListPage):
    """What is due to whom, newest first."""

    table = RewardTable
    filters = RewardFilters
    order = "-created_at"
    related = ("tier", "beneficiary", "referral__campaign")
    search_help = "A reward, a referral, a voucher, or an e-mail or the beginning of a name."
    phone = ("tier", "state", "beneficiary", "promised_by")
    nothing_yet = "No reward is due yet. Rewards appear when a referral qualifies."
    bulk = (BulkMove(desk_moves.APPROVE, "approved", elsewhere=_together),)

    def find(self, rows, text):
        """By the reward, the referral or for whom it is."""
        named = [Q(reference=text), Q(voucher=text.upper()), Q(referral__reference=text)]
        return found_by(rows, *named, Q(beneficiary__in=finding.keys(text)))


def _look_up_budgets(campaigns, at):
    """What each campaign has committed, in one query."""
    known = {budget.campaign_id: budget for budget in Budget.objects.filter(campaign__in=campaigns)}
    for campaign in campaigns:
        campaign.listed_budget = known.get(campaign.pk)


def _budget(campaign):
    budget = campaign.listed_budget
    if budget is None or budget.limit is None:
        return f"{money(budget.spent, campaign.currency)}, no limit" if budget else None
    return bar(part_of(budget.spent, budget.limit, campaign.currency), budget.spent, budget.limit, is_full_bad=True)


def _spent(campaign):
    return campaign.listed_budget.spent if campaign.listed_budget else 0


add_column(
    "campaigns.campaign",
    "budget",
    Made("Budget committed", _budget, plain=_spent, kind="number", permission="rewards.view_budget"),
    _look_up_budgets,
)
