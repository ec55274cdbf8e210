"""The frame that knows everyone."""

from django.apps import AppConfig
from django.core import checks

from config.checks import check_queue, check_sqlite_options


class ConfigConfig(AppConfig):
    """Registers the checks that refuse settings known to go wrong, and the heartbeat around jobs."""

    name = "config"

    def ready(self) -> None:
        """Register the system checks, and show life around every job."""
        from config import heartbeats  # noqa: PLC0415 (it stands on models, which are there only now)

        heartbeats.connect()
        checks.register(check_queue)
        checks.register(check_sqlite_options)
