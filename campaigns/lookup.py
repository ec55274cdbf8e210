"""Finding a campaign by its short name."""

from campaigns.models import Campaign
from campaigns.refusals import CampaignRefused

_SHOWN = 20


def find_campaign(slug: str) -> Campaign:
    """The campaign called `slug`. Refuses with `unknown_campaign`, naming those there are."""
    campaign = Campaign.objects.filter(slug=slug).first()
    if campaign is None:
        known = ", ".join(Campaign.objects.order_by("slug").values_list("slug", flat=True)[:_SHOWN]) or "none yet"
        raise CampaignRefused("unknown_campaign", f"There is no campaign “{slug}”. Campaigns: {known}.")
    return campaign
