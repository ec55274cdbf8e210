"""The whole product on this machine: web server, background work, and the watchdog outside of both."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from config.supervising import Supervisor, cluster, web
from config.watchdog import Watchdog


class Command(BaseCommand):
    help = "Serve pages and run background work, both started again when they end or stall. Stop it with Ctrl-C or SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1, this machine only)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: 8000)")
        parser.add_argument("--workers", type=int, default=2, help="web processes (default: 2)")

    def handle(self, *, host: str, port: int, workers: int, **options: Any) -> None:
        self.stdout.write(f"Lendwell is at http://{host}:{port}/ and its desk at http://{host}:{port}/admin/. Ctrl-C stops it.")
        others = [web(host=host, port=port, workers=workers)]
        Supervisor(background=cluster(), others=others, watchdog=Watchdog()).run()
