"""A new campaign: from a proven recipe, as a copy of another one, or from a text."""

from campaigns.admin.tabs import ActingScreen
from desk.screens import add_screen


class StartScreen(ActingScreen):
    """Choose what to begin with, and name it."""

    title = "New campaign"
    template_name = "campaigns/start.html"
    permission = "campaigns.load_campaign"
    help = "campaigns"


add_screen("campaigns/start/", StartScreen, name="campaign_start")
