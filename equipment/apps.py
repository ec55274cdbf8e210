"""A lending library that knows no marketing."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string

from audit import registry
from desk import triggers
from equipment import protection
from equipment.events import EVENTS


class EquipmentConfig(AppConfig):
    """Registers the events of this app and what its tables refuse."""

    name = "equipment"

    def ready(self) -> None:
        """Make the app's events, triggers and constraint known."""
        registry.register(EVENTS)
        triggers.register(protection.TRIGGERS)
        checks.register(protection.check_constraint, checks.Tags.database)
        post_migrate.connect(protection.put_constraint_back, sender=self, dispatch_uid="equipment.protection")
        # By name: whatever knows models can only be loaded now, when all of them are there.
        import_string("equipment.obstacles.register")()
        import_string("equipment.import_kind.register")()
        import_string("equipment.photos.register")()
        import_string("equipment.requesting.register")()
