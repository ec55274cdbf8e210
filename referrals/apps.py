"""Codes, visits, referrals and promises."""

from django.apps import AppConfig

from audit import registry
from referrals.events import EVENTS


class ReferralsConfig(AppConfig):
    """Registers the events of this app."""

    name = "referrals"

    def ready(self) -> None:
        """Make the app's events known."""
        registry.register(EVENTS)
