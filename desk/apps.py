"""The staff kit: knows no app, has no models."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate

from desk import triggers


class DeskConfig(AppConfig):
    """Puts triggers back after every migrate and checks that they are there."""

    name = "desk"
    verbose_name = "Desk"

    def ready(self) -> None:
        """Register the trigger check and the post-migrate repair."""
        checks.register(triggers.check_triggers, checks.Tags.database)
        post_migrate.connect(_put_triggers_back, dispatch_uid="desk.triggers")


def _put_triggers_back(sender: AppConfig, **kwargs: object) -> None:
    # post_migrate comes once per app; the last app's call would be enough, but nothing says which is last.
    if sender.name == "audit":
        triggers.install()
