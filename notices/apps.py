"""The marketing channel."""

from importlib import import_module

from django.apps import AppConfig

from audit import registry
from audit.protection import append_only
from desk import triggers
from notices.events import EVENTS


class NoticesConfig(AppConfig):
    """Registers the events and the triggers of this app, and loads its receivers."""

    name = "notices"

    def ready(self) -> None:
        """Make the app's events known and its published templates unchangeable; hang the receivers in."""
        registry.register(EVENTS)
        triggers.register(append_only("notices_template", unless="OLD.state = 'draft'"))
        import_module("notices.receivers")  # needs models, which exist only from here on
