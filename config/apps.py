"""The frame that knows everyone."""

from django.apps import AppConfig
from django.core import checks

from audit import finding, registry
from config.checks import check_channel, check_queue, check_sqlite_options
from config.events import EVENTS
from desk import rate_limits


class ConfigConfig(AppConfig):
    """Registers the checks that refuse settings known to go wrong, the heartbeat around jobs, and what is noted at the door."""

    name = "config"

    def ready(self) -> None:
        """Register the system checks, show life around every job, and put log-ins on the trail."""
        from config import heartbeats, references, tallies  # noqa: PLC0415 (these stand on models, which are there only now)
        from config.signing_in import receivers  # noqa: F401, PLC0415

        registry.register(EVENTS)
        finding.register(references.names_of)
        heartbeats.connect()
        checks.register(check_channel)
        rate_limits.count_with(tallies.COUNTER)
        checks.register(check_queue)
        checks.register(check_sqlite_options)
