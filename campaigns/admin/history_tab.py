"""The tab History: every change and every move, with before, after, who and when."""

from typing import Any

from django.core.paginator import Paginator

from campaigns import history
from campaigns.admin.tabs import CampaignTab, register_tab

PER_PAGE = 25
"""Entries on a page."""


@register_tab
class HistoryTab(CampaignTab):
    """Newest first, a page at a time."""

    slug = "history"
    label = "History"
    order = 100
    template_name = "campaigns/history.html"
    permission = "audit.view_entry", "campaigns.view_campaign"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The steps of this page."""
        page = Paginator(history.entries_of(self.campaign), PER_PAGE).get_page(self.request.GET.get("page"))
        steps = [history.step_of(entry) for entry in page.object_list]
        return super().get_context_data(steps=steps, page=page, **kwargs)
