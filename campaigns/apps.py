"""All that marketing defines."""

from django.apps import AppConfig

from audit import registry
from campaigns.events import EVENTS


class CampaignsConfig(AppConfig):
    """Registers the events of this app."""

    name = "campaigns"

    def ready(self) -> None:
        """Make the app's events known."""
        registry.register(EVENTS)
