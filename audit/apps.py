"""The append-only trail."""

from django.apps import AppConfig

from audit import registry
from audit.events import EVENTS
from audit.protection import append_only
from desk import triggers


class AuditConfig(AppConfig):
    """Registers the trail's own events and the triggers that keep it append-only."""

    name = "audit"
    verbose_name = "Audit trail"

    def ready(self) -> None:
        """Make the tables of the trail append-only."""
        registry.register(EVENTS)
        for table in ("audit_entry", "audit_mention", "audit_seal", "audit_sealedentry"):
            triggers.register(append_only(table))
