"""Codes, visits, referrals and promises."""

from django.apps import AppConfig
from django.utils.module_loading import import_string

from audit import registry
from referrals.events import EVENTS


class ReferralsConfig(AppConfig):
    """Registers the events of this app, what is wiped with a customer, and what sequences of messages can begin with and ask about."""

    name = "referrals"

    def ready(self) -> None:
        """Make the app's events, triggers and conditions known."""
        registry.register(EVENTS)
        # By name: whatever knows models can only be loaded now, when all of them are there.
        import_string("referrals.erasing.register")()
        import_string("referrals.sequence_parts.register")()
