"""The tabs of a campaign: each app adds its own, and every one stands under the same head.

A tab is a `CampaignTab` with a `slug`, a `label` and an `order`; its template extends `campaigns/campaign_page.html` and fills the
block `tab`. `register_tab` puts it at `/admin/campaigns/<campaign>/<slug>/`, to be found as `admin:campaign_<slug>` with hyphens
as underscores. Tabs so far: Overview 10, Set-up 20, Rules 30, Tiers 40, Terms 50, Messages 60, Readiness 70, Performance 80,
Referrals 90, History 100.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from audit.admin.screens import ActingScreen
from campaigns.admin.head import badges_of, head_of
from campaigns.models import Campaign
from campaigns.states import CampaignState
from desk.menu import Menu
from desk.screens import Crumb, add_screen


class CampaignScreen(ActingScreen):
    """A page about one campaign, named in the address by its slug: its head, and the way here."""

    permission: str | tuple[str, ...] = "campaigns.view_campaign"
    help = "campaigns"
    how = (
        "Everything about a campaign is on its tabs, and every change is kept under History. What was promised to people "
        "cannot be changed any more and is grey."
    )

    @cached_property
    def campaign(self) -> Campaign:
        """The campaign of the address. 404 when there is none."""
        rows = Campaign.objects.select_related("equipment_model", "campaign_terms", "loan_terms")
        return get_object_or_404(rows, slug=self.kwargs["campaign"])

    def get_campaign(self) -> Campaign:
        """The campaign of the address. 404 when there is none."""
        return self.campaign

    def crumbs(self) -> Sequence[Crumb]:
        """Under the list of campaigns."""
        return [Crumb("Campaigns", reverse("admin:campaigns_campaign_changelist"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The campaign under its name, with its head and its tabs."""
        context = super().get_context_data(**{"title": self.campaign.name, **kwargs})
        return context | page_context(self.request, self.campaign, self.here, context["menu"])

    @property
    def here(self) -> str:
        """The slug of the tab on which this page stands; empty for a page beside them."""
        return ""


class CampaignTab(CampaignScreen):
    """One tab of a campaign."""

    slug: ClassVar[str]
    label: ClassVar[str]
    order: ClassVar[int] = 500

    @property
    def here(self) -> str:
        """This tab."""
        return self.slug

    @classmethod
    def address(cls, campaign: Campaign) -> str:
        """Where the tab of a campaign stands."""
        return reverse(f"admin:{cls.url_name()}", args=[campaign.slug])

    @classmethod
    def url_name(cls) -> str:
        """The name of the address, without the site's."""
        return f"campaign_{cls.slug.replace('-', '_')}"


@dataclass(frozen=True)
class TabLink:
    """A tab as the bar shows it."""

    label: str
    url: str
    is_here: bool


_tabs: dict[str, type[CampaignTab]] = {}


def register_tab(tab: type[CampaignTab]) -> type[CampaignTab]:
    """Add a tab to the pages of every campaign; the same slug replaces. Usable as a decorator."""
    _tabs[tab.slug] = tab
    add_screen(f"campaigns/<slug:campaign>/{tab.slug}/", tab, name=tab.url_name())
    return tab


def registered() -> list[type[CampaignTab]]:
    """All tabs, in their order."""
    return sorted(_tabs.values(), key=lambda tab: (tab.order, tab.label))


def address_of_tab(slug: str, campaign: Campaign) -> str:
    """Where the tab of this slug stands; the page of the campaign where no app has added one."""
    if slug in _tabs:
        return _tabs[slug].address(campaign)
    return reverse("admin:campaigns_campaign_change", args=[campaign.pk])


def tab_links(campaign: Campaign, request: HttpRequest, here: str) -> list[TabLink]:
    """The tabs this person may open, in order."""
    tabs = registered()
    return [TabLink(tab.label, tab.address(campaign), tab.slug == here) for tab in tabs if tab().may_open(request)]


def page_context(request: HttpRequest, campaign: Campaign, here: str, menu: Menu | None) -> dict[str, Any]:
    """What every page of a campaign shows around what it is about."""
    return {
        "campaign": campaign,
        "lead": campaign.state_reason if campaign.state == CampaignState.PAUSED else "",
        "badges": badges_of(campaign, timezone.now()),
        "head": head_of(campaign, request),
        "tabs": tab_links(campaign, request, here),
        "menu": among_campaigns(menu),
    }


def among_campaigns(menu: Menu | None) -> Menu | None:
    """The menu with the entry Campaigns lit: pages of a campaign have addresses of their own."""
    if menu is None:
        return None
    lit = [
        replace(group, links=tuple(replace(link, is_here=link.item.name == "campaigns") for link in group.links))
        for group in menu.groups
    ]
    return Menu(tuple(lit), tuple(replace(link, is_here=link.item.name == "campaigns") for link in menu.bar))
