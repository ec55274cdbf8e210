"""What is given, and to whom."""

from django.apps import AppConfig

from audit import registry
from audit.protection import append_only
from desk import triggers
from rewards.events import EVENTS


class RewardsConfig(AppConfig):
    """Registers the events and the triggers of this app."""

    name = "rewards"

    def ready(self) -> None:
        """Make the app's events, append-only tables and wake-ups known."""
        from rewards import receivers  # noqa: F401

        registry.register(EVENTS)
        triggers.register(append_only("rewards_entry"))
        triggers.register(append_only("rewards_posting"))
