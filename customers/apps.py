"""People, what we know of them, what they agreed to."""

from django.apps import AppConfig
from django.utils.module_loading import import_string

from audit import registry
from audit.protection import append_only
from customers.events import EVENTS
from desk import triggers


class CustomersConfig(AppConfig):
    """Registers the events and the triggers of this app."""

    name = "customers"

    def ready(self) -> None:
        """Make the app's events and append-only tables known."""
        registry.register(EVENTS)
        triggers.register(append_only("customers_consent"))
        triggers.register(append_only("customers_acceptance", frozen=("customer_id", "version_id", "sha256", "about", "how", "at")))
        triggers.register(append_only("customers_agreementversion", unless="OLD.published_at IS NULL"))
        # By name: whatever knows models can only be loaded now, when all of them are there.
        import_string("customers.import_people.register")()
