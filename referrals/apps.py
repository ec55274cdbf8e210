"""Codes, visits, referrals and promises."""

from django.apps import AppConfig
from django.utils.module_loading import import_string

from audit import registry
from referrals.events import EVENTS


class ReferralsConfig(AppConfig):
    """Registers the events of this app, and what is wiped with a customer."""

    name = "referrals"

    def ready(self) -> None:
        """Make the app's events known."""
        registry.register(EVENTS)
        # By name: whatever knows models can only be loaded now, when all of them are there.
        import_string("referrals.erasing.register")()
