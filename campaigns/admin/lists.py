"""The list of campaigns. Referrals and rewards add how far each one has come (`desk.lists.added`)."""

from collections import defaultdict

from django.db.models import Count, Q

from campaigns.filters import CampaignFilters
from campaigns.models import Quota
from campaigns.states import CampaignState
from campaigns.tables import CampaignTable
from desk import plurals
from desk.clock import day
from desk.lists import ListPage
from equipment import availability
from equipment.models import Loan, Pool
from equipment.states import CONSUMING

_OVER = frozenset({CampaignState.ENDED, CampaignState.ARCHIVED})


class CampaignList(ListPage):
    """Every campaign, by name."""

    table = CampaignTable
    filters = CampaignFilters
    order = "name"
    related = ("equipment_model",)
    search_help = "How a name, a short name or an owner begins."
    phone = ("name", "state", "equipment_model", "time_left")
    adding = ("New campaign", "admin:campaign_start")
    nothing_yet = (
        "There is no campaign yet. Start one from a recipe: it opens as a draft, and nothing goes out before you launch it."
    )

    def find(self, rows, text):
        """By name, short name or owner."""
        return rows.filter(Q(name__istartswith=text) | Q(slug__istartswith=text) | Q(owner__istartswith=text))

    def prepare(self, rows, at):
        """How long each one has, what it has promised, and what could be promised now."""
        loans = Loan.objects.filter(account__in=[row.slug for row in rows], state__in=CONSUMING).order_by()
        promised = dict(loans.values("account").annotate(number=Count("pk")).values_list("account", "number"))
        free = _free(rows, at)
        for row in rows:
            row.time_left = _time_left(row, at)
            row.promised, row.free = promised.get(row.slug, 0), free[row.pk]


def _free(campaigns, at):
    """Per campaign: units of its model that could be promised now, in the pools it may use."""
    models = {campaign.equipment_model_id for campaign in campaigns}
    pools = list(Pool.objects.filter(model__in=models).select_related("model"))
    now = availability.free_now(pools, at=at) if pools else {}
    of_model = defaultdict(set)
    for pool in pools:
        of_model[pool.model_id].add(pool.pk)
    limited = defaultdict(set)
    for campaign, key in Quota.objects.filter(campaign__in=campaigns).values_list("campaign", "pool"):
        limited[campaign].add(key)
    usable = {one.pk: of_model[one.equipment_model_id] & limited[one.pk] or of_model[one.equipment_model_id] for one in campaigns}
    return {key: sum(max(now[pool].free, 0) for pool in keys) for key, keys in usable.items()}


def _time_left(campaign, at):
    """How much time a campaign has, in words."""
    if campaign.state in _OVER or (campaign.ends_at and campaign.ends_at <= at):
        return f"Ended {day(campaign.ends_at)}" if campaign.ends_at and campaign.ends_at <= at else "Ended"
    if campaign.starts_at and campaign.starts_at > at:
        return f"Starts {day(campaign.starts_at)}"
    if campaign.ends_at is None:
        return "No end"
    days = (campaign.ends_at - at).days
    return "Last day" if days == 0 else f"{plurals.days(days)} left"
