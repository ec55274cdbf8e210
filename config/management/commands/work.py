"""Background work alone: for machines that serve no pages."""

from typing import Any

from django.core.management.base import BaseCommand

from config.supervising import Supervisor, cluster
from config.watchdog import Watchdog


class Command(BaseCommand):
    help = "Run background work under its watchdog, without the web server. Stop it with Ctrl-C or SIGTERM."

    def handle(self, **options: Any) -> None:
        self.stdout.write("Background work runs here. Ctrl-C stops it.")
        Supervisor(background=cluster(), others=[], watchdog=Watchdog()).run()
